import { err, ok, type Result } from './result.ts';
import { dayAfter, localDay, monthOf, startOfDay, subscriptionWindow, type CalendarDay, type Instant } from './time.ts';

/** Who shares a pool of passes at one location. */
export interface PassSubscriber {
  readonly kind: 'member' | 'company';
  readonly id: string;
}

/** A subscription with the passes that its items' plans bring each calendar month (B6). */
export interface PassSubscription {
  readonly startsOn: CalendarDay;
  readonly endsOn: CalendarDay | null;
  readonly canceledAt: Instant | null;
  readonly items: readonly { readonly passes: number; readonly endedAt: Instant | null }[];
}

/** One subscriber's passes of one month. What may be used differs by day: a day counts only the subscriptions that cover it. */
export interface PassPool {
  readonly subscriber: PassSubscriber;
  /** `YYYY-MM` */
  readonly month: string;
  /** By day; a day that is missing has none. */
  readonly allowance: ReadonlyMap<CalendarDay, number>;
  /** Taken in this month, by whichever booking. */
  readonly used: number;
}

/** One pass, taken for one day of a booking. */
export interface TakenPass {
  readonly subscriber: PassSubscriber;
  readonly month: string;
  readonly day: CalendarDay;
}

/** One pass to take: it is there as long as fewer than `allowance` of the pool are taken. */
export interface PassCharge extends TakenPass {
  readonly allowance: number;
}

export interface PassSettlement {
  readonly add: PassCharge[];
  readonly giveBack: TakenPass[];
}

/** Passes that may be used on one day: those of the items that still run on it, judged from `now` on if the day is today. */
export function allowanceOn(day: CalendarDay, subscriptions: readonly PassSubscription[], zone: string, now: Instant): number {
  const begins = startOfDay(day, zone);
  const ends = startOfDay(dayAfter(day), zone);
  const from = begins <= now && now < ends ? now : begins;
  let passes = 0;
  for (const subscription of subscriptions) {
    const window = subscriptionWindow(subscription.startsOn, subscription.endsOn, zone);
    const runs = (until: Instant | null): boolean => until === null || until > from;
    if (window.from >= ends || !runs(window.until) || !runs(subscription.canceledAt)) continue;
    for (const item of subscription.items) if (runs(item.endedAt)) passes += item.passes;
  }
  return passes;
}

/** The pools that `days` draw on, one per month; `usedByMonth` says what is taken already. */
export function passPools(
  input: {
    readonly subscriber: PassSubscriber;
    readonly subscriptions: readonly PassSubscription[];
    readonly days: readonly CalendarDay[];
    readonly zone: string;
    readonly usedByMonth: ReadonlyMap<string, number>;
  },
  now: Instant,
): PassPool[] {
  const months = [...new Set(input.days.map(monthOf))];
  return months.map((month) => {
    const days = input.days.filter((day) => monthOf(day) === month);
    const allowance = new Map(days.map((day) => [day, allowanceOn(day, input.subscriptions, input.zone, now)]));
    return { subscriber: input.subscriber, month, allowance, used: input.usedByMonth.get(month) ?? 0 };
  });
}

/** `dayPassesLeft`: of this month's pool, on the best day that is still to come in it. */
export function passesLeft(subscriptions: readonly PassSubscription[], zone: string, used: number, now: Instant): number {
  const today = localDay(now, zone);
  let best = 0;
  for (let day = today; monthOf(day) === monthOf(today); day = dayAfter(day)) {
    best = Math.max(best, allowanceOn(day, subscriptions, zone, now));
  }
  return Math.max(0, best - used);
}

/** One pass for each day, of the own pool first and then of the company's; all days or none. */
export function chargesFor(input: {
  readonly days: readonly CalendarDay[];
  readonly ownPools: readonly PassPool[];
  readonly companyPools: readonly PassPool[];
}): Result<PassCharge[], 'none-left'> {
  const pools: (PassPool & { used: number })[] = [...input.ownPools, ...input.companyPools].map((pool) => ({ ...pool }));
  const choice = (day: CalendarDay): number => pools.reduce((sum, pool) => sum + roomOn(day, pool), 0);
  const byScarcity = [...new Set(input.days)].map((day) => ({ day, room: choice(day) }));
  byScarcity.sort((a, b) => a.room - b.room || order(a.day, b.day));
  const charges: PassCharge[] = [];
  // The day with the smallest room chooses first, or a day with more would take the only pass it has.
  for (const { day } of byScarcity) {
    const pool = pools.find((candidate) => roomOn(day, candidate) > 0);
    if (pool === undefined) return err('none-left');
    pool.used += 1;
    charges.push({ subscriber: pool.subscriber, month: pool.month, day, allowance: pool.allowance.get(day) ?? 0 });
  }
  return ok(charges.toSorted((a, b) => order(a.day, b.day)));
}

/**
 * A booking that changes: days it still touches keep their pass, days it no longer touches give theirs back unless it has started, new
 * days are charged, all of them or nothing changes. `before` counts in the `used` of its pools. A booking cancelled or no longer paid with
 * passes has no `days`.
 */
export function settleChange(input: {
  readonly before: readonly TakenPass[];
  readonly days: readonly CalendarDay[];
  readonly bookingStarted: boolean;
  /** it is somebody else's booking now: what the one before took goes back, and their own pools pay */
  readonly payerChanged: boolean;
  readonly ownPools: readonly PassPool[];
  readonly companyPools: readonly PassPool[];
}): Result<PassSettlement, 'none-left'> {
  const leaves = (taken: TakenPass): boolean => !input.bookingStarted && (input.payerChanged || !input.days.includes(taken.day));
  const giveBack = input.before.filter(leaves);
  const days = input.days.filter((day) => !input.before.some((taken) => taken.day === day && !leaves(taken)));
  const freed = (pools: readonly PassPool[]): PassPool[] =>
    pools.map((pool) => ({ ...pool, used: pool.used - giveBack.filter((taken) => isOf(taken, pool)).length }));
  const charges = chargesFor({ days, ownPools: freed(input.ownPools), companyPools: freed(input.companyPools) });
  return charges.ok ? ok({ add: charges.value, giveBack }) : charges;
}

function roomOn(day: CalendarDay, pool: PassPool): number {
  return pool.month === monthOf(day) ? Math.max(0, (pool.allowance.get(day) ?? 0) - pool.used) : 0;
}

function isOf(taken: TakenPass, pool: PassPool): boolean {
  return taken.month === pool.month && taken.subscriber.kind === pool.subscriber.kind && taken.subscriber.id === pool.subscriber.id;
}

function order(a: CalendarDay, b: CalendarDay): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
