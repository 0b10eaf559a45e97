import {
  bookingAccessWindow,
  diffRights,
  earlier,
  isOver,
  rightKey,
  rightsFromFacts,
  sourceKey,
  type BookingFacts,
  type Facts,
  type FoundedRight,
  type OpenRight,
  type RightsDiff,
  type SubscriptionFacts,
} from './rights.ts';
import { subscriptionWindow, type Instant } from './time.ts';

/** When removals are held: one change takes more than this share of those in a group, and at least so many people, out of it. */
export interface RemovalGuard {
  /** 0 to 100; at 100 nothing is ever held, since nothing is more than all */
  readonly sharePercent: number;
  /** at least 1 */
  readonly leastPeople: number;
}

export const LEAST_PEOPLE_MAX = 10_000;

/** `inGroup`: how many were in the group before the change, those leaving among them. */
export function holdsBack(guard: RemovalGuard, { inGroup, leaving }: { readonly inGroup: number; readonly leaving: number }): boolean {
  return leaving >= guard.leastPeople && leaving * 100 > inGroup * guard.sharePercent;
}

/** An open right that facts no longer found and that stays all the same: its withdrawal is held, or was and was dropped. */
export interface HeldRight extends OpenRight {
  readonly removalId: string;
  /** Its source gave the person access at the time, if by another group. */
  readonly given: boolean;
  /** The person is no member any more, or the group belongs to a site that the location has left. */
  readonly gone: boolean;
}

export function isHeld(right: OpenRight | HeldRight): right is HeldRight {
  return 'removalId' in right;
}

export interface Hold {
  readonly id: string;
  readonly why: string;
  readonly given: boolean;
}

/** To be applied in this order: lift, hold, then the diff. */
export interface GuardedDiff {
  /** Held rights that are founded again: they are rights like any other from now on. */
  readonly lift: string[];
  readonly hold: Hold[];
  readonly diff: RightsDiff;
}

/**
 * What a source still is to a person at an instant, by whatever group. `ended`: it is cancelled or over, or the person has no part in it
 * because they left the company: no mistake of a bulk change brings that about.
 */
interface Standing {
  readonly kind: 'given' | 'not-given' | 'ended';
  /** until when the source lasts at the latest */
  readonly until: Instant | null;
}

const ENDED: Standing = { kind: 'ended', until: null };

/**
 * The diff of rights where some are held. A held right stays, whatever the facts found, until its source ends; it may get shorter, never
 * longer. Where the change is `guarded`, what it would withdraw of what holds at `now` is held as well, ends excepted: whether it stays so
 * is judged when the whole change is known.
 */
export function guardedDiff(facts: Facts, stored: readonly (OpenRight | HeldRight)[], now: Instant, guarded: boolean): GuardedDiff {
  const founded = rightsFromFacts(facts, now);
  const held = stored.filter((right) => isHeld(right));
  const free = stored.filter((right) => !isHeld(right));
  const lifted = foundedAgain(founded, { open: free, held }, now);
  const open = [...free, ...lifted];
  const diff = diffRights(founded, open, now);
  const standing = standings(facts, now);
  const taken = followHeld(
    held.filter((right) => !lifted.includes(right)),
    { founded, standing, now, diff },
  );
  const lift = lifted.map(({ id }) => id);
  if (!guarded) {
    diff.withdraw.push(...taken);
    return { lift, hold: [], diff };
  }
  const byId = new Map(open.map((right) => [right.id, right]));
  const hold: Hold[] = taken.map(({ id, why }) => ({ id, why, given: false }));
  const withdraw = diff.withdraw.filter(({ id, why }) => {
    const right = byId.get(id);
    if (right === undefined || right.startsAt > now) return true;
    const { kind } = standing(right);
    if (kind === 'ended') return true;
    hold.push({ id, why, given: kind === 'given' });
    return false;
  });
  // An item that is no longer listed cuts the window of its rights at `now`.
  const move = diff.move.filter(({ id, endsAt }) => {
    const right = byId.get(id);
    if (right === undefined || endsAt === null || endsAt > now || standing(right).kind !== 'not-given') return true;
    hold.push({ id, why: 'The subscription item is no longer listed.', given: false });
    return false;
  });
  return { lift, hold, diff: { ...diff, withdraw, move } };
}

