import { Temporal } from 'temporal-polyfill';
import { DAY, SECOND, type Instant, type Window } from './time.ts';

/** When a group of locks opens, on the wall clock of its site. */
export interface Schedule {
  /** 1 is Monday, 7 Sunday */
  readonly days: readonly number[];
  /** `HH:MM:SS`, both included; hours that end before they begin open nothing */
  readonly from: string;
  readonly until: string;
  /** `YYYY-MM-DDTHH:MM:SS`, both included; null: without a bound */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}

/** Further ahead nobody looks: who changes time schedules does not do it for then. */
const LOOKED_AHEAD_MS = 14 * DAY;

/** Whether there is an instant of the window, or of its first two weeks, at which one of the schedules opens. `zone` is the site's. */
export function opensWithin(schedules: readonly Schedule[], window: Window, zone: string): boolean {
  const until = Math.min(window.until ?? Infinity, window.from + LOOKED_AHEAD_MS);
  const last = dayOf(until - 1, zone);
  for (let day = dayOf(window.from, zone); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (schedules.some((schedule) => overlaps(hoursOf(schedule, day, zone), window.from, until))) return true;
  }
  return false;
}

/** The part of the day that the schedule opens, as a half-open window; null when it opens nothing. */
function hoursOf(schedule: Schedule, day: Temporal.PlainDate, zone: string): { from: Instant; until: Instant } | null {
  if (!schedule.days.includes(day.dayOfWeek) || schedule.until < schedule.from) return null;
  const opens = instantOf(`${day.toString()}T${schedule.from}`, zone);
  const closes = instantOf(`${day.toString()}T${schedule.until}`, zone) + SECOND;
  const notBefore = schedule.notBefore === null ? -Infinity : instantOf(schedule.notBefore, zone);
  const notAfter = schedule.notAfter === null ? Infinity : instantOf(schedule.notAfter, zone) + SECOND;
  return { from: Math.max(opens, notBefore), until: Math.min(closes, notAfter) };
}

function overlaps(hours: { from: Instant; until: Instant } | null, from: Instant, until: Instant): boolean {
  return hours !== null && Math.max(hours.from, from) < Math.min(hours.until, until);
}

function dayOf(at: Instant, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

function instantOf(wall: string, zone: string): Instant {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
}
