// The lock maker's identity server is a tiny relying party here; our provider runs in two servers over one database, as in production.
import { randomBytes } from 'node:crypto';
import * as openid from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { connect } from '../../src/adapters/prisma/connection.ts';
import type { Connection } from '../../src/adapters/prisma/connection.ts';
import { createOidcStore } from '../../src/adapters/prisma/oidc-store.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import type { Deps } from '../../src/app/deps.ts';
import { redeemTicket } from '../../src/app/redeem-ticket.ts';
import { freePort } from '../../src/dev/free-port.ts';
import type { SignInVerbs } from '../../src/server/sign-in.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import type { World } from './server-world.ts';
import { startWorld } from './server-world.ts';

const idp = { clientId: 'salto', clientSecret: 'an invented client secret', redirectUri: 'https://id.salto.example.com/signin-partner' };
const secrets = createSecrets([randomBytes(32)]);

let database: TestDatabase;
let connection: Connection;
let processes: [World, World];
let party: openid.Configuration;
let people: { ann: string; ben: string };

const never = () => Promise.reject(new Error('not expected here'));

beforeAll(async () => {
  database = await testDatabase();
  connection = connect(database.url);
  const { prisma } = connection;
  const deps = { store: createStore({ pool: connection.pool, secrets }), secrets } as unknown as Deps;
  const others = { finishConsent: never, startSignIn: never, finishSignIn: never };
  const signIn: SignInVerbs = { ...others, redeemTicket: (input) => redeemTicket(deps, input) };
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const oidcStore = createOidcStore({ prisma, secrets });
  const start = (at: number) => startWorld({ signIn, oidcStore, config: { publicUrl, port: at, idp } });
  processes = await Promise.all([start(port), start(0)]);
  const method = openid.ClientSecretPost(idp.clientSecret);
  const overHttp = { execute: [openid.allowInsecureRequests] };
  party = await openid.discovery(new URL(`${publicUrl}/oidc`), idp.clientId, undefined, method, overHttp);
  people = await addPeople();
});
afterAll(async () => {
  await Promise.all(processes.map(({ server }) => server.close()));
  await connection.close();
  await database.drop();
});

let place: { locationId: string; integrationId: string };

async function addPeople() {
  const { prisma } = connection;
  const orgId = 'harbour';
  const location = await prisma.location.create({ data: { orgId, externalId: 'berlin', name: 'Berlin', timeZone: 'Europe/Berlin' } });
  const integration = await prisma.integration.create({ data: { orgId, locationId: location.id, status: 'CONNECTED' } });
  place = { locationId: location.id, integrationId: integration.id };
  const add = async (name: string) => {
    const email = `${name}@example.com`;
    const data = { orgId, externalId: name, email, emailKey: email, firstName: name, lastName: 'Example' };
    const member = await prisma.member.create({ data });
    await prisma.device.create({ data: { orgId, memberId: member.id, uid: `phone-${name}`, name: 'Phone', publicKey: 'key' } });
    return member.id;
  };
  return { ann: await add('Ann'), ben: await add('Ben') };
}

/** A fresh one-time ticket of the member's. */
async function ticketOf(memberId: string, lifeMs = 60_000): Promise<string> {
  const { prisma } = connection;
  const device = await prisma.device.findFirstOrThrow({ where: { memberId } });
  const ticket = secrets.newToken();
  const now = Date.now();
  await prisma.activation.create({
    data: {
      ...place,
      orgId: 'harbour',
      memberId,
      deviceId: device.id,
      status: 'ACTIVATING',
      ticketHash: secrets.hash(ticket),
      ticketExpiresAt: new Date(now + lifeMs),
      startedAt: new Date(now),
      deadline: new Date(now + 60_000),
    },
  });
  return ticket;
}

interface Attempt {
  location: URL;
  status: number;
  cookies: string[];
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string };
}

