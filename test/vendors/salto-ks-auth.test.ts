import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { saltoKsConfig } from '../../src/vendors/salto-ks/config.ts';
import { scriptedServer, type ScriptedAnswer } from './scripted-server.ts';
import { vendorAt } from './salto-ks-world.ts';

const NOW = 1_000_000;
const BACK = 'https://doors.example.com/integrations/salto-ks/callback';
const GRANTED = { access_token: 'at', refresh_token: 'rt-2', token_type: 'Bearer', expires_in: 3600, scope: 'user_api.full_access' };

const refreshAgainst = async (answer: ScriptedAnswer) => {
  await using server = await scriptedServer(() => answer);
  return await vendorAt(server.url, { now: () => NOW, timeoutMs: answer === 'hang' ? 50 : 20_000 }).refresh('rt-1');
};

test('an administrator is sent to consent with state and PKCE, and nothing that hurries them past it', async () => {
  const { url, verifier } = await vendorAt('https://identity.example.com').signInUrl({ redirectUri: BACK, state: 'the-state' });
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe('https://identity.example.com/connect/authorize');
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'latchkey',
    response_type: 'code',
    redirect_uri: BACK,
    scope: 'openid profile user_api.full_access offline_access',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
});

test('a member is sent through our identity provider, never as whoever is signed in, with their ticket', async () => {
  const request = { redirectUri: BACK, state: 's', federated: true, loginHint: 'ticket' };
  const { searchParams } = new URL((await vendorAt('https://identity.example.com').signInUrl(request)).url);
  expect(searchParams.get('acr_values')).toBe('idp:latchkey-idp');
  expect(searchParams.get('prompt')).toBe('login');
  expect(searchParams.get('login_hint')).toBe('ticket');
});

test('refreshing answers with the new tokens, and an expiry counted from before the call', async () => {
  expect(await refreshAgainst({ status: 200, json: GRANTED })).toEqual({
    ok: true,
    value: { accessToken: 'at', refreshToken: 'rt-2', expiresAt: NOW + 3_600_000 },
  });
});

test('without a new refresh token the one in use stays, and an untold lifetime is the one that was measured', async () => {
  expect(await refreshAgainst({ status: 200, json: { access_token: 'at', token_type: 'Bearer' } })).toEqual({
    ok: true,
    value: { accessToken: 'at', refreshToken: null, expiresAt: NOW + 3_600_000 },
  });
});

test.each<[string, string, ScriptedAnswer]>([
  ['invalid_grant', 'needs-reauthorization', { status: 400, json: { error: 'invalid_grant' } }],
  ['invalid_client', 'refused', { status: 400, json: { error: 'invalid_client' } }],
  ['invalid_client as 401', 'refused', { status: 401, json: { error: 'invalid_client' }, headers: { 'www-authenticate': 'Basic' } }],
  ['404 as a page, as all of an identity server that is out answers', 'unavailable', { status: 404, text: '<html>' }],
  ['404 without a body', 'unavailable', { status: 404 }],
  ['500', 'unavailable', { status: 500 }],
  ['a redirect', 'unavailable', { status: 302, headers: { location: '/' } }],
  ['429 with an error in JSON', 'unavailable', { status: 429, json: { error: 'slow_down' } }],
  ['503 with invalid_grant', 'unavailable', { status: 503, json: { error: 'invalid_grant' } }],
  ['504', 'unsure', { status: 504 }],
  ['a page in place of tokens', 'unsure', { status: 200, text: '<html>' }],
  ['broken JSON', 'unsure', { status: 200, text: '{"access_token"', headers: { 'content-type': 'application/json' } }],
  ['tokens without a type', 'unsure', { status: 200, json: { access_token: 'at' } }],
  ['a broken connection', 'unsure', 'cut'],
  ['no answer', 'unsure', 'hang'],
])('refreshing that meets %s is %s', async (_, kind, answer) => {
  expect(await refreshAgainst(answer)).toMatchObject({ ok: false, problem: { kind } });
});

