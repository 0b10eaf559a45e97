import { emailKey } from '../core/input.ts';
import type { Membership, Outcome } from '../core/membership.ts';
import type { SeatSeeker } from '../core/seats.ts';
import { MINUTE, SECOND } from '../core/time.ts';
import type { JobToAdd } from '../ports/job-queue.ts';
import type { ProviderAnswer, ProviderPerson, ProviderProblem, ProviderSession } from '../ports/lock-vendor.ts';
import type { MemberRow, ProviderUserRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { change as commit, type After } from './change.ts';
import type { Deps } from './deps.ts';
import { takeSeats } from './take-seats.ts';
import { memberTopic } from './topics.ts';
import { wakeBlocked } from './wake-blocked.ts';

/** A person as the provider knows them, or why they cannot be had now. */
export type Found = { person: Known } | { outcome: Outcome; problem: ProviderProblem | null };

type Known = ProviderUserRow & { siteUserId: string; platformUserId: string };

export type Ensured = Map<string, Found>;

/** Whose data it is, and where. */
export interface Place {
  orgId: string;
  locationId: string;
}

export const placeOf = ({ orgId, group }: { orgId: string; group: { locationId: string } }): Place => ({
  orgId,
  locationId: group.locationId,
});

const CLAIM_LEASE_MS = 45 * SECOND;
/** How soon somebody whom another run creates is looked for again. */
const LOOKED_AFTER_MS = 3 * SECOND;
/** Nobody was found there: for so long they are not looked for again before there is a seat to create them for. */
const SOUGHT_FOR_MS = 15 * MINUTE;

/**
 * The provider's people behind these members: those known, and those found by e-mail or created now (domain §People). One creation per
 * person and site over all processes, and none without a free seat: the earliest-starting come first, the others are refused with NO_SEAT.
 * A member whose address has changed is linked anew, and the person of the old address leaves our groups.
 */
export async function ensurePeople(deps: Deps, place: Place, session: ProviderSession, seekers: SeatSeeker[]): Promise<Ensured> {
  const ids = [...new Set(seekers.map(({ memberId }) => memberId))];
  const { known, members } = await deps.store.transaction(place.orgId, async (tx) => ({
    known: await tx.providerUsers.ofMembers(session.connectionId, session.siteExternalId, ids),
    members: await tx.members.byIds(ids),
  }));
  const rows = new Map(known.map((row) => [row.memberId, row]));
  const found: Ensured = new Map();
  const missing: Missing[] = [];
  await Promise.all(
    members.map(async (member) => {
      const row = rows.get(member.id);
      const isKnown = row !== undefined && isComplete(row) && row.email === emailKey(member.email);
      const answer = isKnown ? { person: row } : await lookUp(deps, place, session, member);
      if ('token' in answer) missing.push(answer);
      else found.set(member.id, answer);
    }),
  );
  await seatPeople(deps, place, session, { seekers, found, missing });
  return found;
}

/** A member whom the provider does not know: claimed, so that nobody else creates them meanwhile. */
interface Missing {
  member: MemberRow;
  row: ProviderUserRow;
  token: string | null;
}

async function lookUp(deps: Deps, place: Place, session: ProviderSession, member: MemberRow): Promise<Found | Missing> {
  const email = emailKey(member.email);
  const { orgId } = place;
  const { claim, now } = await deps.store.transaction(orgId, async (tx) => ({
    claim: await tx.providerUsers.claim(session.connectionId, session.siteExternalId, member.id, email, CLAIM_LEASE_MS),
    now: tx.now,
  }));
  if ('heldUntil' in claim) {
    const why = 'The person is being created at the lock system.';
    // Who links them wakes whoever waits; but not whoever is just about to.
    const latest = Math.min(claim.heldUntil, now + LOOKED_AFTER_MS);
    return { outcome: { kind: 'later', retryAt: null, latest, why }, problem: null };
  }
  const { row, token } = claim;
  if (token === null && isComplete(row)) return { person: row };
  const isSought = row.platformUserId === null && row.email === email && row.checkedAt !== null && now - row.checkedAt < SOUGHT_FOR_MS;
  const answer: ProviderAnswer<ProviderPerson | null> = isSought ? { ok: true, value: null } : await deps.vendor.findPerson(session, email);
  if (!answer.ok) return giveBack(deps, orgId, { row, token }, answer.problem);
  if (answer.value === null) return { member, row, token };
  return link(deps, place, { member, row, token }, answer.value, null);
}

async function giveBack(deps: Deps, orgId: string, { row, token }: Omit<Missing, 'member'>, problem: ProviderProblem): Promise<Found> {
  await deps.store.transaction(orgId, (tx) => tx.providerUsers.settle(row.id, token, {}));
  return { outcome: outcomeOf(problem), problem };
}

interface Seating {
  seekers: SeatSeeker[];
  found: Ensured;
  missing: Missing[];
}

const NO_SEAT: Outcome = {
  kind: 'refused',
  cause: 'NO_SEAT',
  why: 'The lock system has no free seat for the person. Free one or buy more; they follow by themselves.',
};

/** Creates those who are missing and gives a seat to those created when there was none, as far as there are seats. */
async function seatPeople(deps: Deps, place: Place, session: ProviderSession, { seekers, found, missing }: Seating): Promise<void> {
  const suspended = [...found].flatMap(([memberId, answer]) =>
    'person' in answer && answer.person.seatAwaited ? [{ memberId, person: answer.person }] : [],
  );
  const needing = new Set([...missing.map(({ member }) => member.id), ...suspended.map(({ memberId }) => memberId)]);
  const seats = await takeSeats(
    deps,
    place.orgId,
    session,
    seekers.filter(({ memberId }) => needing.has(memberId)),
  );
  const hasSeat = (memberId: string): boolean => seats.ok && seats.value.has(memberId);
  const without: Found = seats.ok ? { outcome: NO_SEAT, problem: null } : { outcome: outcomeOf(seats.problem), problem: seats.problem };
  await Promise.all([
    ...missing.map(async (one) => {
      const seated = hasSeat(one.member.id);
      found.set(one.member.id, seated ? await create(deps, place, session, one) : without);
      if (!seated) await remain(deps, place.orgId, one);
    }),
    ...suspended.map(async ({ memberId, person }) => {
      found.set(memberId, hasSeat(memberId) ? await giveSeat(deps, place.orgId, session, person) : without);
    }),
  ]);
}

/** Not created: that they are not there is remembered, so that waiting for a seat costs no look-up per person. */
async function remain(deps: Deps, orgId: string, { member, row, token }: Missing): Promise<void> {
  // A row that stands for the person of a former address says so until there is another.
  const sought = row.platformUserId === null ? { email: emailKey(member.email) } : {};
  await deps.store.transaction(orgId, (tx) => tx.providerUsers.settle(row.id, token, { ...sought, checkedAt: tx.now }));
}

async function create(deps: Deps, place: Place, session: ProviderSession, missing: Missing): Promise<Found> {
  const { email, firstName, lastName } = missing.member;
  const created = await deps.vendor.createPerson(session, { email, firstName, lastName });
  if (!created.ok) return giveBack(deps, place.orgId, missing, created.problem);
  return link(deps, place, missing, created.value, await deps.store.now());
}

/** Somebody created when no seat was free. Who gets none although one is free needs something else, which only people there can know. */
async function giveSeat(deps: Deps, orgId: string, session: ProviderSession, person: Known): Promise<Found> {
  const given = await deps.vendor.giveSeat(session, person.siteUserId);
  if (!given.ok) return { outcome: outcomeOf(given.problem), problem: given.problem };
  const change = { subscriptionState: subscriptionState(given.value), blocked: given.value.blocked, seatAwaited: false };
  await deps.store.transaction(orgId, (tx) => tx.providerUsers.settle(person.id, null, change));
  return { person: { ...person, ...change } };
}

/** Stores whom the provider knows the member as, from now on. */
async function link(
  deps: Deps,
  place: Place,
  { member, row, token }: Missing,
  person: ProviderPerson,
  createdThereAt: number | null,
): Promise<Found> {
  const change = {
    email: emailKey(member.email),
    siteUserId: person.siteUserId,
    platformUserId: person.platformUserId,
    createdThereAt,
    settledAt: createdThereAt === null ? await deps.store.now() : null,
    subscriptionState: subscriptionState(person),
    seatAwaited: createdThereAt !== null && person.subscribed === false,
    blocked: person.blocked,
  };
  const { platformUserId } = row;
  await commit(deps, place.orgId, async (tx, after) => {
    await tx.providerUsers.settle(row.id, token, change);
    await wakeWaiting(tx, after, { memberId: member.id, locationId: place.locationId, seated: !change.seatAwaited });
    if (platformUserId === null || platformUserId === person.platformUserId) return;
    await cancelKeys(tx, after, member.id, place.locationId);
    const left = await tx.providerUsers.relinked({ ...row, platformUserId }, person.platformUserId);
    after.jobs.push(...left.map((accessGroupId): JobToAdd => ({ name: 'revoke', payload: { accessGroupId, at: null }, at: null })));
  });
  return { person: { ...row, ...change } };
}

const WAITING = new Set<Membership['state']>(['GRANTING', 'UNKNOWN']);

/** Other groups wait for the person whom only one run creates. Whatever is in somebody's hands at this moment is left there. */
async function wakeWaiting(tx: Tx, after: After, who: { memberId: string; locationId: string; seated: boolean }): Promise<void> {
  const isWaiting = ({ state, wanted, retryAt, blockedCause }: Membership): boolean =>
    wanted && ((WAITING.has(state) && retryAt !== null && retryAt > tx.now) || (who.seated && blockedCause === 'NO_SEAT'));
  const memberships = await tx.memberships.ofMember(who.memberId, who.locationId);
  await wakeBlocked(tx, after, memberships.filter(isWaiting));
}

/** The provider's word on a seat, as it is stored; null where it says nothing. */
export function subscriptionState({ subscribed }: ProviderPerson): string | null {
  return subscribed === null ? null : subscribed ? 'subscribed' : 'suspended';
}

/** Keys are the former person's: they would open nothing any more. "Get digital key" comes back, for the person of the new address. */
async function cancelKeys(tx: Tx, after: After, memberId: string, locationId: string): Promise<void> {
  for (const key of await tx.keys.mobileKeys(memberId, locationId)) {
    await tx.keys.updateMobileKey(key.id, { cancelledAt: tx.now, sealedTokens: null });
  }
  after.announcements.push({ topic: memberTopic(memberId) });
}

function isComplete(row: ProviderUserRow): row is Known {
  return row.siteUserId !== null && row.platformUserId !== null;
}

/** What a failed look-up means for the step that needed the person. */
export function outcomeOf(problem: ProviderProblem): Outcome {
  switch (problem.kind) {
    case 'refused':
      return { kind: 'refused', cause: 'REFUSED', why: problem.why };
    case 'unavailable':
      return { kind: 'later', retryAt: problem.retryAt, why: problem.why };
    case 'needs-reauthorization':
    case 'not-found':
    case 'unsure':
      return { kind: 'later', retryAt: null, why: problem.why };
  }
}
