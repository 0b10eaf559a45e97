import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { page } from '../html.ts';
import type { SimulatorState } from '../state.ts';
import { authorize, signIn } from './authorize.ts';
import { mayReturnAfterLogout } from './clients.ts';
import { cookieOf, endedSessionCookie, SESSION_COOKIE } from './cookies.ts';
import { PARTNER_RETURN_PATH, returnFromPartner } from './federation.ts';
import { readForms } from './form.ts';
import { SIGN_IN_PATH } from './sign-in-page.ts';
import { token } from './token.ts';

const JWKS_PATH = '/.well-known/openid-configuration/jwks';

function discovery(state: SimulatorState): Record<string, unknown> {
  return {
    issuer: state.url,
    jwks_uri: `${state.url}${JWKS_PATH}`,
    authorization_endpoint: `${state.url}/connect/authorize`,
    token_endpoint: `${state.url}/connect/token`,
    end_session_endpoint: `${state.url}/connect/endsession`,
    scopes_supported: ['openid', 'profile', 'user_api.full_access', 'offline_access'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'password'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** GET /connect/endsession: forgets the browser's session. */
function endSession(state: SimulatorState, http: FastifyRequest, reply: FastifyReply): FastifyReply {
  state.identity.sessions.delete(cookieOf(http.headers.cookie, SESSION_COOKIE) ?? '');
  reply.header('set-cookie', endedSessionCookie());
  const given = new URL(http.url, state.url).searchParams;
  const to = given.get('post_logout_redirect_uri');
  if (to !== null && [...state.identity.clients.values()].some((client) => mayReturnAfterLogout(client, to))) {
    const address = new URL(to);
    const back = given.get('state');
    if (back !== null) address.searchParams.set('state', back);
    return reply.redirect(address.toString(), 302);
  }
  return reply.type('text/html; charset=utf-8').send(page('Signed out', '<body class="narrow"><h1>You are signed out</h1></body>'));
}

/** The OpenID Connect side (SALTO facts §1). */
export function registerIdentityServer(app: FastifyInstance, state: SimulatorState): void {
  readForms(app);
  app.get('/.well-known/openid-configuration', () => discovery(state));
  app.get(JWKS_PATH, () => ({ keys: [state.keys.tokens.jwk] }));
  app.route({ method: ['GET', 'POST'], url: '/connect/authorize', handler: (http, reply) => authorize(state, http, reply) });
  app.post(SIGN_IN_PATH, (http, reply) => signIn(state, http, reply));
  app.route({ method: ['GET', 'POST'], url: PARTNER_RETURN_PATH, handler: (http, reply) => returnFromPartner(state, http, reply) });
  app.post('/connect/token', (http, reply) => token(state, http, reply));
  app.get('/connect/endsession', (http, reply) => endSession(state, http, reply));
}
