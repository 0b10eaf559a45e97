import type { DigitalKeyStatus } from './digital-key.ts';
import type { BlockedCause, MembershipState } from './membership.ts';
import { rightStatus, type AccessReason } from './rights.ts';
import { opensWithin, type Schedule } from './schedule.ts';
import { HOUR, MINUTE, isoInstant, spokenTime, type Instant } from './time.ts';

/** A right of the person in the group, whatever its status. */
export interface ExplainedRight {
  readonly id: string;
  readonly reason: AccessReason;
  readonly startsAt: Instant;
  readonly endsAt: Instant | null;
  readonly createdAt: Instant;
  readonly withdrawnAt: Instant | null;
  readonly withdrawnWhy: string | null;
  /** Why it was to be withdrawn, where that is held or was dropped by an administrator. */
  readonly heldWhy: string | null;
}

/** All that decides whether one person may open the doors of one group. What the lock system holds is as we know it at `now`. */
export interface ExplainInput {
  /** The instant asked about; a past one is judged by the ledger alone, since what the lock system held then is not kept. */
  readonly at: Instant;
  readonly now: Instant;
  /** The location's IANA zone, in which times are told. */
  readonly zone: string;
  /** The site's, in which its schedules are. */
  readonly siteZone: string;
  /** Seats nobody has taken, null where the lock system does not say. */
  readonly seatsFree: number | null;
  readonly person: { readonly name: string; readonly removedAt: Instant | null };
  readonly group: {
    readonly name: string;
    readonly locks: number;
    /** Has a time schedule; without one it opens nothing. */
    readonly scheduled: boolean;
    readonly alwaysOpen: boolean;
    /** When it opens, on the wall clock of the site. */
    readonly schedules: readonly Schedule[];
    /** No longer at the provider. */
    readonly missing: boolean;
  };
  readonly rights: readonly ExplainedRight[];
  readonly integration: 'connected' | 'needs-reauthorization' | 'not-connected';
  /** The person at the provider; null when not found or created there yet. `hasSeat` null: the provider does not say. */
  readonly providerPerson: { readonly settled: boolean; readonly blocked: boolean; readonly hasSeat: boolean | null } | null;
  readonly membership: {
    readonly state: MembershipState;
    readonly blockedCause: BlockedCause | null;
    readonly retryAt: Instant | null;
    readonly lastError: string | null;
  } | null;
  /** What the person's phones are shown; it opens nothing by itself and so never decides. */
  readonly key: DigitalKeyStatus | null;
}

export interface ExplanationStep {
  readonly holds: boolean;
  readonly subject: string;
  readonly detail: string;
}

export interface AccessExplanation {
  readonly allowed: boolean;
  /** Those in force at the instant. */
  readonly rightIds: string[];
  /** From reason to lock; the first that does not hold is the cause. Details are fit for the member's eyes. */
  readonly steps: ExplanationStep[];
  readonly memberMessage: string;
  /** Says more, the provider's last words included. */
  readonly staffMessage: string;
}

/** A step with the sentence a member gets when it is the cause. */
interface Judged extends ExplanationStep {
  readonly member: string;
}

const REASON: Record<AccessReason, string> = {
  SUBSCRIPTION: 'a subscription',
  ROOM_BOOKING: 'a room booking',
  ROOM_INVITATION: 'an invitation to a room booking',
  DESK_BOOKING: 'a desk booking',
  OFFICE_BOOKING: 'an office booking',
  EQUIPMENT_BOOKING: 'an equipment booking',
  PARKING_BOOKING: 'a parking booking',
};

const CAUSE: Record<BlockedCause, string> = {
  NO_SEAT: 'the lock system has no free seat for the person, who cannot open anything there',
  REFUSED: 'the lock system refuses the change',
  UNKNOWN_AT_PROVIDER: 'the lock system does not know the person',
  PERSON_BLOCKED: 'the person is blocked at the lock system',
  GROUP_MISSING: 'the access group is gone from the lock system',
};

