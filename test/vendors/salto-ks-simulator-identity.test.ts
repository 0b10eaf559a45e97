import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { consentOverHttp, CookieJar } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { BACK, CLIENT, OWNER, ownerTokens, simulated, type Session } from './salto-ks-simulator-session.ts';

const refresh = (session: Session, token: string) =>
  session.form('/connect/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: token });

test('authorization code with PKCE: consent over HTTP, code, tokens, API (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const { url, verifier } = session.authorization();
  const back = new URL(await consentOverHttp(url, { ...OWNER, allow: true }));
  expect(`${back.origin}${back.pathname}`).toBe(BACK);
  expect(back.searchParams.get('state')).toBe('the-state');
  expect(back.searchParams.get('iss')).toBe(session.url);

  const code = back.searchParams.get('code') ?? '';
  const exchange = { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: BACK };
  const granted = await session.form('/connect/token', { ...exchange, code_verifier: verifier });
  expect(granted.status).toBe(200);
  expect(granted.json).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
  expect(granted.json['scope']).toBe('openid profile offline_access user_api.full_access');
  expect((await session.withToken(granted.json.access_token)('GET', '/v1.2/me')).json.email).toBe(OWNER.email);

  const again = await session.form('/connect/token', { ...exchange, code_verifier: verifier });
  expect([again.status, again.json.error]).toEqual([400, 'invalid_grant']);
});

test('a wrong verifier, redirect address or client makes a code worthless (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const otherClient = { client_id: 'latchkey-public' };
  for (const wrong of [{ code_verifier: 'x'.repeat(43) }, { redirect_uri: `${BACK}/other` }, otherClient]) {
    const { url, verifier } = session.authorization();
    const back = new URL(await consentOverHttp(url, { ...OWNER, allow: true }));
    const code = back.searchParams.get('code') ?? '';
    const fields = { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier, ...wrong };
    expect((await session.form('/connect/token', fields)).json.error).toBe('invalid_grant');
  }
});

test('Deny comes back as access_denied with state and iss; a wrong password comes back nowhere', async () => {
  const session = await simulated();
  const denied = new URL(await consentOverHttp(session.authorization().url, { ...OWNER, allow: false }));
  expect(Object.fromEntries(denied.searchParams)).toEqual({ error: 'access_denied', state: 'the-state', iss: session.url });
  const wrong = consentOverHttp(session.authorization().url, { ...OWNER, password: 'wrong', allow: true });
  await expect(wrong).rejects.toThrow('Invalid username or password');
});

