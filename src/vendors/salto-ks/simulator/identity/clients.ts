import { timingSafeEqual } from 'node:crypto';
import type { Client } from '../scenario.ts';
import type { SimulatorState } from '../state.ts';
import { OAuthError } from './oauth-error.ts';

const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])):\*(\/.*)?$/;

/** Exact, except that an asterisk stands for any port of a loopback host. */
function isRegistered(registered: string[], wanted: string): boolean {
  return registered.some((pattern) => {
    const loopback = LOOPBACK.exec(pattern);
    if (!loopback) return pattern === wanted;
    const [, origin = '', path = ''] = loopback;
    const port = /^:\d{1,5}/.exec(wanted.slice(origin.length))?.[0];
    return port !== undefined && wanted === `${origin}${port}${path}`;
  });
}

export function mayRedirectTo(client: Client, uri: string): boolean {
  return isRegistered(client.redirectUris, uri);
}

export function mayReturnAfterLogout(client: Client, uri: string): boolean {
  return isRegistered(client.postLogoutRedirectUris, uri);
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function credentialsOf(authorization: string | undefined, form: URLSearchParams): { id: string; secret: string | null } {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') };
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) };
}

/** Client id and secret by Basic or in the form. @throws OAuthError invalid_client */
export function authenticateClient(state: SimulatorState, authorization: string | undefined, form: URLSearchParams): Client {
  const { id, secret } = credentialsOf(authorization, form);
  const client = state.identity.clients.get(id);
  if (!client || (client.secret !== undefined && !same(client.secret, secret ?? ''))) throw new OAuthError('invalid_client');
  return client;
}

/** @throws OAuthError invalid_scope */
export function grantedScopes(client: Client, wanted: string | null): string[] {
  const scopes = wanted === null || wanted === '' ? client.scopes : wanted.split(/\s+/).filter(Boolean);
  if (scopes.some((scope) => !client.scopes.includes(scope))) throw new OAuthError('invalid_scope');
  return scopes;
}
