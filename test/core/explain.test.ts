import { expect, test } from 'vitest';
import { explainAccess, type ExplainInput, type ExplainedRight } from '../../src/core/explain.ts';

const at = (text: string): number => Date.parse(`2026-${text}Z`);
const NOW = at('03-03T13:30:00');

const right = (change: Partial<ExplainedRight> = {}): ExplainedRight => ({
  id: 'r1',
  reason: 'ROOM_BOOKING',
  startsAt: at('03-03T11:00:00'),
  endsAt: at('03-03T15:30:00'),
  createdAt: at('03-01T00:00:00'),
  withdrawnAt: null,
  withdrawnWhy: null,
  heldWhy: null,
  ...change,
});

const GROUP = { name: 'Front door', locks: 2, scheduled: true, alwaysOpen: true, schedules: [], missing: false };
const ACTIVE = { state: 'ACTIVE', blockedCause: null, retryAt: null, lastError: null } as const;

function input(change: Partial<ExplainInput> = {}): ExplainInput {
  return {
    at: NOW,
    now: NOW,
    zone: 'Europe/Berlin',
    siteZone: 'Europe/Berlin',
    seatsFree: 10,
    person: { name: 'Ada Example', removedAt: null },
    group: GROUP,
    rights: [right()],
    integration: 'connected',
    providerPerson: { settled: true, blocked: false, hasSeat: true },
    membership: ACTIVE,
    key: 'UNLOCK_AVAILABLE',
    ...change,
  };
}

test('when everything holds the answer is yes, from the reason to the lock', () => {
  const explanation = explainAccess(input());
  expect(explanation.allowed).toBe(true);
  expect(explanation.rightIds).toEqual(['r1']);
  expect(explanation.steps.map((step) => [step.holds, step.subject])).toEqual([
    [true, 'Member'],
    [true, 'Right'],
    [true, 'Connection'],
    [true, 'Access group'],
    [true, 'Person at the lock system'],
    [true, 'Membership in the group'],
    [true, 'Digital key'],
  ]);
  expect(explanation.steps[1]?.detail).toBe('In force: a room booking, from 12:00 on 3 March until 16:30 on 3 March.');
  expect(explanation.memberMessage).toBe('You have access to Front door until 16:30 on 3 March.');
  expect(explanation.staffMessage).toBe('Ada Example may open the doors of Front door at 2026-03-03T13:30:00Z.');
});

test('access lasts as long as the longest right in force', () => {
  const rights = [right(), right({ id: 'r2', reason: 'SUBSCRIPTION', endsAt: null })];
  const explanation = explainAccess(input({ rights }));
  expect(explanation.rightIds).toEqual(['r1', 'r2']);
  expect(explanation.memberMessage).toBe('You have access to Front door.');
});

type Row = [what: string, change: Partial<ExplainInput>, subject: string, detail: RegExp, member: RegExp];

test.each<Row>([
  [
    'removed',
    { person: { name: 'Ada Example', removedAt: NOW }, rights: [] },
    'Member',
    /removed at 14:30 on 3 March/,
    /no longer a member/,
  ],
  ['no right ever', { rights: [] }, 'Right', /No booking or subscription/, /no booking or subscription/],
  ['a right to come', { rights: [right({ startsAt: NOW + 60_000 })] }, 'Right', /has not begun/, /begins at 14:31 on 3 March/],
  [
    'the first of two to come',
    { rights: [right({ startsAt: NOW + 120_000 }), right({ startsAt: NOW + 60_000 })] },
    'Right',
    /./,
    /begins at 14:31/,
  ],
  ['a right that ended', { rights: [right({ endsAt: NOW })] }, 'Right', /has ended/, /ended at 14:30 on 3 March/],
  [
    'a right taken back',
    { rights: [right({ withdrawnAt: NOW - 60_000, withdrawnWhy: 'The booking was cancelled.' })] },
    'Right',
    /withdrawn at 14:29 on 3 March \(The booking was cancelled\)/,
    /taken back at 14:29 on 3 March\.$/,
  ],
  [
    'a right taken back, another to come',
    { rights: [right({ withdrawnAt: NOW - 60_000 }), right({ startsAt: NOW + 60_000 })] },
    'Right',
    /withdrawn/,
    /It begins again at 14:31 on 3 March/,
  ],
  [
    'a right taken back long ago',
    { rights: [right({ endsAt: NOW, withdrawnAt: NOW - 120_000 })] },
    'Right',
    /: withdrawn\./,
    /ended at 14:28/,
  ],
  ['a connection never made', { integration: 'not-connected', membership: null }, 'Connection', /not connected/, /ask/],
  ['a connection to authorize again', { integration: 'needs-reauthorization', membership: null }, 'Connection', /authorized again/, /ask/],
  ['a group that is gone', { group: { ...GROUP, missing: true } }, 'Access group', /no longer exists/, /ask/],
  ['a group without locks', { group: { ...GROUP, locks: 0 } }, 'Access group', /no locks/, /ask/],
  ['a group without a time schedule', { group: { ...GROUP, scheduled: false } }, 'Access group', /no time schedule/, /ask/],
  [
    'a group closed by its own hours',
    {
      group: {
        ...GROUP,
        alwaysOpen: false,
        schedules: [{ days: [2], from: '08:00:00', until: '14:00:00', notBefore: null, notAfter: null }],
      },
    },
    'Access group',
    /closed by its own time restrictions at 14:30/,
    /closed at 14:30/,
  ],
  [
    'soon, without a seat',
    {
      at: NOW + 60_000,
      rights: [right({ startsAt: NOW + 60_000 })],
      providerPerson: null,
      membership: null,
      seatsFree: 0,
    },
    'Person at the lock system',
    /no seat is free/,
    /ask/,
  ],
  ['a person not created yet', { providerPerson: null }, 'Person at the lock system', /does not exist there yet/, /not ready/],
  [
    'a person created a moment ago',
    { providerPerson: { settled: false, blocked: false, hasSeat: true } },
    'Person at the lock system',
    /a moment ago/,
    /not ready/,
  ],
  ['a person blocked', { providerPerson: { settled: true, blocked: true, hasSeat: true } }, 'Person at the lock system', /blocked/, /ask/],
  [
    'a person without a seat',
    { providerPerson: { settled: true, blocked: false, hasSeat: false } },
    'Person at the lock system',
    /no seat/,
    /ask/,
  ],
  ['a membership not begun', { membership: null }, 'Membership in the group', /not in the group yet/, /not ready/],
  [
    'a membership that waits',
    { membership: { ...ACTIVE, state: 'GRANTING', retryAt: NOW + 60_000 } },
    'Membership in the group',
    /being put into the group\. It is tried again at 14:31/,
    /not ready/,
  ],
  ['an answer lost', { membership: { ...ACTIVE, state: 'UNKNOWN' } }, 'Membership in the group', /answer was lost/, /not ready/],
  ['a membership being revoked', { membership: { ...ACTIVE, state: 'REVOKING' } }, 'Membership in the group', /taken out/, /not ready/],
  [
    'a membership blocked',
    { membership: { ...ACTIVE, state: 'BLOCKED', blockedCause: 'NO_SEAT' } },
    'Membership in the group',
    /no free seat/,
    /ask/,
  ],
])('%s: the first step that does not hold is the cause', (_what, change, subject, detail, member) => {
  const explanation = explainAccess(input(change));
  const cause = explanation.steps.find((step) => !step.holds);
  expect(explanation.allowed).toBe(false);
  expect(cause?.subject).toBe(subject);
  expect(cause?.detail).toMatch(detail);
  expect(explanation.memberMessage).toMatch(member);
  expect(explanation.staffMessage).toContain(`${subject}: ${cause?.detail}`);
});

