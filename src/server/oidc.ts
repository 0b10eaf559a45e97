import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import Provider, { errors, interactionPolicy } from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Logger } from '../ports/logger.ts';
import type { OidcStore } from '../ports/oidc-store.ts';
import { told } from './errors.ts';
import { forgetful, oidcAdapter } from './oidc-adapter.ts';
import { ticketsIn } from './sign-in.ts';
import type { SignInVerbs } from './sign-in.ts';

/** The lock maker's identity server, as the one client of our OpenID provider. */
export interface OidcClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

export interface OidcOptions {
  publicUrl: string;
  client: OidcClient;
  store: OidcStore;
  redeem: SignInVerbs['redeemTicket'];
  log: Logger;
}

export type HandleOidc = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const SCOPES = ['openid', 'email', 'profile'];
const SCOPE = SCOPES.join(' ');
const LIFE_SECONDS = { AccessToken: 60, AuthorizationCode: 30, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 };

/**
 * Our OpenID provider below /oidc (K3): signs in whoever brings a one-time ticket, with no page and no action of theirs, for one registered
 * client. It keeps no session, so that every sign-in needs a ticket of its own.
 */
export async function createOidc(options: OidcOptions): Promise<HandleOidc> {
  const { publicUrl, log } = options;
  const provider = new Provider(`${publicUrl}/oidc`, await configuration(options));
  provider.proxy = true;
  provider.on('server_error', (_context, error) => log.error(told(error), 'the OpenID provider failed'));
  provider.on('authorization.error', (_context, error) => log.info({ error: error.error }, 'a sign-in was refused'));
  provider.on('grant.error', (_context, error) => log.info({ error: error.error }, 'a code was refused'));
  const { host, protocol } = new URL(publicUrl);
  const handle = provider.callback();
  return (request, response) => {
    // Links in answers are built from these headers: they come from the configured address, whatever a proxy or a client says.
    request.headers.host = request.headers['x-forwarded-host'] = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    const originalUrl = request.url ?? '';
    const url = originalUrl.slice('/oidc'.length) || '/';
    return handle(Object.assign(request, { originalUrl, url }), response);
  };
}

async function configuration(options: OidcOptions): Promise<Configuration> {
  const { client, store } = options;
  return {
    adapter: (model) => (model === 'Session' ? forgetful : oidcAdapter(model, store)),
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [await signingKey(store)] },
    // No session is ever found again, so no other process has to be able to read a cookie of this one.
    cookies: { keys: [randomBytes(32).toString('base64url')], long: COOKIE, short: COOKIE },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    pkce: { methods: ['S256'], required: () => false },
    scopes: SCOPES,
    allowOmittingSingleRegisteredRedirectUri: false,
    claims: {
      // E-mail is told for `scope=openid` too: what the other side asks for is not in our hands.
      openid: ['sub', 'email', 'email_verified'],
      email: ['email', 'email_verified'],
      profile: ['given_name', 'family_name', 'name'],
    },
    conformIdTokenClaims: false,
    expiresWithSession: () => false,
    issueRefreshToken: () => Promise.resolve(false),
    clientBasedCORS: () => false,
    ttl: LIFE_SECONDS,
    findAccount: async (_context, memberId, token) => {
      const account = await findAccount(store, memberId);
      // Removed after the ticket was made. Where a token is looked at, the library refuses by itself.
      if (!account && !token) throw new errors.AccessDenied(undefined, 'no such member');
      return account;
    },
    loadExistingGrant,
    interactions: { policy: ticketPolicy(), url: () => '/never' },
    // A validator of an extra parameter runs for every authorization request, before the account is looked up.
    extraParams: { ticket: (context) => signInByTicket(context, options.redeem) },
    renderError: (context, out) => {
      context.type = 'text/plain';
      context.body = `Sign-in failed: ${out.error}`;
    },
  };
}

const COOKIE = { signed: true, httpOnly: true, sameSite: 'lax' } as const;

/** Where the identity server passes the hint on, no cookie is needed and two people in one browser are told apart: the hint goes first. */
async function signInByTicket(context: KoaContextWithOIDC, redeem: SignInVerbs['redeemTicket']): Promise<void> {
  const hint = context.oidc.params?.['login_hint'];
  const hinted = typeof hint === 'string' ? await redeem({ tickets: [hint] }) : null;
  const cookies = ticketsIn(context.get('cookie'));
  const found = hinted ?? (cookies.length > 0 ? await redeem({ tickets: cookies }) : null);
  if (!found) throw new errors.AccessDenied(undefined, 'no usable ticket');
  context.oidc.session?.loginAccount({ accountId: found.memberId, transient: true });
}

/** Whoever has no account by now has no ticket; consent was given when the member asked for the key. */
function ticketPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const login = policy.get('login');
  login?.checks.clear();
  login?.checks.add(
    new interactionPolicy.Check('ticket', 'a one-time ticket is needed', 'login_required', (context) => !context.oidc.session?.accountId),
  );
  policy.remove('consent');
  return policy;
}

const loadExistingGrant: Configuration['loadExistingGrant'] = async ({ oidc }) => {
  if (!oidc.account || !oidc.client) return undefined;
  const grant = new oidc.provider.Grant({ accountId: oidc.account.accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
};

async function findAccount(store: OidcStore, memberId: string) {
  const person = await store.person(memberId);
  if (!person) return undefined;
  const { email, firstName, lastName } = person;
  const names = { given_name: firstName, family_name: lastName, name: `${firstName} ${lastName}` };
  return { accountId: memberId, claims: () => ({ sub: memberId, email, email_verified: true, ...names }) };
}

/** RS256: the one algorithm that every identity server verifies. */
async function signingKey(store: OidcStore): Promise<JWK> {
  const key = await store.signingKey(async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' });
  });
  return JSON.parse(key) as JWK;
}
