import type { Coverage } from './coverage.ts';
import { MINUTE, type Instant } from './time.ts';

export type MembershipState = 'ABSENT' | 'GRANTING' | 'ACTIVE' | 'REVOKING' | 'UNKNOWN' | 'BLOCKED';
export type BlockedCause = 'NO_SEAT' | 'REFUSED' | 'UNKNOWN_AT_PROVIDER' | 'PERSON_BLOCKED' | 'GROUP_MISSING';
export type Step = 'grant' | 'revoke' | 'read-back';

/** One person in one group at the lock system: what is wanted there, and what is known to be there. */
export interface Membership {
  readonly id: string;
  readonly memberId: string;
  readonly accessGroupId: string;
  readonly wanted: boolean;
  /**
   * GRANTING and REVOKING with `retryAt` null: a call has been begun and its answer is not known here, so the next step is a read-back.
   * With `retryAt` set it is known that the call had no effect, and it is sent again then.
   */
  readonly state: MembershipState;
  /** Set while BLOCKED, and kept until what it led to is settled. */
  readonly blockedCause: BlockedCause | null;
  /** Known to be in the group, and ACCESS_GRANTED has been told: keeps grants and revokes from being told twice or not at all. */
  readonly held: boolean;
  /** False once the location is disconnected: nothing is done any more (C8). */
  readonly managed: boolean;
  readonly nextChangeAt: Instant | null;
  /** The merged window that holds now, else the next to come. */
  readonly from: Instant | null;
  readonly until: Instant | null;
  /** Calls begun since what is wanted, or what is held, last changed. */
  readonly attempts: number;
  /** Nothing is tried before. */
  readonly retryAt: Instant | null;
  readonly lastError: string | null;
  /** Rises with every change; an outcome is valid only for the version its step began under. */
  readonly version: number;
  /** ACCESS_FAILED has been told for the present episode. */
  readonly failing: boolean;
}

/** What became of a step, for one person. */
export type Outcome =
  /** It took effect, or had before. */
  | { readonly kind: 'done' }
  /** It certainly had no effect, and may have one later. `retryAt` null: after the usual, growing pause, and at `latest` where that is given. */
  | {
      readonly kind: 'later';
      readonly retryAt: Instant | null;
      readonly latest?: Instant;
      readonly why: string;
      readonly countsAsFailure?: boolean;
    }
  /** The provider said no; of a read-back: the person is in the group and cannot open anything. */
  | { readonly kind: 'refused'; readonly cause: BlockedCause; readonly why: string }
  /** The answer was lost. */
  | { readonly kind: 'unsure'; readonly why: string }
  /** Read back: the person is in the group. */
  | { readonly kind: 'there' }
  /** Read back, or said of somebody to be removed: the person is not in the group. */
  | { readonly kind: 'not-there' };

export type MembershipActivity = 'ACCESS_GRANTED' | 'ACCESS_REVOKED' | 'ACCESS_FAILED' | 'ACCESS_DRIFT_FOUND';

export interface Settled {
  readonly membership: Membership;
  readonly activity: MembershipActivity | null;
}

/** A step or outcome that the state table does not know: a mistake in the program, never in its data. */
export class ImpossibleTransition extends Error {
  override readonly name = 'ImpossibleTransition';

  constructor(membership: Membership, what: string) {
    super(`A membership that is ${membership.state} and ${membership.wanted ? 'wanted' : 'not wanted'} cannot take: ${what}.`);
  }
}

const SECOND = 1_000;
/** Pauses double with each attempt. A door left open is worse than one opened late: revokes are tried sooner and oftener. */
const GRANT_PAUSE = { first: 5 * SECOND, most: 5 * MINUTE };
const REVOKE_PAUSE = { first: 2 * SECOND, most: MINUTE };
/**
 * What heals by itself is looked at again soon, what needs somebody to act seldom: resync or a change of rights comes first then. Whoever
 * waits for a seat (null) is not looked at one by one: one look at the seats of the site is for all of them.
 */
const BLOCKED_PAUSE: Record<BlockedCause, { first: number; most: number } | null> = {
  NO_SEAT: null,
  PERSON_BLOCKED: { first: 10 * SECOND, most: MINUTE },
  UNKNOWN_AT_PROVIDER: { first: 10 * SECOND, most: MINUTE },
  REFUSED: { first: 30 * SECOND, most: 10 * MINUTE },
  GROUP_MISSING: { first: 30 * SECOND, most: 10 * MINUTE },
};