test('what was granted opens on although the location is disconnected or must be authorized again (C7, C8)', () => {
  expect(explainAccess(input({ integration: 'needs-reauthorization' })).allowed).toBe(true);
  const disconnected = explainAccess(input({ integration: 'not-connected' }));
  expect(disconnected.allowed).toBe(true);
  expect(disconnected.steps[2]?.detail).toMatch(/revoked there by hand/);
});

test('a missing digital key is told and never decides', () => {
  expect(explainAccess(input({ key: null })).allowed).toBe(true);
  expect(explainAccess(input({ key: 'AVAILABLE' })).steps.at(-1)?.detail).toMatch(/not been activated/);
});

test('what the provider said last is for staff alone', () => {
  const membership = { ...ACTIVE, state: 'BLOCKED', blockedCause: 'REFUSED', lastError: 'Role is not allowed.' } as const;
  const explanation = explainAccess(input({ membership }));
  expect(explanation.staffMessage).toMatch(/Last answer of the lock system: Role is not allowed\.$/);
  expect(JSON.stringify([explanation.steps, explanation.memberMessage])).not.toContain('Role is not allowed');
});

test('the past is judged by when rights were known and withdrawn, and not by what the locks hold today', () => {
  const past = at('03-03T12:00:00');
  const change = { at: past, membership: null, providerPerson: null, integration: 'not-connected' } as const;
  const allowed = explainAccess(input({ ...change, rights: [right({ withdrawnAt: past + 1 })] }));
  expect([allowed.allowed, allowed.steps.length, allowed.memberMessage]).toEqual([
    true,
    3,
    'You had access to Front door until 16:30 on 3 March.',
  ]);
  const late = explainAccess(input({ ...change, rights: [right({ createdAt: past + 3_600_000 })] }));
  expect([late.allowed, late.rightIds]).toEqual([false, []]);
  expect(late.memberMessage).toBe('Your access to Front door was not known before 14:00 on 3 March.');
  expect(explainAccess(input({ ...change, rights: [right({ withdrawnAt: past })] })).allowed).toBe(false);
});

test('the present includes a moment ago: a caller’s now is older than ours', () => {
  expect(explainAccess(input({ at: NOW - 1_000, membership: null })).allowed).toBe(false);
});

test('the future is judged by the rights to come and by what stands in their way today', () => {
  const future = at('03-10T12:00:00');
  const rights = [right({ startsAt: at('03-10T11:00:00'), endsAt: at('03-10T13:00:00') })];
  const change = { at: future, rights, membership: null, providerPerson: null };
  const explanation = explainAccess(input(change));
  expect(explanation.allowed).toBe(true);
  expect(explanation.memberMessage).toBe('You will have access to Front door until 14:00 on 10 March.');
  expect(explainAccess(input({ ...change, integration: 'not-connected' })).allowed).toBe(false);
  expect(explainAccess(input({ ...change, providerPerson: { settled: false, blocked: false, hasSeat: null } })).allowed).toBe(true);
  const blocked = { ...ACTIVE, state: 'BLOCKED', blockedCause: 'GROUP_MISSING' } as const;
  expect(explainAccess(input({ ...change, membership: blocked })).allowed).toBe(false);
});
