// npm run grow [-- --url URL --locations N --groups N --members N --rights N --ahead N --org ID]: fills a database with a large operator and
// prints what each table takes. Without --url: a database of its own in .latchkey/growth, removed afterwards.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { deploy } from '../../prisma/migrate.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { fill, LARGE, type Sizes } from './fill.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { url: text, org: text, locations: text, groups: text, members: text, rights: text, ahead: text },
});
const number = (value: string | undefined, otherwise: number): number => {
  const read = value === undefined ? otherwise : Number(value);
  if (!Number.isSafeInteger(read) || read < 1) throw new Error(`${value} is no whole number above zero.`);
  return read;
};
const sizes: Sizes = {
  org: values.org ?? LARGE.org,
  locations: number(values.locations, LARGE.locations),
  groupsPerLocation: number(values.groups, LARGE.groupsPerLocation),
  members: number(values.members, LARGE.members),
  rights: number(values.rights, LARGE.rights),
  ahead: number(values.ahead, LARGE.ahead),
};

if (values.url === undefined) await inOwnDatabase(show);
else await show(values.url);

async function inOwnDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const postgres = await startPostgres({ dir: resolve('.latchkey/growth/postgres') });
  try {
    await deploy(postgres.url('postgres'));
    await work(postgres.url('postgres'));
  } finally {
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
  }
}

async function show(url: string): Promise<void> {
  const from = performance.now();
  await fill(url, sizes);
  console.log(`Filled in ${((performance.now() - from) / 1_000).toFixed(0)} s.`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(`
      select relname as table, n_live_tup::int as rows, round(pg_table_size(relid) / 1e6, 1)::float8 as "table MB",
        round(pg_indexes_size(relid) / 1e6, 1)::float8 as "indexes MB",
        round(pg_total_relation_size(relid)::numeric / n_live_tup)::int as "bytes per row"
      from pg_stat_user_tables where schemaname = 'public' and n_live_tup > 0 order by pg_total_relation_size(relid) desc`);
    console.table(rows);
  } finally {
    await client.end();
  }
}
