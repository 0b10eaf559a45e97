import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { fill, type Sizes } from '../../bench/growth/fill.ts';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { connect, type Connection } from '../../src/adapters/prisma/connection.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import type { Store } from '../../src/ports/store.ts';
import { testDatabase } from '../support/database.ts';
import { listenTo, type Ear } from './explained.ts';

/** An operator that has been at work for two years, and the store over its database. */
export interface Grown {
  readonly org: string;
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly store: Store;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** what PostgreSQL did for each statement of the work */
  explained: Ear['explained'];
  close(): Promise<void>;
}

export async function grown(sizes: Omit<Sizes, 'org'>): Promise<Grown> {
  const org = 'grown';
  const database = await testDatabase();
  await fill(database.url, { org, ...sizes });
  await likeOnFlash(database.url);
  const connection = connect(database.url);
  const secrets = createSecrets([randomBytes(32)]);
  const { explained } = listenTo(connection.pool);
  return {
    org,
    connection,
    secrets,
    store: createStore({ pool: connection.pool, secrets }),
    sql: async <Row>(text: string, values: unknown[] = []) => (await connection.pool.query(text, values)).rows as Row[],
    explained,
    async close() {
      await connection.close();
      await database.drop();
    },
  };
}

/** The planner's view of a disk without moving parts (docs/capacity.md): what a page costs does not depend on where it lies. */
async function likeOnFlash(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`alter database ${new URL(databaseUrl).pathname.slice(1)} set random_page_cost = 1.1`);
  await client.end();
}
