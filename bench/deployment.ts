import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { deploy } from '../prisma/migrate.ts';
import { freePort } from '../src/dev/free-port.ts';
import { startGuarded } from '../src/dev/guarded.ts';
import { startPostgres } from '../src/dev/postgres.ts';
import { startChild, type Child } from './child.ts';

/**
 * latchkey as it is deployed: an API and a worker process from the compiled output, PostgreSQL and Redis with the durability they come
 * with, and the SALTO KS simulator, each a process of its own. The load comes from this one.
 */
export interface Deployment {
  api: Child & { url: string };
  worker: Child;
  simulator: string;
  databaseUrl: string;
  redisUrl: string;
  database: pg.Pool;
  secret: string;
  /** one more API process beside the first */
  startApi(): Promise<Child & { url: string }>;
  /** a program of bench/floor with the same services; resolves when it says where it listens, or that it is ready */
  startFloor(name: string): Promise<Child & { url: string }>;
  close(): Promise<void>;
}

/** Of the simulator's own scenario. */
export const CLIENT = { id: 'latchkey', secret: 'latchkey-simulated-secret' };
const FOLDER = resolve('.latchkey/bench');
const OUT = resolve(FOLDER, 'dist');
const ROOT = resolve(import.meta.dirname, '..');

export async function startDeployment(scenario: object): Promise<Deployment> {
  compile();
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { databaseUrl, database } = await startDatabase(closers);
    const redisUrl = await startRedis(closers);
    const simulator = await startSimulator(scenario, closers);
    const secret = randomBytes(32).toString('base64url');
    const environment = {
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      JWT_SECRET: secret,
      ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      SALTO_KS_API_URL: simulator,
      SALTO_KS_IDENTITY_URL: simulator,
      SALTO_KS_CLIENT_ID: CLIENT.id,
      SALTO_KS_CLIENT_SECRET: CLIENT.secret,
    };
    const start = async (script: string, more: Record<string, string>, ready: RegExp): Promise<Child> => {
      const child = startChild(resolve(OUT, script), [], { ...environment, ...more });
      closers.push(() => child.stop());
      await child.said(ready);
      return child;
    };
    const startApi = async () => {
      const port = await freePort();
      // Told at level `warn`, an API says nothing: its health page does.
      const child = startChild(resolve(OUT, 'src/main.js'), [], { ...environment, PORT: String(port) });
      closers.push(() => child.stop());
      const url = `http://127.0.0.1:${port}`;
      await answers(`${url}/readyz`, child);
      return { ...child, url };
    };
    const api = await startApi();
    const worker = startChild(resolve(OUT, 'workers/main.js'), [], environment);
    closers.push(() => worker.stop());
    const startFloor = async (name: string) => {
      const child = await start(`bench/floor/${name}.js`, {}, /ready/);
      const [, url = ''] = await child.said(/ready (\S*)/);
      return { ...child, url };
    };
    return { api, worker, simulator, databaseUrl, redisUrl, database, secret, startApi, startFloor, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ours and the floors alike. Types are looked at by `npm run check`. */
function compile(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench/tsconfig.floor.json', '--noCheck'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}

async function startDatabase(closers: (() => Promise<unknown>)[]): Promise<{ databaseUrl: string; database: pg.Pool }> {
  const dir = resolve(FOLDER, 'postgres');
  rmSync(dir, { recursive: true, force: true });
  const postgres = await startPostgres({ dir, durable: true });
  closers.push(() => postgres.stop());
  const admin = new pg.Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query('create database bench');
  await admin.end();
  const databaseUrl = postgres.url('bench');
  await deploy(databaseUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  closers.push(() => database.end());
  return { databaseUrl, database };
}

async function startRedis(closers: (() => Promise<unknown>)[]): Promise<string> {
  const dir = resolve(FOLDER, 'redis');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const server = startGuarded('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir]);
  closers.push(() => server.stop());
  const { Redis } = await import('ioredis');
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => (server.hasExited() ? null : 50) });
  client.on('error', () => undefined);
  try {
    await client.ping();
  } catch (cause) {
    throw new Error('redis-server did not start. The benchmark needs it on PATH (Debian: apt-get install redis-server).', { cause });
  } finally {
    client.disconnect();
  }
  return `redis://127.0.0.1:${port}`;
}

async function startSimulator(scenario: object, closers: (() => Promise<unknown>)[]): Promise<string> {
  const file = resolve(FOLDER, 'scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  const port = await freePort();
  const args = ['--port', String(port), '--scenario', file];
  const child = startChild(resolve(OUT, 'src/vendors/salto-ks/simulator/main.js'), args, {});
  closers.push(() => child.stop());
  await child.said(/simulator at/);
  return `http://127.0.0.1:${port}`;
}

const START_PATIENCE_MS = 60_000;

async function answers(url: string, child: Child): Promise<void> {
  // Nothing matches that: it only rejects, when the process ends.
  const ended = child.said(/(?!)/);
  const until = Date.now() + START_PATIENCE_MS;
  for (;;) {
    const response = await Promise.race([fetch(url).catch(() => null), ended]);
    if (response instanceof Response && response.ok) return;
    if (Date.now() > until) throw new Error(`${url} is not ready within ${START_PATIENCE_MS} ms.`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
