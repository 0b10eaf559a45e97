import { expect, test } from 'vitest';
import {
  ImpossibleTransition,
  applyCoverage,
  begin,
  dueAt,
  newMembership,
  nextStep,
  settle,
  type Membership,
  type MembershipState,
  type Outcome,
  type Step,
} from '../../src/core/membership.ts';

const NOW = 1_000_000;
const DONE: Outcome = { kind: 'done' };
const LATER: Outcome = { kind: 'later', retryAt: null, why: 'It is out.' };
const NO_SEAT: Outcome = { kind: 'refused', cause: 'NO_SEAT', why: 'No seat is free.' };
const REFUSED: Outcome = { kind: 'refused', cause: 'REFUSED', why: 'It said no.' };
const UNSURE: Outcome = { kind: 'unsure', why: 'The answer was lost.' };
const THERE: Outcome = { kind: 'there' };
const NOT_THERE: Outcome = { kind: 'not-there' };
const STATES: MembershipState[] = ['ABSENT', 'GRANTING', 'ACTIVE', 'REVOKING', 'UNKNOWN', 'BLOCKED'];

const a = (state: MembershipState, change: Partial<Membership> = {}): Membership => ({
  ...newMembership('m1', 'ada', 'front', true),
  state,
  ...change,
});
const want = (wanted: boolean, from = 1) => ({ wanted, nextChangeAt: null, from, until: null });

test.each<[MembershipState, boolean, MembershipState]>([
  ['ABSENT', true, 'ABSENT'],
  ['REVOKING', true, 'GRANTING'],
  ['ACTIVE', true, 'ACTIVE'],
  ['UNKNOWN', true, 'UNKNOWN'],
  ['BLOCKED', true, 'GRANTING'],
  ['GRANTING', false, 'REVOKING'],
  ['ACTIVE', false, 'ACTIVE'],
  ['ABSENT', false, 'ABSENT'],
  ['UNKNOWN', false, 'UNKNOWN'],
  ['BLOCKED', false, 'REVOKING'],
])('%s that becomes wanted: %s is %s, due at once, in a new episode', (state, wanted, next) => {
  const before = a(state, { wanted: !wanted, retryAt: NOW + 9, attempts: 4, failing: true });
  const after = applyCoverage(before, want(wanted));
  expect(after).toMatchObject({ state: next, wanted, retryAt: null, attempts: 0, failing: false, version: 1 });
});

test('coverage that says nothing new gives back the same object', () => {
  const membership = applyCoverage(a('ACTIVE'), want(true));
  expect(applyCoverage(membership, want(true))).toBe(membership);
});

test('a moved window disturbs nothing but what is blocked, which is tried again', () => {
  const waiting = a('GRANTING', { wanted: true, from: 1, retryAt: NOW + 9, attempts: 3 });
  expect(applyCoverage(waiting, want(true, 2))).toMatchObject({ state: 'GRANTING', retryAt: NOW + 9, attempts: 3, from: 2, version: 1 });
  const blocked = a('BLOCKED', { wanted: true, from: 1, retryAt: NOW + 9, failing: true });
  expect(applyCoverage(blocked, want(true, 2))).toMatchObject({ state: 'GRANTING', retryAt: null, failing: true });
});

test('what is no longer managed remembers its coverage and moves no more', () => {
  const membership = applyCoverage(a('GRANTING', { managed: false, wanted: true }), want(false));
  expect(membership).toMatchObject({ wanted: false, state: 'GRANTING' });
  expect([dueAt(membership), nextStep(membership, NOW)]).toEqual([null, null]);
});

