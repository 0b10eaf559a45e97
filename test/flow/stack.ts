import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createLogger } from '../../src/adapters/logger.ts';
import type { Deps } from '../../src/app/deps.ts';
import { compose, type Composed } from '../../src/compose.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { claimsOf, signToken } from '../../src/dev/token.ts';
import type { RunningServer } from '../../src/server/http.ts';
import { createMetrics, type Metrics } from '../../src/server/metrics.ts';
import { serve } from '../../src/server/serve.ts';
import { harbour } from '../../src/vendors/salto-ks/simulator/scenario.ts';
import { startSimulator, type Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import { startWorkers } from '../../workers/start.ts';
import { testDatabase } from '../support/database.ts';
import { startRedis } from '../support/redis.ts';
import { startFront, type Front } from './front.ts';

export interface StackOptions {
  /** queues and live events over a Redis of its own; else in the database and within the process, which allows one API and worker */
  redis?: boolean;
  apis?: 1 | 2;
  workers?: 0 | 1 | 2;
  /** SALTO's identity server asks our OpenID provider; else members sign in at SALTO themselves */
  federated?: boolean;
  /** variables beside those that every stack has */
  environment?: Record<string, string>;
  /** which API answers a path of the public address */
  route?: (path: string) => number;
}

/** What all processes of a deployment share, and their environment. */
export interface Services {
  simulator: Simulator;
  front: Front;
  databaseUrl: string;
  redisUrl: string | undefined;
  environment: Record<string, string | undefined>;
  /** rows of a statement, over a connection of the test's own */
  sql<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The whole product in this process, over real sockets. */
export interface TestStack extends Services {
  /** where each API listens */
  apis: string[];
  /** of the first API: to add a job, or to announce */
  deps: Deps;
  /** as the dashboard has them */
  queues: Composed['queues']['queues'];
  /** everything that was logged at any level */
  logged(): string;
}

export const SECRET = 'a secret of the tests, of enough characters';

/** A token as the platform's identity provider gives them: `tokenFor('--role', 'member', '--org', 'a', '--sub', 'mia')`. */
export const tokenFor = (...args: string[]): Promise<string> => signToken(claimsOf(args, {}, Date.now()), SECRET);

/** Database, Redis, simulator and public address; nothing of ours runs yet. */
export async function startServices(options: StackOptions = {}): Promise<Services> {
  const closers: (() => Promise<unknown>)[] = [];
  const database = await testDatabase();
  closers.push(database.drop);
  const redis = options.redis === true ? await startRedis() : null;
  if (redis !== null) closers.push(redis.stop);
  const front = await startFront(options.route ?? (() => 0));
  closers.push(front.close);
  const scenario = harbour();
  const partners = scenario.partners.map((partner) => ({ ...partner, issuer: `${front.url}/oidc` }));
  const simulator = await startSimulator({ scenario: { ...scenario, partners } });
  closers.push(() => simulator.close());
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  closers.push(() => client.end());
  return {
    simulator,
    front,
    databaseUrl: database.url,
    redisUrl: redis?.url,
    environment: {
      ...environmentOf({ databaseUrl: database.url, redisUrl: redis?.url, front, simulator, federated: options.federated ?? true }),
      ...options.environment,
    },
    sql: async <Row extends object>(statement: string, values: unknown[] = []) => (await client.query<Row>(statement, values)).rows,
    close: async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    },
  };
}

export async function startTestStack(options: StackOptions = {}): Promise<TestStack> {
  const services = await startServices(options);
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const config = readConfig(services.environment);
  const closers: (() => Promise<unknown>)[] = [services.close];
  const apis = await times(options.apis ?? 1, () => startApi(config, log));
  closers.push(
    ...apis.map(
      ({ composed }) =>
        () =>
          composed.close(),
    ),
    ...apis.map(
      ({ server }) =>
        () =>
          server.close(),
    ),
  );
  services.front.targets.push(...apis.map(({ server }) => server.url));
  const [first] = apis as [Api];
  for (let count = options.workers ?? 1; count > 0; count -= 1) {
    // Without Redis live events stay in the process: worker and API share what they are made of.
    const composed = options.redis === true ? await compose(config, { role: 'worker', log }) : first.composed;
    if (composed !== first.composed) closers.push(() => composed.close());
    const workers = startWorkers({ deps: composed.deps, queues: composed.queues, log, observe: first.metrics.observeJob });
    closers.push(() => workers.close());
  }
  return {
    ...services,
    apis: apis.map(({ server }) => server.url),
    deps: first.composed.deps,
    queues: first.composed.queues.queues,
    logged: () => lines.join(''),
    close: async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    },
  };
}

interface Api {
  composed: Composed;
  server: RunningServer;
  metrics: Metrics;
}

async function startApi(config: Config, log: Deps['log']): Promise<Api> {
  const metrics = createMetrics();
  const composed = await compose(config, {
    role: 'api',
    log,
    onProviderCall: ({ outcome, ms }) => metrics.observeProviderCall({ provider: 'SALTO_KS', outcome: String(outcome), milliseconds: ms }),
  });
  const { deps, database, queues, probes, oidcStore, operatorView } = composed;
  const server = await serve({ config, deps, database, queues: queues.queues, probes, oidcStore, operatorView, metrics });
  return { composed, server, metrics };
}

async function times<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

/** What a process of ours is told of where it runs. */
export function environmentOf(of: Pick<Services, 'databaseUrl' | 'redisUrl' | 'front' | 'simulator'> & { federated: boolean }) {
  const { databaseUrl, redisUrl, front, simulator, federated } = of;
  const [partner] = harbour().partners;
  const [client] = harbour().clients;
  return {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PORT: '0',
    PUBLIC_URL: front.url,
    JWT_SECRET: SECRET,
    ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    SALTO_KS_API_URL: simulator.url,
    SALTO_KS_IDENTITY_URL: simulator.url,
    SALTO_KS_CLIENT_ID: client?.id,
    SALTO_KS_CLIENT_SECRET: client?.secret,
    ...(federated
      ? {
          SALTO_KS_IDP_CLIENT_ID: partner?.clientId,
          SALTO_KS_IDP_CLIENT_SECRET: partner?.clientSecret,
          SALTO_KS_IDP_REDIRECT_URI: `${simulator.url}/signin-partner`,
          SALTO_KS_IDP_HINT: partner?.hint,
        }
      : {}),
  };
}
