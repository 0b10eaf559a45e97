import { createQueues } from './adapters/bullmq/queues.ts';
import { systemClock } from './adapters/clock.ts';
import { createSecrets } from './adapters/crypto/secrets.ts';
import { databaseClock } from './adapters/database-clock.ts';
import { createLocalFeed } from './adapters/feed-local.ts';
import { createLogger } from './adapters/logger.ts';
import { connect } from './adapters/prisma/connection.ts';
import { createOidcStore } from './adapters/prisma/oidc-store.ts';
import { createOperatorView } from './adapters/prisma/operator-view.ts';
import { createStore } from './adapters/prisma/store.ts';
import { createRedisFeed } from './adapters/redis/feed.ts';
import { createWebhookSender } from './adapters/webhooks/sender.ts';
import type { Deps } from './app/deps.ts';
import type { Config } from './config.ts';
import type { Feed } from './ports/feed.ts';
import type { Logger } from './ports/logger.ts';
import { vendors, type ObservedCall } from './vendors/index.ts';

export interface ComposeOptions {
  role: 'api' | 'worker' | 'both';
  log?: Logger;
  /** told of each call to the lock provider */
  onProviderCall?: (call: ObservedCall) => void;
}

/**
 * A worker's groups that fall due at one instant write to the same pages, and PostgreSQL spends more on keeping their transactions apart than
 * on writing (docs/results/notes.md). Three connections may be held by refreshes of tokens; as many are left for work.
 */
const POOL_SIZE = { api: 20, worker: 6, both: 30 };

/** The only place where adapters meet ports. */
export async function compose(config: Config, options: ComposeOptions) {
  const clock = systemClock;
  const log = options.log ?? createLogger({ level: config.logLevel });
  const secrets = createSecrets(config.encryptionKeys);
  const database = connect(config.databaseUrl, {
    poolSize: POOL_SIZE[options.role],
    onError: (error) => log.warn({ error: error.message }, 'a database connection broke'),
  });
  const stored = createStore({ pool: database.pool, secrets });
  const databaseTime = databaseClock(clock, () => stored.now());
  const store = { ...stored, now: databaseTime.ask };
  const backend = config.redisUrl === undefined ? { databaseUrl: config.databaseUrl, schema: 'bullmq' } : { redisUrl: config.redisUrl };
  const queues = await createQueues({ backend, clock: databaseTime, log });
  const feed = createFeed(config.redisUrl, log);
  const vendor = vendors.SALTO_KS.create(config.saltoKs, {
    now: databaseTime.now,
    ...(options.onProviderCall === undefined ? {} : { observe: options.onProviderCall }),
  });
  const { publicUrl, scheduleHorizonMs, activityRetentionMs, operatorOrgIds } = config;
  const deps: Deps = {
    store,
    vendor,
    jobs: queues.jobQueue,
    feed,
    clock,
    secrets,
    webhooks: createWebhookSender(config.webhooks),
    log,
    settings: { publicUrl, scheduleHorizonMs, activityRetentionMs, operatorOrgIds, federated: config.idp !== undefined },
  };
  return {
    deps,
    database,
    queues,
    oidcStore: createOidcStore({ prisma: database.prisma, secrets }),
    operatorView: createOperatorView({ pool: database.pool }),
    probes: { database: () => store.ping(), queue: () => queues.ping(), feed: () => feed.ping() },
    async close(): Promise<void> {
      await queues.close();
      feed.close();
      await database.close();
    },
  };
}

export type Composed = Awaited<ReturnType<typeof compose>>;

/** Without Redis live events stay within the process, which answers for itself. */
function createFeed(redisUrl: string | undefined, log: Logger): Feed & { ping(): Promise<void>; close(): void } {
  if (redisUrl !== undefined) return createRedisFeed({ redisUrl, log });
  return { ...createLocalFeed(log), ping: () => Promise.resolve(), close: () => undefined };
}
