import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { personByEmail } from '../people.ts';
import type { Client } from '../scenario.ts';
import type { SimulatorState } from '../state.ts';
import { answerCode, answerError, answerErrorPage, completeSignIn, type AnswerTarget } from './authorize-answer.ts';
import { grantedScopes, mayRedirectTo } from './clients.ts';
import { cookieOf, SESSION_COOKIE } from './cookies.ts';
import { leaveForPartner } from './federation.ts';
import { formOf } from './form.ts';
import type { AuthorizeRequest } from './identity-state.ts';
import { OAuthError } from './oauth-error.ts';
import { signInPage } from './sign-in-page.ts';

/** @throws OAuthError: what the application did wrong */
function checkedRequest(client: Client, target: AnswerTarget, given: URLSearchParams): AuthorizeRequest {
  if (given.get('response_type') !== 'code') throw new OAuthError('unsupported_response_type');
  if (!client.grantTypes.includes('authorization_code')) throw new OAuthError('unauthorized_client');
  const codeChallenge = given.get('code_challenge');
  if (codeChallenge === null && client.secret === undefined) throw new OAuthError('invalid_request', 'code challenge required');
  if (codeChallenge !== null && given.get('code_challenge_method') !== 'S256') {
    throw new OAuthError('invalid_request', 'transform algorithm not supported');
  }
  return {
    ...target,
    id: randomUUID(),
    client,
    scopes: grantedScopes(client, given.get('scope')),
    nonce: given.get('nonce'),
    codeChallenge,
    loginHint: given.get('login_hint'),
  };
}

function partnerWanted(state: SimulatorState, given: URLSearchParams) {
  const hint = /(?:^|\s)idp:(\S+)/.exec(given.get('acr_values') ?? '')?.[1];
  return hint === undefined ? undefined : state.identity.partners.get(hint);
}

/** GET or POST /connect/authorize. A client or redirect that is not registered gets a page, never a redirect. */
export async function authorize(state: SimulatorState, http: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const given = http.method === 'POST' ? formOf(http) : new URL(http.url, state.url).searchParams;
  const client = state.identity.clients.get(given.get('client_id') ?? '');
  const redirectUri = given.get('redirect_uri') ?? '';
  if (!client) return answerErrorPage(reply, 'unauthorized_client: this application is not registered');
  if (!mayRedirectTo(client, redirectUri)) return answerErrorPage(reply, 'invalid_request: this redirect address is not registered');
  const responseMode = given.get('response_mode') === 'form_post' ? 'form_post' : 'query';
  const target: AnswerTarget = { redirectUri, state: given.get('state'), responseMode };

  let request: AuthorizeRequest;
  try {
    request = checkedRequest(client, target, given);
  } catch (error) {
    if (error instanceof OAuthError) return answerError(state, reply, target, error.code, error.message);
    throw error;
  }

  const prompts = (given.get('prompt') ?? '').split(' ');
  const session = state.identity.sessions.get(cookieOf(http.headers.cookie, SESSION_COOKIE) ?? '');
  const askAgain = ['login', 'select_account', 'consent'].some((prompt) => prompts.includes(prompt));
  // A session answers whoever asks, even for a partner's person: the reason why `prompt=login` is needed.
  if (session && !askAgain) return answerCode(state, reply, request, session);
  if (prompts.includes('none')) return answerError(state, reply, target, 'login_required');

  const partner = partnerWanted(state, given);
  if (partner) return leaveForPartner(state, reply, request, partner);
  state.identity.requests.set(request.id, request);
  return reply.type('text/html; charset=utf-8').send(signInPage(state, request, null));
}

/** The form of the sign-in page. */
export async function signIn(state: SimulatorState, http: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(http);
  const request = state.identity.requests.get(form.get('request') ?? '');
  if (!request) return answerErrorPage(reply, 'This sign-in was already answered, or never asked for.');
  if (form.get('decision') !== 'allow') {
    state.identity.requests.delete(request.id);
    return answerError(state, reply, request, 'access_denied');
  }
  const user = personByEmail(state, form.get('email') ?? '');
  if (!user || user.password === null || user.password !== form.get('password')) {
    return reply.type('text/html; charset=utf-8').send(signInPage(state, request, 'Invalid username or password'));
  }
  return completeSignIn(state, reply, request, { platformUserId: user.id, idp: 'local', at: state.clock.now() });
}
