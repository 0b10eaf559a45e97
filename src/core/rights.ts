import { MINUTE, subscriptionWindow, type CalendarDay, type Instant, type Window } from './time.ts';

export type AccessReason =
  'SUBSCRIPTION' | 'ROOM_BOOKING' | 'ROOM_INVITATION' | 'DESK_BOOKING' | 'OFFICE_BOOKING' | 'EQUIPMENT_BOOKING' | 'PARKING_BOOKING';
export type AccessRightStatus = 'SCHEDULED' | 'ACTIVE' | 'ENDED' | 'WITHDRAWN';
export type SubscriptionStatus = 'SCHEDULED' | 'ACTIVE' | 'ENDED' | 'CANCELED';
export type ResourceKind = 'ROOM' | 'DESK' | 'OFFICE' | 'EQUIPMENT' | 'PARKING';
export type UserRole = 'ADMIN' | 'MEMBER' | 'GUEST';

/** What founds a right: a subscription item or a booking, by id. */
export interface RightSource {
  readonly kind: 'item' | 'booking';
  readonly id: string;
}

export interface SubscriptionFacts {
  /** The location's IANA zone. */
  readonly zone: string;
  readonly startsOn: CalendarDay;
  /** The last day, included; null = open-ended. */
  readonly endsOn: CalendarDay | null;
  readonly canceledAt: Instant | null;
  /** The member itself with `since` null, or each present member of the company with the instant of joining it. */
  readonly people: readonly { readonly memberId: string; readonly since: Instant | null }[];
  readonly items: readonly { readonly id: string; readonly accessGroupId: string | null; readonly endedAt: Instant | null }[];
}

export interface BookingFacts {
  readonly id: string;
  readonly kind: ResourceKind;
  /** The resource's group at present (B5). */
  readonly accessGroupId: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly canceledAt: Instant | null;
  readonly graceBeforeMinutes: number;
  readonly graceAfterMinutes: number;
  /** Who booked; null when they are no member any more: those they invited keep their access. */
  readonly memberId: string | null;
  /** `since`: when the person was invited. Ignored unless the resource is a room (B3). */
  readonly invitees: readonly { readonly memberId: string; readonly since: Instant }[];
}

export interface Facts {
  readonly subscriptions: readonly SubscriptionFacts[];
  readonly bookings: readonly BookingFacts[];
}

/** One reason for one person to be in one group over one window. Unique among open rights by source, person and group. */
export interface FoundedRight {
  readonly source: RightSource;
  readonly memberId: string;
  readonly accessGroupId: string;
  readonly reason: AccessReason;
  readonly startsAt: Instant;
  readonly endsAt: Instant | null;
}

/** A stored right that is not closed: neither withdrawn nor ended and worked off. */
export interface OpenRight extends FoundedRight {
  readonly id: string;
}

/** To be applied in this order, all at the `now` of the diff: close, withdraw, move, add. */
export interface RightsDiff {
  /** Ids whose window is over and whose place is needed by a new right. They end as they were: closed, not withdrawn. */
  readonly close: string[];
  readonly withdraw: { readonly id: string; readonly why: string }[];
  readonly move: { readonly id: string; readonly startsAt: Instant; readonly endsAt: Instant | null }[];
  readonly add: FoundedRight[];
}

const BOOKING_REASON: Record<ResourceKind, AccessReason> = {
  ROOM: 'ROOM_BOOKING',
  DESK: 'DESK_BOOKING',
  OFFICE: 'OFFICE_BOOKING',
  EQUIPMENT: 'EQUIPMENT_BOOKING',
  PARKING: 'PARKING_BOOKING',
};

/** A text that two sources share exactly when they are the same. */
export function sourceKey(source: RightSource): string {
  return `${source.kind}:${source.id}`;
}