test.each<[MembershipState, boolean, number | null, Step | null, number | null]>([
  ['ABSENT', false, null, null, null],
  ['ABSENT', true, null, 'grant', 0],
  ['ABSENT', true, NOW + 1, null, NOW + 1],
  ['ACTIVE', true, null, null, null],
  ['ACTIVE', true, NOW + 1, null, null],
  ['ACTIVE', false, null, 'revoke', 0],
  ['GRANTING', true, null, 'read-back', 0],
  ['GRANTING', true, NOW, 'grant', NOW],
  ['GRANTING', true, NOW + 1, null, NOW + 1],
  ['REVOKING', false, null, 'read-back', 0],
  ['REVOKING', false, NOW, 'revoke', NOW],
  ['UNKNOWN', true, null, 'read-back', 0],
  ['UNKNOWN', false, NOW, 'read-back', NOW],
  ['UNKNOWN', false, NOW + 1, null, NOW + 1],
  ['BLOCKED', true, null, null, null],
  ['BLOCKED', true, NOW, 'read-back', NOW],
  ['BLOCKED', false, NOW + 1, null, NOW + 1],
])('%s, wanted: %s, to be tried at %s, owes %s and is due at %s', (state, wanted, retryAt, step, due) => {
  const membership = a(state, { wanted, retryAt });
  expect([nextStep(membership, NOW), dueAt(membership)]).toEqual([step, due]);
});

test('what is waited for until an instant at the latest is tried again after the usual pause, or then', () => {
  const begun = a('GRANTING', { wanted: true, attempts: 2 });
  const tried = (latest: number) => settle(begun, 'grant', { ...LATER, latest }, NOW).membership.retryAt;
  expect([tried(NOW + 60_000), tried(NOW + 7_000), tried(NOW - 1)]).toEqual([NOW + 10_000, NOW + 7_000, NOW]);
});

test('it is due no later than what is wanted changes', () => {
  expect(dueAt(a('ACTIVE', { wanted: true, nextChangeAt: 7 }))).toBe(7);
  expect(dueAt(a('BLOCKED', { wanted: true, nextChangeAt: 7, retryAt: 9 }))).toBe(7);
  expect(dueAt(a('ABSENT', { wanted: true, nextChangeAt: 7, retryAt: 5 }))).toBe(5);
});

test.each<[Step, Membership, MembershipState]>([
  ['grant', a('ABSENT', { wanted: true }), 'GRANTING'],
  ['grant', a('GRANTING', { wanted: true, retryAt: NOW }), 'GRANTING'],
  ['revoke', a('ACTIVE'), 'REVOKING'],
  ['revoke', a('REVOKING', { retryAt: NOW }), 'REVOKING'],
  ['read-back', a('GRANTING', { wanted: true }), 'GRANTING'],
  ['read-back', a('UNKNOWN'), 'UNKNOWN'],
])('begin %s leaves what a killed worker would have to read back', (step, membership, state) => {
  const begun = begin(membership, step, NOW);
  expect(begun).toMatchObject({ state, retryAt: null, attempts: 1, version: 1 });
  expect(nextStep(begun, NOW)).toBe('read-back');
});

test('looking at what is blocked comes round again although the worker is killed', () => {
  const begun = begin(a('BLOCKED', { wanted: true, blockedCause: 'REFUSED', retryAt: NOW }), 'read-back', NOW);
  expect(begun).toMatchObject({ state: 'BLOCKED', retryAt: NOW + 30_000 });
});

test('a step that is not owed cannot begin', () => {
  expect(() => begin(a('ABSENT'), 'grant', NOW)).toThrow(ImpossibleTransition);
  expect(() => begin(a('ACTIVE', { wanted: true }), 'revoke', NOW)).toThrow(ImpossibleTransition);
  expect(() => begin(a('UNKNOWN', { wanted: true }), 'grant', NOW)).toThrow(ImpossibleTransition);
  expect(() => begin(a('ABSENT', { wanted: true, retryAt: NOW + 1 }), 'grant', NOW)).toThrow(ImpossibleTransition);
});

type Row = [what: string, from: Membership, step: Step, outcome: Outcome, to: Partial<Membership>, activity: string | null];

