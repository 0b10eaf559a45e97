import { ConflictError, InvalidInputError, NotFoundError, type NoDayPassLeftError } from '../core/errors.ts';
import { BOOKING_DAYS_MAX, InputCheck, INVITEES_MAX } from '../core/input.ts';
import { DAY, type Instant } from '../core/time.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import type { BookingRow, MemberRow, Ref, ResourceRow } from '../ports/rows.ts';
import type { Invited, Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { settleDayPasses } from './settle-day-passes.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface UpsertBookingInput {
  externalId: string;
  resource: Ref;
  member: Ref;
  startsAt: Instant;
  endsAt: Instant;
  invitees: Ref[];
  payWithDayPass: boolean;
  asOf: Instant | null;
}

type Refusal = InvalidInputError | NotFoundError | ConflictError | NoDayPassLeftError;

/**
 * States the whole booking; moving, shortening, extending it or changing its invitees acts at once (B4). As part of an import (`guard`)
 * what it takes from somebody waits until the whole import is judged.
 */
export async function upsertBooking(
  deps: Deps,
  caller: Caller,
  input: UpsertBookingInput,
  guard?: GuardedChange,
): Promise<{ bookingId: string } | Refusal> {
  const wrong = refusal(input);
  if (wrong) return wrong;
  return change<{ bookingId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const parties = await lockParties(tx, input);
    if (parties instanceof NotFoundError || parties instanceof InvalidInputError) return parties;
    const { stored } = parties;
    if (stored !== null && isOlder(input.asOf, stored)) return { bookingId: stored.id };
    const conflict = stored === null ? null : conflictWith(stored, parties.resource);
    if (conflict) return conflict;
    const booking = await store(tx, input, parties);
    const noPass = await settlePasses(tx, input, parties, booking);
    if (noPass) return noPass;
    await deriveRights(deps, tx, after, { subscriptionIds: [], bookingIds: [booking.id] }, guard, parties.lockedIds);
    return { bookingId: booking.id };
  });
}

function refusal(input: UpsertBookingInput): InvalidInputError | null {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  const starts = check.instant(['startsAt'], input.startsAt);
  const ends = check.instant(['endsAt'], input.endsAt);
  if (starts && ends) {
    if (input.endsAt <= input.startsAt) check.refuse(['endsAt'], 'Must be after startsAt.');
    if (input.endsAt - input.startsAt > BOOKING_DAYS_MAX * DAY) {
      check.refuse(['endsAt'], `Must be at most ${BOOKING_DAYS_MAX} days after startsAt.`);
    }
  }
  if (input.invitees.length > INVITEES_MAX) check.refuse(['invitees'], `Must have at most ${INVITEES_MAX} invitees.`);
  check.instant(['asOf'], input.asOf);
  return check.error;
}

interface Parties {
  resource: ResourceRow & { timeZone: string };
  booker: MemberRow;
  inviteeIds: string[];
  stored: BookingRow | null;
  /** by what is stored */
  invited: Invited[];
  /** everybody concerned, now and before */
  lockedIds: string[];
}

async function lockParties(tx: Tx, input: UpsertBookingInput): Promise<Parties | NotFoundError | InvalidInputError> {
  const resource = await tx.resources.findPlaced(input.resource);
  if (resource === null) return new NotFoundError('No such resource. Tell of it with upsertResource first.');
  const kind = checkKind(input, resource);
  if (kind) return kind;
  const stored = await tx.bookings.find({ externalId: input.externalId }, 'change');
  const { named, invited, ids } = await tx.members.lockParty([input.member, ...input.invitees], stored);
  const unknown = named.findIndex((member) => member?.removedAt !== null);
  const [booker, ...invitees] = named.flatMap((member) => member ?? []);
  if (unknown >= 0 || booker === undefined) return noSuchPerson(Math.max(0, unknown));
  return { resource, booker, inviteeIds: [...new Set(invitees.map(({ id }) => id))], stored, invited, lockedIds: ids };
}

/** Of the booker and the invitees, in that order. */
function noSuchPerson(position: number): NotFoundError {
  return new NotFoundError(`No such ${position === 0 ? 'member' : 'invitee'}. Tell of them with upsertMember first.`);
}

function checkKind(input: UpsertBookingInput, resource: ResourceRow): InvalidInputError | null {
  const check = new InputCheck();
  if (input.invitees.length > 0 && resource.kind !== 'ROOM') {
    check.refuse(['invitees'], 'Only bookings of a room have invitees. Leave them out.');
  }
  if (input.payWithDayPass && resource.kind !== 'DESK') {
    check.refuse(['payWithDayPass'], 'Only bookings of a desk are paid with day passes. Leave it out.');
  }
  return check.error;
}

function conflictWith(stored: BookingRow, { locationId }: ResourceRow): ConflictError | null {
  if (stored.canceledAt !== null) return new ConflictError('This booking is cancelled, and a cancellation is final. Use a new externalId.');
  if (stored.locationId !== locationId) return new ConflictError('A booking stays at its location. Use a new externalId.');
  return null;
}

async function store(tx: Tx, input: UpsertBookingInput, parties: Parties): Promise<BookingRow> {
  const { resource, booker, stored } = parties;
  const told = {
    resourceId: resource.id,
    memberId: booker.id,
    startsAt: input.startsAt,
    endsAt: input.endsAt,
    paidWithDayPass: input.payWithDayPass,
  };
  if (stored === null) {
    const row = { externalId: input.externalId, locationId: resource.locationId, ...told, canceledAt: null, asOf: input.asOf };
    const booking = await tx.bookings.insert(row);
    await storeInvitees(tx, booking, parties);
    return booking;
  }
  const change = { ...told, asOf: newestAsOf(input.asOf, stored) };
  const isSame = Object.entries(change).every(([key, value]) => stored[key as keyof typeof change] === value);
  const booking = isSame ? stored : await tx.bookings.update(stored.id, change);
  await storeInvitees(tx, booking, parties);
  return booking;
}

async function storeInvitees(tx: Tx, booking: BookingRow, { invited, inviteeIds }: Parties): Promise<void> {
  if (invited.length === inviteeIds.length && invited.every(({ memberId }) => inviteeIds.includes(memberId))) return;
  const since = new Map(invited.map(({ memberId, invitedAt }) => [memberId, invitedAt]));
  await tx.bookings.setInvitees(
    booking.id,
    inviteeIds.map((memberId) => ({ memberId, invitedAt: since.get(memberId) ?? tx.now })),
  );
}

async function settlePasses(
  tx: Tx,
  { startsAt, endsAt, payWithDayPass }: UpsertBookingInput,
  { resource, booker, stored }: Parties,
  booking: BookingRow,
): Promise<NoDayPassLeftError | null> {
  // It has taken none.
  if (!payWithDayPass && stored?.paidWithDayPass !== true) return null;
  return settleDayPasses(tx, {
    id: booking.id,
    locationId: resource.locationId,
    zone: resource.timeZone,
    memberId: booker.id,
    companyId: booker.companyId,
    startsAt,
    endsAt,
    paying: payWithDayPass,
    started: stored !== null && stored.startsAt <= tx.now,
    payerChanged: stored !== null && stored.memberId !== booker.id,
  });
}