/** How long a call whose answer was lost may take to have its effect. Nothing gives a figure; it is longer than any call of ours is waited for. */
const LATE_WITHIN_MS = 20 * SECOND;

/** A membership as it starts out: nobody is there and nothing is wanted. */
export function newMembership(id: string, memberId: string, accessGroupId: string, managed: boolean): Membership {
  return {
    id,
    memberId,
    accessGroupId,
    wanted: false,
    state: 'ABSENT',
    blockedCause: null,
    held: false,
    managed,
    nextChangeAt: null,
    from: null,
    until: null,
    attempts: 0,
    retryAt: null,
    lastError: null,
    version: 0,
    failing: false,
  };
}

/** When it next needs a look: 0 for at once, null for never. */
export function dueAt(membership: Membership): Instant | null {
  if (!membership.managed) return null;
  const { state, wanted, retryAt, nextChangeAt } = membership;
  const settled = state === 'BLOCKED' || (wanted ? state === 'ACTIVE' : state === 'ABSENT');
  const step = state === 'BLOCKED' ? retryAt : settled ? null : (retryAt ?? 0);
  if (step === null || nextChangeAt === null) return step ?? nextChangeAt;
  return Math.min(step, nextChangeAt);
}

/** Takes over what the rights amount to. Answers with the very same object when nothing changed. */
export function applyCoverage(membership: Membership, coverage: Coverage): Membership {
  const { wanted, nextChangeAt, from, until } = coverage;
  const flipped = wanted !== membership.wanted;
  const moved = nextChangeAt !== membership.nextChangeAt || from !== membership.from || until !== membership.until;
  if (!flipped && !moved) return membership;
  const told = { ...membership, wanted, nextChangeAt, from, until, version: membership.version + 1 };
  if (!membership.managed) return told;
  // A change of rights is a reason to try again what is blocked.
  if (!flipped && membership.state !== 'BLOCKED') return told;
  return { ...told, state: heading(membership.state, wanted), retryAt: null, attempts: 0, failing: flipped ? false : told.failing };
}

/** Where a state leads once `wanted` is what is wanted; states that can wait for their next step stay. */
function heading(state: MembershipState, wanted: boolean): MembershipState {
  if (wanted && (state === 'REVOKING' || state === 'BLOCKED')) return 'GRANTING';
  if (!wanted && (state === 'GRANTING' || state === 'BLOCKED')) return 'REVOKING';
  return state;
}

/** Makes what is blocked or waiting due at once: an administrator asked for it, or the cause may be gone. */
export function resync(membership: Membership): Membership {
  const { state, wanted, retryAt } = membership;
  if (!membership.managed || (state !== 'BLOCKED' && retryAt === null)) return membership;
  // Waiting GRANTING and REVOKING keep a `retryAt`: it says that their call had no effect.
  const waiting = state === 'GRANTING' || state === 'REVOKING';
  return { ...membership, state: heading(state, wanted), retryAt: waiting ? 0 : null, attempts: 0, version: membership.version + 1 };
}

/** Nothing is tried before `until`: the connection is out or asked for a pause. */
export function postpone(membership: Membership, until: Instant): Membership {
  const begun = membership.retryAt === null && (membership.state === 'GRANTING' || membership.state === 'REVOKING');
  const state = begun ? 'UNKNOWN' : membership.state;
  return { ...membership, state, retryAt: Math.max(until, membership.retryAt ?? until), version: membership.version + 1 };
}

/** The location was disconnected: what was to be done is dropped, what is there stays there (C8). */
export function unmanage(membership: Membership): Membership {
  if (!membership.managed) return membership;
  const { state, retryAt } = membership;
  const waiting = retryAt !== null && (state === 'GRANTING' || state === 'REVOKING');
  const known = state === 'GRANTING' && !membership.held ? 'ABSENT' : 'ACTIVE';
  const begun = state === 'GRANTING' || state === 'REVOKING' ? 'UNKNOWN' : state;
  return { ...membership, managed: false, state: waiting ? known : begun, retryAt: null, version: membership.version + 1 };
}

/** The same site was connected again: whoever we had put there is ours again, after a look (C8). */
export function manage(membership: Membership): Membership {
  if (membership.managed) return membership;
  const state = membership.state === 'ABSENT' ? 'ABSENT' : 'UNKNOWN';
  return { ...membership, managed: true, state, retryAt: null, attempts: 0, failing: false, version: membership.version + 1 };
}

