import { nextStep, type Membership } from './membership.ts';
import type { Instant } from './time.ts';

/** The steps owed in one group, in the order to take them: read-backs (they cost one call together), then revokes, then grants. */
export interface Plan {
  readonly readBack: Membership[];
  readonly revoke: Membership[][];
  readonly grant: Membership[][];
}

/**
 * What one group's memberships owe at `now`; coverage has been applied for the same `now`. Revokes free seats, so they go first; grants
 * go by the start of their window, so that whoever was first is first when seats run short. `batch`: people per call, at least 1.
 */
export function plan(memberships: readonly Membership[], now: Instant, limits: { readonly batch: number }): Plan {
  const owing = (step: string): Membership[] => memberships.filter((membership) => nextStep(membership, now) === step);
  return {
    readBack: owing('read-back').toSorted(byId),
    revoke: batches(owing('revoke').toSorted(byId), limits.batch),
    grant: batches(
      owing('grant').toSorted((a, b) => (a.from ?? now) - (b.from ?? now) || byId(a, b)),
      limits.batch,
    ),
  };
}

export interface Comparison {
  /** ACTIVE with us, and not in the group: read back as 'not-there'. */
  readonly gone: Membership[];
  /** ABSENT with us, and in the group: put there by hand. Foreign until a right of theirs begins (C6). */
  readonly strayed: Membership[];
  /** Platform ids in the group that belong to no membership of it, the strayed not among them. */
  readonly strangers: string[];
}

/**
 * An audit of one group. `inGroup`: the platform ids the provider lists; `byPlatformId`: the member behind each platform id we know. A
 * member we know no platform id of is not judged. Memberships in motion or no longer managed are nobody's finding.
 */
export function compareWithProvider(
  memberships: readonly Membership[],
  inGroup: readonly string[],
  byPlatformId: ReadonlyMap<string, string>,
): Comparison {
  const known = new Set(byPlatformId.values());
  const present = new Set(inGroup.flatMap((platformId) => byPlatformId.get(platformId) ?? []));
  const ours = new Set(memberships.map((membership) => membership.memberId));
  const managed = memberships.filter((membership) => membership.managed);
  return {
    gone: managed.filter(({ state, memberId }) => state === 'ACTIVE' && known.has(memberId) && !present.has(memberId)),
    strayed: managed.filter(({ state, memberId }) => state === 'ABSENT' && present.has(memberId)),
    strangers: inGroup.filter((platformId) => !ours.has(byPlatformId.get(platformId) ?? '')),
  };
}

function batches(memberships: readonly Membership[], size: number): Membership[][] {
  const step = Math.max(1, size);
  const count = Math.ceil(memberships.length / step);
  return Array.from({ length: count }, (_, index) => memberships.slice(index * step, (index + 1) * step));
}

function byId(a: Membership, b: Membership): number {
  return a.id < b.id ? -1 : 1;
}