/** The window of a booking with its grace (B2). */
export function bookingAccessWindow(
  startsAt: Instant,
  endsAt: Instant,
  graceBeforeMinutes: number,
  graceAfterMinutes: number,
): { readonly from: Instant; readonly until: Instant } {
  return { from: startsAt - graceBeforeMinutes * MINUTE, until: endsAt + graceAfterMinutes * MINUTE };
}

/**
 * Every right the facts found at `now`, those whose window is over included: what becomes of them is for `diffRights` to decide.
 * An empty or inverted window founds nothing; one person has one right per source and group.
 */
export function rightsFromFacts(facts: Facts, now: Instant): FoundedRight[] {
  const founded = new Map<string, FoundedRight>();
  const all = [
    ...facts.subscriptions.flatMap((subscription) => rightsOfSubscription(subscription)),
    ...facts.bookings.flatMap((booking) => rightsOfBooking(booking, now)),
  ];
  for (const right of all) {
    const key = rightKey(right);
    const real = right.endsAt === null || right.startsAt < right.endsAt;
    if (real && !founded.has(key)) founded.set(key, right);
  }
  return [...founded.values()];
}

function rightsOfSubscription(subscription: SubscriptionFacts): FoundedRight[] {
  const planned = subscriptionWindow(subscription.startsOn, subscription.endsOn, subscription.zone);
  const held = { from: planned.from, until: earlier(planned.until, subscription.canceledAt) };
  return subscription.items.flatMap((item) => {
    const { accessGroupId } = item;
    if (accessGroupId === null) return [];
    const until = earlier(held.until, item.endedAt);
    return subscription.people.map((person) => ({
      source: { kind: 'item' as const, id: item.id },
      memberId: person.memberId,
      accessGroupId,
      reason: 'SUBSCRIPTION' as const,
      startsAt: person.since === null ? held.from : Math.max(held.from, person.since),
      endsAt: until,
    }));
  });
}

function rightsOfBooking(booking: BookingFacts, now: Instant): FoundedRight[] {
  const { accessGroupId } = booking;
  if (accessGroupId === null || (booking.canceledAt !== null && booking.canceledAt <= now)) return [];
  const window = bookingAccessWindow(booking.startsAt, booking.endsAt, booking.graceBeforeMinutes, booking.graceAfterMinutes);
  const source = { kind: 'booking' as const, id: booking.id };
  const right = (memberId: string, reason: AccessReason, startsAt: Instant): FoundedRight => ({
    source,
    memberId,
    accessGroupId,
    reason,
    startsAt,
    endsAt: window.until,
  });
  const ofBooker = booking.memberId === null ? [] : [right(booking.memberId, BOOKING_REASON[booking.kind], window.from)];
  if (booking.kind !== 'ROOM') return ofBooker;
  // The booker goes first: a booker who is also invited has the booker's right alone.
  return [...ofBooker, ...booking.invitees.map((guest) => right(guest.memberId, 'ROOM_INVITATION', Math.max(window.from, guest.since)))];
}

/**
 * What turns the open rights into the founded ones. History is never rewritten: a right that has begun keeps its start and ends no earlier
 * than `now`; one whose window is over stays as it is, whatever becomes of its facts. A new right takes the place of one whose window moves
 * from the present into the future or from the future into the past, of one whose reason changes, and of one that is over and comes back.
 */
export function diffRights(founded: readonly FoundedRight[], open: readonly OpenRight[], now: Instant): RightsDiff {
  const diff: RightsDiff = { close: [], withdraw: [], move: [], add: [] };
  const openByKey = new Map(open.map((right) => [rightKey(right), right]));
  const foundedKeys = new Set<string>();
  for (const right of founded) {
    const key = rightKey(right);
    foundedKeys.add(key);
    const stored = openByKey.get(key);
    if (stored !== undefined) follow(stored, right, now, diff);
    else if (!isOver(right, now)) diff.add.push(right);
  }
  const vanished = open.filter((right) => !foundedKeys.has(rightKey(right)) && !isOver(right, now));
  const peopleBySource = new Map<string, Set<string>>();
  for (const right of founded) {
    const people = peopleBySource.get(sourceKey(right.source)) ?? new Set<string>();
    peopleBySource.set(sourceKey(right.source), people.add(right.memberId));
  }
  for (const right of vanished) diff.withdraw.push({ id: right.id, why: whyVanished(right, peopleBySource) });
  return diff;
}