/** What the browser does at our authorization endpoint: no page and no second hop is expected. */
async function authorize(way: { hint?: string; cookie?: string; parameters?: Record<string, string>; at?: World } = {}): Promise<Attempt> {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: openid.randomState(), expectedNonce: openid.randomNonce() };
  const url = openid.buildAuthorizationUrl(party, {
    redirect_uri: idp.redirectUri,
    scope: 'openid email profile',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(way.hint ? { login_hint: way.hint } : {}),
    ...way.parameters,
  });
  if (way.at) url.port = String(way.at.server.port);
  const response = await fetch(url, { redirect: 'manual', headers: way.cookie ? { cookie: way.cookie } : {} });
  const location = new URL(response.headers.get('location') ?? 'none:');
  return { location, status: response.status, cookies: response.headers.getSetCookie(), checks };
}

const errorOf = ({ location }: Attempt) => location.searchParams.get('error');

async function signIn(way: Parameters<typeof authorize>[0]) {
  const { location, checks } = await authorize(way);
  const tokens = await openid.authorizationCodeGrant(party, location, { ...checks, idTokenExpected: true });
  const claims = tokens.claims();
  const info = await openid.fetchUserInfo(party, tokens.access_token, claims?.sub ?? '');
  return { claims, info };
}

test('a ticket as login_hint signs the member in with one hop, no page, and tells e-mail and name', async () => {
  const { claims, info } = await signIn({ hint: await ticketOf(people.ann) });
  const told = { sub: people.ann, email: 'Ann@example.com', email_verified: true, given_name: 'Ann', family_name: 'Example' };
  expect(claims).toMatchObject(told);
  expect(info).toMatchObject(told);
});

test('a ticket in a cookie does the same, also for scope=openid alone and where a second process answers', async () => {
  const cookie = `other=1; lk_ticket_0192abcd=${await ticketOf(people.ann)}`;
  const { claims } = await signIn({ cookie, parameters: { scope: 'openid' }, at: processes[1] });
  expect(claims).toMatchObject({ sub: people.ann, email: 'Ann@example.com' });
});

test('of two people in one browser the hint tells who is meant', async () => {
  const cookie = `lk_ticket_aaaaaaaa=${await ticketOf(people.ben)}`;
  const { claims } = await signIn({ hint: await ticketOf(people.ann), cookie });
  expect(claims?.sub).toBe(people.ann);
});

test.each(['login', 'none'])('prompt=%s changes nothing', async (prompt) => {
  const { claims } = await signIn({ hint: await ticketOf(people.ann), parameters: { prompt } });
  expect(claims?.sub).toBe(people.ann);
});

test('a ticket is good once', async () => {
  const hint = await ticketOf(people.ann);
  expect((await authorize({ hint })).location.searchParams.get('code')).toMatch(/.+/);
  expect(errorOf(await authorize({ hint }))).toBe('access_denied');
});

test('of many requests with one ticket at once, over two processes, one gets a code', async () => {
  const hint = await ticketOf(people.ann);
  const attempts = await Promise.all(Array.from({ length: 10 }, (_, index) => authorize({ hint, at: processes[index % 2 === 0 ? 0 : 1] })));
  expect(attempts.filter(({ location }) => location.searchParams.has('code'))).toHaveLength(1);
  expect(attempts.filter((attempt) => errorOf(attempt) === 'access_denied')).toHaveLength(9);
});

test('a ticket that is expired, missing or forged is access_denied, said to the identity server and shown to nobody', async () => {
  for (const way of [{ hint: await ticketOf(people.ann, -1) }, {}, { hint: 'forged' }, { cookie: 'lk_ticket_aaaaaaaa=forged' }]) {
    const attempt = await authorize(way);
    expect(errorOf(attempt)).toBe('access_denied');
    expect(`${attempt.location.origin}${attempt.location.pathname}`).toBe(idp.redirectUri);
    expect(attempt.location.searchParams.get('state')).toBe(attempt.checks.expectedState);
  }
});

test('no session is kept: the cookies of a sign-in open no second one, and do not name anybody in the next', async () => {
  const before = await authorize({ hint: await ticketOf(people.ben) });
  const jar = before.cookies.map((cookie) => cookie.split(';')[0]).join('; ');
  expect(errorOf(await authorize({ cookie: jar }))).toBe('access_denied');
  expect(errorOf(await authorize({ cookie: jar, parameters: { prompt: 'none' } }))).toBe('access_denied');
  const { claims } = await signIn({ hint: await ticketOf(people.ann), cookie: jar });
  expect(claims?.sub).toBe(people.ann);
});

