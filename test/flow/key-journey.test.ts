import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeyState } from '../../src/dev/phone/phone.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

const HOUR = 60 * 60_000;

let stack: TestStack;
let space: Space;
beforeAll(async () => {
  stack = await startTestStack();
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

const shown = ({ status, label, hiddenReason }: KeyState) => [status, label ?? hiddenReason];

test('a member’s whole way: hidden, available at the window’s start, activating, unlock, and a lock that refuses once the booking is over', async () => {
  const mia = await space.member();
  const phone = await space.phone(mia);
  await phone.key.next(({ hiddenReason }) => hiddenReason === 'NO_ACCESS_YET');

  const from = Date.now() + 1_500;
  const booking = await space.access(mia, { from });
  expect(Date.parse(String((await phone.key.next()).availableFrom))).toBe(from);
  await phone.key.next(({ status }) => status === 'AVAILABLE');
  expect(Date.now()).toBeGreaterThanOrEqual(from);
  await space.activity.until((row) => row.type === 'ACCESS_GRANTED' && row.member?.externalId === mia);

  await phone.getDigitalKey();
  expect(phone.key.seen.map(shown)).toEqual([
    ['HIDDEN', 'NO_ACCESS_YET'],
    ['HIDDEN', 'NO_ACCESS_YET'],
    ['AVAILABLE', 'Get digital key'],
    ['ACTIVATING', 'Activating digital key…'],
    ['UNLOCK_AVAILABLE', 'Unlock'],
  ]);
  expect(new Set(phone.key.seen.map(({ id }) => id)).size).toBe(1);

  const first = await phone.unlock(space.lock(ROOM));
  expect(first.map(({ status }) => status)).toEqual(['WAITING_FOR_BLUETOOTH_PERMISSION', 'READY', 'SIGNAL_SENT']);
  expect(first.map(({ message }) => message).slice(1)).toEqual([
    'Ready to unlock. Tap your phone on the lock reader.',
    'Signal sent. Try opening the door.',
  ]);
  const second = await phone.unlock(space.lock(ROOM));
  expect(second.map(({ status }) => status)).toEqual(['READY', 'SIGNAL_SENT']);
  expect(await doorLog(mia)).toEqual(['lock_opened', 'lock_opened']);

  await space.access(mia, { from: from - 2 * HOUR, until: Date.now() - 1_000, booking });
  await space.activity.until((row) => row.type === 'ACCESS_REVOKED' && row.member?.externalId === mia);
  const refused = await phone.unlock(space.lock(ROOM));
  expect(refused.map(({ status }) => status)).toEqual(['READY', 'REFUSED']);
  expect(phone.key.seen.at(-1)?.status).toBe('UNLOCK_AVAILABLE');
  expect(await doorLog(mia)).toEqual(['lock_opened', 'lock_opened', 'lock_rejected']);
});

/** The categories of the simulator's own log of the member's entries, oldest first. */
async function doorLog(member: string): Promise<string[]> {
  const person = [...stack.simulator.state.platformUsers.values()].find(({ email }) => email === `${member}@example.com`);
  return Promise.resolve(
    stack.simulator.state.entries.filter(({ platformUserId }) => platformUserId === person?.id).map(({ category }) => category),
  );
}
