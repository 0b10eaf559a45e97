import pg from 'pg';
import { lockSide } from './lock-side.ts';
import { reasons } from './reasons.ts';
import { workspace } from './workspace.ts';

/** How large an operator is. */
export interface Sizes {
  /** the organisation's id; a database may hold several */
  org: string;
  locations: number;
  groupsPerLocation: number;
  members: number;
  /** access rights, of subscriptions and of a year of bookings; a few per cent more or less */
  rights: number;
  /** bookings within the thirty days to come, among those */
  ahead: number;
}

/** A large operator: some 200 locations, 200,000 people and 1,000,000 rights. */
export const LARGE: Sizes = { org: 'large', locations: 200, groupsPerLocation: 6, members: 200_000, rights: 1_000_000, ahead: 60_000 };

/**
 * Fills a migrated database with an operator who has been at work for two years, as the product would have left it at this instant:
 * `test/adapters/grown.test.ts` compares. One transaction of set-based statements; the same sizes give the same proportions, not the same
 * rows. The user must be a superuser: foreign keys are not checked row by row.
 */
export async function fill(databaseUrl: string, sizes: Sizes): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    await client.query('begin');
    for (const setting of [
      `session_replication_role = replica`,
      `work_mem = '256MB'`,
      'synchronous_commit = off',
      'jit = off',
      `maintenance_work_mem = '256MB'`,
    ]) {
      await client.query(`set local ${setting}`);
    }
    await client.query('select setseed(0.5)');
    const indexes = await dropIndexes(client);
    for (const statement of [...workspace(sizes), ...reasons(sizes), ...lockSide(sizes)]) {
      await client.query(statement);
      if (statement.startsWith('create temp table')) await client.query(`analyze ${statement.split(' ')[3] ?? ''}`);
    }
    for (const definition of indexes) await client.query(definition);
    await client.query('commit');
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Indexes made once everything is there take a fraction of the time. Their definitions. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select quote_ident(c.relname) as name, pg_get_indexdef(c.oid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and not i.indisprimary`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
