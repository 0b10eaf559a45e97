import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { consentOverHttp, CookieJar, followOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { startPartner, type Partner } from './salto-ks-simulator-partner.ts';
import { BACK, CLIENT, harbourCampus, OWNER, simulated, type Session } from './salto-ks-simulator-session.ts';

const FEDERATED = { acr_values: 'idp:partner', prompt: 'login' };

async function trusting(session: Session, partner: Partner, more: Record<string, unknown> = {}): Promise<void> {
  const answer = await session.control('POST', '/partners', {
    hint: 'partner',
    issuer: partner.issuer,
    clientId: 'salto',
    clientSecret: 'partner-secret',
    ...more,
  });
  expect(answer.status).toBe(201);
}

/** Goes from redirect to redirect up to the application's address, which is not visited. */
async function walk(session: Session, url: string, jar?: CookieJar): Promise<URL> {
  let at = new URL(url);
  while (!at.toString().startsWith(BACK)) {
    const response = await fetch(at, { redirect: 'manual', headers: jar ? { cookie: jar.header(at) } : {} });
    jar?.keep(at, response);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${at.pathname} answered ${response.status}: ${await response.text()}`);
    at = new URL(location, session.url);
  }
  return at;
}

async function signIn(session: Session, more: Record<string, string> = {}): Promise<URL> {
  return walk(session, session.authorization({ ...FEDERATED, ...more }).url);
}

test('a member created before signs in through the partner with no page at all (SALTO facts §1.4)', async () => {
  const session = await simulated();
  const partner = await startPartner(() => 'ANN@example.com');
  await trusting(session, partner);
  await (await harbourCampus(session)).create('ann@example.com');
  const { url, verifier } = session.authorization({ ...FEDERATED, login_hint: 'ticket-1' });
  const back = await walk(session, url);
  const code = back.searchParams.get('code') ?? '';
  const exchange = { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier };
  const granted = await session.form('/connect/token', exchange);
  expect(granted.status).toBe(200);
  expect(decodeJwt(granted.json.access_token)).toMatchObject({ idp: 'partner', amr: ['external'] });
  expect((await session.withToken(granted.json.access_token)('GET', '/v1.2/me')).json.email).toBe('ann@example.com');
  expect(Object.fromEntries(partner.asked[0] ?? [])).toMatchObject({
    client_id: 'salto',
    redirect_uri: `${session.url}/signin-partner`,
    login_hint: 'ticket-1',
    code_challenge_method: 'S256',
  });
});

test('the e-mail address is taken from userinfo where the id token has none', async () => {
  const session = await simulated();
  await trusting(session, await startPartner(() => 'ann@example.com', 'userinfo'));
  await (await harbourCampus(session)).create('ann@example.com');
  expect((await signIn(session)).searchParams.has('code')).toBe(true);
});

test('somebody never created at a site, or not any more, is refused: there is no auto-provisioning (SALTO facts §1.4)', async () => {
  const session = await simulated();
  await trusting(session, await startPartner(() => 'ann@example.com'));
  const { api, path, create } = await harbourCampus(session);
  const error = async () => (await signIn(session)).searchParams.get('error');
  expect(await error()).toBe('access_denied');
  const { id } = (await create('ann@example.com')).json;
  expect(await error()).toBeNull();
  await api('DELETE', `${path}/users/${id}`);
  expect(await error()).toBe('access_denied');
});

test('a partner that refuses, or cannot be reached, comes back as an error, or as a page by switch', async () => {
  const session = await simulated();
  await trusting(session, await startPartner(() => null));
  expect((await signIn(session)).searchParams.get('error')).toBe('access_denied');
  await session.control('PATCH', '/switches', { federationErrors: 'page' });
  const last = await followOverHttp(session.authorization(FEDERATED).url);
  expect([last.status, last.url]).toEqual([400, expect.stringContaining('/signin-partner')]);
  expect(last.text).toContain('the partner refused');
  await session.control('POST', '/reset');
  await trusting(session, { issuer: 'http://127.0.0.1:1', asked: [] });
  expect((await signIn(session)).searchParams.get('error')).toBe('temporarily_unavailable');
});

test('login_hint travels to the partner only with the switch on (unknown of the original)', async () => {
  const session = await simulated();
  const partner = await startPartner(() => OWNER.email);
  await trusting(session, partner);
  await session.control('PATCH', '/switches', { forwardLoginHint: false });
  await signIn(session, { login_hint: 'ticket-1' });
  expect(partner.asked.map((asked) => asked.get('login_hint'))).toEqual([null]);
});

test("without prompt=login a session of somebody else in the browser answers in the member's place", async () => {
  const session = await simulated();
  const partner = await startPartner(() => 'desk@example.com');
  await trusting(session, partner);
  const jar = new CookieJar();
  await consentOverHttp(session.authorization().url, { ...OWNER, allow: true }, jar);
  await walk(session, session.authorization({ acr_values: 'idp:partner' }).url, jar);
  expect(partner.asked).toHaveLength(0);
  await walk(session, session.authorization(FEDERATED).url, jar);
  expect(partner.asked).toHaveLength(1);
});

test('a return is good once, and with the switch on only for the browser that left', async () => {
  const session = await simulated();
  await trusting(session, await startPartner(() => OWNER.email));
  await session.control('PATCH', '/switches', { correlationCookie: true });
  await expect(signIn(session)).rejects.toThrow('Correlation failed');
  const jar = new CookieJar();
  expect((await walk(session, session.authorization(FEDERATED).url, jar)).searchParams.has('code')).toBe(true);
  const replayed = await fetch(`${session.url}/signin-partner?state=spent&code=1`, { redirect: 'manual' });
  expect(replayed.status).toBe(400);
});

test("the partner's endpoints may be given one by one, and its answer may come by form post", async () => {
  const session = await simulated();
  const partner = await startPartner(() => OWNER.email, 'userinfo');
  const endpoints = {
    issuer: undefined,
    authorizationEndpoint: `${partner.issuer}/auth`,
    tokenEndpoint: `${partner.issuer}/token`,
    userinfoEndpoint: `${partner.issuer}/me`,
    responseMode: 'form_post',
  };
  await trusting(session, partner, endpoints);
  const left = await fetch(session.authorization(FEDERATED).url, { redirect: 'manual' });
  const toPartner = left.headers.get('location') ?? '';
  expect(new URL(toPartner).searchParams.get('response_mode')).toBe('form_post');
  const back = new URL((await fetch(toPartner, { redirect: 'manual' })).headers.get('location') ?? '');
  const posted = await session.form('/signin-partner', Object.fromEntries(back.searchParams));
  expect(posted.headers.get('location')).toContain(`${BACK}?code=`);
});

test('an idp hint that is not trusted shows the ordinary sign-in page', async () => {
  const session = await simulated();
  const answer = await fetch(session.authorization({ acr_values: 'idp:stranger' }).url, { redirect: 'manual' });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('name="password"');
});
