import pg from 'pg';
import { movableClock, type MovableClock } from '../support/clock.ts';

/** A clock that database, provider and process share. It stands still until it is set. */
export interface MovedClock extends MovableClock {
  move(to: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * From now on every new connection to the database finds functions of the test's own under the names of the clock: a schema that is
 * searched before PostgreSQL's. No statement has to know of it.
 */
export async function moveClockOf(databaseUrl: string, start: number): Promise<MovedClock> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    create schema moved;
    create table moved.clock (at timestamptz not null);
    insert into moved.clock values (to_timestamp(${start / 1000}));
    create function moved.now() returns timestamptz language sql stable as 'select at from moved.clock';
    create function moved.clock_timestamp() returns timestamptz language sql stable as 'select at from moved.clock';`);
  const name = new URL(databaseUrl).pathname.slice(1);
  await client.query(`alter database ${name} set search_path = moved, pg_catalog, public`);
  const clock = movableClock(start);
  return {
    ...clock,
    async move(to) {
      await client.query('update moved.clock set at = to_timestamp($1)', [to / 1000]);
      clock.set(to);
    },
    close: () => client.end(),
  };
}
