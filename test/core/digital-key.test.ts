import { expect, test } from 'vitest';
import {
  beginActivation,
  expireActivation,
  failActivation,
  failureMessage,
  hiddenMessage,
  judgeDigitalKey,
  keyReceived,
  renewAt,
  signedIn,
  type ActivationStatus,
  type DeviceKey,
  type DigitalKeyFacts,
  type DigitalKeyHiddenReason,
} from '../../src/core/digital-key.ts';

const NOW = 1_000_000;
const FACTS: DigitalKeyFacts = {
  viewer: { role: 'MEMBER', isMemberApp: true, known: true },
  integration: { connected: true, siteSupportsKeys: true, visibility: ['ADMIN', 'MEMBER', 'GUEST'] },
  rights: { firstBegunAt: NOW, nextStartsAt: null },
  activations: [],
  devices: [],
};
const key = (deviceUid: string, change: Partial<DeviceKey> = {}): DeviceKey => ({
  deviceUid,
  activatedAt: NOW - 500,
  expiresAt: NOW + 500,
  cancelled: false,
  ...change,
});
const activation = (deviceUid: string, status: ActivationStatus, deadline = NOW + 1) => ({
  deviceUid,
  status,
  deadline,
  failureMessage: status === 'FAILED' ? 'It failed.' : null,
});

/** Each breaks one thing and all the later ones, so that the order in which reasons are tried shows. */
const noAccess: Partial<DigitalKeyFacts> = { rights: { firstBegunAt: null, nextStartsAt: NOW + 9 } };
const noApp: Partial<DigitalKeyFacts> = { ...noAccess, viewer: { role: 'MEMBER', isMemberApp: false, known: true } };
const noRole: Partial<DigitalKeyFacts> = { ...noApp, viewer: { role: 'GUEST', isMemberApp: false, known: true } };
const visible = { connected: true, siteSupportsKeys: true, visibility: ['MEMBER'] as const };

test.each<[string, Partial<DigitalKeyFacts>, DigitalKeyHiddenReason, number | null]>([
  ['never connected', { ...noRole, integration: null }, 'NOT_CONNECTED', null],
  ['disconnected', { ...noRole, integration: { connected: false, siteSupportsKeys: false, visibility: [] } }, 'NOT_CONNECTED', null],
  [
    'a site without digital keys',
    { ...noRole, integration: { connected: true, siteSupportsKeys: false, visibility: [] } },
    'KEYS_NOT_SUPPORTED',
    null,
  ],
  ['a role that is not shown the key', { ...noRole, integration: visible }, 'ROLE_NOT_ALLOWED', null],
  ['another client than the member app', { ...noApp, integration: visible }, 'MOBILE_APP_ONLY', null],
  ['no right yet', { ...noAccess, integration: visible }, 'NO_ACCESS_YET', NOW + 9],
  ['no right at all', { rights: { firstBegunAt: null, nextStartsAt: null } }, 'NO_ACCESS_YET', null],
  ['a right that is to begin', { rights: { firstBegunAt: NOW + 1, nextStartsAt: NOW + 1 } }, 'NO_ACCESS_YET', NOW + 1],
  ['a subject nobody told us of', { viewer: { role: null, isMemberApp: true, known: false } }, 'NO_ACCESS_YET', null],
  ['a service', { viewer: { role: null, isMemberApp: false, known: false } }, 'MOBILE_APP_ONLY', null],
])('%s hides the key for the first reason that applies, whatever the phones hold (K1, K2)', (_what, change, hiddenReason, from) => {
  const facts = { ...FACTS, devices: [key('a')], activations: [activation('b', 'ACTIVATING')], ...change };
  expect(judgeDigitalKey(facts, null, NOW)).toEqual({
    status: 'HIDDEN',
    hiddenReason,
    label: null,
    availableFrom: from,
    failureMessage: null,
    activatedAt: null,
    expiresAt: null,
  });
  expect(hiddenMessage(hiddenReason)).toMatch(/\.$/);
});

test('from the instant at which the first right begins the key is offered, and stays so (K1)', () => {
  const offered = { status: 'AVAILABLE', label: 'Get digital key', hiddenReason: null };
  expect(judgeDigitalKey(FACTS, null, NOW - 1).status).toBe('HIDDEN');
  expect(judgeDigitalKey(FACTS, null, NOW)).toMatchObject(offered);
  expect(judgeDigitalKey(FACTS, 'a', NOW + 1e12)).toMatchObject(offered);
});

test('the labels are those of the mobile app (K1, K3)', () => {
  const label = (change: Partial<DigitalKeyFacts>) => judgeDigitalKey({ ...FACTS, ...change }, 'a', NOW).label;
  expect(label({})).toBe('Get digital key');
  expect(label({ activations: [activation('a', 'ACTIVATING')] })).toBe('Activating digital key…');
  expect(label({ devices: [key('a')] })).toBe('Unlock');
  expect(label({ activations: [activation('a', 'FAILED')] })).toBe('Get digital key');
});

