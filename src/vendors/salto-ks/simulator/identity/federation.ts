import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { personByEmail, sitesOf } from '../people.ts';
import type { Partner } from '../scenario.ts';
import type { SimulatorState } from '../state.ts';
import { answerError, answerErrorPage, completeSignIn } from './authorize-answer.ts';
import { cookieOf } from './cookies.ts';
import { formOf } from './form.ts';
import type { AuthorizeRequest, Federation } from './identity-state.ts';

const TIMEOUT_MS = 10_000;
export const PARTNER_RETURN_PATH = '/signin-partner';

const endpointsSchema = z.object({
  issuer: z.string().optional(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string().optional(),
  jwks_uri: z.string().optional(),
});
type Endpoints = z.output<typeof endpointsSchema>;
const tokensSchema = z.object({ access_token: z.string(), id_token: z.string().optional() });
const personSchema = z.object({ email: z.string().optional() });

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the partner answered ${response.status} at ${new URL(url).pathname}`);
  return response.json();
}

/** Looked up at each sign-in, so that the partner may start later or move. */
async function endpointsOf(partner: Partner): Promise<Endpoints> {
  const found = partner.issuer === undefined ? {} : await ask(`${partner.issuer}/.well-known/openid-configuration`);
  return endpointsSchema.parse({
    ...z.record(z.string(), z.unknown()).parse(found),
    ...(partner.authorizationEndpoint === undefined ? {} : { authorization_endpoint: partner.authorizationEndpoint }),
    ...(partner.tokenEndpoint === undefined ? {} : { token_endpoint: partner.tokenEndpoint }),
    ...(partner.userinfoEndpoint === undefined ? {} : { userinfo_endpoint: partner.userinfoEndpoint }),
  });
}

function refuse(state: SimulatorState, reply: FastifyReply, request: AuthorizeRequest, error: string, why: string): FastifyReply {
  if (state.switches.read('federationErrors', { part: 'identity' }) === 'page') return answerErrorPage(reply, why);
  return answerError(state, reply, request, error, why);
}

const correlationCookie = (flowState: string) => `corr_${flowState.slice(0, 12)}`;

/** 302 to the partner's provider, which is to say who the person is. */
export async function leaveForPartner(
  state: SimulatorState,
  reply: FastifyReply,
  request: AuthorizeRequest,
  partner: Partner,
): Promise<FastifyReply> {
  let endpoints: Endpoints;
  try {
    endpoints = await endpointsOf(partner);
  } catch {
    return refuse(state, reply, request, 'temporarily_unavailable', "the partner's sign-in cannot be reached");
  }
  const random = () => randomBytes(32).toString('base64url');
  const flow: Federation = { request, partner, verifier: random(), nonce: random() };
  const flowState = random();
  state.identity.federations.set(flowState, flow);
  const to = new URL(endpoints.authorization_endpoint);
  const forwarded = state.switches.read('forwardLoginHint', { part: 'identity' }) ? request.loginHint : null;
  const parameters = {
    client_id: partner.clientId,
    redirect_uri: `${state.url}${PARTNER_RETURN_PATH}`,
    response_type: 'code',
    response_mode: partner.responseMode,
    scope: 'openid profile email',
    state: flowState,
    nonce: flow.nonce,
    code_challenge: createHash('sha256').update(flow.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(forwarded === null ? {} : { login_hint: forwarded }),
  };
  for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
  const cookie = `${correlationCookie(flowState)}=1; Path=${PARTNER_RETURN_PATH}; HttpOnly; SameSite=Lax; Max-Age=900`;
  return reply.header('set-cookie', cookie).redirect(to.toString(), 302);
}

/** Code for tokens, server to server; the e-mail address from the id token, else from userinfo. */
async function emailFromPartner(state: SimulatorState, flow: Federation, code: string): Promise<string | undefined> {
  const { partner } = flow;
  const endpoints = await endpointsOf(partner);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${state.url}${PARTNER_RETURN_PATH}`,
    code_verifier: flow.verifier,
    client_id: partner.clientId,
    client_secret: partner.clientSecret,
  });
  const tokens = tokensSchema.parse(await ask(endpoints.token_endpoint, { method: 'POST', body: form }));
  if (tokens.id_token !== undefined && endpoints.jwks_uri !== undefined) {
    const keys = createRemoteJWKSet(new URL(endpoints.jwks_uri), { timeoutDuration: TIMEOUT_MS });
    const issuer = endpoints.issuer === undefined ? {} : { issuer: endpoints.issuer };
    const { payload } = await jwtVerify(tokens.id_token, keys, { audience: partner.clientId, ...issuer });
    if (payload['nonce'] !== flow.nonce) throw new Error("the partner's id token has another nonce");
    const email = personSchema.parse(payload).email;
    if (email !== undefined) return email;
  }
  if (endpoints.userinfo_endpoint === undefined) return undefined;
  const authorization = `Bearer ${tokens.access_token}`;
  return personSchema.parse(await ask(endpoints.userinfo_endpoint, { headers: { authorization } })).email;
}

/** GET or POST /signin-partner: only people created at some site before are let in; nobody is created here (SALTO facts §1.4). */
export async function returnFromPartner(state: SimulatorState, http: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const given = http.method === 'POST' ? formOf(http) : new URL(http.url, state.url).searchParams;
  const flowState = given.get('state') ?? '';
  const flow = state.identity.federations.get(flowState);
  state.identity.federations.delete(flowState);
  const needsCookie = state.switches.read('correlationCookie', { part: 'identity' }) && http.method === 'GET';
  const correlated = !needsCookie || cookieOf(http.headers.cookie, correlationCookie(flowState)) === '1';
  if (!flow || !correlated) return answerErrorPage(reply, 'Correlation failed.');
  const { request, partner } = flow;
  const partnerError = given.get('error');
  if (partnerError !== null) {
    return refuse(state, reply, request, 'access_denied', `the partner refused: ${given.get('error_description') ?? partnerError}`);
  }
  let email: string | undefined;
  try {
    email = await emailFromPartner(state, flow, given.get('code') ?? '');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return refuse(state, reply, request, 'access_denied', `sign-in at the partner failed: ${why}`);
  }
  const user = email === undefined ? undefined : personByEmail(state, email);
  if (!user || sitesOf(state, user.id).length === 0) {
    return refuse(state, reply, request, 'access_denied', 'this person is not known at any site');
  }
  user.hasProfile = true;
  return completeSignIn(state, reply, request, { platformUserId: user.id, idp: partner.hint, at: state.clock.now() });
}