test('of two processes that redeem one code at once, one gets tokens', async () => {
  for (let round = 0; round < 10; round++) {
    const { location, checks } = await authorize({ hint: await ticketOf(people.ann) });
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: location.searchParams.get('code') ?? '',
      redirect_uri: idp.redirectUri,
      code_verifier: checks.pkceCodeVerifier,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
    });
    const redeem = ({ server }: World) => fetch(`${server.url}/oidc/token`, { method: 'POST', body });
    const answers = await Promise.all(processes.map(redeem));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  }
});

test('a member who is removed before userinfo is asked, or before the ticket is used, is told of no more', async () => {
  const { location, checks } = await authorize({ hint: await ticketOf(people.ben) });
  const tokens = await openid.authorizationCodeGrant(party, location, { ...checks, idTokenExpected: true });
  await connection.prisma.member.update({ where: { id: people.ben }, data: { removedAt: new Date() } });
  await expect(openid.fetchUserInfo(party, tokens.access_token, people.ben)).rejects.toThrow();
  expect(errorOf(await authorize({ hint: await ticketOf(people.ben) }))).toBe('access_denied');
  await connection.prisma.member.update({ where: { id: people.ben }, data: { removedAt: null } });
});

test('it serves one client and one address to come back to', async () => {
  const hint = await ticketOf(people.ann);
  for (const parameters of [{ redirect_uri: 'https://evil.example.com/' }, { client_id: 'somebody' }]) {
    const { status, location } = await authorize({ hint, parameters });
    expect([status, location.protocol]).toEqual([400, 'none:']);
  }
  for (const parameters of [{ response_type: 'id_token' }, { prompt: 'consent' }]) {
    expect((await authorize({ hint, parameters })).location.searchParams.get('code')).toBeNull();
  }
  const client = { client_id: idp.clientId, client_secret: 'wrong' };
  const wrong = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: idp.redirectUri, ...client });
  expect((await fetch(`${processes[0].server.url}/oidc/token`, { method: 'POST', body: wrong })).status).toBe(401);
});

test('links are those of the public address, whatever host a request names', async () => {
  const [first, second] = processes;
  const headers = { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https' };
  const answer = await fetch(`${second.server.url}/oidc/.well-known/openid-configuration`, { headers });
  expect(await answer.json()).toMatchObject({
    issuer: `${first.server.url}/oidc`,
    authorization_endpoint: `${first.server.url}/oidc/auth`,
    token_endpoint: `${first.server.url}/oidc/token`,
    id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']) as string[],
  });
});

test('both processes sign with one key, which is stored sealed and not made anew', async () => {
  const keys = await Promise.all(processes.map(async ({ server }) => (await fetch(`${server.url}/oidc/jwks`)).json() as Promise<unknown>));
  expect(keys[0]).toEqual(keys[1]);
  expect(JSON.stringify(keys[0])).not.toContain('"d"');
  const [stored, ...more] = await connection.prisma.signingKey.findMany();
  expect(more).toEqual([]);
  expect(stored?.sealedKey).not.toContain('RS256');
});

test('a signing key sealed with an older encryption key is kept, and sealed anew', async () => {
  const { prisma } = connection;
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const kept = await prisma.signingKey.findMany();
  await prisma.signingKey.deleteMany();
  const make = () => Promise.resolve('the key');
  expect(await createOidcStore({ prisma, secrets: createSecrets([old]) }).signingKey(make)).toBe('the key');
  expect(await createOidcStore({ prisma, secrets: createSecrets([fresh, old]) }).signingKey(never)).toBe('the key');
  expect(await createOidcStore({ prisma, secrets: createSecrets([fresh]) }).signingKey(never)).toBe('the key');
  await prisma.signingKey.deleteMany();
  await prisma.signingKey.createMany({ data: kept });
});

test('a record is found until its life is over, consumed once, and goes with its grant', async () => {
  const store = createOidcStore({ prisma: connection.prisma, secrets });
  await store.upsert('AccessToken', 'a', { grantId: 'g', kind: 'AccessToken' }, 60);
  await store.upsert('AccessToken', 'over', { kind: 'AccessToken' }, 0);
  expect(await store.find('AccessToken', 'a')).toEqual({ grantId: 'g', kind: 'AccessToken' });
  expect(await store.find('AccessToken', 'over')).toBeNull();
  expect(await store.consume('AccessToken', 'over')).toBe(false);
  const consumed = await Promise.all(Array.from({ length: 8 }, () => store.consume('AccessToken', 'a')));
  expect(consumed.filter(Boolean)).toHaveLength(1);
  expect(await store.find('AccessToken', 'a')).toMatchObject({ consumed: expect.any(Number) as number });
  await store.revokeByGrantId('g');
  expect(await store.find('AccessToken', 'a')).toBeNull();
});

const tokenRequest = (body: Record<string, string>): Promise<Response> =>
  fetch(`${processes[0].server.url}/oidc/token`, { method: 'POST', body: new URLSearchParams(body) });

/** What the identity server would send for a code, with one thing changed. */
const codeRequest = ({ location, checks }: Attempt, change: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'authorization_code',
  code: location.searchParams.get('code') ?? '',
  redirect_uri: idp.redirectUri,
  code_verifier: checks.pkceCodeVerifier,
  client_id: idp.clientId,
  client_secret: idp.clientSecret,
  ...change,
});

