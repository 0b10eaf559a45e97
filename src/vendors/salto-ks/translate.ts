import type { Schedule } from '../../core/schedule.ts';
import type { Instant } from '../../core/time.ts';
import type { DoorEntry, ProviderPerson, ProviderSite } from '../../ports/lock-vendor.ts';
import type { EntryShape, OwnSiteUserShape, ScheduleShape, SiteShape, SiteUserShape } from './shapes.ts';

// SALTO's words into ours.

const ADMINISTRATOR = new Set(['site_admin', 'site_owner']);

export function siteFrom(site: SiteShape): ProviderSite {
  return {
    externalId: site.id,
    name: site.customer_reference ?? site.id,
    timeZone: site.time_zone ?? null,
    digitalKeysSupported: site.mkey_compatible ?? false,
    // Only a state that is told and another one keeps a site from being used.
    released: (site.installation_state ?? 'released') === 'released',
    seatsTotal: site.subscribed_user_amount ?? null,
    seatsUsed: site.active_user_amount ?? null,
  };
}

/** Whether somebody with these roles may change a site's people and groups (C3). */
export function isAdministrator(own: OwnSiteUserShape): boolean {
  const codes = [...(own.roles ?? []).map(({ code }) => code), own.ownership_state];
  return codes.some((code) => typeof code === 'string' && ADMINISTRATOR.has(code));
}

/** null for a site user who has no platform user id: nobody whom groups could take in */
export function personFrom(person: SiteUserShape): ProviderPerson | null {
  if (!person.user) return null;
  return {
    siteUserId: person.id,
    platformUserId: person.user.id,
    email: person.user.email || null,
    subscribed: person.subscription_state ? person.subscription_state === 'subscribed' : null,
    blocked: person.blocked ?? false,
  };
}

/** E-mail addresses are the same when they differ in case only. */
export function sameEmail(one: string | null | undefined, other: string): boolean {
  return one?.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Every day, all day, without dates: what SALTO's own dashboard calls Always. */
export function isAlways(schedule: ScheduleShape): boolean {
  const { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = schedule;
  const everyDay = [monday, tuesday, wednesday, thursday, friday, saturday, sunday].every((day) => day === true);
  const allDay = /^00:00(:00)?$/.test(schedule.start_time ?? '') && /^23:59(:\d\d)?$/.test(schedule.end_time ?? '');
  return everyDay && allDay && !schedule.start_date && !schedule.end_date;
}

/**
 * `18:00` means until 18:00:59, and comes back as that (SALTO facts §2.7). What is not said is no bound: where nothing names a day or an
 * hour, the lock is not taken to be closed. A `Z` is dropped: schedules are on the wall clock of the site.
 */
export function scheduleFrom(schedule: ScheduleShape): Schedule {
  const { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = schedule;
  const week = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
  const isSaid = week.some((day) => day === true);
  return {
    days: week.flatMap((day, index) => (day === true || !isSaid ? [index + 1] : [])),
    from: wallTime(schedule.start_time, ':00') ?? '00:00:00',
    until: wallTime(schedule.end_time, ':59') ?? '23:59:59',
    notBefore: wallDateTime(schedule.start_date),
    notAfter: wallDateTime(schedule.end_date),
  };
}

function wallTime(text: string | null | undefined, seconds: string): string | null {
  const found = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?/.exec(text ?? '');
  return found && (found[2] === undefined ? `${found[0]}${seconds}` : found[0]);
}

function wallDateTime(text: string | null | undefined): string | null {
  const found = /^(\d{4}-\d\d-\d\d)(T.*)?$/.exec(text ?? '');
  const day = found?.[1];
  if (day === undefined || Number.isNaN(Date.parse(day))) return null;
  return `${day}T${wallTime(found?.[2]?.slice(1), ':00') ?? '00:00:00'}`;
}

const OPENED = 'lock_opened';
const REJECTED = 'lock_rejected';

/** null for whatever is no attempt to open a door: office mode, privacy mode, and what has no id or instant */
export function doorEntryFrom(entry: EntryShape): DoorEntry | null {
  const at = instantFrom(entry.utc_date_time);
  const opened = entry.event_category === OPENED;
  if (!entry.id || at === null || (!opened && entry.event_category !== REJECTED)) return null;
  return {
    externalId: entry.id,
    at,
    lockExternalId: entry.lock_id ?? null,
    lockName: entry.lock_customer_reference ?? null,
    platformUserId: entry.user_id ?? null,
    opened,
    reason: opened ? null : (entry.event_detail ?? null),
    by: entry.access_by ?? null,
  };
}

/** A point in time of SALTO's, which is UTC even where it does not say so. */
export function instantFrom(text: string | null | undefined): Instant | null {
  if (!text) return null;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : at;
}