test('refreshing at a server that cannot be reached is unavailable: the token certainly did not rotate', async () => {
  const server = await scriptedServer(() => ({ status: 200 }));
  await server[Symbol.asyncDispose]();
  expect(await vendorAt(server.url).refresh('rt-1')).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
});

test('an outage that names its end passes it on', async () => {
  expect(await refreshAgainst({ status: 503, headers: { 'retry-after': '20' } })).toMatchObject({ problem: { retryAt: NOW + 20_000 } });
});

test('no problem of the token endpoint tells a token or a secret', async () => {
  const answers: ScriptedAnswer[] = [
    { status: 400, json: { error: 'invalid_grant', error_description: 'rt-1 was used' } },
    { status: 200, json: { access_token: 'secret-token' } },
    'cut',
  ];
  for (const answer of answers) expect(JSON.stringify(await refreshAgainst(answer))).not.toMatch(/rt-1|secret-token/);
});

const redeemAt = async (callback: string, answer: ScriptedAnswer = { status: 200, json: GRANTED }) => {
  await using server = await scriptedServer(() => answer);
  const redeemed = await vendorAt(server.url, { now: () => NOW }, 'the-secret').redeem({
    callbackUrl: callback,
    redirectUri: BACK,
    state: 'the-state',
    verifier: 'v'.repeat(43),
  });
  return { redeemed, forms: server.calls.map(({ text }) => Object.fromEntries(new URLSearchParams(text))) };
};

test('a code is redeemed with the verifier and the registered address, whatever address the browser saw', async () => {
  const { redeemed, forms } = await redeemAt('http://10.0.0.7:4000/integrations/salto-ks/callback?code=c1&state=the-state');
  expect(redeemed).toMatchObject({ ok: true, value: { accessToken: 'at' } });
  expect(forms).toEqual([
    {
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: BACK,
      code_verifier: 'v'.repeat(43),
      client_id: 'latchkey',
      client_secret: 'the-secret',
    },
  ]);
});

test.each([
  ['a person who said no', `${BACK}?error=access_denied&state=the-state`],
  ['a state that is another one', `${BACK}?code=c1&state=forged`],
  ['no state', `${BACK}?code=c1`],
  ['no code', `${BACK}?state=the-state`],
  ['an issuer that is another one', `${BACK}?code=c1&state=the-state&iss=https%3A%2F%2Felsewhere.example.com`],
])('%s is refused, and nothing is sent', async (_, callback) => {
  const { redeemed, forms } = await redeemAt(callback);
  expect(redeemed).toMatchObject({ ok: false, problem: { kind: 'refused' } });
  expect(forms).toEqual([]);
});

test('a code that was used or is too old is refused; it says nothing of a refresh token', async () => {
  const { redeemed } = await redeemAt(`${BACK}?code=c1&state=the-state`, { status: 400, json: { error: 'invalid_grant' } });
  expect(redeemed).toMatchObject({ ok: false, problem: { kind: 'refused' } });
});

test('hosts follow the environment, and each can be set by itself', () => {
  expect(saltoKsConfig.parse({ clientId: 'c' })).toEqual({
    clientId: 'c',
    apiUrl: 'https://connect.my-clay.com',
    identityUrl: 'https://identity.eu.my-clay.com',
  });
  expect(saltoKsConfig.parse({ clientId: 'c', environment: 'accept', apiUrl: 'https://api.example.com/' })).toEqual({
    clientId: 'c',
    apiUrl: 'https://api.example.com',
    identityUrl: 'https://identity-acc.eu.my-clay.com',
  });
});

test.each([
  { apiUrl: 'ftp://example.com' },
  { identityUrl: 'https://example.com/?x=1' },
  { clientId: '' },
  { idpHint: 'two words' },
  { environment: 'test' },
])('a configuration that cannot work is refused: %j', (wrong) => {
  expect(saltoKsConfig.safeParse({ clientId: 'c', ...wrong }).success).toBe(false);
});