/** Another person stands for the member at the lock system: what was known of who is in the group is to be read anew. */
export function relink(membership: Membership): Membership {
  if (!membership.managed || membership.state === 'ABSENT') return membership;
  return { ...membership, state: 'UNKNOWN', retryAt: null, attempts: 0, version: membership.version + 1 };
}

/** The step owed at `now`, null when there is none. Coverage has been applied for the same `now`. */
export function nextStep(membership: Membership, now: Instant): Step | null {
  const { state, wanted, retryAt } = membership;
  if (!membership.managed || (retryAt !== null && retryAt > now)) return null;
  switch (state) {
    case 'ABSENT':
      return wanted ? 'grant' : null;
    case 'ACTIVE':
      return wanted ? null : 'revoke';
    case 'GRANTING':
      return retryAt !== null && wanted ? 'grant' : 'read-back';
    case 'REVOKING':
      return retryAt !== null && !wanted ? 'revoke' : 'read-back';
    case 'UNKNOWN':
      return 'read-back';
    case 'BLOCKED':
      return retryAt === null ? null : 'read-back';
  }
}

/** To be stored before the call is made: from now on its effect is unknown until it is settled. */
export function begin(membership: Membership, step: Step, now: Instant): Membership {
  if (nextStep(membership, now) !== step) throw new ImpossibleTransition(membership, `begin ${step}`);
  const state = step === 'grant' ? 'GRANTING' : step === 'revoke' ? 'REVOKING' : membership.state;
  const begun = { ...membership, state, retryAt: null, attempts: membership.attempts + 1, version: membership.version + 1 };
  // BLOCKED without a `retryAt` waits for somebody to act: if this run is killed, its look must still come round again.
  return state === 'BLOCKED' ? { ...begun, retryAt: now + (blockedPause(begun) ?? MINUTE) } : begun;
}

/** The state table. `membership` is as `begin` left it, or, for a read-back nobody owed (an audit), as it is stored. */
export function settle(membership: Membership, step: Step, outcome: Outcome, now: Instant): Settled {
  const next = { ...membership, version: membership.version + 1 };
  if (!membership.managed) throw new ImpossibleTransition(membership, `${step} of somebody no longer managed`);
  if (step === 'read-back') return settleReadBack(next, outcome, now);
  const expected = step === 'grant' ? 'GRANTING' : 'REVOKING';
  if (membership.state !== expected) throw new ImpossibleTransition(membership, `${step}: ${outcome.kind}`);
  switch (outcome.kind) {
    case 'done':
      return step === 'grant' ? nowThere(next) : revoked(next);
    case 'later':
      return wait(next, outcome, now);
    case 'refused':
      return block(next, outcome.cause, outcome.why, now);
    case 'unsure':
      return { membership: { ...next, state: 'UNKNOWN', retryAt: null, lastError: outcome.why }, activity: null };
    case 'not-there':
      if (step === 'revoke') return revoked(next);
      throw new ImpossibleTransition(membership, `${step}: ${outcome.kind}`);
    case 'there':
      throw new ImpossibleTransition(membership, `${step}: ${outcome.kind}`);
  }
}

function settleReadBack(next: Membership, outcome: Outcome, now: Instant): Settled {
  switch (outcome.kind) {
    case 'there':
      return readThere(next, now);
    case 'not-there':
      return readGone(next, now);
    case 'refused':
      return readPowerless(next, outcome.cause, outcome.why, now);
    case 'later':
      return waitToRead(next, outcome, now);
    case 'unsure':
      return waitToRead(next, { kind: 'later', retryAt: null, why: outcome.why }, now);
    case 'done':
      throw new ImpossibleTransition(next, 'read-back: done');
  }
}

function readThere(next: Membership, now: Instant): Settled {
  // Nobody we put there: a foreign person, not ours to touch (C6).
  if (next.state === 'ABSENT') return { membership: next, activity: null };
  // Turned while a revoke was under way, which may come after this look: a grant undoes it either way.
  if (next.wanted && next.held && next.state === 'GRANTING') return { membership: { ...next, retryAt: now }, activity: null };
  if (next.wanted) return nowThere(next);
  if (next.state === 'ACTIVE') return { membership: next, activity: null };
  // What could open nothing was never granted, so it is not told as such when it is found there.
  const found = !next.held && next.blockedCause === null;
  const membership = { ...next, state: 'REVOKING' as const, held: next.held || found, retryAt: now };
  return { membership, activity: found ? 'ACCESS_GRANTED' : null };
}

