import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../app/caller.ts';
import type { Logger } from '../ports/logger.ts';
import { errorBody, told } from './errors.ts';
import { networkOf, type TakeTurn } from './rate-limit.ts';
import { consentCookie, newConsentCookie } from './sign-in.ts';
import type { VerifyToken } from './tokens.ts';
import { bearer, KeysUnavailable, NO_TOKEN } from './tokens.ts';
import type { Yoga } from './yoga.ts';

export interface GraphqlRouteOptions {
  yoga: Yoga;
  verify: VerifyToken;
  takeTurn: TakeTurn;
  /** one turn of an address whose token is none */
  takeStrangersTurn: TakeTurn;
  log: Logger;
  /** the GraphiQL page is read without a token */
  production: boolean;
  /** without a trailing slash */
  publicUrl: string;
}

const BLANK = Buffer.from(' ');

/**
 * GraphQL over HTTP and server-sent events at /graphql. Who asks is settled before the body is read: strangers cost next to nothing.
 * Fastify reads the body (its limit is 413, other media types are 415), Yoga parses it and writes the raw answer, event by event.
 */
export async function mountGraphql(app: FastifyInstance, options: GraphqlRouteOptions): Promise<void> {
  const callers = new WeakMap<FastifyRequest, Caller>();
  await app.register((scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      // For an empty one Yoga would wait at the request itself, which has been read. A blank is no JSON either.
      Object.assign(request.raw, { body: body.length === 0 ? BLANK : body });
      done(null, body);
    });
    scope.setErrorHandler((error: FastifyError, _request, reply) => answerError(reply, error, options.log));
    scope.addHook('onRequest', async (request, reply) => {
      if (!options.production && wantsPage(request)) return undefined;
      const verdict = await judge(request, options);
      if ('caller' in verdict) {
        callers.set(request, verdict.caller);
        return undefined;
      }
      return answer(reply, verdict.status, verdict.code, verdict.reason, verdict.headers);
    });
    scope.route({
      url: '/graphql',
      method: ['GET', 'POST', 'OPTIONS'],
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        reply.hijack();
        reply.raw.setHeader('cache-control', 'no-store');
        const caller = callers.get(request) ?? null;
        const browserCookie = browserOf(request, reply, caller, options.publicUrl);
        await options.yoga(request.raw, reply.raw, { caller, requestId: request.id, browserCookie });
      },
    });
    return Promise.resolve();
  });
}

/**
 * What binds a consent to the browser it is started in (C2). An administrator's browser that asks from a page of our own origin, where the
 * consent will come back to, is given it when it has none. Whoever else asks has no browser here, or one that will not bring it back.
 */
function browserOf(request: FastifyRequest, reply: FastifyReply, caller: Caller | null, publicUrl: string): string | null {
  const known = consentCookie(request.headers.cookie);
  if (known !== null || caller?.kind !== 'admin' || request.headers.origin !== new URL(publicUrl).origin) return known;
  const { value, header } = newConsentCookie(publicUrl);
  reply.raw.setHeader('set-cookie', header);
  return value;
}

type Judged = { caller: Caller } | { status: number; code: string; reason: string; headers: Record<string, string> };

async function judge(request: FastifyRequest, { verify, takeTurn, takeStrangersTurn }: GraphqlRouteOptions): Promise<Judged> {
  const token = bearer(request.headers.authorization);
  const verdict = token ? await verify(token) : null;
  if (!token || !verdict?.ok) {
    const strangersWait = takeStrangersTurn(networkOf(request.ip));
    if (strangersWait > 0) return tooMany(strangersWait, 'from this address');
    const reason = verdict && !verdict.ok ? verdict.reason : NO_TOKEN;
    return { status: 401, code: 'UNAUTHENTICATED', reason, headers: { 'www-authenticate': 'Bearer' } };
  }
  const wait = takeTurn(token);
  return wait === 0 ? { caller: verdict.caller } : tooMany(wait, 'with this token');
}

function tooMany(wait: number, whose: string): Judged {
  const reason = `Too many requests ${whose}. Wait a moment and try again.`;
  return { status: 429, code: 'RATE_LIMITED', reason, headers: { 'retry-after': String(Math.ceil(wait / 1000)) } };
}

/** As the server's GraphiQL page judges it too. */
function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

function answerError(reply: FastifyReply, error: FastifyError, log: Logger): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return answer(reply, status, 'BAD_REQUEST', error.message);
  const errorId = reply.request.id;
  log.error({ errorId, ...told(error) }, 'unexpected error');
  if (error instanceof KeysUnavailable) {
    return answer(reply, 503, 'INTERNAL_SERVER_ERROR', error.message, { 'retry-after': '5' }, { errorId });
  }
  return answer(reply, 500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, { errorId });
}

function answer(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  extensions: Record<string, unknown> = {},
): FastifyReply {
  const type = (reply.request.headers.accept ?? '').includes('application/graphql-response+json') ? 'graphql-response+json' : 'json';
  return reply
    .code(status)
    .headers({ ...headers, 'cache-control': 'no-store' })
    .type(`application/${type}; charset=utf-8`)
    .send(JSON.stringify(errorBody(code, message, extensions)));
}