const NOT_READY = 'Your access is not ready at the locks yet. If it stays so for more than a few minutes, please ask your workspace.';
const ASK = 'Something at the locks needs your workspace to act. Please ask them.';

/** Why a person may or may not open the doors of a group at an instant: from the reason to the lock. */
export function explainAccess(input: ExplainInput): AccessExplanation {
  const inForce = input.rights.filter((right) => isInForce(right, input.at));
  const judged = [judgePerson(input), judgeRight(input, inForce), ...lockSide(input)];
  const cause = judged.find((step) => !step.holds);
  const steps = judged.map(({ holds, subject, detail }) => ({ holds, subject, detail }));
  return {
    allowed: cause === undefined,
    rightIds: inForce.map((right) => right.id),
    steps,
    memberMessage: cause === undefined ? allowedMessage(input, inForce) : cause.member,
    staffMessage: staffMessage(input, cause) + heldMessage(inForce),
  };
}

/** A right counts from when it was known until it was withdrawn: what was told later did not open a door before. */
function isInForce(right: ExplainedRight, at: Instant): boolean {
  const known = right.createdAt <= at && (right.withdrawnAt === null || at < right.withdrawnAt);
  return known && right.startsAt <= at && (right.endsAt === null || at < right.endsAt);
}

function judgePerson({ person, at, zone, now }: ExplainInput): Judged {
  const { name, removedAt } = person;
  const subject = 'Member';
  if (removedAt === null || removedAt > at) return { holds: true, subject, detail: `${name} is a member.`, member: '' };
  const detail = `${name} was removed at ${spokenTime(removedAt, zone, now)}.`;
  return { holds: false, subject, detail, member: 'You are no longer a member here.' };
}

function judgeRight(input: ExplainInput, inForce: readonly ExplainedRight[]): Judged {
  const subject = 'Right';
  if (inForce.length > 0) {
    const reasons = inForce.map((right) => `${REASON[right.reason]}, ${spokenWindow(right, input)}`);
    return { holds: true, subject, detail: `In force: ${reasons.join('; ')}.`, member: '' };
  }
  const nearest = nearestRight(input);
  if (nearest === null) {
    return {
      holds: false,
      subject,
      detail: `No booking or subscription has given access to ${input.group.name}.`,
      member: `You have no booking or subscription that gives access to ${input.group.name}.`,
    };
  }
  const { right, what, member } = nearest;
  const detail = `None in force. The nearest is ${REASON[right.reason]}, ${spokenWindow(right, input)}: ${what}.`;
  return { holds: false, subject, detail, member };
}

/** What comes closest to explaining a refusal: a right told too late, else one taken back, the next to come, the last that ended. */
function nearestRight(input: ExplainInput): { right: ExplainedRight; what: string; member: string } | null {
  const { at, rights, group } = input;
  const say = (instant: Instant): string => spokenTime(instant, input.zone, input.now);
  const covers = (right: ExplainedRight): boolean => right.startsAt <= at && (right.endsAt === null || at < right.endsAt);
  const latest = rights.toSorted((a, b) => b.startsAt - a.startsAt || b.createdAt - a.createdAt);
  const live = latest.filter((right) => right.withdrawnAt === null || right.withdrawnAt > at);
  const late = live.find((right) => covers(right) && right.createdAt > at);
  if (late !== undefined) {
    const member = `Your access to ${group.name} was not known before ${say(late.createdAt)}.`;
    return { right: late, what: `it became known only at ${say(late.createdAt)}`, member };
  }
  const next = live.findLast((right) => right.startsAt > at);
  const withdrawn = latest.find((right) => covers(right) && right.withdrawnAt !== null && right.withdrawnAt <= at);
  if (withdrawn?.withdrawnAt != null) {
    const why = withdrawn.withdrawnWhy === null ? '' : ` (${withdrawn.withdrawnWhy.replace(/\.$/, '')})`;
    const then = next === undefined ? '' : ` It begins again at ${say(next.startsAt)}.`;
    const when = say(withdrawn.withdrawnAt);
    const member = `Your access to ${group.name} was taken back at ${when}.${then}`;
    return { right: withdrawn, what: `withdrawn at ${when}${why}`, member };
  }
  if (next !== undefined) {
    return { right: next, what: 'it has not begun', member: `Your access to ${group.name} begins at ${say(next.startsAt)}.` };
  }
  const last = rights.toSorted((a, b) => endOf(b) - endOf(a))[0];
  if (last === undefined) return null;
  const what = rightStatus(last, at) === 'WITHDRAWN' ? 'withdrawn' : 'it has ended';
  return { right: last, what, member: `Your access to ${group.name} ended at ${say(endOf(last))}.` };
}

