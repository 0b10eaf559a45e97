import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datamodel, deploy, sqlBetween, status, unmigrated } from '../../prisma/migrate.ts';
import { emptyDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let migrated: TestDatabase;
let described: TestDatabase;

beforeAll(async () => {
  [migrated, described] = await Promise.all([emptyDatabase(), emptyDatabase()]);
});

afterAll(async () => {
  await Promise.all([migrated.drop(), described.drop()]);
});

/** What schema.prisma can say about a database, a line each. */
const CATALOGUE = `
  select format('column %s.%s %s%s default %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end, coalesce(pg_get_expr(d.adbin, d.adrelid), '-')) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  union all
  select format('index %s', indexdef) from pg_indexes where schemaname = 'public'
  union all
  select format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f')
  union all
  select format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder))
    from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname`;

async function query(url: string, sql: string): Promise<{ line: string }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<{ line: string }>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}

async function catalogue(url: string): Promise<string[]> {
  const rows = await query(url, CATALOGUE);
  return rows.map((row) => row.line).filter((line) => !line.includes('_prisma_migrations'));
}

test('everything schema.prisma describes is in a database that the migrations made', async () => {
  const applied = await deploy(migrated.url);
  expect(applied.length).toBeGreaterThan(0);
  await query(described.url, await sqlBetween(null, datamodel()));
  const [byMigrations, bySchema] = await Promise.all([catalogue(migrated.url), catalogue(described.url)]);
  expect(bySchema.length).toBeGreaterThan(100);
  const made = new Set(byMigrations);
  expect(bySchema.filter((line) => !made.has(line))).toEqual([]);
  // The migrations may add what Prisma cannot express (partial indexes, checks, functions), but no table or column it does not know.
  const columns = new Set(bySchema.filter((line) => line.startsWith('column')));
  expect(byMigrations.filter((line) => line.startsWith('column') && !columns.has(line))).toEqual([]);
});

test('the comparison sees an index that is missing', async () => {
  const database = await emptyDatabase();
  try {
    await query(database.url, await sqlBetween(null, datamodel()));
    const before = await catalogue(database.url);
    const [index] = await query(
      database.url,
      `select indexname as line from pg_indexes where schemaname = 'public' and indexdef not like '%UNIQUE%' order by 1 limit 1`,
    );
    await query(database.url, `drop index "${index?.line}"`);
    const after = new Set(await catalogue(database.url));
    expect(before.filter((line) => !after.has(line))).toEqual([
      expect.stringContaining(`index CREATE INDEX ${JSON.stringify(index?.line)}`),
    ]);
  } finally {
    await database.drop();
  }
});

test('the last migration was written from schema.prisma as it is', async () => {
  expect(await unmigrated()).toBe('');
});

/** What takes away, or asks for, something that a process of the release before does not know of. */
const BREAKS_THE_RELEASE_BEFORE = /\bDROP (TABLE|COLUMN|TYPE)\b|\bRENAME\b|\bSET NOT NULL\b|\bALTER COLUMN \S+ (SET DATA )?TYPE\b/i;
const NEW_COLUMN = /\bADD COLUMN\b[^,;]*/gi;

test('migrations only add, so that processes of the release before work on while they are replaced one by one', async () => {
  const folder = new URL('../../prisma/migrations/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
  for (const name of names.slice(1)) {
    const sql = (await readFile(new URL(`${name}/migration.sql`, folder), 'utf8')).replace(/^\s*--.*$/gm, '');
    expect({ name, breaks: BREAKS_THE_RELEASE_BEFORE.exec(sql)?.[0] }).toEqual({ name, breaks: undefined });
    const demanding = (sql.match(NEW_COLUMN) ?? []).filter((column) => /NOT NULL/i.test(column) && !/DEFAULT/i.test(column));
    expect({ name, demanding }).toEqual({ name, demanding: [] });
  }
});

test('several deployments of one database at once apply each migration once', async () => {
  const database = await emptyDatabase();
  try {
    const applied = await Promise.all([deploy(database.url), deploy(database.url), deploy(database.url)]);
    const names = applied.flat();
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(await status(database.url)).toMatchObject({ ok: true, editedMigrationNames: [], failedMigrationNames: [] });
  } finally {
    await database.drop();
  }
});
