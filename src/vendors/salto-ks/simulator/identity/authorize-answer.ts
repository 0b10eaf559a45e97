import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { escapeHtml, page } from '../html.ts';
import type { SimulatorState } from '../state.ts';
import { sessionCookie } from './cookies.ts';
import type { AuthorizeRequest, SignIn } from './identity-state.ts';

const CODE_LIFETIME_MS = 5 * 60_000;

export type AnswerTarget = Pick<AuthorizeRequest, 'redirectUri' | 'state' | 'responseMode'>;

/** Sends the browser back to the application; `iss` goes along with errors too, since discovery announces it. */
function answerApplication(state: SimulatorState, reply: FastifyReply, to: AnswerTarget, parameters: Record<string, string>): FastifyReply {
  const all = { ...parameters, ...(to.state === null ? {} : { state: to.state }), iss: state.url };
  if (to.responseMode === 'form_post') {
    const fields = Object.entries(all).map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`);
    const form = `<form method="post" action="${escapeHtml(to.redirectUri)}">${fields.join('')}<button>Continue</button></form>`;
    const body = `<body class="narrow" onload="document.forms[0].submit()">${form}</body>`;
    return reply.type('text/html; charset=utf-8').send(page('Back to the application', body));
  }
  const address = new URL(to.redirectUri);
  for (const [name, value] of Object.entries(all)) address.searchParams.set(name, value);
  return reply.redirect(address.toString(), 302);
}

export function answerError(state: SimulatorState, reply: FastifyReply, to: AnswerTarget, error: string, description = ''): FastifyReply {
  return answerApplication(state, reply, to, { error, ...(description === '' ? {} : { error_description: description }) });
}

export function answerCode(state: SimulatorState, reply: FastifyReply, request: AuthorizeRequest, signIn: SignIn): FastifyReply {
  const code = randomBytes(32).toString('hex').toUpperCase();
  state.identity.codes.set(code, { request, signIn, expiresAt: state.clock.now() + CODE_LIFETIME_MS });
  return answerApplication(state, reply, request, { code, scope: request.scopes.join(' ') });
}

/** Keeps the sign-in as the browser's session and answers the application. */
export function completeSignIn(state: SimulatorState, reply: FastifyReply, request: AuthorizeRequest, signIn: SignIn): FastifyReply {
  state.identity.requests.delete(request.id);
  const sessionId = randomUUID();
  state.identity.sessions.set(sessionId, signIn);
  reply.header('set-cookie', sessionCookie(sessionId));
  return answerCode(state, reply, request, signIn);
}

/** What cannot be told the application is told the person. */
export function answerErrorPage(reply: FastifyReply, sentence: string): FastifyReply {
  const body = `<body class="narrow"><h1>Something went wrong</h1><p>${escapeHtml(sentence)}</p></body>`;
  return reply.code(400).type('text/html; charset=utf-8').send(page('Error', body));
}
