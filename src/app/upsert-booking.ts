import { ConflictError, InvalidInputError, NotFoundError, type NoDayPassLeftError } from '../core/errors.ts';
import { BOOKING_DAYS_MAX, InputCheck, INVITEES_MAX } from '../core/input.ts';
import { DAY, type Instant } from '../core/time.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import type { BookingRow, LocationRow, MemberRow, Ref, ResourceRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
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
    const conflict = stored === null ? null : conflictWith(stored, parties.location);
    if (conflict) return conflict;
    const booking = await store(tx, input, parties);
    const noPass = await settleDayPasses(tx, {
      id: booking.id,
      locationId: parties.location.id,
      zone: parties.location.timeZone,
      memberId: parties.booker.id,
      companyId: parties.booker.companyId,
      startsAt: input.startsAt,
      endsAt: input.endsAt,
      paying: input.payWithDayPass,
      started: stored !== null && stored.startsAt <= tx.now,
      payerChanged: stored !== null && stored.memberId !== parties.booker.id,
    });
    if (noPass) return noPass;
    await deriveRights(deps, tx, after, { subscriptionIds: [], bookingIds: [booking.id] }, guard);
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
  resource: ResourceRow;
  location: LocationRow;
  booker: MemberRow;
  inviteeIds: string[];
  stored: BookingRow | null;
}

async function lockParties(tx: Tx, input: UpsertBookingInput): Promise<Parties | NotFoundError | InvalidInputError> {
  const resource = await tx.resources.find(input.resource, 'share');
  if (resource === null) return new NotFoundError('No such resource. Tell of it with upsertResource first.');
  const kind = checkKind(input, resource);
  if (kind) return kind;
  const location = await tx.locations.find({ id: resource.locationId }, 'share');
  const stored = await tx.bookings.find({ externalId: input.externalId }, 'change');
  const people: string[] = [];
  for (const ref of [input.member, ...input.invitees]) {
    const member = await tx.members.find(ref);
    if (member === null)
      return new NotFoundError(`No such ${people.length === 0 ? 'member' : 'invitee'}. Tell of them with upsertMember first.`);
    people.push(member.id);
  }
  const invitedBefore = stored === null ? [] : (await tx.bookings.invitees(stored.id)).map(({ memberId }) => memberId);
  const concerned = [...new Set([...people, ...invitedBefore, ...(stored === null ? [] : [stored.memberId])])];
  await tx.lock(concerned.map((id) => ({ kind: 'member', id, mode: 'change' })));
  const present = new Map((await tx.members.byIds(people)).map((member) => [member.id, member]));
  const removed = people.findIndex((id) => present.get(id)?.removedAt !== null);
  if (removed >= 0) return new NotFoundError(`No such ${removed === 0 ? 'member' : 'invitee'}. Tell of them with upsertMember first.`);
  const booker = present.get(people[0] ?? '');
  if (location === null || booker === undefined) return new NotFoundError('No such member.');
  return { resource, location, booker, inviteeIds: [...new Set(people.slice(1))], stored };
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

function conflictWith(stored: BookingRow, location: LocationRow): ConflictError | null {
  if (stored.canceledAt !== null) return new ConflictError('This booking is cancelled, and a cancellation is final. Use a new externalId.');
  if (stored.locationId !== location.id) return new ConflictError('A booking stays at its location. Use a new externalId.');
  return null;
}

async function store(tx: Tx, input: UpsertBookingInput, parties: Parties): Promise<BookingRow> {
  const { resource, location, booker, stored } = parties;
  const told = {
    resourceId: resource.id,
    memberId: booker.id,
    startsAt: input.startsAt,
    endsAt: input.endsAt,
    paidWithDayPass: input.payWithDayPass,
  };
  const booking =
    stored === null
      ? await tx.bookings.insert({ externalId: input.externalId, locationId: location.id, ...told, canceledAt: null, asOf: input.asOf })
      : await tx.bookings.update(stored.id, { ...told, asOf: newestAsOf(input.asOf, stored) });
  await storeInvitees(tx, booking, parties.inviteeIds, stored !== null);
  return booking;
}

async function storeInvitees(tx: Tx, booking: BookingRow, inviteeIds: string[], existed: boolean): Promise<void> {
  if (!existed && inviteeIds.length === 0) return;
  const before = existed ? await tx.bookings.invitees(booking.id) : [];
  const same = before.length === inviteeIds.length && before.every(({ memberId }) => inviteeIds.includes(memberId));
  if (same) return;
  const since = new Map(before.map(({ memberId, invitedAt }) => [memberId, invitedAt]));
  await tx.bookings.setInvitees(
    booking.id,
    inviteeIds.map((memberId) => ({ memberId, invitedAt: since.get(memberId) ?? tx.now })),
  );
}
