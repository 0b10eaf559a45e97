import type { Instant } from '../core/time.ts';

/**
 * Whether what the platform says is older than what is stored: then it changes nothing. What carries no `asOf` is taken as new, and leaves
 * the stored one in place.
 */
export function isOlder(asOf: Instant | null, stored: { asOf: Instant | null }): boolean {
  return asOf !== null && stored.asOf !== null && asOf < stored.asOf;
}

export function newestAsOf(asOf: Instant | null, stored: { asOf: Instant | null }): Instant | null {
  return asOf ?? stored.asOf;
}
