export type IntegrationProblemCode =
  | 'REAUTHORIZATION_NEEDED'
  | 'PROVIDER_UNAVAILABLE'
  | 'SEATS_ALMOST_FULL'
  | 'SEATS_FULL'
  | 'SITE_NOT_RELEASED'
  | 'CLOCK_OR_ZONE_MISMATCH'
  | 'ACCESS_AT_RISK'
  | 'REMOVALS_HELD';

const WHAT_TO_DO: Record<IntegrationProblemCode, string> = {
  REAUTHORIZATION_NEEDED: 'Connect again with an administrator of the same site. Everything carries on where it stopped.',
  PROVIDER_UNAVAILABLE: 'Nothing: what is due is done as soon as the lock system answers.',
  SEATS_ALMOST_FULL: 'Buy more seats at the lock system before the next people come, or suspend people who no longer come.',
  SEATS_FULL: 'Buy more seats at the lock system, or suspend people who no longer come. Whoever waits follows by themselves.',
  SITE_NOT_RELEASED: 'Ask your installer to release the site.',
  CLOCK_OR_ZONE_MISMATCH: 'Set the site at the lock system and the location here to one time zone.',
  ACCESS_AT_RISK: 'Mend what the message names before the access begins, at the lock system. It is looked at again every minute.',
  REMOVALS_HELD: 'Look at the held removals: release those that are meant, drop the others.',
};

/** What an administrator should do about a problem of that kind, in a sentence. */
export function whatToDo(code: IntegrationProblemCode): string {
  return WHAT_TO_DO[code];
}
