// Prisma's own schema engine in its WASM build, which is a package like any other: migrations need no download of a binary.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { SqlMigrationAwareDriverAdapterFactory, SqlResultSet } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

// Node has it, but its types come only with those of a browser.
interface Wasm {
  instantiate(bytes: Uint8Array, imports: Record<string, unknown>): Promise<{ instance: { exports: Record<string, unknown> } }>;
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: Wasm };

let loading: Promise<void> | undefined;

function load(): Promise<void> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const file = entry.replace('schema_engine.js', 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': { ...engine, ...timersThatHoldNobody() },
  });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'] as () => void;
  start();
}

/** The engine forgets the timer of its ten-second lock, which would keep the process alive for as long: only the connection may do that. */
function timersThatHoldNobody(): Record<string, unknown> {
  const names = Object.keys(engine).filter((name) => name.startsWith('__wbg_setTimeout_'));
  const start = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref();
  return Object.fromEntries(names.map((name) => [name, start]));
}

async function engineOn(datamodel: string, factory: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  await load();
  const options = { datamodels: [['schema.prisma', datamodel]] as [string, string][] };
  return engine.SchemaEngine.new(options, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
}

/** Runs `use` with an engine that works on the database at `url`. */
export async function withDatabase<T>(url: string, datamodel: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const factory = new PrismaPg(pool);
  const connect = async () => {
    const connection = await factory.connect();
    return Object.assign(connection, { executeScript: (script: string) => runWhole(pool, script) });
  };
  try {
    const onDatabase = { provider: 'postgres' as const, adapterName: factory.adapterName, connect, connectToShadowDb: connect };
    return await use(await engineOn(datamodel, onDatabase));
  } finally {
    await pool.end();
  }
}

/**
 * The adapter cuts a script at every `;`, also inside functions and strings, and runs the parts one by one. Sent whole it is one
 * transaction, as with Prisma's native engine. The engine keeps PostgreSQL's words to itself, so they are printed here.
 */
async function runWhole(pool: pg.Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    console.error(`PostgreSQL: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
}

/** Runs `use` with an engine that compares datamodels and has no database. */
export async function withoutDatabase<T>(datamodel: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  return use(await engineOn(datamodel, offline));
}

// Enough of a database for comparing two datamodels: the engine asks for its version and nothing else.
const version: SqlResultSet = {
  columnNames: ['exists', 'exists', 'version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 18', 180000]],
};

const offlineConnection = {
  provider: 'postgres' as const,
  adapterName: 'offline',
  queryRaw: () => Promise.resolve(version),
  executeRaw: () => Promise.resolve(0),
  executeScript: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  startTransaction: () => Promise.reject(new Error('Comparing two datamodels needs no transaction.')),
};

const offline: SqlMigrationAwareDriverAdapterFactory = {
  provider: 'postgres',
  adapterName: 'offline',
  connect: () => Promise.resolve(offlineConnection),
  connectToShadowDb: () => Promise.resolve(offlineConnection),
};
