import { newMembership, type Membership } from './membership.ts';
import type { Instant } from './time.ts';

export type AccessEffectChange = 'REVOKE' | 'GRANT' | 'SCHEDULE' | 'UNSCHEDULE' | 'MOVE_END';

/** What a change does to one person in one group. */
export interface AccessEffect {
  readonly memberId: string;
  readonly accessGroupId: string;
  readonly change: AccessEffectChange;
  /** when it takes effect; of MOVE_END the new end, of UNSCHEDULE the start that no longer comes; null: without end */
  readonly at: Instant | null;
  /** the removal would be held */
  readonly held: boolean;
}

export interface AccessPreview {
  readonly counts: Readonly<Record<AccessEffectChange, number>>;
  readonly held: number;
  /** the first of them, in a fixed order: held removals, then by kind */
  readonly effects: readonly AccessEffect[];
  readonly more: boolean;
}

/** How many effects are told one by one; the counts are of all. */
export const EFFECTS_MAX = 200;

const ORDER: readonly AccessEffectChange[] = ['REVOKE', 'GRANT', 'SCHEDULE', 'UNSCHEDULE', 'MOVE_END'];

/** Of what is only known after a change, and of what was known before it and is another thing now. */
export function previewOf(
  before: readonly Membership[],
  after: readonly Membership[],
  held: readonly { readonly memberId: string; readonly accessGroupId: string }[],
  now: Instant,
): AccessPreview {
  const known = new Map(before.map((membership) => [membership.id, membership]));
  const effects = [
    ...held.map((pair): AccessEffect => ({ ...pair, change: 'REVOKE', at: now, held: true })),
    ...after.flatMap((membership) => effectOf(known.get(membership.id) ?? null, membership, now) ?? []),
  ].toSorted((a, b) => rank(a) - rank(b) || compare(a.accessGroupId, b.accessGroupId) || compare(a.memberId, b.memberId));
  const count = (change: AccessEffectChange): number => effects.filter((effect) => !effect.held && effect.change === change).length;
  return {
    counts: {
      REVOKE: count('REVOKE'),
      GRANT: count('GRANT'),
      SCHEDULE: count('SCHEDULE'),
      UNSCHEDULE: count('UNSCHEDULE'),
      MOVE_END: count('MOVE_END'),
    },
    held: held.length,
    effects: effects.slice(0, EFFECTS_MAX),
    more: effects.length > EFFECTS_MAX,
  };
}

/** null: nothing that anybody would notice, or nothing that is ours to do. */
function effectOf(before: Membership | null, after: Membership, now: Instant): AccessEffect | null {
  if (!after.managed) return null;
  const { memberId, accessGroupId } = after;
  const effect = (change: AccessEffectChange, at: Instant | null): AccessEffect => ({ memberId, accessGroupId, change, at, held: false });
  const was = before ?? newMembership(after.id, memberId, accessGroupId, true);
  if (after.wanted !== was.wanted) return effect(after.wanted ? 'GRANT' : 'REVOKE', now);
  // What failed, waits, or was undone there is tried again.
  if (after.state !== was.state || after.retryAt !== was.retryAt) return effect(after.wanted ? 'GRANT' : 'REVOKE', now);
  if (after.wanted) return after.until === was.until ? null : effect('MOVE_END', after.until);
  if (after.from === null) return was.from === null ? null : effect('UNSCHEDULE', was.from);
  return after.from === was.from && after.until === was.until ? null : effect('SCHEDULE', after.from);
}

function rank(effect: AccessEffect): number {
  return effect.held ? -1 : ORDER.indexOf(effect.change);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
