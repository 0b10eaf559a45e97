// Migrations without Prisma's command line, whose engine is a download:
//   deploy       apply prisma/migrations to DATABASE_URL (also without any argument)
//   status       exit 1 unless everything is applied, unedited and unfailed
//   diff NAME    write the migration that leads from the last datamodel to schema.prisma
//   check        exit 1 when schema.prisma has changes that no migration carries
//   retry NAME   mark a failed migration as rolled back, so that `deploy` runs it again
// The folder stays in Prisma's own form: where its engine can be downloaded, `npx prisma migrate …` works on it too.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ApplyMigrationsInput,
  DiagnoseMigrationHistoryOutput,
  DiffParams,
  DiffTarget,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { withDatabase, withoutDatabase } from './schema-engine.ts';

const root = projectRoot(import.meta.dirname);
const migrations = join(root, 'prisma/migrations');
const snapshot = join(migrations, 'schema.snapshot.prisma');
const lockfile = join(migrations, 'migration_lock.toml');
const filters = { externalTables: [], externalEnums: [] };

/** The compiled file lies one folder deeper than the source, and may be started from anywhere. */
function projectRoot(from: string): string {
  return existsSync(join(from, 'prisma/schema.prisma')) ? from : projectRoot(dirname(from));
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The text of prisma/schema.prisma. */
export function datamodel(): string {
  return readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
}

function migrationsList(): ApplyMigrationsInput['migrationsList'] {
  const entries = existsSync(migrations) ? readdirSync(migrations, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrations,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: readIfThere(lockfile) },
    migrationDirectories: names.sort().map((name) => {
      const value = readFileSync(join(migrations, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
    }),
  };
}

/** Applies what is missing in the database and answers its names. Any number may run at once: one applies, the others wait for it. */
export async function deploy(url: string): Promise<string[]> {
  const waiting = new pg.Client({ connectionString: url });
  await waiting.connect();
  try {
    // The engine's own lock gives up after ten seconds; this one waits. Its number must be another than the engine's.
    await waiting.query(`select pg_advisory_lock(hashtext('latchkey migrate'))`);
    const applied = await withDatabase(url, datamodel(), (engine) => engine.applyMigrations({ migrationsList: migrationsList(), filters }));
    return applied.appliedMigrationNames;
  } finally {
    await waiting.end();
  }
}

export interface MigrationStatus extends DiagnoseMigrationHistoryOutput {
  /** Everything is applied, nothing was edited since, nothing failed. */
  readonly ok: boolean;
}

export async function status(url: string): Promise<MigrationStatus> {
  const input = { migrationsList: migrationsList(), optInToShadowDatabase: false, filters };
  const found = await withDatabase(url, datamodel(), (engine) => engine.diagnoseMigrationHistory(input));
  const ok = !found.history && found.editedMigrationNames.length + found.failedMigrationNames.length === 0;
  return { ...found, ok };
}

/** The SQL that leads from one datamodel (null: an empty database) to another; '' when they are the same. */
export async function sqlBetween(from: string | null, to: string): Promise<string> {
  const input = {
    from: from === null ? ({ tag: 'empty' } as const) : target(from),
    to: target(to),
    script: true,
    exitCode: true,
    filters,
    shadowDatabaseUrl: null,
  };
  const result = await withoutDatabase(datamodel(), (engine) => engine.diff(input as DiffParams));
  const differs = 2; // the engine's exit code for it
  return result.exitCode === differs ? (result.stdout ?? '') : '';
}

function target(content: string): DiffTarget {
  return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] };
}

/** The SQL of what schema.prisma says and no migration carries; '' when there is none. Needs no database. */
export function unmigrated(): Promise<string> {
  return sqlBetween(readIfThere(snapshot), datamodel());
}

/** Writes a migration for what `unmigrated` finds and answers its folder, or undefined when there is nothing to write. */
export async function diff(name: string): Promise<string | undefined> {
  const sql = await unmigrated();
  if (!sql) return undefined;
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(migrations, `${timestamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  writeFileSync(snapshot, datamodel());
  if (!existsSync(lockfile)) writeFileSync(lockfile, '# Please do not edit this file manually\nprovider = "postgresql"\n');
  return folder;
}

/** Lets a migration that failed run again at the next `deploy`. */
export async function retry(url: string, name: string): Promise<void> {
  await withDatabase(url, datamodel(), (engine) => engine.markMigrationRolledBack({ migrationName: name }));
}

interface Outcome {
  readonly ok: boolean;
  readonly text: string;
}

function databaseUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('DATABASE_URL is not set: it names the PostgreSQL database to migrate.');
  return url;
}

const commands: Record<string, (name: string) => Promise<Outcome>> = {
  async deploy() {
    const applied = await deploy(databaseUrl());
    const lines = applied.map((name) => `applied ${name}`);
    return { ok: true, text: lines.join('\n') || 'nothing to apply' };
  },
  async status() {
    const found = await status(databaseUrl());
    return { ok: found.ok, text: JSON.stringify(found, null, 2) };
  },
  async diff(name) {
    if (!/^[a-z0-9_]+$/.test(name)) return { ok: false, text: 'A migration needs a name of a-z, 0-9 and _: npm run migrate -- diff NAME' };
    const folder = await diff(name);
    return { ok: true, text: folder ?? 'schema and migrations agree: nothing to write' };
  },
  async check() {
    const sql = await unmigrated();
    if (!sql) return { ok: true, text: 'schema and migrations agree' };
    return { ok: false, text: `No migration carries this yet. Mend it with: npm run migrate -- diff NAME\n${sql}` };
  },
  async retry(name) {
    await retry(databaseUrl(), name);
    return { ok: true, text: `${name} may run again: npm run migrate` };
  },
};

async function main(): Promise<void> {
  const [command = 'deploy', name = ''] = process.argv.slice(2);
  const run = commands[command];
  const outcome = run ? await run(name) : { ok: false, text: 'npm run migrate -- [deploy | status | diff NAME | check | retry NAME]' };
  console.log(outcome.text);
  if (!outcome.ok) process.exitCode = 1;
}

const startedByName = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (startedByName) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
