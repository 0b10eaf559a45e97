import { siteProblems, type SiteProblemCode } from '../core/integration.ts';
import type { ProviderDirectory, ProviderSite } from '../ports/lock-vendor.ts';
import type { IntegrationRow, LocationRow, NewActivity } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';
import { problemRow } from './provider-session.ts';
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
  await countStrangers(tx, integration.id, siteExternalId, directory);
  await tx.integrations.update(integration.id, { lastSyncedAt: tx.now });
  await judgeSite(tx, after, location, integration.id, directory.site);
  after.announcements.push({ topic: locationTopic(location.id) });
}

async function countStrangers(tx: Tx, integrationId: string, siteExternalId: string, directory: ProviderDirectory): Promise<void> {
  const groups = new Map(
    (await tx.groups.ofIntegration(integrationId)).map((group) => [`${group.siteExternalId}/${group.externalId}`, group]),
  );
  const counts: { accessGroupId: string; strangers: number }[] = [];
  for (const found of directory.groups) {
    const group = groups.get(`${siteExternalId}/${found.externalId}`);
    if (group === undefined) continue;
    const people = await tx.providerUsers.byPlatformIds(integrationId, found.people);
    const ours = new Set(
      (await tx.memberships.ofGroup(group.id)).filter(({ state }) => state !== 'ABSENT').map(({ memberId }) => memberId),
    );
    const known = new Set(people.filter(({ memberId }) => ours.has(memberId)).map(({ platformUserId }) => platformUserId));
    const strangers = found.people.filter((id) => !known.has(id)).length;
    if (strangers !== group.strangers) counts.push({ accessGroupId: group.id, strangers });
  }
  if (counts.length > 0) await tx.groups.setStrangers(counts);
}

/** Opens and closes the problems a site itself shows, with an activity row at both ends. */
export async function judgeSite(tx: Tx, after: After, location: LocationRow, integrationId: string, site: ProviderSite): Promise<void> {
  const found = siteProblems(site, location.timeZone);
  const rows: NewActivity[] = [];
  for (const code of JUDGED) {
    const message = found.get(code);
    const told =
      message === undefined
        ? (await tx.integrations.closeProblem(integrationId, code)) && `Mended: ${MENDED[code]}`
        : (await tx.integrations.openProblem(integrationId, code, message)) && message;
    if (told !== false) rows.push(problemRow({ code, opened: message !== undefined }, location.id, tx.now, told));
  }
  await record(tx, after, rows);
}

const MENDED: Record<SiteProblemCode, string> = {
  SITE_NOT_RELEASED: 'the site is released.',
  CLOCK_OR_ZONE_MISMATCH: 'site and location are in one time zone.',
  SEATS_FULL: 'there is a free seat again.',
  SEATS_ALMOST_FULL: 'the seats are no longer nearly full.',
};
