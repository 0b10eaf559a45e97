import { afterAll } from 'vitest';
import { connect, type Connection } from '../../src/adapters/prisma/connection.ts';
import { startSimulator, type Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import { resetEverything } from '../../src/vendors/salto-ks/simulator/start-state.ts';
import { testDatabase } from '../support/database.ts';
import { moveClockOf, type MovedClock } from './moved-clock.ts';

/** What is dear to start, once for each test file. */
interface Stage {
  connection: Connection;
  simulator: Simulator;
  clock: MovedClock;
  /** SQL that removes every row */
  empty: string;
  close(): Promise<void>;
}

let stage: Promise<Stage> | undefined;

afterAll(async () => {
  await (await stage)?.close();
});

/** Nobody and nothing is there, and it is `start`. */
export async function emptyStage(start: number): Promise<Stage> {
  stage ??= setUp(start);
  const { connection, simulator, clock, empty } = await stage;
  await clock.move(start);
  await connection.pool.query(empty);
  resetEverything(simulator.state);
  return stage;
}

async function setUp(start: number): Promise<Stage> {
  const database = await testDatabase();
  const clock = await moveClockOf(database.url, start);
  const connection = connect(database.url);
  const simulator = await startSimulator({ now: clock.now });
  // Deleting the few rows there are is ten times as fast as truncating; without the foreign keys' triggers the order does not matter.
  const { rows } = await connection.pool.query<{ empty: string }>(`
    select 'set session_replication_role = replica; ' || string_agg('delete from ' || quote_ident(tablename), '; ')
      || '; reset session_replication_role' as empty
    from pg_tables where schemaname = 'public' and tablename not like '\\_%'`);
  return {
    ...{ connection, simulator, clock, empty: rows[0]?.empty ?? '' },
    async close() {
      await Promise.all([simulator.close(), connection.close(), clock.close()]);
      await database.drop();
    },
  };
}
