import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { fill } from '../../bench/growth/fill.ts';
import type { Sizes } from '../../bench/growth/sizes.ts';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { connect, type Connection } from '../../src/adapters/prisma/connection.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import type { Store } from '../../src/ports/store.ts';
import { testDatabase } from '../support/database.ts';
import { listenTo, makeTell, type Explained } from './explained.ts';

/** An operator that has been at work for two years, and the store over its database. */
export interface Grown {
  readonly org: string;
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly store: Store;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** what PostgreSQL did for each statement of the work */
  explained(work: () => Promise<unknown>): Promise<Explained[]>;
}

export interface GrownDatabase {
  /** one more process, whose statements are planned as told */
  open(plans: Parameters<typeof makeTell>[2]): Promise<Grown>;
  close(): Promise<void>;
}

export async function grownDatabase(sizes: Omit<Sizes, 'org'>): Promise<GrownDatabase> {
  const org = 'grown';
  const database = await testDatabase();
  await fill(database.url, { org, ...sizes });
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const connections: Connection[] = [];
  return {
    async open(plans) {
      await makeTell(admin, new URL(database.url).pathname.slice(1), plans);
      const connection = connect(database.url);
      connections.push(connection);
      const secrets = createSecrets([randomBytes(32)]);
      return {
        ...{ org, connection, secrets },
        explained: listenTo(connection.pool),
        store: createStore({ pool: connection.pool, secrets }),
        sql: async <Row>(text: string, values: unknown[] = []) => (await admin.query(text, values)).rows as Row[],
      };
    },
    async close() {
      await Promise.all([...connections.map((connection) => connection.close()), admin.end()]);
      await database.drop();
    },
  };
}
