import type { Instant } from './time.ts';

export type IntegrationStatus = 'AUTHORIZING' | 'SELECTING_SITE' | 'CONNECTED' | 'NEEDS_REAUTHORIZATION' | 'DISCONNECTED';
export type IntegrationEvent = 'connect' | 'consented' | 'refused' | 'site-selected' | 'refresh-refused' | 'disconnect';

export interface IntegrationState {
  readonly status: IntegrationStatus;
  /** while AUTHORIZING: where a refused or expired consent leads back to; null where nothing was there before */
  readonly statusBefore: IntegrationStatus | null;
  /** a site is selected and held, also while its connection is being renewed */
  readonly siteHeld: boolean;
}

/**
 * The state after an event (domain §Integration); 'nothing-left' when a first consent failed; null when the event is refused in this state.
 */
export function afterEvent(state: IntegrationState | null, event: IntegrationEvent): IntegrationState | 'nothing-left' | null {
  if (state === null) return event === 'connect' ? { status: 'AUTHORIZING', statusBefore: null, siteHeld: false } : null;
  const { status, statusBefore, siteHeld } = state;
  switch (event) {
    case 'connect':
      return { status: 'AUTHORIZING', statusBefore: status === 'AUTHORIZING' ? statusBefore : status, siteHeld };
    case 'consented':
      if (status !== 'AUTHORIZING') return null;
      return { status: siteHeld ? 'CONNECTED' : 'SELECTING_SITE', statusBefore: null, siteHeld };
    case 'refused':
      if (status !== 'AUTHORIZING') return null;
      return statusBefore === null ? 'nothing-left' : { status: statusBefore, statusBefore: null, siteHeld };
    case 'site-selected':
      return status === 'SELECTING_SITE' ? { status: 'CONNECTED', statusBefore: null, siteHeld: true } : null;
    case 'refresh-refused':
      if (status === 'CONNECTED') return { status: 'NEEDS_REAUTHORIZATION', statusBefore: null, siteHeld };
      return status === 'AUTHORIZING' && statusBefore === 'CONNECTED' ? { status, statusBefore: 'NEEDS_REAUTHORIZATION', siteHeld } : null;
    case 'disconnect':
      return status === 'DISCONNECTED' ? null : { status: 'DISCONNECTED', statusBefore: null, siteHeld: false };
  }
}

/** Whether its tokens may be used: while a re-connection is under way the old ones work on. */
export function mayCall(state: IntegrationState): boolean {
  return state.status === 'CONNECTED' || (state.status === 'AUTHORIZING' && state.statusBefore === 'CONNECTED');
}

export interface SiteFacts {
  readonly timeZone: string | null;
  readonly released: boolean;
  readonly seatsTotal: number | null;
  readonly seatsUsed: number | null;
}

export type SiteProblemCode = 'SEATS_ALMOST_FULL' | 'SEATS_FULL' | 'SITE_NOT_RELEASED' | 'CLOCK_OR_ZONE_MISMATCH';

/** A warning is given from this share of the seats on. */
const SEATS_ALMOST_FULL = 0.8;

/** What is wrong with a site as the provider describes it, each with what to do about it. */
export function siteProblems(site: SiteFacts, locationZone: string): Map<SiteProblemCode, string> {
  const problems = new Map<SiteProblemCode, string>();
  if (!site.released) {
    problems.set(
      'SITE_NOT_RELEASED',
      'The site is not released at the lock system, so its locks take no changes. Ask your installer to release it.',
    );
  }
  if (site.timeZone !== null && site.timeZone !== locationZone) {
    problems.set(
      'CLOCK_OR_ZONE_MISMATCH',
      `The site is in ${site.timeZone}, the location in ${locationZone}: time schedules mean other hours than bookings. Set both to one zone.`,
    );
  }
  if (site.seatsTotal === null || site.seatsUsed === null) return problems;
  const seats = `${site.seatsUsed} of ${site.seatsTotal} seats are taken at the lock system.`;
  if (site.seatsUsed >= site.seatsTotal) {
    problems.set(
      'SEATS_FULL',
      `${seats} New people cannot open doors until a seat is free: buy more, or remove people who no longer come.`,
    );
  } else if (site.seatsUsed >= site.seatsTotal * SEATS_ALMOST_FULL) {
    problems.set('SEATS_ALMOST_FULL', `${seats} Buy more before the next people come.`);
  }
  return problems;
}

/** How long a connection is left alone after it did not answer: doubles with how long it has been out, 2 seconds to half a minute. */
export function pauseAfterOutage(unavailableSince: Instant | null, now: Instant): number {
  const out = unavailableSince === null ? 0 : now - unavailableSince;
  return Math.min(30_000, Math.max(2_000, out));
}
