import { InvalidInputError, type InputIssue } from './errors.ts';
import { FIRST_YEAR, isCalendarDay, isTimeZone, LAST_YEAR, startOfDay, DAY, type CalendarDay, type Instant } from './time.ts';

/** Limits on what a caller may say. */
export const TEXT_LENGTH_MAX = 200;
export const INVITEES_MAX = 100;
export const ITEMS_MAX = 100;
export const BOOKING_DAYS_MAX = 366;
export const GRACE_MINUTES_MAX = 24 * 60;
export const DAY_PASSES_MAX = 10_000;

/** A lone half of a surrogate pair becomes U+FFFD when stored: two names that differ would be one. NUL cannot be stored at all. */
const UNFIT = /[\p{Cc}\p{Surrogate}]/u;

type Path = (string | number)[];

const EARLIEST = startOfDay(`${FIRST_YEAR}-01-01`, 'UTC');
const LATEST = startOfDay(`${LAST_YEAR}-12-31`, 'UTC') + DAY;

/**
 * Gathers every issue of an input, so that a caller learns of all of them at once. Each check answers with whether its value has a meaning,
 * for checks that build on it. Paths lie below `input`.
 */
export class InputCheck {
  private readonly issues: InputIssue[] = [];

  /** the error to answer with, or null when everything has a meaning */
  get error(): InvalidInputError | null {
    return this.issues.length === 0 ? null : new InvalidInputError(this.issues);
  }

  refuse(path: Path, message: string): false {
    this.issues.push({ path: path.map(String), message });
    return false;
  }

  text(path: Path, value: string): boolean {
    if (value.trim() === '') return this.refuse(path, 'Must not be empty.');
    if (value.length > TEXT_LENGTH_MAX) return this.refuse(path, `Must have at most ${TEXT_LENGTH_MAX} characters.`);
    return !UNFIT.test(value) || this.refuse(path, 'Must not contain control characters or halves of characters.');
  }

  email(path: Path, value: string): boolean {
    const isOne =
      value.length <= 254 && !UNFIT.test(value) && /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(\.[^\s@<>(),;:"[\]\\.]+)+$/.test(value);
    return isOne || this.refuse(path, 'Must be an e-mail address, like name@example.com.');
  }

  timeZone(path: Path, value: string): boolean {
    return isTimeZone(value) || this.refuse(path, 'Must be an IANA time zone, like Europe/Berlin.');
  }

  day(path: Path, value: CalendarDay | null): value is CalendarDay {
    if (value === null) return false;
    return isCalendarDay(value) || this.refuse(path, `Must be a day that exists, as YYYY-MM-DD, from ${FIRST_YEAR} to ${LAST_YEAR}.`);
  }

  /** NaN stands for a well-formed text that names no instant. */
  instant(path: Path, value: Instant | null): boolean {
    if (value === null) return true;
    const exists = value >= EARLIEST && value < LATEST;
    return exists || this.refuse(path, `Must be an instant that exists, in UTC, from ${FIRST_YEAR} to ${LAST_YEAR}.`);
  }

  /** P-256, SPKI DER, base64: a fixed head and the two coordinates */
  publicKey(path: Path, value: string): boolean {
    const isOne = /^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==$/.test(value);
    return isOne || this.refuse(path, 'Must be a P-256 public key as SPKI DER in base64.');
  }

  whole(path: Path, value: number, from: number, to: number): boolean {
    return (Number.isInteger(value) && value >= from && value <= to) || this.refuse(path, `Must be a whole number from ${from} to ${to}.`);
  }
}

/** An address as it is compared: two that differ in case only are one (domain: unique per organisation, case-insensitively). */
export function emailKey(email: string): string {
  return email.trim().toLowerCase();
}
