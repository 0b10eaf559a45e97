import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignJWT } from 'jose';
import { personByEmail } from '../people.ts';
import type { PlatformUser } from '../records.ts';
import type { Client } from '../scenario.ts';
import { stableId } from '../stable-id.ts';
import type { SimulatorState } from '../state.ts';
import { authenticateClient, grantedScopes } from './clients.ts';
import { formOf } from './form.ts';
import type { RefreshFamily, SignIn } from './identity-state.ts';
import { OAuthError } from './oauth-error.ts';
import { TOKEN_KEY_ID } from './signing-keys.ts';

interface Grant {
  client: Client;
  scopes: string[];
  signIn: SignIn;
  nonce: string | null;
  /** Of a refresh: the family to carry on. */
  family?: RefreshFamily;
}

function personOf(state: SimulatorState, signIn: SignIn): PlatformUser {
  const person = state.platformUsers.get(signIn.platformUserId);
  if (!person) throw new OAuthError('invalid_grant');
  return person;
}

/** Claims as measured (SALTO facts §1.3): `sub` is the identity subject, not the platform id. */
async function accessToken(state: SimulatorState, grant: Grant, person: PlatformUser, expiresIn: number): Promise<string> {
  const now = Math.floor(state.clock.now() / 1000);
  const local = grant.signIn.idp === 'local';
  return new SignJWT({
    scope: grant.scopes,
    client_id: grant.client.id,
    idp: grant.signIn.idp,
    amr: [local ? 'password' : 'external'],
    auth_time: Math.floor(grant.signIn.at / 1000),
    product_id: stableId('product', 'connect'),
    tenant_id: stableId('tenant', 'simulator'),
    identity_id: person.subject,
    skip_email: String(!local),
    [`profile_id_${stableId('product', 'connect')}`]: stableId('profile', person.subject),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: TOKEN_KEY_ID })
    .setIssuer(state.url)
    .setAudience('user_api')
    .setSubject(person.subject)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + expiresIn)
    .setJti(randomBytes(16).toString('hex').toUpperCase())
    .sign(state.keys.tokens.privateKey);
}

async function idToken(state: SimulatorState, grant: Grant, person: PlatformUser): Promise<string> {
  const now = Math.floor(state.clock.now() / 1000);
  const names = { given_name: person.firstName, family_name: person.lastName, name: `${person.firstName} ${person.lastName}` };
  return new SignJWT({
    idp: grant.signIn.idp,
    auth_time: Math.floor(grant.signIn.at / 1000),
    ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    ...(grant.scopes.includes('profile') ? names : {}),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: TOKEN_KEY_ID })
    .setIssuer(state.url)
    .setAudience(grant.client.id)
    .setSubject(person.subject)
    .setIssuedAt(now)
    .setExpirationTime(now + 300)
    .sign(state.keys.tokens.privateKey);
}

function refreshToken(state: SimulatorState, grant: Grant): string {
  const family = grant.family ?? { clientId: grant.client.id, scopes: grant.scopes, signIn: grant.signIn, revoked: false };
  const ttl = state.switches.read('refreshTokenTtlSeconds', { part: 'identity' });
  const token = randomBytes(32).toString('hex').toUpperCase();
  state.identity.refreshTokens.set(token, { family, used: false, expiresAt: ttl === null ? null : state.clock.now() + ttl * 1000 });
  return token;
}

async function tokensFor(state: SimulatorState, grant: Grant): Promise<Record<string, unknown>> {
  const person = personOf(state, grant.signIn);
  const expiresIn = state.switches.read('tokenTtlSeconds', { part: 'identity' });
  return {
    ...(grant.scopes.includes('openid') ? { id_token: await idToken(state, grant, person) } : {}),
    access_token: await accessToken(state, grant, person, expiresIn),
    expires_in: expiresIn,
    token_type: 'Bearer',
    ...(grant.scopes.includes('offline_access') ? { refresh_token: refreshToken(state, grant) } : {}),
    scope: grant.scopes.join(' '),
  };
}

/** A code is good once, for the client, address and verifier it was made for. */
function fromCode(state: SimulatorState, client: Client, form: URLSearchParams): Grant {
  const given = form.get('code') ?? '';
  const code = state.identity.codes.get(given);
  state.identity.codes.delete(given);
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  const fits =
    code !== undefined &&
    code.expiresAt > state.clock.now() &&
    code.request.client.id === client.id &&
    code.request.redirectUri === form.get('redirect_uri') &&
    (code.request.codeChallenge === null || code.request.codeChallenge === challenge);
  if (!fits) throw new OAuthError('invalid_grant');
  return { client, scopes: code.request.scopes, signIn: code.signIn, nonce: code.request.nonce };
}

/** Rotates: the token is good once. Shown a second time it takes its whole family along (switch `refreshReuse`). */
function fromRefreshToken(state: SimulatorState, client: Client, form: URLSearchParams): Grant {
  const token = state.identity.refreshTokens.get(form.get('refresh_token') ?? '');
  const live = token && token.family.clientId === client.id && !token.family.revoked;
  if (!live || (token.expiresAt !== null && token.expiresAt <= state.clock.now())) throw new OAuthError('invalid_grant');
  const reuse = state.switches.read('refreshReuse', { part: 'identity' });
  if (token.used && reuse !== 'accept') {
    if (reuse === 'revoke_family') token.family.revoked = true;
    throw new OAuthError('invalid_grant');
  }
  token.used = true;
  return { client, scopes: token.family.scopes, signIn: token.family.signIn, nonce: null, family: token.family };
}

function fromPassword(state: SimulatorState, client: Client, form: URLSearchParams): Grant {
  const person = personByEmail(state, form.get('username') ?? '');
  const scopes = grantedScopes(client, form.get('scope'));
  if (!person || person.password === null || person.password !== form.get('password')) {
    throw new OAuthError('invalid_grant', 'invalid_username_or_password');
  }
  return { client, scopes, signIn: { platformUserId: person.id, idp: 'local', at: state.clock.now() }, nonce: null };
}

function grantOf(state: SimulatorState, client: Client, form: URLSearchParams): Grant {
  const type = form.get('grant_type');
  if (type !== 'authorization_code' && type !== 'refresh_token' && type !== 'password') throw new OAuthError('unsupported_grant_type');
  if (!client.grantTypes.includes(type)) throw new OAuthError('unauthorized_client');
  if (type === 'authorization_code') return fromCode(state, client, form);
  return type === 'refresh_token' ? fromRefreshToken(state, client, form) : fromPassword(state, client, form);
}

/** POST /connect/token */
export async function token(state: SimulatorState, http: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  try {
    const form = formOf(http);
    const client = authenticateClient(state, http.headers.authorization, form);
    return reply.send(await tokensFor(state, grantOf(state, client, form)));
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return reply.code(400).send({ error: error.code, ...(error.message === '' ? {} : { error_description: error.message }) });
  }
}
