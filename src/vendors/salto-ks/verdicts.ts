import type { Outcome } from '../../core/membership.ts';
import type { Instant } from '../../core/time.ts';
import type { GroupPerson, ProviderProblem } from '../../ports/lock-vendor.ts';
import type { Refusal, SaltoAnswer } from './problems.ts';

/** One person to be put into a group or taken out. */
export interface Move {
  act: 'add' | 'remove';
  person: GroupPerson;
}

export const BATCH_SIZE = 100;
/** Up to about a minute was measured (SALTO facts §0.5). */
export const SETTLES_WITHIN_MS = 90_000;
const LOOK_AGAIN_MS = 5_000;

export function isSettling(person: GroupPerson, now: Instant): boolean {
  return person.createdThereAt !== null && now - person.createdThereAt < SETTLES_WITHIN_MS;
}

export function settlingOutcome(now: Instant): Outcome {
  return { kind: 'later', retryAt: now + LOOK_AGAIN_MS, why: 'SALTO KS does not know this new person everywhere yet' };
}

/** For those whose call was not made because of it: a lost answer stops what follows, but leaves no doubt about it. */
export function waitFor(problem: ProviderProblem): Outcome {
  return { kind: 'later', retryAt: problem.kind === 'unavailable' ? problem.retryAt : null, why: problem.why };
}

/**
 * What a refusal means for one person, given who is in the group: adding somebody who is in it and removing somebody who is not have
 * their effect, whatever the answer. `judgedAt` is the instant that settling is judged by, `now` the one to try again after.
 */
export function verdict(move: Move, refusal: Refusal, members: SaltoAnswer<Set<string>>, judgedAt: Instant, now: Instant): Outcome {
  if (!members.ok) {
    if (members.problem.kind !== 'not-found') return waitFor(members.problem);
    if (move.act === 'remove') return { kind: 'done' };
    return { kind: 'refused', cause: 'GROUP_MISSING', why: members.problem.why };
  }
  if (members.value.has(move.person.platformUserId) === (move.act === 'add')) return { kind: 'done' };
  const { kind, why } = refusal.problem;
  if ((kind === 'not-found' || refusal.status === 403) && isSettling(move.person, judgedAt)) return settlingOutcome(now);
  const contradictory = refusal.status === 409 || (kind === 'not-found' && move.act === 'remove');
  if (contradictory) return { kind: 'later', retryAt: now + LOOK_AGAIN_MS, why, countsAsFailure: true };
  return { kind: 'refused', cause: kind === 'not-found' ? 'UNKNOWN_AT_PROVIDER' : 'REFUSED', why };
}
