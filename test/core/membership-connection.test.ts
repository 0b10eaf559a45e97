import { expect, test } from 'vitest';
import {
  manage,
  newMembership,
  nextStep,
  postpone,
  relink,
  resync,
  unmanage,
  type Membership,
  type MembershipState,
} from '../../src/core/membership.ts';

const NOW = 1_000_000;

const a = (state: MembershipState, change: Partial<Membership> = {}): Membership => ({
  ...newMembership('m1', 'ada', 'front', true),
  state,
  ...change,
});

test('resync makes what is blocked or waiting due at once and leaves the rest alone', () => {
  expect(resync(a('BLOCKED', { wanted: true, retryAt: NOW }))).toMatchObject({ state: 'GRANTING', retryAt: null });
  expect(resync(a('BLOCKED'))).toMatchObject({ state: 'REVOKING', retryAt: null });
  expect(nextStep(resync(a('GRANTING', { wanted: true, retryAt: NOW + 9 })), NOW)).toBe('grant');
  expect(nextStep(resync(a('UNKNOWN', { retryAt: NOW + 9 })), NOW)).toBe('read-back');
  const active = a('ACTIVE', { wanted: true });
  expect(resync(active)).toBe(active);
  const foreign = a('BLOCKED', { managed: false });
  expect(resync(foreign)).toBe(foreign);
});

test('a pause of the connection never makes a begun call look like one that had no effect', () => {
  expect(postpone(a('GRANTING', { wanted: true }), NOW)).toMatchObject({ state: 'UNKNOWN', retryAt: NOW });
  expect(postpone(a('GRANTING', { wanted: true, retryAt: 5 }), NOW)).toMatchObject({ state: 'GRANTING', retryAt: NOW });
  expect(postpone(a('ABSENT', { wanted: true }), NOW)).toMatchObject({ state: 'ABSENT', retryAt: NOW });
  expect(postpone(a('UNKNOWN', { retryAt: NOW + 9 }), NOW)).toMatchObject({ retryAt: NOW + 9 });
});

test.each<[MembershipState, number | null, MembershipState, MembershipState]>([
  ['ABSENT', null, 'ABSENT', 'ABSENT'],
  ['ACTIVE', null, 'ACTIVE', 'UNKNOWN'],
  ['GRANTING', NOW, 'ABSENT', 'ABSENT'],
  ['GRANTING', null, 'UNKNOWN', 'UNKNOWN'],
  ['REVOKING', NOW, 'ACTIVE', 'UNKNOWN'],
  ['REVOKING', null, 'UNKNOWN', 'UNKNOWN'],
  ['BLOCKED', NOW, 'BLOCKED', 'UNKNOWN'],
])('disconnected, %s (tried at %s) stays as %s; connected again it is %s (C8)', (state, retryAt, dropped, again) => {
  const released = unmanage(a(state, { retryAt }));
  expect(released).toMatchObject({ managed: false, state: dropped, retryAt: null, version: 1 });
  expect(unmanage(released)).toBe(released);
  expect(manage(released)).toMatchObject({ managed: true, state: again, version: 2 });
});

test('what is managed is not taken over again', () => {
  const membership = a('ACTIVE');
  expect(manage(membership)).toBe(membership);
});

test.each<MembershipState>(['GRANTING', 'ACTIVE', 'REVOKING', 'UNKNOWN', 'BLOCKED'])(
  'when another person stands for the member, what was known of %s is read anew',
  (state) => {
    const linked = relink(a(state, { held: true, retryAt: NOW + 9 }));
    expect(linked).toMatchObject({ state: 'UNKNOWN', held: true, version: 1 });
    expect(nextStep(linked, NOW)).toBe('read-back');
  },
);

test('another person is nobody’s business where nobody is there, or where nothing is ours to do', () => {
  const absent = a('ABSENT');
  expect(relink(absent)).toBe(absent);
  const released = a('ACTIVE', { managed: false });
  expect(relink(released)).toBe(released);
});
