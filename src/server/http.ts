import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Deps } from '../app/deps.ts';
import type { OidcStore } from '../ports/oidc-store.ts';
import type { OperatorView } from '../ports/operator-view.ts';
import { BODY_LIMIT, createApp, PATIENCE, type Patience } from './app.ts';
import { mountCallbacks } from './callbacks.ts';
import { trackConnections } from './connections.ts';
import type { BoardQueue } from './board.ts';
import { createMaskError } from './errors.ts';
import { mountGraphql } from './graphql-route.ts';
import type { Probes } from './health.ts';
import { mountHealth } from './health.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import { measureState } from './metrics-of-state.ts';
import type { OidcClient } from './oidc.ts';
import type { RateLimit } from './rate-limit.ts';
import { createRateLimit, DEFAULT_RATE_LIMIT, STRANGER_RATE_LIMIT } from './rate-limit.ts';
import type { SignInVerbs } from './sign-in.ts';
import type { TokenRules } from './tokens.ts';
import { createVerifier } from './tokens.ts';
import { mountWebSocket } from './websocket.ts';
import type { Asked } from './yoga.ts';
import { createGraphql } from './yoga.ts';

export interface ServerConfig {
  host: string;
  /** 0: a free one */
  port: number;
  /** without a trailing slash */
  publicUrl: string;
  production: boolean;
  jwt: TokenRules;
  operatorOrgIds: readonly string[] | 'any';
  mobileClientIds: readonly string[];
  /** where a member's sign-in that succeeded ends; without it at a page */
  memberAppDeepLink?: string | undefined;
  /** the lock maker's identity server as our client: without it there is no OpenID provider */
  idp?: OidcClient | undefined;
  rateLimit?: RateLimit | undefined;
  strangerRateLimit?: RateLimit | undefined;
  /** whose word on a client's address is taken; none: that of whoever connects */
  trustedProxies?: readonly string[] | undefined;
  patience?: Patience | undefined;
}

export interface ServerParts<Database> {
  config: ServerConfig;
  deps: Deps;
  database: Database;
  schema: GraphQLSchema;
  createContext(of: { deps: Deps; database: Database } & Asked): object;
  freshCaches: () => object;
  signIn: SignInVerbs;
  queues: readonly BoardQueue[];
  probes: Probes;
  oidcStore: OidcStore;
  operatorView: OperatorView;
  /** made by the caller where others count too, e.g. calls to the lock provider */
  metrics?: Metrics;
}

export interface RunningServer {
  /** where it listens, which behind a proxy is not the public address */
  url: string;
  port: number;
  /** takes nothing new, finishes what is asked, ends streams and sockets; resolves when the last connection is gone, after 5 s at most */
  close(): Promise<void>;
}

const CLOSE_PATIENCE_MS = 5_000;

export async function startServer<Database>(parts: ServerParts<Database>): Promise<RunningServer> {
  const { config, deps } = parts;
  const { clock, log } = deps;
  const metrics = parts.metrics ?? createMetrics();
  const mask = createMaskError(log);
  const verify = createVerifier({ rules: config.jwt, mobileClientIds: config.mobileClientIds, clock });
  const takeTurn = createRateLimit(config.rateLimit ?? DEFAULT_RATE_LIMIT, () => clock.now());
  const takeStrangersTurn = createRateLimit(config.strangerRateLimit ?? STRANGER_RATE_LIMIT, () => clock.now());
  const { schema, freshCaches } = parts;
  const makeContext = (asked: Asked) => parts.createContext({ deps, database: parts.database, ...asked });
  const yoga = await createGraphql({ schema, makeContext, freshCaches, production: config.production, clock, mask, metrics });

  let closing = false;
  const secure = config.publicUrl.startsWith('https:');
  const { trustedProxies = [], patience = PATIENCE } = config;
  const app = createApp({ log, metrics, secure, trustedProxies, takeStrangersTurn, patience });
  const connections = trackConnections(app.server);
  const { production, publicUrl } = config;
  await mountGraphql(app, { yoga, verify, takeTurn, takeStrangersTurn, log, production, publicUrl });
  const sockets = mountWebSocket(app.server, { yoga, verify, takeTurn, clock, log, mask, maxPayload: BODY_LIMIT, patience: patience.init });
  mountCallbacks(app, { publicUrl, verbs: parts.signIn });
  mountHealth(app, { probes: parts.probes, log, closing: () => closing });
  metrics.countSockets(sockets.count);
  measureState(metrics.registry, { queues: parts.queues, view: parts.operatorView, clock, log });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
  await mountOidc(app, parts);
  if (parts.queues.length > 0) {
    const { mountDashboard } = await import('./dashboard.ts');
    const { operatorOrgIds } = config;
    await mountDashboard(app, { queues: parts.queues, view: parts.operatorView, verify, clock, log, operatorOrgIds, publicUrl });
  }
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;

  const close = async () => {
    closing = true;
    const late = setTimeout(() => app.server.closeAllConnections(), CLOSE_PATIENCE_MS);
    await sockets.close();
    connections.endStreams();
    connections.dropIdle();
    await app.close();
    clearTimeout(late);
  };
  let closed: Promise<void> | undefined;
  return { url: `http://${urlHost(config.host)}:${port}`, port, close: () => (closed ??= close()) };
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The provider's library takes half a second and 40 MB to load: only where it is used. */
async function mountOidc<Database>(app: FastifyInstance, { config, deps, signIn, oidcStore }: ServerParts<Database>): Promise<void> {
  if (!config.idp) return;
  const { createOidc } = await import('./oidc.ts');
  const { publicUrl } = config;
  const handle = await createOidc({ publicUrl, client: config.idp, store: oidcStore, redeem: signIn.redeemTicket, log: deps.log });
  await app.register((scope) => {
    scope.removeAllContentTypeParsers();
    // It reads the body itself, and no more than 56 kB of it.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.all('/oidc/*', async (request, reply) => {
      reply.hijack();
      await handle(request.raw, reply.raw);
    });
    return Promise.resolve();
  });
}
