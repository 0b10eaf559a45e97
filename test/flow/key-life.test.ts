import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { memberTopic } from '../../src/app/topics.ts';
import type { KeyState, Phone } from '../../src/dev/phone/phone.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

const DAY_SECONDS = 86_400;

let stack: TestStack;
let space: Space;
beforeAll(async () => {
  stack = await startTestStack({ redis: true });
  space = await openSpace(stack, stack.apis);
});
afterEach(() => space.control('POST', 'reset', {}));
afterAll(async () => {
  await space.close();
  await stack.close();
});

const is = (status: KeyState['status']) => (state: KeyState) => state.status === status;
const sweep = () => stack.deps.jobs.add([{ name: 'sweep', payload: {}, at: null }]);
const keysLive = (days: number) => space.control('PATCH', 'switches', { mkeyTtlSeconds: days * DAY_SECONDS });

interface StoredKey {
  id: string;
  memberId: string;
  issuedAt: Date;
  expiresAt: Date;
  renewAt: Date;
  sealedTokens: string | null;
}

async function storedKey(member: string): Promise<StoredKey> {
  const [row] = await stack.sql<StoredKey>('select k.* from mobile_key k join member m on m.id = k."memberId" where m."externalId" = $1', [
    member,
  ]);
  if (row === undefined) throw new Error(`${member} has no key.`);
  return row;
}

const changeKey = (member: string, change: string) =>
  stack.sql(`update mobile_key set ${change} where "memberId" = (select id from member where "externalId" = $1)`, [member]);

/** The member's access token has run out, and SALTO will take no refresh token of theirs. */
async function loseTokens(member: string): Promise<void> {
  await changeKey(member, `"tokensExpireAt" = now() - interval '1 minute'`);
  await space.control('POST', 'tokens/revoke', { accountEmail: `${member}@example.com` });
}

async function withKey(): Promise<{ mia: string; phone: Phone }> {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.getDigitalKey();
  return { mia, phone };
}

test('a key is renewed when a fifth of its life is left, with no action of the member, who is told the new expiry', async () => {
  await keysLive(10);
  const { mia, phone } = await withKey();
  const { issuedAt, expiresAt, renewAt } = await storedKey(mia);
  expect((expiresAt.getTime() - issuedAt.getTime()) / 1_000).toBeCloseTo(10 * DAY_SECONDS, -1);
  expect((expiresAt.getTime() - renewAt.getTime()) / 1_000).toBeCloseTo(2 * DAY_SECONDS, -1);

  await keysLive(20);
  const before = await phone.credential();
  await changeKey(mia, '"renewAt" = now()');
  await sweep();
  const renewed = await phone.key.next(is('UNLOCK_AVAILABLE'));
  expect(Date.parse(renewed.expiresAt ?? '')).toBeGreaterThan(expiresAt.getTime());
  expect(await phone.credential()).not.toBe(before);
  expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
  expect(phone.key.seen.map(({ status }) => status)).not.toContain('FAILED');
});

test('the member’s own tokens, run out by then, are refreshed for a renewal, and the new ones are kept for the next', async () => {
  const { mia, phone } = await withKey();
  for (const days of [40, 50]) {
    await keysLive(days);
    await changeKey(mia, `"renewAt" = now(), "tokensExpireAt" = now() - interval '1 day'`);
    await sweep();
    const { expiresAt } = await phone.key.next(is('UNLOCK_AVAILABLE'));
    expect((Date.parse(expiresAt ?? '') - Date.now()) / 1_000 / DAY_SECONDS).toBeCloseTo(days, 1);
  }
});

test('SALTO out when a key is due leaves it as it is, and it is renewed later', async () => {
  const { mia, phone } = await withKey();
  await keysLive(40);
  await space.control('PATCH', 'switches', { errors: { value: { next: 1, status: 503 }, path: '/me/devices' } });
  await changeKey(mia, '"renewAt" = now()');
  await sweep();
  await logged('"renewed":false');
  const { renewAt } = await storedKey(mia);
  expect(renewAt.getTime()).toBeGreaterThan(Date.now());
  expect(await phone.credential()).not.toBeNull();
  await changeKey(mia, '"renewAt" = now()');
  await sweep();
  await phone.key.next(is('UNLOCK_AVAILABLE'));
});

test('a key whose member’s tokens are gone opens doors until it expires; then it can be got again', async () => {
  const { mia, phone } = await withKey();
  await loseTokens(mia);
  await changeKey(mia, '"renewAt" = now()');
  await sweep();
  await expect.poll(async () => (await storedKey(mia)).sealedTokens, { timeout: 10_000 }).toBeNull();
  expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');

  await changeKey(mia, `"expiresAt" = now() + interval '700 ms'`);
  await stack.deps.feed.announce([{ topic: memberTopic((await storedKey(mia)).memberId) }]);
  await phone.key.next(is('UNLOCK_AVAILABLE'));
  // Nobody announces it: the stream knows when its state ends.
  await phone.key.next(is('AVAILABLE'));
  expect(await phone.credential()).toBeNull();
  await expect(phone.startUnlock()).rejects.toThrow('This phone has no digital key yet. Get one first.');
  await phone.getDigitalKey();
});