test.each<Row>([
  [
    'granted',
    a('GRANTING', { wanted: true, attempts: 3, failing: true, lastError: 'x' }),
    'grant',
    DONE,
    { state: 'ACTIVE', held: true, attempts: 0, failing: false, lastError: null, retryAt: null },
    'ACCESS_GRANTED',
  ],
  ['told once only', a('GRANTING', { wanted: true, held: true }), 'grant', DONE, { state: 'ACTIVE', held: true }, null],
  [
    'not yet',
    a('GRANTING', { wanted: true, attempts: 1 }),
    'grant',
    LATER,
    { state: 'GRANTING', retryAt: NOW + 5_000, lastError: 'It is out.', failing: false },
    null,
  ],
  [
    'a pause asked for',
    a('GRANTING', { wanted: true, attempts: 1 }),
    'grant',
    { ...LATER, retryAt: NOW + 77 },
    { retryAt: NOW + 77 },
    null,
  ],
  ['a pause that is past', a('GRANTING', { wanted: true, attempts: 1 }), 'grant', { ...LATER, retryAt: NOW - 77 }, { retryAt: NOW }, null],
  [
    'a pause that counts',
    a('GRANTING', { wanted: true }),
    'grant',
    { ...LATER, countsAsFailure: true },
    { state: 'GRANTING', failing: true },
    'ACCESS_FAILED',
  ],
  ['counted before', a('GRANTING', { wanted: true, failing: true }), 'grant', { ...LATER, countsAsFailure: true }, { failing: true }, null],
  [
    'no seat: looked at for all of the site together, and not by itself',
    a('GRANTING', { wanted: true, attempts: 1 }),
    'grant',
    NO_SEAT,
    { state: 'BLOCKED', blockedCause: 'NO_SEAT', held: false, retryAt: null, lastError: 'No seat is free.', failing: true },
    'ACCESS_FAILED',
  ],
  [
    'refused again',
    a('GRANTING', { wanted: true, failing: true, attempts: 2 }),
    'grant',
    REFUSED,
    { state: 'BLOCKED', retryAt: NOW + 60_000 },
    null,
  ],
  ['lost', a('GRANTING', { wanted: true }), 'grant', UNSURE, { state: 'UNKNOWN', retryAt: null, lastError: 'The answer was lost.' }, null],
  ['revoked', a('REVOKING', { held: true }), 'revoke', DONE, { state: 'ABSENT', held: false }, 'ACCESS_REVOKED'],
  ['not there is done', a('REVOKING', { held: true }), 'revoke', NOT_THERE, { state: 'ABSENT', held: false }, 'ACCESS_REVOKED'],
  [
    'a revoke tries again sooner',
    a('REVOKING', { held: true, attempts: 1 }),
    'revoke',
    LATER,
    { state: 'REVOKING', retryAt: NOW + 2_000 },
    null,
  ],
  [
    'a revoke refused',
    a('REVOKING', { held: true, attempts: 1 }),
    'revoke',
    REFUSED,
    { state: 'BLOCKED', held: true, retryAt: NOW + 2_000 },
    'ACCESS_FAILED',
  ],
  ['a revoke lost', a('REVOKING', { held: true }), 'revoke', UNSURE, { state: 'UNKNOWN', held: true, retryAt: null }, null],
  ['a foreign person', a('ABSENT', { wanted: true }), 'read-back', THERE, { state: 'ABSENT', held: false }, null],
  ['nobody', a('ABSENT'), 'read-back', NOT_THERE, { state: 'ABSENT' }, null],
  ['a foreign person without a seat', a('ABSENT'), 'read-back', NO_SEAT, { state: 'ABSENT' }, null],
  ['the grant had worked', a('GRANTING', { wanted: true }), 'read-back', THERE, { state: 'ACTIVE', held: true }, 'ACCESS_GRANTED'],
  ['the grant had not worked', a('GRANTING', { wanted: true }), 'read-back', NOT_THERE, { state: 'GRANTING', retryAt: NOW }, null],
  ['all is well', a('ACTIVE', { wanted: true, held: true }), 'read-back', THERE, { state: 'ACTIVE' }, null],
  [
    'removed by hand',
    a('ACTIVE', { wanted: true, held: true }),
    'read-back',
    NOT_THERE,
    { state: 'GRANTING', held: false, retryAt: NOW },
    'ACCESS_DRIFT_FOUND',
  ],
  [
    'removed by hand, and not wanted',
    a('ACTIVE', { held: true }),
    'read-back',
    NOT_THERE,
    { state: 'ABSENT', held: false },
    'ACCESS_DRIFT_FOUND',
  ],
  [
    'lost the seat',
    a('ACTIVE', { wanted: true, held: true }),
    'read-back',
    NO_SEAT,
    { state: 'BLOCKED', blockedCause: 'NO_SEAT' },
    'ACCESS_FAILED',
  ],
  ['lost the seat, and not wanted', a('ACTIVE', { held: true }), 'read-back', NO_SEAT, { state: 'ACTIVE' }, null],
  ['not wanted, still there', a('ACTIVE', { held: true }), 'read-back', THERE, { state: 'ACTIVE' }, null],
  ['an audit without an answer', a('ACTIVE', { wanted: true }), 'read-back', LATER, { state: 'ACTIVE', retryAt: null }, null],
  ['the revoke had worked', a('REVOKING', { held: true }), 'read-back', NOT_THERE, { state: 'ABSENT' }, 'ACCESS_REVOKED'],
  ['the revoke had not worked', a('REVOKING', { held: true }), 'read-back', THERE, { state: 'REVOKING', retryAt: NOW }, null],
  [
    'a look without an answer',
    a('REVOKING', { held: true, attempts: 2 }),
    'read-back',
    LATER,
    { state: 'UNKNOWN', retryAt: NOW + 4_000 },
    null,
  ],
  [
    'a look whose answer is lost',
    a('GRANTING', { wanted: true, attempts: 2 }),
    'read-back',
    UNSURE,
    { state: 'UNKNOWN', retryAt: NOW + 10_000 },
    null,
  ],
  ['unknown, there, wanted', a('UNKNOWN', { wanted: true }), 'read-back', THERE, { state: 'ACTIVE', held: true }, 'ACCESS_GRANTED'],
  ['unknown, there, not wanted', a('UNKNOWN'), 'read-back', THERE, { state: 'REVOKING', held: true, retryAt: NOW }, 'ACCESS_GRANTED'],
  ['unknown, there as known, not wanted', a('UNKNOWN', { held: true }), 'read-back', THERE, { state: 'REVOKING', retryAt: NOW }, null],
  [
    'unknown, gone, wanted',
    a('UNKNOWN', { wanted: true, held: true }),
    'read-back',
    NOT_THERE,
    { state: 'GRANTING', held: false, retryAt: NOW },
    'ACCESS_REVOKED',
  ],
  [
    'unknown, never there, not wanted: a grant may come yet',
    a('UNKNOWN', { attempts: 1 }),
    'read-back',
    NOT_THERE,
    { state: 'UNKNOWN', retryAt: NOW + 20_000 },
    null,
  ],
  ['unknown, not there at the second look', a('UNKNOWN', { attempts: 2 }), 'read-back', NOT_THERE, { state: 'ABSENT', attempts: 0 }, null],
  [
    'ended while a grant was under way, and not there yet',
    a('REVOKING', { attempts: 1 }),
    'read-back',
    NOT_THERE,
    { state: 'UNKNOWN', retryAt: NOW + 20_000 },
    null,
  ],
  [
    'extended while a revoke was under way, and still there: put in again',
    a('GRANTING', { wanted: true, held: true, attempts: 1 }),
    'read-back',
    THERE,
    { state: 'GRANTING', held: true, retryAt: NOW },
    null,
  ],
  ['unknown, powerless, not wanted', a('UNKNOWN'), 'read-back', NO_SEAT, { state: 'REVOKING', blockedCause: 'NO_SEAT', held: false }, null],
  [
    'blocked, a seat came free',
    a('BLOCKED', { wanted: true, blockedCause: 'NO_SEAT', failing: true }),
    'read-back',
    THERE,
    { state: 'ACTIVE', held: true, blockedCause: null, failing: false },
    'ACCESS_GRANTED',
  ],
  [
    'blocked, and gone',
    a('BLOCKED', { wanted: true, blockedCause: 'REFUSED' }),
    'read-back',
    NOT_THERE,
    { state: 'GRANTING', blockedCause: null, retryAt: NOW },
    null,
  ],
  [
    'blocked still',
    a('BLOCKED', { wanted: true, blockedCause: 'NO_SEAT', failing: true, attempts: 3 }),
    'read-back',
    NO_SEAT,
    { state: 'BLOCKED', retryAt: null },
    null,
  ],
  [
    'blocked, no answer',
    a('BLOCKED', { wanted: true, blockedCause: 'NO_SEAT', attempts: 1 }),
    'read-back',
    LATER,
    { state: 'BLOCKED', retryAt: NOW + 5_000 },
    null,
  ],
  [
    'never able to open, to be taken out',
    a('REVOKING', { blockedCause: 'NO_SEAT' }),
    'read-back',
    THERE,
    { state: 'REVOKING', held: false, retryAt: NOW },
    null,
  ],
])('%s', (_what, from, step, outcome, to, activity) => {
  const settled = settle(from, step, outcome, NOW);
  expect({ ...settled.membership }).toMatchObject({ ...to, version: from.version + 1 });
  expect(settled.activity).toBe(activity);
});