/** Those that hold at `now` by the facts, and whose place among the open ones nobody has taken. */
function foundedAgain(
  founded: readonly FoundedRight[],
  { open, held }: { readonly open: readonly OpenRight[]; readonly held: readonly HeldRight[] },
  now: Instant,
): HeldRight[] {
  const taken = new Set(open.map(rightKey));
  const inForce = new Set(founded.filter((right) => holdsAt(right, now)).map(rightKey));
  return held.filter((right) => {
    const key = rightKey(right);
    if (isOver(right, now) || !inForce.has(key) || taken.has(key)) return false;
    taken.add(key);
    return true;
  });
}

interface Following {
  founded: readonly FoundedRight[];
  standing: (right: FoundedRight) => Standing;
  now: Instant;
  diff: RightsDiff;
}

/** Ends and shortens held rights with their sources. Answers with those that another change than the one held took from the person. */
function followHeld(held: readonly HeldRight[], { founded, standing, now, diff }: Following): { id: string; why: string }[] {
  const inForce = new Set(founded.filter((right) => holdsAt(right, now)).map(rightKey));
  const taken: { id: string; why: string }[] = [];
  for (const right of held) {
    if (isOver(right, now)) continue;
    const { kind, until } = standing(right);
    const { id, startsAt, endsAt } = right;
    if (right.gone || kind === 'ended') diff.withdraw.push({ id, why: 'What gave it has ended.' });
    else if (inForce.has(rightKey(right))) diff.withdraw.push({ id, why: 'The same access is given anew.' });
    else if (right.given && kind === 'not-given') taken.push({ id, why: 'What gave it gives the person no access any more.' });
    else if (until !== null && (endsAt === null || until < endsAt)) diff.move.push({ id, startsAt, endsAt: until });
  }
  return taken;
}

function holdsAt(right: FoundedRight, now: Instant): boolean {
  return right.startsAt <= now && !isOver(right, now);
}

function standings(facts: Facts, now: Instant): (right: FoundedRight) => Standing {
  const sources = new Map<string, (memberId: string) => Standing>();
  for (const subscription of facts.subscriptions) {
    for (const item of subscription.items) {
      sources.set(sourceKey({ kind: 'item', id: item.id }), (memberId) => ofSubscription(subscription, item.endedAt, memberId, now));
    }
  }
  for (const booking of facts.bookings) {
    sources.set(sourceKey({ kind: 'booking', id: booking.id }), (memberId) => ofBooking(booking, memberId, now));
  }
  return (right) => sources.get(sourceKey(right.source))?.(right.memberId) ?? ENDED;
}

/** An item that is no longer listed may be a mistake of an import; the end of its subscription is none. */
function ofSubscription(subscription: SubscriptionFacts, itemEndedAt: Instant | null, memberId: string, now: Instant): Standing {
  const planned = subscriptionWindow(subscription.startsOn, subscription.endsOn, subscription.zone);
  const until = earlier(planned.until, subscription.canceledAt);
  const person = subscription.people.find((one) => one.memberId === memberId);
  if (person === undefined || (until !== null && until <= now)) return ENDED;
  const listed = itemEndedAt === null || itemEndedAt > now;
  return { kind: listed && planned.from <= now ? 'given' : 'not-given', until };
}

function ofBooking(booking: BookingFacts, memberId: string, now: Instant): Standing {
  const window = bookingAccessWindow(booking.startsAt, booking.endsAt, booking.graceBeforeMinutes, booking.graceAfterMinutes);
  const canceled = booking.canceledAt !== null && booking.canceledAt <= now;
  if (canceled || window.until <= now) return ENDED;
  const invited = booking.kind === 'ROOM' && booking.invitees.some((guest) => guest.memberId === memberId);
  const takesPart = booking.memberId === memberId || invited;
  return { kind: takesPart && window.from <= now ? 'given' : 'not-given', until: window.until };
}