test('an unknown client or unregistered redirect gets a page and never a redirect', async () => {
  const session = await simulated();
  const addresses = ['http://127.0.0.1:4999/elsewhere', 'http://evil.example/integrations/salto-ks/callback'];
  for (const wrong of [{ client_id: 'stranger' }, ...addresses.map((address) => ({ redirect_uri: address }))]) {
    const answer = await fetch(session.authorization(wrong).url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  }
});

test('what else is wrong with a request comes back as an error of the standard', async () => {
  const session = await simulated();
  const errorOf = async (wrong: Record<string, string>) => {
    const answer = await fetch(session.authorization(wrong).url, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '').searchParams.get('error');
  };
  expect(await errorOf({ scope: 'user_api.full_access core_api.full' })).toBe('invalid_scope');
  expect(await errorOf({ response_type: 'token' })).toBe('unsupported_response_type');
  expect(await errorOf({ code_challenge_method: 'plain' })).toBe('invalid_request');
  expect(await errorOf({ prompt: 'none' })).toBe('login_required');
});

test('a public client needs PKCE and no secret; a confidential one needs its secret, by form or Basic', async () => {
  const session = await simulated();
  const { url } = session.authorization({ client_id: 'latchkey-public' });
  const bare = new URL(url);
  bare.searchParams.delete('code_challenge');
  const refused = await fetch(bare, { redirect: 'manual' });
  expect(refused.headers.get('location')).toContain('error=invalid_request');

  const { url: asked, verifier } = session.authorization({ client_id: 'latchkey-public' });
  const code = new URL(await consentOverHttp(asked, { ...OWNER, allow: true })).searchParams.get('code') ?? '';
  const fields = { client_id: 'latchkey-public', grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier };
  expect((await session.form('/connect/token', fields)).status).toBe(200);

  const refreshing = { grant_type: 'refresh_token', refresh_token: 'x' };
  const wrongSecret = await session.form('/connect/token', { ...CLIENT, client_secret: 'wrong', ...refreshing });
  expect([wrongSecret.status, wrongSecret.json.error]).toEqual([400, 'invalid_client']);
  const basic = { authorization: `Basic ${Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString('base64')}` };
  const byHeader = await session.form('/connect/token', refreshing, basic);
  expect(byHeader.json.error).toBe('invalid_grant');
});

test('access tokens are RS256, typ at+jwt, aud user_api; sub is not the platform id (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const { json } = await ownerTokens(session);
  expect(decodeProtectedHeader(json.access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
  const discovery = (await (await fetch(`${session.url}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  const { payload } = await jwtVerify(json.access_token, keys, { issuer: session.url, audience: 'user_api' });
  expect(payload).toMatchObject({ client_id: 'latchkey', idp: 'local', amr: ['password'] });
  expect(payload['scope']).toContain('user_api.full_access');
  expect(payload.sub).not.toBe((await session.withToken(json.access_token)('GET', '/v1.2/me')).json.id);
  expect(decodeJwt(json.id_token)).toMatchObject({ aud: 'latchkey', sub: payload.sub, given_name: 'Olivia' });
});

test('a token expires after its 3600 s: 401, empty body, the reason in WWW-Authenticate (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const { json } = await ownerTokens(session);
  const api = session.withToken(json.access_token);
  await session.control('POST', '/clock', { advanceMs: 3_590_000 });
  expect((await api('GET', '/v1.2/me')).status).toBe(200);
  await session.control('POST', '/clock', { advanceMs: 20_000 });
  const expired = await api('GET', '/v1.2/me');
  expect([expired.status, expired.text]).toEqual([401, '']);
  expect(expired.headers.get('www-authenticate')).toBe('Bearer error="invalid_token", error_description="The token expired"');
  expect((await session.withToken('forged')('GET', '/v1.2/me')).status).toBe(401);
});

test('refresh tokens rotate; one shown twice is refused and takes its successors along (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const first = (await ownerTokens(session)).json.refresh_token;
  const second = (await refresh(session, first)).json.refresh_token;
  expect(second).not.toBe(first);
  const reused = await refresh(session, first);
  expect([reused.status, reused.json]).toEqual([400, { error: 'invalid_grant' }]);
  expect((await refresh(session, second)).json.error).toBe('invalid_grant');
});

test('reuse of a refresh token is a switch: refused alone, or accepted', async () => {
  const session = await simulated();
  await session.control('PATCH', '/switches', { refreshReuse: 'refuse' });
  const first = (await ownerTokens(session)).json.refresh_token;
  const second = (await refresh(session, first)).json.refresh_token;
  expect((await refresh(session, first)).status).toBe(400);
  expect((await refresh(session, second)).status).toBe(200);
  await session.control('PATCH', '/switches', { refreshReuse: 'accept' });
  expect((await refresh(session, first)).status).toBe(200);
});

test('revoked by hand: refresh is refused, access tokens live on unless they are meant too', async () => {
  const session = await simulated();
  const { json } = await ownerTokens(session);
  await session.control('POST', '/tokens/revoke', { accountEmail: OWNER.email });
  expect((await refresh(session, json.refresh_token)).json.error).toBe('invalid_grant');
  expect((await session.withToken(json.access_token)('GET', '/v1.2/me')).status).toBe(200);
  await session.control('POST', '/tokens/revoke', { accountEmail: OWNER.email, accessTokens: true });
  expect((await session.withToken(json.access_token)('GET', '/v1.2/me')).status).toBe(401);
});

test('a session answers at once, with prompt=login it does not; endsession ends it', async () => {
  const session = await simulated();
  const jar = new CookieJar();
  await consentOverHttp(session.authorization().url, { ...OWNER, allow: true }, jar);
  const cookie = jar.header(new URL(session.url));
  const open = async (more: Record<string, string> = {}) =>
    (await fetch(session.authorization(more).url, { redirect: 'manual', headers: { cookie } })).status;
  expect(await open()).toBe(302);
  expect(await open({ prompt: 'login' })).toBe(200);
  expect((await fetch(`${session.url}/connect/endsession`, { headers: { cookie } })).status).toBe(200);
  expect(await open()).toBe(200);
});

test("the identity server's outage is 404 on every path while the API works (SALTO facts §1.3)", async () => {
  const session = await simulated();
  const { json } = await ownerTokens(session);
  await session.control('PATCH', '/switches', { identityOutage: true });
  expect((await refresh(session, json.refresh_token)).status).toBe(404);
  expect((await fetch(session.authorization().url)).status).toBe(404);
  expect((await fetch(`${session.url}/.well-known/openid-configuration`)).status).toBe(404);
  expect((await session.withToken(json.access_token)('GET', '/v1.2/me')).status).toBe(200);
  await session.control('POST', '/reset');
  expect((await refresh(session, json.refresh_token)).status).toBe(200);
});

test('the password grant is for clients that have it (SALTO facts §1.3)', async () => {
  const session = await simulated();
  const fields = { grant_type: 'password', username: OWNER.email, password: OWNER.password };
  expect((await session.form('/connect/token', { ...CLIENT, ...fields })).json.error).toBe('unauthorized_client');
  const own = { client_id: 'back-office', client_secret: 'back-office-simulated-secret' };
  expect((await session.form('/connect/token', { ...own, ...fields })).status).toBe(200);
  expect((await session.form('/connect/token', { ...own, ...fields, password: 'wrong' })).json.error).toBe('invalid_grant');
  expect((await session.form('/connect/token', { ...own, grant_type: 'client_credentials' })).json.error).toBe('unsupported_grant_type');
});
