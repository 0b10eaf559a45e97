import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as say from '../../src/dev/documents.ts';
import type { KeyState } from '../../src/dev/phone/phone.ts';
import { success } from '../../src/dev/success.ts';
import { CookieJar, followOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { createPhone } from '../../src/vendors/salto-ks/simulator/phone-stand-in.ts';
import { ActivityOf, KeyOf } from './documents.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

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

/** Every address a browser would visit one after the other, the last one not visited. */
async function hop(url: string, count: number, jar: CookieJar): Promise<string> {
  let at = url;
  for (let hops = 0; hops < count; hops += 1) {
    const response = await fetch(at, { redirect: 'manual', headers: { cookie: jar.header(new URL(at)) } });
    jar.keep(new URL(at), response);
    at = new URL(response.headers.get('location') ?? at, at).href;
  }
  return at;
}

/** As if the time that was left had passed. */
async function letRunOut(member: string): Promise<void> {
  await stack.sql(
    `update activation set deadline = now() - interval '1 ms', "ticketExpiresAt" = now() - interval '1 ms'
     where "memberId" = (select id from member where "externalId" = $1)`,
    [member],
  );
}

const sweep = () => stack.deps.jobs.add([{ name: 'sweep', payload: {}, at: null }]);

async function storyOf(member: string): Promise<string[]> {
  const { activity } = await space.admin.ask(ActivityOf, { location: space.location, member: { externalId: member } });
  return (activity?.edges ?? [])
    .map(({ node }) => node.type)
    .filter((type) => type.startsWith('KEY_'))
    .reverse();
}

test('the answer of activating is ACTIVATING already, and its URL carries a ticket of which only the hash is stored', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.key.next(is('AVAILABLE'));
  const url = new URL(await phone.activate());
  expect(url.origin + url.pathname).toBe(`${stack.front.url}/digital-key/start`);
  const ticket = url.searchParams.get('ticket') ?? '';
  expect(ticket.length).toBeGreaterThanOrEqual(32);
  await phone.key.next(is('ACTIVATING'));
  const [row] = await stack.sql<{ ticketHash: string }>(`select "ticketHash" from activation order by "startedAt" desc limit 1`);
  expect(row?.ticketHash).toMatch(/^[\w+/=-]{40,64}$/);
  expect(JSON.stringify(row)).not.toContain(ticket);
});

test('a link that is loaded ahead and reloaded still works, and works once', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const url = await phone.activate();
  await hop(url, 1, new CookieJar());
  await hop(url, 1, new CookieJar());
  expect((await phone.signIn(url)).status).toBe(200);
  await phone.key.next(is('UNLOCK_AVAILABLE'));
  const replayed = await phone.signIn(url);
  expect(replayed.status).toBe(410);
  expect(replayed.text).toContain('This link has been used or has run out');
  expect(await storyOf(mia)).toEqual(['KEY_AVAILABLE', 'KEY_ACTIVATING', 'KEY_ACTIVATED']);
});

test('a ticket signs in once: what was seen of it on the way opens nothing', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const url = await phone.activate();
  const jar = new CookieJar();
  const atOurProvider = await hop(url, 2, jar);
  expect(atOurProvider).toContain('/oidc/auth');
  expect((await followOverHttp(atOurProvider, jar)).status).toBe(200);
  await phone.key.next(is('UNLOCK_AVAILABLE'));
  const again = await fetch(atOurProvider, { redirect: 'manual', headers: { cookie: jar.header(new URL(atOurProvider)) } });
  expect(again.headers.get('location')).toContain('error=access_denied');
  expect(phone.key.seen.at(-1)?.status).toBe('UNLOCK_AVAILABLE');
});

test('a sign-in that ends up with another member’s ticket gives no key: the activation fails', async () => {
  const [mia, eve] = [await space.guest(), await space.guest()];
  const [miasPhone, evesPhone] = [await space.phone(mia), await space.phone(eve)];
  await space.control('PATCH', 'switches', { forwardLoginHint: false });
  const miasBrowser = new CookieJar();
  await hop(await miasPhone.activate(), 1, miasBrowser);
  // Eve has Mia's browser, with Mia's ticket in a cookie, open her own sign-in.
  const evesSignIn = await hop(await evesPhone.activate(), 1, new CookieJar());
  await followOverHttp(evesSignIn, miasBrowser);
  const failed = await evesPhone.key.next(is('FAILED'));
  expect(failed.failureMessage).toContain('No digital key was issued for this phone');
  expect(await evesPhone.credential()).toBeNull();
  const [{ count } = { count: -1 }] = await stack.sql<{ count: number }>(
    `select count(*)::int as count from mobile_key k join member m on m.id = k."memberId" where m."externalId" = any($1)`,
    [[mia, eve]],
  );
  expect(count).toBe(0);
});

