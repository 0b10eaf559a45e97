import { Temporal } from 'temporal-polyfill';

/** Epoch milliseconds, UTC. */
export type Instant = number;
/** `YYYY-MM-DD` in some location's own zone. */
export type CalendarDay = string;
/** Half-open: `from` belongs to it, `until` does not; null = without end. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant | null;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Days outside these years are refused: nobody means them, and their zones' rules are not known. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2100;

const CACHE_LIMIT = 4_096;
const startOfDayCache = new Map<string, Instant>();

/**
 * The first instant of a day in an IANA zone (S3). Where midnight falls into a gap the day begins right after it; where midnight
 * repeats, at the first one. Throws a RangeError for a day or zone that `isCalendarDay` or `isTimeZone` refuse.
 */
export function startOfDay(day: CalendarDay, zone: string): Instant {
  const key = `${day} ${zone}`;
  const known = startOfDayCache.get(key);
  if (known !== undefined) return known;
  const instant = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
  if (startOfDayCache.size >= CACHE_LIMIT) startOfDayCache.clear();
  startOfDayCache.set(key, instant);
  return instant;
}

export function dayAfter(day: CalendarDay): CalendarDay {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}

/**
 * The day that `at` belongs to: the one with `startOfDay(day) ≤ at < startOfDay(dayAfter(day))`. It is not always the date on the wall:
 * where clocks go back across midnight, the repeated evening belongs to the day that has begun already.
 */
export function localDay(at: Instant, zone: string): CalendarDay {
  const onTheWall = wall(at, zone).toPlainDate().toString();
  const next = dayAfter(onTheWall);
  return startOfDay(next, zone) <= at ? next : onTheWall;
}

/** `YYYY-MM`. */
export function monthOf(day: CalendarDay): string {
  return day.slice(0, 7);
}

/** Every local day the window has a part of, in order; an end at 00:00 does not touch the day it begins (B6). Empty window: none. */
export function daysTouched(window: { readonly from: Instant; readonly until: Instant }, zone: string): CalendarDay[] {
  if (window.until <= window.from) return [];
  const days: CalendarDay[] = [];
  const last = localDay(window.until - 1, zone);
  for (let day = localDay(window.from, zone); day <= last; day = dayAfter(day)) {
    // A zone that jumps the date line skips a whole day: it exists on the calendar and has no instant.
    if (startOfDay(day, zone) < startOfDay(dayAfter(day), zone)) days.push(day);
  }
  return days;
}

/** From the start of `startsOn` to the end of `endsOn`, the last day included (S3). */
export function subscriptionWindow(startsOn: CalendarDay, endsOn: CalendarDay | null, zone: string): Window {
  return { from: startOfDay(startsOn, zone), until: endsOn === null ? null : startOfDay(dayAfter(endsOn), zone) };
}

/** True for an IANA name this runtime knows. Offsets such as `+02:00` are no zones: they have no rules. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  try {
    return wall(0, zone).epochMilliseconds === 0;
  } catch {
    return false;
  }
}

/** True for `YYYY-MM-DD` that exists on the calendar and lies in FIRST_YEAR … LAST_YEAR. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** RFC 3339 in UTC. */
export function isoInstant(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** For people, in the location's zone: `14:30 on 3 March`, with the year when it is not the year of `now`. */
export function spokenTime(at: Instant, zone: string, now: Instant): string {
  const time = wall(at, zone);
  const year = time.year === wall(now, zone).year ? '' : ` ${time.year}`;
  const clock = `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`;
  return `${clock} on ${time.day} ${MONTHS[time.month - 1]}${year}`;
}

function wall(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
