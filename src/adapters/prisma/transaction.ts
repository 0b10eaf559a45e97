import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Instant } from '../../core/time.ts';
import { executor, sql } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

const TRIES = 5;
const LONGEST_WAIT_MS = 50;

/** What another transaction's commit makes pass: serialization failure, deadlock, two inserts of one thing. */
const CONFLICTS: readonly (string | null)[] = ['40001', '40P01', '23505'];

const LOCK_NOT_AVAILABLE = '55P03';

/** The SQLSTATE of an error of the database's, null when it is none. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

/** What runs in a transaction: its statements, and the database's clock at its start. */
type Work<T> = (within: Executor, now: Instant) => Promise<T>;

/** How long a transaction may take unless said, in milliseconds. */
const USUALLY_WITHIN_MS = 20_000;

/**
 * One transaction, READ COMMITTED as every session is, run again when the database refuses it for a conflict with another. The last refusal
 * is thrown as it came.
 */
export async function inTransaction<T>(pool: pg.Pool, work: Work<T>, withinMs = USUALLY_WITHIN_MS): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await oneTransaction(pool, work, withinMs);
    } catch (error) {
      if (tries === TRIES || !CONFLICTS.includes(sqlState(error))) throw error;
      // Two that collided must not meet again at the same pace.
      await wait(Math.random() * LONGEST_WAIT_MS * tries);
    }
  }
}

/** The same, run once whatever happens. */
export async function oneTransaction<T>(pool: pg.Pool, work: Work<T>, withinMs: number): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const now = await begin(client, withinMs);
    const answer = await work(endingAfter(withinMs, executor(client)), now);
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** All of it in one message. A statement that waits for a lock is ended by the database, and so is a session that does nothing for so long. */
async function begin(client: pg.PoolClient, withinMs: number): Promise<Instant> {
  const answers = (await client.query(
    `begin; set local statement_timeout = ${withinMs};
     set local idle_in_transaction_session_timeout = ${withinMs}; select now()`,
  )) as unknown as pg.QueryResult<{ now: Date }>[];
  const now = answers.at(-1)?.rows[0]?.now;
  if (now === undefined) throw new Error('The database did not tell its time.');
  return now.getTime();
}

/** Many short statements may not hold locks for ever either: PostgreSQL limits the whole of a transaction from 17 on only. */
function endingAfter(withinMs: number, executor: Executor): Executor {
  const until = performance.now() + withinMs;
  const inTime = (): void => {
    if (performance.now() > until) throw new Error(`A transaction took longer than ${withinMs} ms.`);
  };
  return {
    rows: async <Row>(statement: Sql) => {
      inTime();
      return executor.rows<Row>(statement);
    },
    count: async (statement) => {
      inTime();
      return executor.count(statement);
    },
  };
}

/** A savepoint within the transaction: what `work` throws undoes what it wrote, and is thrown on. */
export async function attempt<T>(executor: Executor, work: () => Promise<T>): Promise<T> {
  await executor.count(sql`savepoint attempt`);
  try {
    const answer = await work();
    await executor.count(sql`release savepoint attempt`);
    return answer;
  } catch (error) {
    await executor.count(sql`rollback to savepoint attempt`);
    await executor.count(sql`release savepoint attempt`);
    throw error;
  }
}
