import { afterAll, beforeAll, expect, test } from 'vitest';
import * as say from '../../src/dev/documents.ts';
import type { KeyState } from '../../src/dev/phone/phone.ts';
import { success } from '../../src/dev/success.ts';
import { RemoveMember, SetVisibility } from './documents.ts';
import { openSpace, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
beforeAll(async () => {
  stack = await startTestStack({ redis: true });
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

const because = (reason: string) => (state: KeyState) => state.status === 'HIDDEN' && state.hiddenReason === reason;
const available = ({ status }: KeyState) => status === 'AVAILABLE';

async function setVisibility(...roles: ('ADMIN' | 'MEMBER' | 'GUEST')[]): Promise<void> {
  const { result } = await space.admin.ask(SetVisibility, { input: { location: space.location, roles } });
  success(result, 'SetDigitalKeyVisibilitySuccess');
}

test('a client that is not the mobile app sees the key hidden for that reason, whatever the member may', async () => {
  const mia = await space.guest();
  const portal = await space.phone(mia, { client: 'web-portal' });
  await portal.key.next(because('MOBILE_APP_ONLY'));
  await expect(portal.activate()).rejects.toThrow('Digital keys work in the member mobile app only.');
  await expect(portal.startUnlock()).rejects.toThrow('Digital keys work in the member mobile app only.');
  const phone = await space.phone(mia);
  await phone.key.next(available);
});

test('a change of the visibility acts at once on whoever looks: roles taken out see it hidden, roles taken in see it again', async () => {
  const [mia, olga] = [await space.guest(), await space.member('ADMIN')];
  await space.access(olga);
  const [miasPhone, olgasPhone] = [await space.phone(mia), await space.phone(olga)];
  await Promise.all([miasPhone.key.next(available), olgasPhone.key.next(available)]);
  await setVisibility('ADMIN');
  await miasPhone.key.next(because('ROLE_NOT_ALLOWED'));
  await expect(miasPhone.activate()).rejects.toThrow('not offered to your role');
  await setVisibility('MEMBER', 'GUEST');
  await miasPhone.key.next(available);
  await olgasPhone.key.next(because('ROLE_NOT_ALLOWED'));
  await setVisibility();
  await miasPhone.key.next(because('ROLE_NOT_ALLOWED'));
  await setVisibility('ADMIN', 'MEMBER', 'GUEST');
  await Promise.all([miasPhone.key.next(available), olgasPhone.key.next(available)]);
  // Nothing changed for her in between: nothing was told.
  expect(olgasPhone.key.seen.map(({ status }) => status)).toEqual(['AVAILABLE', 'HIDDEN', 'AVAILABLE']);
});

test('a key that was hidden for a role’s sake is the same key afterwards', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const before = await phone.getDigitalKey();
  await setVisibility('ADMIN');
  await phone.key.next(because('ROLE_NOT_ALLOWED'));
  expect(await phone.credential()).toBeNull();
  await setVisibility('ADMIN', 'MEMBER', 'GUEST');
  expect(await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE')).toEqual(before);
});

test('a member’s change of role is told to their phone at once', async () => {
  const mia = await space.guest();
  await setVisibility('MEMBER', 'ADMIN');
  const phone = await space.phone(mia);
  await phone.key.next(available);
  await space.tellMember(mia, 'GUEST');
  await phone.key.next(because('ROLE_NOT_ALLOWED'));
  await space.tellMember(mia, 'MEMBER');
  await phone.key.next(available);
  await setVisibility('ADMIN', 'MEMBER', 'GUEST');
});

test('somebody whom the platform has not told of yet sees it hidden, and is told once they are a member with access', async () => {
  const early = await space.phone('early-bird');
  await early.key.next(because('NO_ACCESS_YET'));
  await expect(early.activate()).rejects.toThrow('There is no digital key before the first access begins here.');
  await space.tellMember('early-bird');
  await space.access('early-bird');
  await early.key.next(available);
});

test('a member who is removed sees the key hidden at once, and has no credential any more', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.getDigitalKey();
  success((await space.platform.ask(RemoveMember, { input: { member: { externalId: mia } } })).result, 'RemoveMemberSuccess');
  await phone.key.next(because('NO_ACCESS_YET'));
  expect(await phone.credential()).toBeNull();
});

test('a key at a location that never had any lock is hidden, and appears when the location is connected', async () => {
  const mia = await space.guest();
  const annex = { externalId: 'annex' };
  success(
    (await space.platform.ask(say.UpsertLocation, { input: { ...annex, name: 'Annex', timeZone: 'Europe/Lisbon' } })).result,
    'UpsertLocationSuccess',
  );
  const phone = await space.phone(mia, { location: annex });
  await phone.key.next(because('NOT_CONNECTED'));
  await expect(phone.activate()).rejects.toThrow('not connected to its locks');
  await space.consent(annex);
  await space.selectSite('Harbour Annex', annex);
  await phone.key.next(because('NO_ACCESS_YET'));
  await space.access(mia, { location: annex });
  await phone.key.next(available);
});

test('a connection that needs a new consent leaves keys as they are; disconnected they are hidden; connected again they are back', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const before = await phone.getDigitalKey();
  await space.control('POST', 'tokens/revoke', { accountEmail: 'owner@example.com', accessTokens: true });
  await space.access(await space.member());
  await space.activity.until(({ type }) => type === 'INTEGRATION_PROBLEM');
  expect((await phone.unlock(space.lock('Front door'))).at(-1)?.status).toBe('SIGNAL_SENT');

  const { result } = await space.admin.ask(say.DisconnectIntegration, { input: { location: space.location, confirm: true } });
  success(result, 'DisconnectIntegrationSuccess');
  await phone.key.next(because('NOT_CONNECTED'));
  await expect(phone.startUnlock()).rejects.toThrow('not connected to its locks');
  expect(await phone.credential()).toBeNull();
  // What was revoked are all tokens of the running second, those of a new consent too.
  await space.control('POST', 'clock', { advanceMs: 2_000 });
  await space.consent();
  await space.selectSite();
  expect(await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE')).toEqual(before);
});