test.each<[string, Record<string, string>]>([
  ['another verifier', { code_verifier: 'x'.repeat(43) }],
  ['no verifier', { code_verifier: '' }],
  ['another address to come back to', { redirect_uri: `${idp.redirectUri}/elsewhere` }],
  ['no address to come back to', { redirect_uri: '' }],
  ['another secret', { client_secret: 'wrong' }],
  ['no secret', { client_secret: '' }],
  ['another grant', { grant_type: 'refresh_token', refresh_token: 'x' }],
  ['the client’s own grant', { grant_type: 'client_credentials' }],
  ['a code of nobody’s', { code: 'x'.repeat(43) }],
])('a code that is redeemed with %s gives nothing', async (_what, change) => {
  const attempt = await authorize({ hint: await ticketOf(people.ann) });
  const response = await tokenRequest(codeRequest(attempt, change));
  expect([400, 401]).toContain(response.status);
  expect(await response.json()).not.toHaveProperty('access_token');
});

test('a code that is redeemed a second time gives nothing, and takes back what the first time gave', async () => {
  const attempt = await authorize({ hint: await ticketOf(people.ann) });
  const first = (await (await tokenRequest(codeRequest(attempt))).json()) as { access_token: string; refresh_token?: string };
  expect(first.refresh_token).toBeUndefined();
  expect((await tokenRequest(codeRequest(attempt))).status).toBe(400);
  await expect(openid.fetchUserInfo(party, first.access_token, people.ann)).rejects.toThrow();
});

test.each<[string, Record<string, string>]>([
  ['a challenge in the clear', { code_challenge_method: 'plain' }],
  ['a token in the address', { response_type: 'token' }],
  ['an identity token in the address', { response_type: 'code id_token' }],
  ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
  ['a request to be fetched', { request_uri: 'https://evil.example.com/request' }],
])('asked for with %s the provider gives no code and no token, and uses no ticket up', async (_what, parameters) => {
  const hint = await ticketOf(people.ann);
  const { location } = await authorize({ hint, parameters });
  expect(`${location.search}${location.hash}`).not.toMatch(/[?#&](code|access_token|id_token)=/);
  expect((await authorize({ hint })).location.searchParams.get('code')).toMatch(/.+/);
});

test.each([
  'https://evil.example.com/',
  'https://id.salto.example.com/signin-partner/../elsewhere',
  'https://id.salto.example.com/signin-partner?next=https://evil.example.com',
  'https://id.salto.example.com/signin-partner#x',
  'https://id.salto.example.com:444/signin-partner',
  'https://ID.SALTO.example.com/signin-partner/',
  'https://id.salto.example.com@evil.example.com/signin-partner',
  'http://id.salto.example.com/signin-partner',
  'javascript:alert(1)',
  '//evil.example.com',
])('nobody is sent to %s', async (redirect_uri) => {
  const { status, location } = await authorize({ hint: await ticketOf(people.ann), parameters: { redirect_uri } });
  expect([status, location.protocol]).toEqual([400, 'none:']);
});
