import { mayCall } from '../core/integration.ts';
import { freeSeats, seatTakers } from '../core/seats.ts';
import type { ProviderSite } from '../ports/lock-vendor.ts';
import type { IntegrationRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { judgeSite } from './save-directory.ts';
import { wakeBlocked } from './wake-blocked.ts';

/** So many who wait are looked at in one go; the next look is soon. */
const AT_A_TIME = 1_000;

/**
 * Looks, by one call, whether seats came free where people wait for one, and lets the earliest-starting follow by themselves. A change of
 * the figures may also mean that somebody who is in a group was given a seat back by hand: those are read anew.
 */
export async function followSeats(deps: Deps, input: { integrationId: string }): Promise<{ woken: number }> {
  const orgId = await deps.store.orgOfIntegration(input.integrationId);
  if (orgId === null) return { woken: 0 };
  const integration = await deps.store.transaction(orgId, (tx) => tx.integrations.get(input.integrationId));
  if (integration?.siteExternalId == null || !integration.siteHeld || !mayCall(integration)) return { woken: 0 };
  const answer = await deps.vendor.site(providerSession(deps, integration.id, integration.siteExternalId));
  if (!answer.ok) {
    await noteProblem(deps, orgId, integration, answer.problem);
    return { woken: 0 };
  }
  await noteAnswer(deps, orgId, integration);
  return { woken: await wakeWaiting(deps, orgId, integration, answer.value) };
}

function wakeWaiting(deps: Deps, orgId: string, integration: IntegrationRow, site: ProviderSite): Promise<number> {
  return change(deps, orgId, async (tx, after) => {
    const stored = await tx.integrations.get(integration.id, 'change');
    const location = await tx.locations.find({ id: integration.locationId });
    if (stored?.siteHeld !== true || stored.siteExternalId !== site.externalId || location === null) return 0;
    const before = await tx.integrations.seats(integration.id, site.externalId);
    await tx.integrations.saveSite(integration.id, site);
    await judgeSite(tx, after, location, integration.id, site);
    const hasChanged = before?.seatsTotal !== site.seatsTotal || before.seatsUsed !== site.seatsUsed;
    const woken = await whoMayFollow(tx, integration.id, site, hasChanged);
    await wakeBlocked(tx, after, woken);
    return woken.length;
  });
}

async function whoMayFollow(tx: Tx, integrationId: string, site: ProviderSite, hasChanged: boolean) {
  const waiting = await tx.memberships.awaitingSeat(integrationId, site.externalId, AT_A_TIME);
  const seated = seatTakers(freeSeats(site), waiting, []);
  const followers = waiting.filter(({ memberId }) => seated.has(memberId));
  // Of two groups that wanted somebody one found no seat, and the other one a moment later.
  if (!hasChanged) return [...followers, ...(await tx.memberships.seatedMeanwhile(integrationId, site.externalId, AT_A_TIME))];
  const isWaiting = new Set(waiting.map(({ id }) => id));
  const suspended = (await tx.memberships.blocked(integrationId, 'NO_SEAT', AT_A_TIME)).filter(({ id }) => !isWaiting.has(id));
  return [...followers, ...suspended];
}
