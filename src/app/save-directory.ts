import { siteProblems, type SiteProblemCode } from '../core/integration.ts';
import type { ProviderDirectory, ProviderSite } from '../ports/lock-vendor.ts';
import type { IntegrationRow, LocationRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { After } from './change.ts';
import { judgeProblems } from './judge-problems.ts';
import { noteStrangers } from './note-strangers.ts';
import { locationTopic } from './topics.ts';

const JUDGED: SiteProblemCode[] = ['SITE_NOT_RELEASED', 'CLOCK_OR_ZONE_MISMATCH', 'SEATS_FULL', 'SEATS_ALMOST_FULL'];

/** Takes over what the provider holds: the site, its groups, locks and schedules, who is a stranger in which group (C4, C6). */
export async function saveDirectory(
  tx: Tx,
  after: After,
  location: LocationRow,
  integration: IntegrationRow,
  directory: ProviderDirectory,
): Promise<void> {
  const siteExternalId = directory.site.externalId;
  await tx.integrations.saveSite(integration.id, directory.site);
  await tx.groups.saveDirectory(integration.id, siteExternalId, directory);
  await findStrangers(tx, after, integration.id, siteExternalId, directory);
  await tx.integrations.update(integration.id, { lastSyncedAt: tx.now });
  await judgeSite(tx, after, location, integration.id, directory.site);
  after.announcements.push({ topic: locationTopic(location.id) });
}

async function findStrangers(
  tx: Tx,
  after: After,
  integrationId: string,
  siteExternalId: string,
  directory: ProviderDirectory,
): Promise<void> {
  const groups = new Map(
    (await tx.groups.ofIntegration(integrationId)).map((group) => [`${group.siteExternalId}/${group.externalId}`, group]),
  );
  for (const listed of directory.groups) {
    const group = groups.get(`${siteExternalId}/${listed.externalId}`);
    if (group === undefined) continue;
    const people = await tx.providerUsers.byPlatformIds(integrationId, listed.people);
    const ours = new Set(
      (await tx.memberships.ofGroup(group.id)).filter(({ state }) => state !== 'ABSENT').map(({ memberId }) => memberId),
    );
    const isOurs = new Set(people.filter(({ memberId }) => ours.has(memberId)).map(({ platformUserId }) => platformUserId));
    const memberOf = new Map(people.map((row) => [row.platformUserId, row.memberId]));
    const strangers = listed.people
      .filter((id) => !isOurs.has(id))
      .map((platformUserId) => ({ platformUserId, memberId: memberOf.get(platformUserId) ?? null }));
    await noteStrangers(tx, after, group, strangers);
  }
}

/** Opens and closes the problems a site itself shows, with an activity row at both ends. */
export async function judgeSite(tx: Tx, after: After, location: LocationRow, integrationId: string, site: ProviderSite): Promise<void> {
  const found = siteProblems(site, location.timeZone);
  const findings = JUDGED.map((code) => ({
    code,
    accessGroupId: null,
    message: found.get(code) ?? null,
    mended: `Mended: ${MENDED[code]}`,
  }));
  await judgeProblems(tx, after, { id: integrationId, locationId: location.id }, findings);
}

const MENDED: Record<SiteProblemCode, string> = {
  SITE_NOT_RELEASED: 'the site is released.',
  CLOCK_OR_ZONE_MISMATCH: 'site and location are in one time zone.',
  SEATS_FULL: 'there is a free seat again.',
  SEATS_ALMOST_FULL: 'the seats are no longer nearly full.',
};
