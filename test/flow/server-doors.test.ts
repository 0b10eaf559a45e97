// One bad token after another at every door of /graphql: a request, an event stream, the opening of a socket.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { Client } from 'graphql-ws';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/dev/token.ts';
import { openStream, SECRET, socketClient, START, startWorld, type World } from './server-world.ts';

const RULES = { secret: SECRET, issuer: 'https://id.example.com', audience: 'latchkey' };
const seconds = START / 1000;
const GOOD: JWTPayload = {
  ...{ iss: RULES.issuer, aud: RULES.audience, exp: seconds + 60, nbf: seconds - 60 },
  ...{ sub: 'ada', org_id: 'harbour', roles: ['admin'], client_id: 'back-office' },
};

let world: World;
const clients: Client[] = [];
beforeAll(async () => {
  world = await startWorld({ config: { jwt: RULES } });
});
afterAll(async () => {
  await Promise.all(clients.map(async (client) => client.dispose()));
  await world.server.close();
});

const signed = (change: Record<string, unknown>) => signToken({ ...GOOD, ...change }, SECRET);
/** By hand: no library signs what it does not understand. */
function critical(): string {
  const parts = [{ alg: 'HS256', crit: ['https://example.com/must'], 'https://example.com/must': true }, GOOD];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

test('a good token opens every door', async () => {
  const authorization = `Bearer ${await signed({})}`;
  expect((await world.post('{ hello }', { authorization })).status).toBe(200);
  const stream = await openStream(world, 'subscription { ticks }', { authorization });
  expect(stream.status).toBe(200);
  stream.abort();
  const { client, connected } = socketClient(world, authorization);
  clients.push(client);
  await connected;
});

test.each<[string, () => Promise<string> | string]>([
  ['signed with another secret', () => signToken(GOOD, `${SECRET}!`)],
  ['signed by nobody', () => new UnsecuredJWT(GOOD).encode()],
  ['whose signature is cut off', async () => `${(await signed({})).split('.').slice(0, 2).join('.')}.`],
  ['whose algorithm has no key here', () => new SignJWT(GOOD).setProtectedHeader({ alg: 'RS256' }).sign(rsa.privateKey)],
  ['of a longer hash', () => new SignJWT(GOOD).setProtectedHeader({ alg: 'HS512' }).sign(new TextEncoder().encode(SECRET.repeat(2)))],
  ['with an extension that must be understood', critical],
  ['of another issuer', () => signed({ iss: 'https://evil.example.com' })],
  ['of no issuer', () => signed({ iss: undefined })],
  ['for somebody else', () => signed({ aud: 'another-service' })],
  ['for nobody', () => signed({ aud: undefined })],
  ['that has expired', () => signed({ exp: seconds - 1 })],
  ['that never expires', () => signed({ exp: undefined })],
  ['that is not valid yet', () => signed({ nbf: seconds + 60 })],
  ['of no organisation', () => signed({ org_id: undefined })],
  ['of two roles', () => signed({ roles: ['admin', 'service'] })],
])('a token %s opens none', async (_what, make) => {
  const authorization = `Bearer ${await make()}`;
  expect((await world.post('{ hello }', { authorization })).status).toBe(401);
  const address = `${world.server.url}/graphql?query=${encodeURIComponent('{ hello }')}`;
  expect((await fetch(address, { headers: { authorization } })).status).toBe(401);
  expect((await openStream(world, 'subscription { ticks }', { authorization })).status).toBe(401);
  const { client, closed } = socketClient(world, authorization);
  clients.push(client);
  expect((await closed).code).toBe(4403);
});

test('a token in the address, in a cookie or in a field of the body opens nothing', async () => {
  const token = await signed({});
  const body = JSON.stringify({ query: '{ hello }', authorization: `Bearer ${token}`, access_token: token });
  const headers = { 'content-type': 'application/json', cookie: `authorization=Bearer ${token}; lk_admin=${token}` };
  const response = await fetch(`${world.server.url}/graphql?access_token=${token}`, { method: 'POST', headers, body });
  expect(response.status).toBe(401);
});
