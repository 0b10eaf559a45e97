import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { claimsOf, signToken } from '../../src/dev/token.ts';
import { createRateLimit, DEFAULT_RATE_LIMIT } from '../../src/server/rate-limit.ts';
import type { TokenRules } from '../../src/server/tokens.ts';
import { bearer, createVerifier, KeysUnavailable } from '../../src/server/tokens.ts';
import { movableClock } from '../support/clock.ts';
import { SECRET, START } from './server-world.ts';

const seconds = START / 1000;
const claims: JWTPayload = { sub: 'ada', org_id: 'harbour', roles: ['admin'], client_id: 'back-office', exp: seconds + 60 };
const keys = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256');

let keyServer: Server;
let jwksUrl: string;
let keyRequests = 0;
let published: object[] = [];
beforeAll(async () => {
  published = [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' }];
  keyServer = createServer((_request, response) => {
    keyRequests += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`;
});
afterAll(() => keyServer.close());

function verifier(rules: TokenRules = { secret: SECRET }) {
  const clock = movableClock(START);
  return { clock, verify: createVerifier({ rules, mobileClientIds: ['member-mobile-app'], clock }) };
}

const signedBy = (key: CryptoKey, payload: JWTPayload = claims, kid = 'one') =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(key);

test('a good token tells who asks', async () => {
  const token = await signToken({ ...claims, location_ids: ['berlin'] }, SECRET);
  expect(await verifier().verify(token)).toEqual({
    ok: true,
    caller: {
      orgId: 'harbour',
      kind: 'admin',
      subject: 'ada',
      inMemberApp: false,
      locationExternalIds: ['berlin'],
      expiresAt: (seconds + 60) * 1000,
    },
  });
});

test('only the configured clients are the member app, and only administrators are limited to locations', async () => {
  const member = await signToken({ ...claims, roles: ['member'], client_id: 'member-mobile-app', location_ids: ['berlin'] }, SECRET);
  expect(await verifier().verify(member)).toMatchObject({ caller: { kind: 'member', inMemberApp: true, locationExternalIds: null } });
  const without = await signToken({ ...claims, client_id: undefined }, SECRET);
  expect(await verifier().verify(without)).toMatchObject({ caller: { inMemberApp: false, locationExternalIds: null } });
});

test.each<[string, Record<string, unknown>]>([
  ['without an end', { ...claims, exp: undefined }],
  ['without a subject', { ...claims, sub: undefined }],
  ['with an empty subject', { ...claims, sub: '' }],
  ['without an organisation', { ...claims, org_id: undefined }],
  ['with an organisation that is no text', { ...claims, org_id: 7 }],
  ['without roles', { ...claims, roles: undefined }],
  ['with two roles', { ...claims, roles: ['admin', 'service'] }],
  ['with an unknown role', { ...claims, roles: ['owner'] }],
  ['with a role named like a property of every object', { ...claims, roles: ['constructor'] }],
  ['with locations that are no list', { ...claims, location_ids: 'berlin' }],
  ['that is not valid yet', { ...claims, nbf: seconds + 30 }],
])('a token %s is refused', async (_what, payload) => {
  expect(await verifier().verify(await signToken(payload, SECRET))).toMatchObject({ ok: false });
});

test('a token is good until the very instant of its end, also where it is remembered', async () => {
  const { clock, verify } = verifier();
  const token = await signToken(claims, SECRET);
  clock.advance(59_999);
  expect((await verify(token)).ok).toBe(true);
  clock.advance(1);
  expect(await verify(token)).toEqual({ ok: false, reason: 'The token has expired. Get a new one and connect again.' });
});

test('a token signed with another secret, with none, or with an altered body is refused', async () => {
  const { verify } = verifier();
  const good = await signToken(claims, SECRET);
  const [header, , signature] = good.split('.');
  const body = Buffer.from(JSON.stringify({ ...claims, org_id: 'other' })).toString('base64url');
  const unsecured = new UnsecuredJWT(claims).encode();
  for (const token of [await signToken(claims, `${SECRET}!`), unsecured, `${header}.${body}.${signature}`, 'a.b.c', '']) {
    expect(await verify(token)).toMatchObject({ ok: false });
  }
});

test('issuer and audience are compared where they are configured', async () => {
  const rules = { secret: SECRET, issuer: 'https://id.example.com', audience: 'latchkey' };
  const right = { ...claims, iss: 'https://id.example.com', aud: ['latchkey', 'other'] };
  const { verify } = verifier(rules);
  expect((await verify(await signToken(right, SECRET))).ok).toBe(true);
  expect(await verify(await signToken({ ...right, iss: 'https://evil.example.com' }, SECRET))).toMatchObject({ ok: false });
  expect(await verify(await signToken({ ...right, aud: 'other' }, SECRET))).toMatchObject({ ok: false });
  expect(await verify(await signToken(claims, SECRET))).toMatchObject({ ok: false });
});

test('tokens of the identity provider are verified with its public keys, which are fetched once', async () => {
  const { verify } = verifier({ jwksUrl });
  keyRequests = 0;
  expect((await verify(await signedBy(keys.privateKey))).ok).toBe(true);
  expect((await verify(await signedBy(keys.privateKey, { ...claims, sub: 'grace' }))).ok).toBe(true);
  expect(keyRequests).toBe(1);
  expect(await verify(await signedBy(stranger.privateKey))).toMatchObject({ ok: false });
});

test('a key that the identity provider adds is fetched when a token names it, and one that it withdraws is believed ten minutes at most', async () => {
  const { verify } = verifier({ jwksUrl });
  const next = await generateKeyPair('RS256', { extractable: true });
  const [first] = published;
  expect((await verify(await signedBy(keys.privateKey))).ok).toBe(true);
  published = [{ ...(await exportJWK(next.publicKey)), kid: 'two', alg: 'RS256' }];
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  try {
    expect((await verify(await signedBy(next.privateKey, claims, 'two'))).ok).toBe(true);
    expect(await verify(await signedBy(keys.privateKey, { ...claims, sub: 'grace' }))).toMatchObject({ ok: false });
    published = [];
    vi.setSystemTime(Date.now() + 600_001);
    expect(await verify(await signedBy(next.privateKey, { ...claims, sub: 'eve' }, 'two'))).toMatchObject({ ok: false });
  } finally {
    vi.useRealTimers();
    published = first ? [first] : [];
  }
});

test('a public key is never taken for a shared secret', async () => {
  const published = JSON.stringify(await exportJWK(keys.publicKey));
  expect(await verifier({ jwksUrl }).verify(await signToken(claims, published))).toMatchObject({ ok: false });
  expect(await verifier({ secret: SECRET }).verify(await signedBy(keys.privateKey))).toMatchObject({ ok: false });
});

test('keys that cannot be had are no fault of the token', async () => {
  const { verify } = verifier({ jwksUrl: 'http://127.0.0.1:9/jwks' });
  await expect(verify(await signedBy(keys.privateKey))).rejects.toBeInstanceOf(KeysUnavailable);
});

test.each([
  ['Bearer abc.def', 'abc.def'],
  ['bearer  abc ', 'abc'],
  ['Basic abc', null],
  ['Bearer', null],
  ['Bearer a b', null],
  [undefined, null],
  [['Bearer abc'], null],
])('the token of %j is %j', (header, token) => {
  expect(bearer(header)).toBe(token);
});

test('by default a token may ask 400 times at once and 200 times in each second after that', () => {
  const clock = movableClock(START);
  const take = createRateLimit(DEFAULT_RATE_LIMIT, () => clock.now());
  const granted = () => {
    let count = 0;
    while (take('token') === 0) count += 1;
    return count;
  };
  expect(granted()).toBe(400);
  expect(take('other')).toBe(0);
  clock.advance(1_000);
  expect(granted()).toBe(200);
  expect(take('token')).toBe(5);
});

test('the command line makes claims that are accepted', async () => {
  const args = ['--role', 'admin', '--org', 'harbour', '--location', 'berlin', '--location', 'porto', '--ttl', '60'];
  const token = await signToken(claimsOf(args, { JWT_ISSUER: 'https://id.example.com' }, START), SECRET);
  expect(await verifier({ secret: SECRET, issuer: 'https://id.example.com' }).verify(token)).toMatchObject({
    caller: { kind: 'admin', orgId: 'harbour', locationExternalIds: ['berlin', 'porto'], expiresAt: (seconds + 60) * 1000 },
  });
  expect(() => claimsOf(['--role', 'owner', '--org', 'harbour'], {}, START)).toThrow(/^Usage/);
  expect(() => claimsOf(['--role', 'admin', '--org', 'harbour', '--ttl', 'soon'], {}, START)).toThrow(/^--ttl is a whole number/);
});