test('without a hint passed on, the cookie of the start page signs in: also two people in one browser, one after the other', async () => {
  await space.control('PATCH', 'switches', { forwardLoginHint: false, correlationCookie: true });
  const browser = new CookieJar();
  for (const member of [await space.guest(), await space.guest()]) {
    const phone = await space.phone(member);
    expect((await phone.signIn(await phone.activate(), browser)).status).toBe(200);
    await phone.key.next(is('UNLOCK_AVAILABLE'));
  }
});

test('a person whom SALTO does not know is refused with a sentence: wait a minute while they are new, ask the workspace after that', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await space.control('DELETE', `users/${mia}@example.com?site=Harbour%20Campus`);
  expect((await phone.signIn(await phone.activate())).status).toBe(400);
  expect((await phone.key.next(is('FAILED'))).failureMessage).toBe('Your access is still being set up. Please try again in a minute.');
  await stack.sql(`update provider_user set "createdThereAt" = now() - interval '2 minutes' where email = $1`, [`${mia}@example.com`]);
  await phone.signIn(await phone.activate());
  await phone.key.next(is('ACTIVATING'));
  const failed = await phone.key.next(is('FAILED'));
  expect(failed.failureMessage).toContain('The sign-in for your digital key was refused');
  expect(failed.label).toBe('Get digital key');
  expect(await storyOf(mia)).toEqual(['KEY_AVAILABLE', 'KEY_ACTIVATING', 'KEY_FAILED', 'KEY_ACTIVATING', 'KEY_FAILED']);
});

test('somebody who never was at SALTO is created there while the start page waits, and gets a key', async () => {
  const mia = await space.member();
  // Her window has begun, and no worker could create her so far.
  await space.control('PATCH', 'switches', { errors: { value: { rate: 1, status: 503 }, path: '/users' } });
  await space.access(mia);
  const phone = await space.phone(mia);
  await phone.key.next(is('AVAILABLE'));
  expect(stack.simulator.state.platformUsersByEmail.has(`${mia}@example.com`)).toBe(false);
  await space.control('POST', 'reset', {});
  await phone.getDigitalKey();
});

test('an activation that nobody finishes has failed after its time, and trying again works', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const url = await phone.activate();
  await phone.key.next(is('ACTIVATING'));
  await letRunOut(mia);
  await sweep();
  const failed = await phone.key.next(is('FAILED'));
  expect(failed.failureMessage).toBe('Activating your digital key took too long. Please try again.');
  expect((await phone.signIn(url)).status).toBe(410);
  expect((await phone.getDigitalKey()).failureMessage).toBeNull();
});

test('after its time an activation has failed for whoever asks, also while no worker says so', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.activate();
  await letRunOut(mia);
  const ask = await space.phone(mia, { uid: `${mia}-phone` });
  expect((await ask.key.next()).status).toBe('FAILED');
});

test('a sign-in that comes back after the time is told so, and gives no key', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const jar = new CookieJar();
  const callback = await hop(await phone.activate(), 4, jar);
  expect(callback).toContain('/digital-key/callback');
  await letRunOut(mia);
  await sweep();
  await phone.key.next(is('FAILED'));
  const page = await followOverHttp(callback, jar);
  expect(page.status).toBe(400);
  expect(page.text).toContain('Go back to the app and try again');
  expect(await phone.credential()).toBeNull();
});

test('asking again takes the place of what was under way: the first link is good for nothing, the second one works', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const first = await phone.activate();
  const firstAtOurProvider = await hop(first, 2, new CookieJar());
  const second = await phone.activate();
  expect((await phone.signIn(first)).status).toBe(410);
  expect((await fetch(firstAtOurProvider, { redirect: 'manual' })).headers.get('location')).toContain('error=access_denied');
  await phone.signIn(second);
  await phone.key.next(is('UNLOCK_AVAILABLE'));
  expect(phone.key.seen.map(({ status }) => status)).not.toContain('FAILED');
});

test('two taps on the button at once leave one activation under way, which works', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const urls = await Promise.all([phone.activate(), phone.activate()]);
  const underWay = await stack.sql(
    `select a.id from activation a join member m on m.id = a."memberId" where m."externalId" = $1 and a.status = 'ACTIVATING'`,
    [mia],
  );
  expect(underWay).toHaveLength(1);
  const pages = [await phone.signIn(urls[0]), await phone.signIn(urls[1])];
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 410]);
  await phone.key.next(is('UNLOCK_AVAILABLE'));
});

