import { PrismaPg } from '@prisma/adapter-pg';
import { graphql, type ExecutionResult } from 'graphql';
import pg from 'pg';
import type { Connection } from '../../src/adapters/prisma/connection.ts';
import { PrismaClient } from '../../src/adapters/prisma/generated/client.ts';
import { plainRead } from '../../src/adapters/prisma/plain-read.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import { createWebhookSender } from '../../src/adapters/webhooks/sender.ts';
import type { Caller } from '../../src/app/caller.ts';
import type { Deps } from '../../src/app/deps.ts';
import { createContext, type Context } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import { movableClock, type MovableClock } from '../support/clock.ts';
import { testDatabase } from '../support/database.ts';
import { soundingFeed, type SoundingFeed } from './sounding-feed.ts';

/** The database's clock judges some things, and cannot be moved: the tests' clock starts where that is, at a full minute. */
export const NOW = Math.floor(Date.now() / 60_000) * 60_000;

export interface World {
  readonly prisma: PrismaClient;
  readonly database: Pick<Connection, 'prisma' | 'readPlain'>;
  readonly pool: pg.Pool;
  readonly deps: Deps;
  readonly clock: MovableClock;
  readonly feed: SoundingFeed;
  contextOf(caller: Caller): Context;
  /** data alone: an answer with errors is thrown */
  ask(caller: Caller, document: string, variables?: Record<string, unknown>): Promise<Record<string, never>>;
  answer(caller: Caller, document: string, variables?: Record<string, unknown>): Promise<ExecutionResult>;
  /** the statements that the database got meanwhile, without BEGIN, COMMIT and the like */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

/** The schema over a database of its own, with a clock and a feed in the test's hands. */
export async function createWorld(): Promise<World> {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 4, options: '-c TimeZone=UTC' });
  // The database is dropped with whoever is still saying goodbye.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const heard: string[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (asked: string | { text: string }, ...rest: unknown[]) => unknown;
    const listening: typeof query = (asked, ...rest) => {
      heard.push(typeof asked === 'string' ? asked : asked.text);
      return query(asked, ...rest);
    };
    Object.assign(client, { query: listening });
  });
  const [clock, feed] = [movableClock(NOW), soundingFeed()];
  const deps: Deps = {
    store: createStore({ pool, secrets: openSecrets }),
    vendor: { signInUrl: () => Promise.resolve({ url: 'https://locks.example.com/consent', verifier: 'v' }) } as unknown as Deps['vendor'],
    jobs: { add: () => Promise.resolve(true) },
    feed,
    clock,
    secrets: openSecrets,
    webhooks: createWebhookSender({ allowHttp: false, allowPrivate: false }),
    log: silent,
    settings: { publicUrl: 'http://127.0.0.1', scheduleHorizonMs: 0, activityRetentionMs: null, operatorOrgIds: [], federated: false },
  };
  const reading = { prisma, readPlain: plainRead(pool) };
  const contextOf = (caller: Caller): Context => createContext({ deps, database: reading, caller, requestId: 'test' });
  const answer: World['answer'] = (caller, source, variableValues = {}) =>
    graphql({ schema, source, variableValues, contextValue: contextOf(caller) });
  return {
    prisma,
    database: reading,
    pool,
    deps,
    clock,
    feed,
    contextOf,
    answer,
    async ask(caller, document, variables) {
      const { data, errors } = await answer(caller, document, variables);
      if (errors) throw new Error(`${document}: ${String(errors[0])}`, { cause: errors[0]?.originalError });
      return data as Record<string, never>;
    },
    async statements(work) {
      heard.splice(0);
      await work();
      return heard.filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK|SET|DEALLOCATE)/i.test(sql));
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}

export function callerOf(kind: Caller['kind'], change: Partial<Caller> = {}): Caller {
  return {
    orgId: 'acme',
    kind,
    subject: kind,
    inMemberApp: kind === 'member',
    locationExternalIds: null,
    expiresAt: NOW + 3_600_000,
    ...change,
  };
}

/** Marks what was sealed and for which row, so that opening it elsewhere fails; hides nothing. */
const openSecrets: Secrets = {
  newId: () => crypto.randomUUID(),
  newToken: () => crypto.randomUUID(),
  hash: (value) => `hash of ${value}`,
  seal: (plain, boundTo) => `${boundTo}|${plain}`,
  open: (sealed, boundTo) => {
    if (!sealed.startsWith(`${boundTo}|`)) throw new Error('The seal is broken.');
    return sealed.slice(boundTo.length + 1);
  },
  isCurrent: () => true,
};

const nothing = (): void => undefined;
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };
