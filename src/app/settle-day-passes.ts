import { passPools, settleChange, type PassPool, type PassSubscriber, type TakenPass } from '../core/day-passes.ts';
import { NoDayPassLeftError } from '../core/errors.ts';
import { daysTouched, monthOf, type CalendarDay, type Instant } from '../core/time.ts';
import type { DayPassUseRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';

export interface PassBooking {
  id: string;
  locationId: string;
  zone: string;
  memberId: string;
  companyId: string | null;
  startsAt: Instant;
  endsAt: Instant;
  /** takes a pass for each local day it touches; false gives back what it took, unless it has started */
  paying: boolean;
  /** it has started, by what was stored before this change */
  started: boolean;
  /** by what was stored before this change, somebody else booked it */
  payerChanged: boolean;
}

/** Brings the passes a booking has taken to the days it touches (B6); all of them or none. */
export async function settleDayPasses(tx: Tx, booking: PassBooking): Promise<NoDayPassLeftError | null> {
  const before = (await tx.dayPasses.ofBooking(booking.id)).map(taken);
  const days = booking.paying ? daysTouched({ from: booking.startsAt, until: booking.endsAt }, booking.zone) : [];
  if (before.length === 0 && days.length === 0) return null;
  const ownPools = await pools(tx, booking, { kind: 'member', id: booking.memberId }, days, before);
  const companyPools = booking.companyId === null ? [] : await pools(tx, booking, { kind: 'company', id: booking.companyId }, days, before);
  const settlement = settleChange({
    ...{ before, days, ownPools, companyPools },
    bookingStarted: booking.started,
    payerChanged: booking.payerChanged,
  });
  if (!settlement.ok) return new NoDayPassLeftError();
  const { add, giveBack } = settlement.value;
  if (giveBack.length > 0)
    await tx.dayPasses.giveBack(
      booking.id,
      giveBack.map((pass) => pass.day),
    );
  for (const charge of add) {
    const use = {
      bookingId: booking.id,
      locationId: booking.locationId,
      ...holder(charge.subscriber),
      month: charge.month,
      day: charge.day,
    };
    if (!(await tx.dayPasses.take(use, charge.allowance))) return new NoDayPassLeftError();
  }
  return null;
}

async function pools(
  tx: Tx,
  booking: PassBooking,
  subscriber: PassSubscriber,
  days: CalendarDay[],
  before: TakenPass[],
): Promise<PassPool[]> {
  const pool = subscriber.kind === 'member' ? { memberId: subscriber.id } : { companyId: subscriber.id };
  const months = [...new Set([...days.map(monthOf), ...before.map((pass) => pass.month)])];
  const usedByMonth = new Map<string, number>();
  for (const month of months) usedByMonth.set(month, await tx.dayPasses.used(booking.locationId, pool, month));
  const subscriptions = await tx.dayPasses.allowances(booking.locationId, pool);
  return passPools({ subscriber, subscriptions, days, zone: booking.zone, usedByMonth }, tx.now);
}

function taken(use: DayPassUseRow): TakenPass {
  const subscriber: PassSubscriber =
    use.memberId === null ? { kind: 'company', id: use.companyId ?? '' } : { kind: 'member', id: use.memberId };
  return { subscriber, month: use.month, day: use.day };
}

const holder = (subscriber: PassSubscriber): { memberId: string | null; companyId: string | null } => ({
  memberId: subscriber.kind === 'member' ? subscriber.id : null,
  companyId: subscriber.kind === 'company' ? subscriber.id : null,
});