test('a second phone gets a key of its own, and each phone is shown its own', async () => {
  const mia = await space.guest();
  const [one, two] = [await space.phone(mia, { uid: `${mia}-one` }), await space.phone(mia, { uid: `${mia}-two` })];
  await one.getDigitalKey();
  expect((await two.key.next()).status).toBe('AVAILABLE');
  await two.getDigitalKey();
  for (const phone of [one, two]) expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
  expect(one.key.seen.filter(is('UNLOCK_AVAILABLE'))).toHaveLength(1);
});

test('a phone that was set up anew registers its new public key under the same name; the key of before opens nothing any more', async () => {
  const mia = await space.guest();
  const before = await space.phone(mia);
  await before.getDigitalKey();
  const oldKey = (await before.credential()) ?? '';
  const after = await space.phone(mia);
  await after.key.next(is('UNLOCK_AVAILABLE'));
  await after.getDigitalKey();
  expect((await after.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
  expect(await before.tap(space.lock(ROOM), oldKey)).toBe('cancelled_key');
  const devices = [...stack.simulator.state.devices.values()].filter(({ uid }) => uid === `${mia}-phone`);
  expect(devices).toHaveLength(1);
});

test('SALTO out while the key is fetched: the worker tries again by itself, and the member waits', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.key.next(is('AVAILABLE'));
  const me = (more: object) => ({ value: { next: 1, ...more }, path: '/me' });
  await space.control('PATCH', 'switches', {
    errors: me({ status: 503 }),
    loseAnswers: { value: { next: 1 }, path: '/me/devices', method: 'POST' },
  });
  await phone.getDigitalKey();
  expect(phone.key.seen.map(({ status }) => status)).toEqual(['AVAILABLE', 'ACTIVATING', 'UNLOCK_AVAILABLE']);
});

test.each([
  ['out', { identityOutage: true }],
  ['silent', { loseAnswers: { value: { next: 1 }, part: 'identity', path: '/connect/token' } }],
])(
  'SALTO’s identity server %s while the code is redeemed: FAILED with the words of an outage, and trying again works',
  async (_how, switches) => {
    const mia = await space.guest();
    const phone = await space.phone(mia);
    const jar = new CookieJar();
    const callback = await hop(await phone.activate(), 4, jar);
    await space.control('PATCH', 'switches', switches);
    expect((await followOverHttp(callback, jar)).status).toBe(400);
    const failed = await phone.key.next(is('FAILED'));
    expect(failed.failureMessage).toBe('The lock system does not answer at the moment. Please try again in a few minutes.');
    await space.control('POST', 'reset', {});
    await phone.getDigitalKey();
  },
);

test('a phone that SALTO refuses gets a sentence, and no key', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await space.control('PATCH', 'switches', { errors: { value: { rate: 1, status: 400 }, method: 'POST', path: '/me/devices' } });
  await expect(phone.getDigitalKey()).rejects.toThrow('No digital key was issued for this phone.');
});

test('one phone at two locations: getting the second key leaves the first one working', async () => {
  const mia = await space.guest();
  const annex = { externalId: 'annex' };
  const input = { ...annex, name: 'Annex', timeZone: 'Europe/Lisbon' };
  success((await space.platform.ask(say.UpsertLocation, { input })).result, 'UpsertLocationSuccess');
  await space.consent(annex);
  await space.selectSite('Harbour Annex', annex);
  await space.access(mia, { location: annex });
  const phone = createPhone();
  const [here, there] = [await space.phone(mia, { sdk: phone }), await space.phone(mia, { location: annex, sdk: phone })];
  await here.getDigitalKey();
  await there.key.next(is('AVAILABLE'));
  await there.getDigitalKey();
  for (const [app, door] of [
    [here, ROOM],
    [there, 'Annex entrance'],
    [here, ROOM],
  ] as const) {
    expect(await app.tap(space.lock(door), (await app.credential()) ?? '')).toBe('accepted');
  }
});

test('a public key that is none, and a device without a name, are refused by their path', async () => {
  const mia = await space.guest();
  const { location } = await space.admin.ask(KeyOf, { location: space.location });
  expect(location?.digitalKey).toMatchObject({ status: 'HIDDEN' });
  const phone = await space.phone(mia, { uid: '' });
  await expect(phone.activate()).rejects.toThrow('device.uid');
});
