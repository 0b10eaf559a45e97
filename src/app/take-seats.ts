import { areSeatsScarce, freeSeats, seatTakers, type SeatSeeker } from '../core/seats.ts';
import { MINUTE } from '../core/time.ts';
import type { ProviderAnswer, ProviderSession, ProviderSite } from '../ports/lock-vendor.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { judgeSite } from './save-directory.ts';

/** How long figures are good where many seats are free: the directory is pulled more often than that. */
const GOOD_FOR_MS = 20 * MINUTE;
/** Of those waiting, so many are looked at; more can hardly be seated at once. */
const WAITING_MAX = 1_000;

/**
 * Takes seats for these people as far as there are any, the earliest-starting first, and answers with who has one: nobody is created or put
 * in without a seat, since the lock system would take them in without a word and open nothing. At most one call, and none where many seats
 * are free. What the figures show is told at once.
 */
export async function takeSeats(
  deps: Deps,
  orgId: string,
  session: ProviderSession,
  seekers: SeatSeeker[],
): Promise<ProviderAnswer<Set<string>>> {
  if (seekers.length === 0) return { ok: true, value: new Set() };
  const { connectionId, siteExternalId } = session;
  const { known, now } = await deps.store.transaction(orgId, async (tx) => ({
    known: await tx.integrations.seats(connectionId, siteExternalId),
    now: tx.now,
  }));
  const isGood = known?.readAt != null && now - known.readAt < GOOD_FOR_MS && !areSeatsScarce(known, seekers.length);
  let read: ProviderSite | null = null;
  if (!isGood) {
    const answer = await deps.vendor.site(session);
    if (!answer.ok) return answer;
    read = answer.value;
  }
  return { ok: true, value: await seat(deps, orgId, session, { seekers, read, askedAt: now }) };
}

interface Seating {
  seekers: SeatSeeker[];
  /** the site as it was read after `askedAt`; null where the figures stored are good */
  read: ProviderSite | null;
  askedAt: number;
}

function seat(deps: Deps, orgId: string, session: ProviderSession, { seekers, read, askedAt }: Seating): Promise<Set<string>> {
  const { connectionId, siteExternalId } = session;
  return change(deps, orgId, async (tx, after) => {
    // Locked, so that two groups do not take the same seat.
    const integration = await tx.integrations.get(connectionId, 'change');
    const location = integration && (await tx.locations.find({ id: integration.locationId }));
    if (integration === null || location === null) return new Set<string>();
    const before = await tx.integrations.seats(connectionId, siteExternalId);
    if (read !== null) {
      // Somebody took seats after the figures were asked for: these may not count them yet.
      const isOvertaken = before?.readAt != null && before.readAt > askedAt;
      const seatsUsed = isOvertaken && read.seatsUsed !== null ? Math.max(read.seatsUsed, before.seatsUsed ?? 0) : read.seatsUsed;
      await tx.integrations.saveSite(connectionId, { ...read, seatsUsed });
    }
    const site = (await tx.integrations.sites(connectionId)).find(({ externalId }) => externalId === siteExternalId);
    if (site === undefined) return new Set<string>();
    const waiting = await tx.memberships.awaitingSeat(connectionId, siteExternalId, WAITING_MAX);
    const takers = seatTakers(freeSeats(site), seekers, waiting);
    const taken = { ...site, seatsUsed: site.seatsUsed === null ? null : site.seatsUsed + takers.size };
    if (takers.size > 0) await tx.integrations.saveSite(connectionId, taken);
    await judgeSite(tx, after, location, connectionId, taken);
    return takers;
  });
}