test('a key that was cancelled at SALTO is renewed when the lock says so, and the unlock tried once more opens', async () => {
  const { mia, phone } = await withKey();
  await space.control('POST', 'mkeys/cancel', { email: `${mia}@example.com` });
  await keysLive(40);
  const states = await phone.unlock(space.lock(ROOM));
  expect(states.map(({ status }) => status)).toEqual(['WAITING_FOR_BLUETOOTH_PERMISSION', 'READY', 'FAILED', 'READY', 'SIGNAL_SENT']);
  expect(states[2]?.message).toBe('Your digital key is being renewed. Try again in a moment.');
});

test('a cancelled key whose member’s tokens are gone is no key any more, and can be got again at once', async () => {
  const { mia, phone } = await withKey();
  await space.control('POST', 'mkeys/cancel', { email: `${mia}@example.com` });
  await loseTokens(mia);
  const { id } = await phone.startUnlock();
  expect(await phone.tap(space.lock(ROOM), (await phone.credential()) ?? '')).toBe('cancelled_key');
  await phone.report(id, 'KEY_CANCELLED');
  await phone.key.next(is('AVAILABLE'));
  expect(await phone.credential()).toBeNull();
  await expect.poll(async () => (await storedKey(mia)).sealedTokens, { timeout: 10_000 }).toBeNull();
  await phone.getDigitalKey();
  expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
});

test('a renewal at one location is a renewal for every location of that phone', async () => {
  const { mia, phone } = await withKey();
  const { id } = await storedKey(mia);
  // The key of another connection, as an activation there would have left it.
  const [other] = await stack.sql<{ id: string }>(
    `with place as (
       insert into location (id, "orgId", "externalId", name, "timeZone", "graceBeforeMinutes", "graceAfterMinutes")
       select gen_random_uuid(), "orgId", 'annex', 'Annex', 'Europe/Lisbon', 30, 30 from mobile_key where id = $1 returning id, "orgId"),
     connection as (
       insert into integration (id, "orgId", "locationId", status) select gen_random_uuid(), "orgId", id, 'CONNECTED' from place returning id, "locationId")
     insert into mobile_key (id, "orgId", "memberId", "locationId", "integrationId", "siteExternalId", "deviceId", "providerDeviceId", "sealedKey",
       "issuedAt", "expiresAt", "renewAt", "activatedAt")
     select gen_random_uuid(), k."orgId", k."memberId", c."locationId", c.id, 'annex', k."deviceId", k."providerDeviceId", 'old', now(), now(), now(), now()
     from mobile_key k, connection c where k.id = $1 returning id`,
    [id],
  );
  await keysLive(40);
  await changeKey(mia, '"renewAt" = now()');
  await sweep();
  await phone.key.next(is('UNLOCK_AVAILABLE'));
  const [row] = await stack.sql<{ sealedKey: string }>('select "sealedKey" from mobile_key where id = $1', [other?.id]);
  expect(stack.deps.secrets.open(row?.sealedKey ?? '', `mobile_key:${other?.id}`)).toBe(await phone.credential());
});

test.each([
  ['out of the lock’s reach', { radio: 'out_of_range' }, 'NO_LOCK_FOUND', 'No lock was found.'],
  ['where the phone learns nothing', { radio: 'unknown_result' }, 'SIGNAL_SENT', 'Signal sent. Try opening the door.'],
])('an unlock %s ends with the words for it', async (_where, switches, status, words) => {
  const { phone } = await withKey();
  await space.control('PATCH', 'switches', switches);
  const last = (await phone.unlock(space.lock(ROOM))).at(-1);
  expect(last?.status).toBe(status);
  expect(last?.message).toContain(words);
});

test('a door that the member has no access to refuses, and says so', async () => {
  const { phone } = await withKey();
  const last = (await phone.unlock(space.lock('Loading bay'))).at(-1);
  expect(last).toMatchObject({ status: 'REFUSED', message: expect.stringContaining('The lock refused your key.') });
});

test('Bluetooth that is not allowed ends the unlock; the question comes again next time, until it is allowed', async () => {
  const { phone } = await withKey();
  const first = await phone.startUnlock();
  expect(first.status).toBe('WAITING_FOR_BLUETOOTH_PERMISSION');
  expect(await phone.report(first.id, 'BLUETOOTH_DENIED')).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('Bluetooth is not allowed.'),
  });
  const second = await phone.startUnlock();
  expect(second.status).toBe('WAITING_FOR_BLUETOOTH_PERMISSION');
  expect((await phone.report(second.id, 'BLUETOOTH_ALLOWED')).status).toBe('READY');
  expect((await phone.report(second.id, 'CANCELED_BY_USER')).status).toBe('CANCELED');
  expect((await phone.startUnlock()).status).toBe('READY');
});

test('the same report again is a success, another one after the end a conflict, and somebody else’s unlock is not found', async () => {
  const { phone } = await withKey();
  const { id } = await phone.startUnlock();
  await phone.report(id, 'SIGNAL_SENT');
  expect((await phone.report(id, 'SIGNAL_SENT')).status).toBe('SIGNAL_SENT');
  await expect(phone.report(id, 'REFUSED')).rejects.toThrow('This unlock has ended otherwise.');
  const stranger = await space.phone(await space.guest());
  await expect(stranger.report(id, 'SIGNAL_SENT')).rejects.toThrow('No such unlock.');
});

/** Resolves when the log has a line with these words that it had not before. */
async function logged(words: string): Promise<void> {
  await expect.poll(() => stack.logged(), { timeout: 10_000 }).toContain(words);
}
