import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../ports/logger.ts';
import { isEventStream } from './connections.ts';
import { told } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { networkOf, type TakeTurn } from './rate-limit.ts';

/** Of a request's body and of a socket's message, in bytes. */
export const BODY_LIMIT = 256 * 1024;

/** How long a client may take to say what it wants, in milliseconds: all of it, its headers, and on a socket who it is. */
export interface Patience {
  request: number;
  headers: number;
  init: number;
}

export const PATIENCE: Patience = { request: 30_000, headers: 10_000, init: 3_000 };

export interface AppOptions {
  log: Logger;
  metrics: Metrics;
  /** browsers reach us by https only */
  secure: boolean;
  /** the addresses of proxies that tell us whom they speak for */
  trustedProxies: readonly string[];
  /** one turn of an address */
  takeStrangersTurn: TakeTurn;
  patience: Patience;
}

/** The server without routes: request ids, one log line and one measurement per answer, and errors that tell strangers nothing. */
export function createApp({ log, metrics, secure, trustedProxies, takeStrangersTurn, patience }: AppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: patience.request,
    http: { headersTimeout: patience.headers, connectionsCheckingInterval: patience.headers / 2 },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
  });
  const always = Object.entries(secure ? { ...HARDENED, ...HTTPS_ONLY } : HARDENED);
  app.addHook('onRequest', (request, reply, done) => {
    // On the raw answer, which those who write it themselves use too.
    reply.raw.setHeader('x-request-id', request.id);
    for (const [name, value] of always) reply.raw.setHeader(name, value);
    const from = performance.now();
    reply.raw.once('close', () => account(request, reply, performance.now() - from, log, metrics));
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? '';
    // At /graphql whoever has a good token is no stranger, however many share an address.
    const wait = route === '/graphql' || QUIET_ROUTES.has(route) ? 0 : takeStrangersTurn(networkOf(request.ip));
    if (wait === 0) return done();
    return reply
      .code(429)
      .header('retry-after', String(Math.ceil(wait / 1000)))
      .send({ error: 'Too many requests from this address. Wait a moment and try again.' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'There is nothing at this address.' }));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: error.message });
    log.error({ errorId: request.id, ...told(error) }, 'unexpected error');
    return reply.code(500).send({ error: 'Unexpected error.', errorId: request.id });
  });
  return app;
}

/** Nothing of ours is to be shown inside another site, or read by one. */
const HARDENED = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cross-origin-resource-policy': 'same-origin' };
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

/** A caller's own id is kept where it is a harmless one, so that its log and ours tell the same story. */
function requestId(offered: string | string[] | undefined): string {
  return typeof offered === 'string' && /^[\w.:-]{1,100}$/.test(offered) ? offered : randomUUID();
}

/** Asked every few seconds by machines. */
const QUIET_ROUTES = new Set(['/healthz', '/readyz', '/metrics']);
/** nginx's number for a client that went away first */
const GONE = 499;

/** Tells the route and never the address: that may hold tickets and codes. */
function account(request: FastifyRequest, reply: FastifyReply, took: number, log: Logger, metrics: Metrics): void {
  const { method, id } = request;
  const route = request.routeOptions.url ?? 'none';
  const isStream = isEventStream(reply.raw);
  const status = reply.raw.writableFinished || isStream ? reply.raw.statusCode : GONE;
  const milliseconds = Math.round(took * 10) / 10;
  if (!isStream) metrics.observeRequest({ method, route, status, milliseconds });
  const fields = { requestId: id, method, route, status, milliseconds };
  if (QUIET_ROUTES.has(route)) log.debug(fields, 'request');
  else log.info(fields, 'request');
}
