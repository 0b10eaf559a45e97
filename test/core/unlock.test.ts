import { expect, test } from 'vitest';
import { isFinished, reportOutcome, startUnlock, unlockMessage, type UnlockOutcome, type UnlockStatus } from '../../src/core/unlock.ts';

test('the first unlock on a device asks for Bluetooth, later ones are ready (K5)', () => {
  expect(startUnlock(false).status).toBe('WAITING_FOR_BLUETOOTH_PERMISSION');
  expect(startUnlock(true)).toEqual({ status: 'READY', message: 'Ready to unlock. Tap your phone on the lock reader.' });
});

const OPEN: UnlockStatus[] = ['WAITING_FOR_BLUETOOTH_PERMISSION', 'READY'];

test.each<[UnlockOutcome, UnlockStatus, boolean | null, RegExp]>([
  ['SIGNAL_SENT', 'SIGNAL_SENT', true, /^Signal sent\. Try opening the door\.$/],
  ['REFUSED', 'REFUSED', null, /refused/],
  ['NO_LOCK_FOUND', 'NO_LOCK_FOUND', null, /No lock was found/],
  ['BLUETOOTH_DENIED', 'FAILED', false, /Bluetooth is not allowed/],
  ['KEY_CANCELLED', 'FAILED', null, /renewed/],
  ['CANCELED_BY_USER', 'CANCELED', null, /canceled/],
])('%s ends an unlock as %s', (outcome, status, bluetoothAllowed, message) => {
  for (const from of OPEN) {
    const change = reportOutcome({ status: from, outcome: null }, outcome);
    expect(change).toMatchObject({ status, outcome, finished: true, bluetoothAllowed });
    expect(unlockMessage({ status, outcome })).toMatch(message);
  }
});

test('allowing Bluetooth makes it ready and is remembered; said again it changes nothing', () => {
  const change = reportOutcome({ status: 'WAITING_FOR_BLUETOOTH_PERMISSION', outcome: null }, 'BLUETOOTH_ALLOWED');
  expect(change).toEqual({
    status: 'READY',
    outcome: 'BLUETOOTH_ALLOWED',
    message: 'Ready to unlock. Tap your phone on the lock reader.',
    finished: false,
    bluetoothAllowed: true,
  });
  expect(reportOutcome({ status: 'READY', outcome: 'BLUETOOTH_ALLOWED' }, 'BLUETOOTH_ALLOWED')).toBe('same');
  expect(reportOutcome({ status: 'READY', outcome: null }, 'BLUETOOTH_ALLOWED')).toBe('same');
});

test('after the end the same report is the same and any other a conflict, also one that ends alike', () => {
  const outcomes: UnlockOutcome[] = ['SIGNAL_SENT', 'REFUSED', 'NO_LOCK_FOUND', 'BLUETOOTH_DENIED', 'KEY_CANCELLED', 'CANCELED_BY_USER'];
  for (const first of outcomes) {
    const ended = reportOutcome({ status: 'READY', outcome: null }, first);
    if (typeof ended === 'string') throw new Error('a report ends an unlock');
    expect(isFinished(ended.status)).toBe(true);
    for (const second of [...outcomes, 'BLUETOOTH_ALLOWED' as const]) {
      expect(reportOutcome(ended, second)).toBe(second === first ? 'same' : 'conflict');
    }
  }
});

test('a failure without a known cause still has a sentence', () => {
  expect(unlockMessage({ status: 'FAILED', outcome: null })).toBe('The door could not be unlocked. Try again.');
});