test('every pair that the table does not name is refused loudly', () => {
  const outcomes = [DONE, LATER, NO_SEAT, UNSURE, THERE, NOT_THERE];
  const accepted: string[] = [];
  for (const state of STATES) {
    for (const step of ['grant', 'revoke', 'read-back'] as const) {
      for (const outcome of outcomes) {
        try {
          settle(a(state, { wanted: step === 'grant' }), step, outcome, NOW);
          accepted.push(`${state} ${step}`);
        } catch (error) {
          expect(error).toBeInstanceOf(ImpossibleTransition);
        }
      }
    }
  }
  const counts = Object.fromEntries(accepted.map((pair) => [pair, accepted.filter((other) => other === pair).length]));
  expect(counts).toEqual({
    'GRANTING grant': 4,
    'REVOKING revoke': 5,
    ...Object.fromEntries(STATES.map((state) => [`${state} read-back`, 5])),
  });
  expect(() => settle(a('GRANTING', { wanted: true, managed: false }), 'grant', DONE, NOW)).toThrow(ImpossibleTransition);
});

test('pauses double up to a limit: five minutes for a grant, one for a revoke', () => {
  const pauses = (membership: Membership, step: Step): number[] =>
    [1, 2, 3, 4, 6, 7, 50].map((attempts) => (settle({ ...membership, attempts }, step, LATER, NOW).membership.retryAt ?? 0) - NOW);
  expect(pauses(a('GRANTING', { wanted: true }), 'grant')).toEqual([5_000, 10_000, 20_000, 40_000, 160_000, 300_000, 300_000]);
  expect(pauses(a('REVOKING'), 'revoke')).toEqual([2_000, 4_000, 8_000, 16_000, 60_000, 60_000, 60_000]);
});

test('who was in the group and could open nothing is taken out without being told of as revoked: it was never told of as granted', () => {
  const granting = a('GRANTING', { wanted: true });
  const blocked = settle(granting, 'grant', NO_SEAT, NOW);
  const unwanted = applyCoverage(blocked.membership, want(false));
  const found = settle(unwanted, 'read-back', NO_SEAT, NOW);
  const gone = settle(begin(found.membership, 'revoke', NOW), 'revoke', DONE, NOW);
  expect([blocked, found, gone].map(({ activity }) => activity)).toEqual(['ACCESS_FAILED', null, null]);
  expect(gone.membership).toMatchObject({ state: 'ABSENT', held: false });
});