function follow(stored: OpenRight, right: FoundedRight, now: Instant, diff: RightsDiff): void {
  if (isOver(stored, now)) {
    if (isOver(right, now)) return;
    diff.close.push(stored.id);
    diff.add.push(right);
    return;
  }
  const replace = (why: string): void => {
    diff.withdraw.push({ id: stored.id, why });
    if (!isOver(right, now)) diff.add.push(right);
  };
  const begun = stored.startsAt <= now;
  if (stored.reason !== right.reason) return replace('The booking is now made by somebody else.');
  if (begun && right.startsAt > now) return replace('It was moved to a later time.');
  // Its window would say that access was there before anybody knew of it; a new right says when it became known.
  if (!begun && right.startsAt < now) return replace('It was moved to an earlier time.');
  const startsAt = begun ? stored.startsAt : right.startsAt;
  const endsAt = right.endsAt === null ? null : Math.max(right.endsAt, begun ? now : right.endsAt);
  // Begun at this very instant and cut at it: a window without a moment in it cannot be stored.
  if (endsAt !== null && endsAt <= startsAt) return replace('It ended as it began.');
  if (startsAt !== stored.startsAt || endsAt !== stored.endsAt) diff.move.push({ id: stored.id, startsAt, endsAt });
}

function whyVanished(right: OpenRight, peopleBySource: ReadonlyMap<string, ReadonlySet<string>>): string {
  const people = peopleBySource.get(sourceKey(right.source));
  if (people?.has(right.memberId) === true) return 'The access group was changed.';
  if (people !== undefined) {
    return right.source.kind === 'item' ? 'The person left the company.' : 'The person is no longer part of the booking.';
  }
  if (right.source.kind === 'booking') return 'The booking was cancelled, or its resource has no access group any more.';
  return 'The subscription item no longer gives this access.';
}

export function rightStatus(
  right: { readonly startsAt: Instant; readonly endsAt: Instant | null; readonly withdrawnAt: Instant | null },
  now: Instant,
): AccessRightStatus {
  if (right.withdrawnAt !== null) return 'WITHDRAWN';
  if (now < right.startsAt) return 'SCHEDULED';
  return isOver(right, now) ? 'ENDED' : 'ACTIVE';
}

/** Whether the right's window has opened for the person at all (K1): a right withdrawn before it began never did. */
export function hasBegun(right: { readonly startsAt: Instant; readonly withdrawnAt: Instant | null }, now: Instant): boolean {
  return right.startsAt <= now && (right.withdrawnAt === null || right.startsAt < right.withdrawnAt);
}

export function subscriptionStatus(
  subscription: Pick<SubscriptionFacts, 'zone' | 'startsOn' | 'endsOn' | 'canceledAt'>,
  now: Instant,
): SubscriptionStatus {
  if (subscription.canceledAt !== null && subscription.canceledAt <= now) return 'CANCELED';
  const window: Window = subscriptionWindow(subscription.startsOn, subscription.endsOn, subscription.zone);
  if (now < window.from) return 'SCHEDULED';
  return window.until !== null && window.until <= now ? 'ENDED' : 'ACTIVE';
}

/** What is unique among open rights: source, person and group. */
export function rightKey(right: FoundedRight): string {
  return `${sourceKey(right.source)} ${right.memberId} ${right.accessGroupId}`;
}

export function isOver(right: { readonly endsAt: Instant | null }, now: Instant): boolean {
  return right.endsAt !== null && right.endsAt <= now;
}

export function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
