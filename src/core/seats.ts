import type { Instant } from './time.ts';

/** Somebody who needs a seat at the lock system, and from when on: whoever starts earliest comes first. */
export interface SeatSeeker {
  readonly memberId: string;
  /** null: has been let in for as long as is known */
  readonly from: Instant | null;
}

export interface Seats {
  readonly seatsTotal: number | null;
  readonly seatsUsed: number | null;
}

/** Seats nobody has taken; infinite where the lock system does not say. */
export function freeSeats({ seatsTotal, seatsUsed }: Seats): number {
  return seatsTotal === null || seatsUsed === null ? Infinity : Math.max(0, seatsTotal - seatsUsed);
}

/** Less than this is left, at most, when it is time to look before seats are taken. */
const FEW_SEATS = 5;
const FEW_SHARE = 0.1;

/** Whether `wanted` more people leave so few seats that the figures stored must not be relied on. */
export function areSeatsScarce(seats: Seats, wanted: number): boolean {
  return freeSeats(seats) - wanted < Math.max(FEW_SEATS, (seats.seatsTotal ?? 0) * FEW_SHARE);
}

/**
 * Which of the seekers may take a seat now. Those waiting already, of whichever group, come before seekers who start later: a seat that
 * came free is theirs.
 */
export function seatTakers(free: number, seekers: readonly SeatSeeker[], waiting: readonly SeatSeeker[]): Set<string> {
  const earliest = new Map<string, Instant>();
  for (const { memberId, from } of [...seekers, ...waiting]) {
    earliest.set(memberId, Math.min(from ?? -Infinity, earliest.get(memberId) ?? Infinity));
  }
  const inOrder = [...earliest].toSorted(([a, from], [b, until]) => compare(from, until) || (a < b ? -1 : 1));
  const seated = new Set(inOrder.slice(0, free).map(([memberId]) => memberId));
  return new Set(seekers.map(({ memberId }) => memberId).filter((memberId) => seated.has(memberId)));
}

/** -Infinity minus itself is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
