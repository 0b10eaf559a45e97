import { afterAll, beforeAll, expect, test } from 'vitest';
import { consentOverHttp, CookieJar, followOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
beforeAll(async () => {
  stack = await startTestStack({ federated: false });
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

/** Where the link of an activation leads a browser first. */
async function saltosPage(authorizationUrl: string): Promise<string> {
  const response = await fetch(authorizationUrl, { redirect: 'manual' });
  return response.headers.get('location') ?? '';
}

async function withAccount(member: string): Promise<{ email: string; password: string; allow: boolean }> {
  const account = { email: `${member}@example.com`, password: 'invented', firstName: 'Mia', lastName: 'Marsh' };
  await space.control('POST', 'accounts', account);
  return { email: account.email, password: account.password, allow: true };
}

test('without federation a member signs in at SALTO themselves, always asked anew, and gets a key', async () => {
  const mia = await space.guest();
  const consent = await withAccount(mia);
  const phone = await space.phone(mia);
  const page = await saltosPage(await phone.activate());
  expect(page.startsWith(`${stack.simulator.url}/connect/authorize`)).toBe(true);
  const asked = new URL(page).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({ prompt: 'login', code_challenge_method: 'S256' });
  expect([asked.has('acr_values'), asked.has('login_hint')]).toEqual([false, false]);
  const jar = new CookieJar();
  expect((await followOverHttp(await consentOverHttp(page, consent, jar), jar)).status).toBe(200);
  await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE');
  expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
});

test('a member who denies at SALTO’s page is told that it was refused', async () => {
  const mia = await space.guest();
  const consent = await withAccount(mia);
  await stack.sql(`update provider_user set "createdThereAt" = null where email = $1`, [`${mia}@example.com`]);
  const phone = await space.phone(mia);
  const back = await consentOverHttp(await saltosPage(await phone.activate()), { ...consent, allow: false });
  expect((await followOverHttp(back)).status).toBe(400);
  const failed = await phone.key.next(({ status }) => status === 'FAILED');
  expect(failed.failureMessage).toContain('The sign-in for your digital key was refused.');
});

test('somebody who signs in at SALTO with another account gets no key: neither theirs nor the other one’s', async () => {
  const [mia, noor] = [await space.guest(), await space.guest()];
  const phone = await space.phone(mia);
  const page = await saltosPage(await phone.activate());
  await followOverHttp(await consentOverHttp(page, await withAccount(noor)));
  expect((await phone.key.next(({ status }) => status === 'FAILED')).failureMessage).toContain('No digital key was issued');
  expect(await phone.credential()).toBeNull();
});

test('without federation there is no OpenID provider at our address', async () => {
  expect((await fetch(`${stack.front.url}/oidc/.well-known/openid-configuration`)).status).toBe(404);
});
