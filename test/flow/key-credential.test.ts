import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient } from '../../src/dev/api-client.ts';
import * as phoneSays from '../../src/dev/phone/documents.ts';
import type { Phone } from '../../src/dev/phone/phone.ts';
import { KeyOf } from './documents.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, tokenFor, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let mia: string;
let miasPhone: Phone;
let miasKeyId: string;
let mobileKey: string;
beforeAll(async () => {
  stack = await startTestStack();
  space = await openSpace(stack, stack.apis);
  mia = await space.guest();
  miasPhone = await space.phone(mia);
  miasKeyId = (await miasPhone.getDigitalKey()).id;
  mobileKey = (await miasPhone.credential()) ?? '';
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

/** What a token is answered when it asks for the credential of a phone. */
async function asked(claims: string[], deviceUid: string): Promise<unknown> {
  const client = apiClient(stack.apis[0] ?? '', await tokenFor('--org', space.org, ...claims));
  const { location } = await client.ask(phoneSays.Credential, { location: space.location, deviceUid });
  await client.close();
  return location?.digitalKey.credential ?? null;
}

test('the owner’s phone is given its key, which the lock accepts, and when it ends', async () => {
  const credential = await asked(['--role', 'member', '--sub', mia], `${mia}-phone`);
  expect(credential).toEqual({ mobileKey, expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  expect(await miasPhone.tap(space.lock(ROOM), mobileKey)).toBe('accepted');
});

test('the key is of no use without the private key of the phone it was made for', async () => {
  const reinstalled = await space.phone(mia);
  expect(await reinstalled.credential()).toBe(mobileKey);
  await expect(reinstalled.tap(space.lock(ROOM), mobileKey)).rejects.toThrow('decryption operation failed');
});

test('nobody else is given it: not another device, client, member, role, organisation, nor staff', async () => {
  const noor = await space.guest();
  const device = `${mia}-phone`;
  const answers = await Promise.all([
    asked(['--role', 'member', '--sub', mia], `${mia}-tablet`),
    asked(['--role', 'member', '--sub', mia, '--client', 'web-portal'], device),
    asked(['--role', 'member', '--sub', noor], device),
    asked(['--role', 'member', '--sub', 'nobody-knows'], device),
    asked(['--role', 'admin', '--sub', mia], device),
    asked(['--role', 'admin', '--sub', mia, '--client', 'member-mobile-app'], device),
    asked(['--role', 'service', '--sub', mia, '--client', 'member-mobile-app'], device),
    asked(['--role', 'member', '--sub', mia, '--org', `${space.org}-other`], device),
  ]);
  expect(answers).toEqual(answers.map(() => null));
});

test('staff see a key hidden for want of the app, members of another organisation see no location at all', async () => {
  const { location } = await space.admin.ask(KeyOf, { location: space.location });
  expect(location?.digitalKey).toMatchObject({ status: 'HIDDEN', hiddenReason: 'MOBILE_APP_ONLY' });
  const stranger = apiClient(stack.apis[0] ?? '', await tokenFor('--org', 'another', '--role', 'member', '--sub', mia));
  expect(await stranger.ask(KeyOf, { location: space.location })).toEqual({ location: null });
  await expect(stranger.follow(phoneSays.DigitalKeyChanged, { location: space.location }).next()).rejects.toThrow('No such location.');
  await stranger.close();
});

test.each(['admin', 'service'])('a subscription to a key is refused to a token of role %s', async (role) => {
  const client = apiClient(stack.apis[0] ?? '', await tokenFor('--org', space.org, '--role', role, '--client', 'member-mobile-app'));
  await expect(client.follow(phoneSays.DigitalKeyChanged, { location: space.location }).next()).rejects.toThrow(
    'This token may not see that.',
  );
  await client.close();
});

test('activating and unlocking are refused to whoever is no member, and on devices of others', async () => {
  const input = { location: space.location, deviceUid: `${mia}-phone` };
  const { result } = await space.admin.ask(phoneSays.StartUnlock, { input });
  expect(result.__typename).toBe('NotAllowedError');
  const noors = await space.phone(await space.guest(), { uid: `${mia}-phone` });
  await expect(noors.startUnlock()).rejects.toThrow('This phone has no digital key yet.');
});

test('a key keeps its id from push to push and query to query, and other phones and members have others', async () => {
  const phone = await space.phone(mia);
  expect((await phone.key.next()).id).toBe(miasKeyId);
  const tablet = await space.phone(mia, { uid: `${mia}-tablet` });
  const noors = await space.phone(await space.guest(), { uid: `${mia}-phone` });
  const others = [await tablet.key.next(), await noors.key.next()].map(({ id }) => id);
  expect(new Set([miasKeyId, ...others]).size).toBe(3);
});