function readGone(next: Membership, now: Instant): Settled {
  if (next.state === 'ABSENT') return { membership: next, activity: null };
  const byOthers = next.state === 'ACTIVE' || next.state === 'BLOCKED';
  const activity = !next.held ? null : byOthers ? 'ACCESS_DRIFT_FOUND' : 'ACCESS_REVOKED';
  if (!next.wanted) return grantMayComeYet(next) ? lookAgain(next, now) : nowGone(next, activity);
  return { membership: { ...next, state: 'GRANTING', held: false, blockedCause: null, retryAt: now }, activity };
}

/** Read back: in the group, and unable to open anything. */
function readPowerless(next: Membership, cause: BlockedCause, why: string, now: Instant): Settled {
  if (next.state === 'ABSENT') return { membership: next, activity: null };
  const inGroup = cause === 'NO_SEAT' || cause === 'PERSON_BLOCKED';
  if (next.wanted || !inGroup) return block(next, cause, why, now);
  if (next.state === 'ACTIVE') return { membership: next, activity: null };
  return { membership: { ...next, state: 'REVOKING', blockedCause: cause, retryAt: now }, activity: null };
}

/**
 * A grant whose answer was lost may arrive after the first look that follows it, or that look may show what was before: a door would stay
 * open, and nothing be owed. So there is a second look.
 */
function grantMayComeYet(next: Membership): boolean {
  return !next.held && (next.state === 'REVOKING' || next.state === 'UNKNOWN') && next.blockedCause === null && next.attempts <= 1;
}

function lookAgain(next: Membership, now: Instant): Settled {
  return { membership: { ...next, state: 'UNKNOWN', retryAt: now + LATE_WITHIN_MS }, activity: null };
}

function nowThere(next: Membership): Settled {
  return { membership: { ...atRest(next), state: 'ACTIVE', held: true }, activity: next.held ? null : 'ACCESS_GRANTED' };
}

function nowGone(next: Membership, activity: MembershipActivity | null): Settled {
  return { membership: { ...atRest(next), state: 'ABSENT', held: false }, activity };
}

/** Who could open nothing while in the group was never told of as granted, and so is not told of as revoked. */
function revoked(next: Membership): Settled {
  return nowGone(next, next.held ? 'ACCESS_REVOKED' : null);
}

function atRest(next: Membership): Membership {
  return { ...next, blockedCause: null, retryAt: null, attempts: 0, lastError: null, failing: false };
}

function wait(next: Membership, outcome: Outcome & { kind: 'later' }, now: Instant): Settled {
  const usual = now + pause(next.wanted ? GRANT_PAUSE : REVOKE_PAUSE, next.attempts);
  const retryAt = Math.max(now, outcome.retryAt ?? Math.min(usual, outcome.latest ?? usual));
  const failed = outcome.countsAsFailure === true;
  const membership = { ...next, retryAt, lastError: outcome.why, failing: next.failing || failed };
  return { membership, activity: failed && !next.failing ? 'ACCESS_FAILED' : null };
}

/** Nothing was read. GRANTING and REVOKING become UNKNOWN: a `retryAt` of theirs would say that their call had no effect. */
function waitToRead(next: Membership, outcome: Outcome & { kind: 'later' }, now: Instant): Settled {
  if (next.state === 'ABSENT' || next.state === 'ACTIVE') return { membership: next, activity: null };
  return wait({ ...next, state: next.state === 'BLOCKED' ? 'BLOCKED' : 'UNKNOWN' }, outcome, now);
}

function block(next: Membership, cause: BlockedCause, why: string, now: Instant): Settled {
  const blocked = { ...next, state: 'BLOCKED' as const, blockedCause: cause, lastError: why, failing: true };
  const rest = blockedPause(blocked);
  const membership = { ...blocked, retryAt: rest === null ? null : now + rest };
  return { membership, activity: next.failing ? null : 'ACCESS_FAILED' };
}

function blockedPause(membership: Membership): number | null {
  const range = membership.wanted ? BLOCKED_PAUSE[membership.blockedCause ?? 'REFUSED'] : REVOKE_PAUSE;
  return range === null ? null : pause(range, membership.attempts);
}

function pause(range: { first: number; most: number }, attempts: number): number {
  return Math.min(range.most, range.first * 2 ** Math.min(Math.max(attempts - 1, 0), 30));
}