test.each<[string, Partial<DigitalKeyFacts>, string, string | null]>([
  ['nothing', {}, 'AVAILABLE', null],
  ['an activation', { activations: [activation('a', 'ACTIVATING')] }, 'ACTIVATING', null],
  ['an activation signed in', { activations: [activation('a', 'SIGNED_IN')] }, 'ACTIVATING', null],
  ['an activation at its deadline', { activations: [activation('a', 'ACTIVATING', NOW)] }, 'FAILED', failureMessage('TIMED_OUT')],
  ['an activation that failed', { activations: [activation('a', 'FAILED')] }, 'FAILED', 'It failed.'],
  ['a key', { devices: [key('a')], activations: [activation('a', 'DONE')] }, 'UNLOCK_AVAILABLE', null],
  ['a key, asked for again', { devices: [key('a')], activations: [activation('a', 'ACTIVATING')] }, 'ACTIVATING', null],
  ['a key, and in vain asked for again', { devices: [key('a')], activations: [activation('a', 'FAILED')] }, 'UNLOCK_AVAILABLE', null],
  ['an expired key', { devices: [key('a', { expiresAt: NOW })], activations: [activation('a', 'DONE')] }, 'AVAILABLE', null],
  ['a cancelled key', { devices: [key('a', { cancelled: true })] }, 'AVAILABLE', null],
  ['what is another phone’s', { devices: [key('b')], activations: [activation('c', 'ACTIVATING')] }, 'AVAILABLE', null],
])('a phone that holds %s shows its own state', (_what, change, status, message) => {
  expect(judgeDigitalKey({ ...FACTS, ...change }, 'a', NOW)).toMatchObject({ status, failureMessage: message });
});

test.each<[string, Partial<DigitalKeyFacts>, string]>([
  ['one with a key before one activating', { devices: [key('a')], activations: [activation('b', 'ACTIVATING')] }, 'UNLOCK_AVAILABLE'],
  ['one activating before one that failed', { activations: [activation('a', 'FAILED'), activation('b', 'ACTIVATING')] }, 'ACTIVATING'],
  [
    'one that failed before one whose key expired',
    { devices: [key('a', { expiresAt: 1 })], activations: [activation('b', 'FAILED')] },
    'FAILED',
  ],
  ['the only one, asked for again', { devices: [key('a')], activations: [activation('a', 'ACTIVATING')] }, 'ACTIVATING'],
])('a viewer who names no phone is shown the best of them: %s', (_what, change, status) => {
  expect(judgeDigitalKey({ ...FACTS, ...change }, null, NOW).status).toBe(status);
});

test('a key tells when it was activated and when it expires; of several phones the one that lasts longest', () => {
  const devices = [key('a', { activatedAt: 1, expiresAt: NOW + 5 }), key('b', { activatedAt: 2, expiresAt: NOW + 9 })];
  expect(judgeDigitalKey({ ...FACTS, devices }, 'a', NOW)).toMatchObject({ activatedAt: 1, expiresAt: NOW + 5 });
  expect(judgeDigitalKey({ ...FACTS, devices }, null, NOW)).toMatchObject({ activatedAt: 2, expiresAt: NOW + 9 });
});

test('an activation runs sixty seconds, signs in once, and is done when the key is there (K3, K4)', () => {
  const begun = beginActivation(NOW);
  expect(begun).toEqual({ status: 'ACTIVATING', deadline: NOW + 60_000, failureMessage: null });
  const signed = signedIn(begun, NOW + 59_999);
  expect(signed).toEqual({ ...begun, status: 'SIGNED_IN' });
  expect(signed && signedIn(signed, NOW + 1)).toBeNull();
  expect(signedIn(begun, NOW + 60_000)).toBeNull();
  expect(signed && keyReceived(signed)).toEqual({ ...begun, status: 'DONE' });
});

test('a key that comes late does away with the failure told meanwhile', () => {
  const failed = expireActivation(beginActivation(NOW), NOW + 60_000);
  expect(failed).toMatchObject({ status: 'FAILED', failureMessage: failureMessage('TIMED_OUT') });
  expect(keyReceived(failed)).toMatchObject({ status: 'DONE', failureMessage: null });
});

test('only what is under way can fail or expire, and only once', () => {
  const begun = beginActivation(NOW);
  const done = keyReceived(begun);
  const failed = failActivation(begun, 'KEY_REFUSED');
  expect(failed.failureMessage).toBe(failureMessage('KEY_REFUSED'));
  expect(failActivation(failed, 'TIMED_OUT')).toBe(failed);
  expect(failActivation(done, 'TIMED_OUT')).toBe(done);
  expect(expireActivation(done, NOW + 1e9)).toBe(done);
  expect(expireActivation(begun, NOW + 59_999)).toBe(begun);
  expect(signedIn(failed, NOW)).toBeNull();
});

test('a key is renewed when a fifth of its life is left', () => {
  expect(renewAt(1_000, 2_000)).toBe(1_800);
  expect(renewAt(2_000, 1_000)).toBe(1_000);
});
