import * as oidc from 'openid-client';
import type { Instant } from '../../core/time.ts';
import type { LockVendor, ProviderAnswer, ProviderProblem, ProviderTokens, SignInRequest } from '../../ports/lock-vendor.ts';
import { redact, type Http, type HttpAnswer, type HttpReply } from '../http.ts';
import type { SaltoKsConfig } from './config.ts';

type Auth = Pick<LockVendor, 'signInUrl' | 'redeem' | 'refresh'>;
type Grant = 'sign-in' | 'refresh';

const SCOPE = 'openid profile user_api.full_access offline_access';
const LIFETIME_WHERE_UNTOLD_SECONDS = 3_600;
const CLOCKS_DIFFER_BY_SECONDS = 60;
/** Longer than any call is given: ours are bounded by the HTTP client, which knows what a time-out means. */
const LIBRARY_TIMEOUT_SECONDS = 120;

/** What the token endpoint answered, beside what the library makes of it. Undefined: nothing was asked. */
interface Trace {
  reply?: HttpReply;
}

/**
 * Sign-in at SALTO's identity server. Its addresses are fixed, so that no discovery has to succeed first.
 * A token's refusal is told apart from an outage by status and body: the server once answered 404 to everything (SALTO facts §1.3).
 */
export function createAuth(config: SaltoKsConfig, http: Http, now: () => Instant): Auth {
  const configuration = (trace: Trace) => configurationOf(config, http, now, trace);

  const tokens = async (grant: Grant, ask: (settings: oidc.Configuration) => Promise<Granted>): Promise<ProviderAnswer<ProviderTokens>> => {
    const trace: Trace = {};
    const askedAt = now();
    try {
      return { ok: true, value: tokensFrom(await ask(configuration(trace)), askedAt) };
    } catch (error) {
      return { ok: false, problem: problemOf(grant, error, trace) };
    }
  };

  return {
    async signInUrl(request) {
      const verifier = oidc.randomPKCECodeVerifier();
      const url = oidc.buildAuthorizationUrl(configuration({}), {
        redirect_uri: request.redirectUri,
        scope: SCOPE,
        state: request.state,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...federation(request, config.idpHint),
      });
      return { url: url.href, verifier };
    },
    redeem({ callbackUrl, redirectUri, state, verifier }) {
      return tokens('sign-in', (settings) => {
        // The address the browser came back to may be another one than was registered, behind a proxy; what it carries is what counts.
        const answer = new URL(redirectUri);
        answer.search = new URL(callbackUrl).search;
        return oidc.authorizationCodeGrant(settings, answer, { pkceCodeVerifier: verifier, expectedState: state });
      });
    },
    refresh(refreshToken) {
      return tokens('refresh', (settings) => oidc.refreshTokenGrant(settings, refreshToken));
    },
  };
}

/** `prompt=login` is a must: without it SALTO answers with whoever happens to be signed in there. */
function federation(request: SignInRequest, hint: string | undefined): Record<string, string> {
  if (!request.federated) return {};
  if (hint === undefined) return { prompt: 'login' };
  return { prompt: 'login', acr_values: `idp:${hint}`, ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }) };
}

function configurationOf(config: SaltoKsConfig, http: Http, now: () => Instant, trace: Trace): oidc.Configuration {
  const { identityUrl, clientId, clientSecret } = config;
  const server = {
    issuer: identityUrl,
    authorization_endpoint: `${identityUrl}/connect/authorize`,
    token_endpoint: `${identityUrl}/connect/token`,
  };
  // The library judges tokens by the machine's clock, unless it is told how far ours is from that.
  const client = { [oidc.clockTolerance]: CLOCKS_DIFFER_BY_SECONDS, [oidc.clockSkew]: Math.round((now() - Date.now()) / 1_000) };
  const settings = new oidc.Configuration(server, clientId, client, clientSecret ? oidc.ClientSecretPost(clientSecret) : oidc.None());
  settings.timeout = LIBRARY_TIMEOUT_SECONDS;
  settings[oidc.customFetch] = tracedFetch(http, trace);
  if (identityUrl.startsWith('http:')) oidc.allowInsecureRequests(settings);
  return settings;
}

function tracedFetch(http: Http, trace: Trace): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    // Neither bounded nor paused per connection: all connections share the identity server, and none shall wait for another.
    const request = { method, url: new URL(url), route: '/connect/token', headers };
    const reply = await http.send(null, body instanceof URLSearchParams ? { ...request, body: body.toString() } : request);
    trace.reply = reply;
    if (!reply.ok) throw new TypeError(reply.why);
    const { status } = reply;
    const bodiless = status === 204 || status === 205 || status === 304;
    return new Response(bodiless ? null : reply.text, { status, headers: { 'content-type': reply.headers.get('content-type') ?? '' } });
  };
}

type Granted = Pick<Awaited<ReturnType<typeof oidc.refreshTokenGrant>>, 'access_token' | 'refresh_token' | 'expires_in'>;

function tokensFrom(granted: Granted, askedAt: Instant): ProviderTokens {
  return {
    accessToken: granted.access_token,
    refreshToken: granted.refresh_token ?? null,
    expiresAt: askedAt + (granted.expires_in ?? LIFETIME_WHERE_UNTOLD_SECONDS) * 1_000,
  };
}

function problemOf(grant: Grant, error: unknown, { reply }: Trace): ProviderProblem {
  if (error instanceof oidc.AuthorizationResponseError) return { kind: 'refused', why: `SALTO KS sign-in refused: ${redact(error.error)}` };
  if (reply === undefined) return { kind: 'refused', why: 'the answer of the sign-in does not belong to its start' };
  const asked = `SALTO KS ${grant}`;
  if (!reply.ok) {
    const why = `${asked}: ${reply.why}`;
    return reply.how === 'not-sent' ? { kind: 'unavailable', why, retryAt: reply.retryAt } : { kind: 'unsure', why };
  }
  return problemIn(grant, asked, reply);
}

/** Statuses behind which the token may have been exchanged all the same: our side of a gateway saw nothing of it. */
const LOST_BEHIND_GATEWAY = new Set([502, 504]);

function problemIn(grant: Grant, asked: string, answer: HttpAnswer): ProviderProblem {
  const { status, retryAt } = answer;
  const word = oauthErrorIn(answer.text);
  const why = `${asked}: HTTP ${status}${word ? ` ${redact(word)}` : ''}`;
  if (status < 300 || LOST_BEHIND_GATEWAY.has(status)) return { kind: 'unsure', why: `${why}, an answer that was not understood` };
  if (status === 429 || status >= 500 || word === null) return { kind: 'unavailable', why, retryAt };
  if (word === 'invalid_grant' && grant === 'refresh') return { kind: 'needs-reauthorization', why };
  return { kind: 'refused', why };
}

/** The `error` of an OAuth error body; null for anything else, such as the page of a server that is out. */
function oauthErrorIn(text: string): string | null {
  try {
    const said: unknown = JSON.parse(text);
    const word = typeof said === 'object' && said !== null && 'error' in said ? said.error : null;
    return typeof word === 'string' ? word : null;
  } catch {
    return null;
  }
}