function endOf(right: ExplainedRight): Instant {
  return Math.min(right.endsAt ?? Infinity, right.withdrawnAt ?? Infinity);
}

function lockSide(input: ExplainInput): Judged[] {
  // A caller's "now" is a little older than ours by the time it is judged.
  if (input.at < input.now - MINUTE) {
    const detail = 'What the lock system held at that time is not kept here; the activity tells of grants, revokes and failures.';
    return [{ holds: true, subject: 'Lock system', detail, member: '' }];
  }
  return [judgeIntegration(input), judgeGroup(input), judgeProviderPerson(input), judgeMembership(input), tellKey(input)];
}

function judgeIntegration({ integration, membership }: ExplainInput): Judged {
  const subject = 'Connection';
  const there = membership?.state === 'ACTIVE';
  if (integration === 'connected') return { holds: true, subject, detail: 'The location is connected to its locks.', member: '' };
  if (integration === 'needs-reauthorization') {
    const detail = 'The connection must be authorized again: what was granted holds, changes wait until then.';
    return { holds: there, subject, detail, member: ASK };
  }
  const detail = there
    ? 'The location is disconnected: what was granted before stays at the lock system and is revoked there by hand.'
    : 'The location is not connected to its locks, so nothing is granted.';
  return { holds: there, subject, detail, member: ASK };
}

function judgeGroup({ group, at, now, zone, siteZone }: ExplainInput): Judged {
  const subject = 'Access group';
  const fails = (detail: string): Judged => ({ holds: false, subject, detail, member: ASK });
  if (group.missing) return fails(`${group.name} no longer exists at the lock system.`);
  if (group.locks === 0) return fails(`${group.name} has no locks, so it opens nothing.`);
  if (!group.scheduled) return fails(`${group.name} has no time schedule, so it opens nothing.`);
  if (!group.alwaysOpen && group.schedules.length > 0 && !opensWithin(group.schedules, { from: at, until: at + 1 }, siteZone)) {
    const detail = `${group.name} is closed by its own time restrictions at ${spokenTime(at, zone, now)}.`;
    return { holds: false, subject, detail, member: `${group.name} is closed at ${spokenTime(at, zone, now)}.` };
  }
  const locks = group.locks === 1 ? '1 lock' : `${group.locks} locks`;
  const hours = group.alwaysOpen ? 'at any time' : 'within its own time restrictions, which the lock judges';
  return { holds: true, subject, detail: `${group.name} opens ${locks}, ${hours}.`, member: '' };
}

function judgeProviderPerson({ providerPerson, person, at, now, seatsFree }: ExplainInput): Judged {
  const subject = 'Person at the lock system';
  const judge = (holds: boolean, detail: string, member: string): Judged => ({ holds, subject, detail, member });
  const ahead = at > now;
  if (providerPerson === null) {
    if (ahead && at - now <= HOUR && seatsFree === 0) {
      return judge(false, `${person.name} is not there yet, and no seat is free for them.`, ASK);
    }
    const detail = ahead ? `${person.name} is created there before access begins.` : `${person.name} does not exist there yet.`;
    return judge(ahead, detail, NOT_READY);
  }
  if (providerPerson.blocked) return judge(false, `${person.name} is blocked there.`, ASK);
  if (providerPerson.hasSeat === false) return judge(false, `${person.name} has no seat there and cannot open anything.`, ASK);
  if (!providerPerson.settled && !ahead) {
    return judge(false, `${person.name} was created there a moment ago and is not usable yet.`, NOT_READY);
  }
  return judge(true, `${person.name} exists there and may open doors.`, '');
}

function judgeMembership({ membership, at, now, zone }: ExplainInput): Judged {
  const subject = 'Membership in the group';
  const state = membership?.state ?? 'ABSENT';
  const judge = (holds: boolean, detail: string, member: string): Judged => ({ holds, subject, detail, member });
  if (state === 'ACTIVE') return judge(true, 'The person is in the group.', '');
  if (state === 'BLOCKED') return judge(false, `Blocked: ${CAUSE[membership?.blockedCause ?? 'REFUSED']}.`, ASK);
  if (at > now) return judge(true, 'The person is put into the group when the right begins.', '');
  const retryAt = membership?.retryAt ?? null;
  const again = retryAt !== null && retryAt > now ? ` It is tried again at ${spokenTime(retryAt, zone, now)}.` : '';
  if (state === 'UNKNOWN') return judge(false, `The lock system's answer was lost; it is being read back.${again}`, NOT_READY);
  if (state === 'REVOKING') return judge(false, `The person is being taken out of the group.${again}`, NOT_READY);
  const detail = state === 'GRANTING' ? 'The person is being put into the group.' : 'The person is not in the group yet.';
  return judge(false, `${detail}${again}`, NOT_READY);
}

const KEY: Record<DigitalKeyStatus, string> = {
  HIDDEN: 'No digital key is offered; a tag or PIN may still open.',
  AVAILABLE: 'The digital key has not been activated on a phone yet.',
  ACTIVATING: 'The digital key is being activated on a phone.',
  UNLOCK_AVAILABLE: 'A phone holds a digital key.',
  FAILED: 'The last activation of a digital key failed.',
};

function tellKey({ key }: ExplainInput): Judged {
  return { holds: true, subject: 'Digital key', detail: KEY[key ?? 'HIDDEN'], member: '' };
}

function allowedMessage(input: ExplainInput, inForce: readonly ExplainedRight[]): string {
  const end = Math.max(...inForce.map((right) => right.endsAt ?? Infinity));
  const until = Number.isFinite(end) ? ` until ${spokenTime(end, input.zone, input.now)}` : '';
  const had = input.at < input.now - MINUTE ? 'had' : input.at > input.now ? 'will have' : 'have';
  return `You ${had} access to ${input.group.name}${until}.`;
}

function staffMessage(input: ExplainInput, cause: Judged | undefined): string {
  const at = isoInstant(input.at);
  if (cause === undefined) return `${input.person.name} may open the doors of ${input.group.name} at ${at}.`;
  const error = input.membership?.lastError ?? null;
  const last = error === null || cause.subject === 'Member' || cause.subject === 'Right' ? '' : ` Last answer of the lock system: ${error}`;
  return `${input.person.name} may not open the doors of ${input.group.name} at ${at}. ${cause.subject}: ${cause.detail}${last}`;
}

/** Not for the member: it is for staff to decide. */
function heldMessage(inForce: readonly ExplainedRight[]): string {
  const held = inForce.find(({ heldWhy }) => heldWhy !== null);
  return held === undefined ? '' : ` Its removal is held, or was dropped (${held.heldWhy?.replace(/\.$/, '') ?? ''}).`;
}

function spokenWindow(right: ExplainedRight, { zone, now }: ExplainInput): string {
  const from = spokenTime(right.startsAt, zone, now);
  return right.endsAt === null ? `from ${from} without end` : `from ${from} until ${spokenTime(right.endsAt, zone, now)}`;
}
