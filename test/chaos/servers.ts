import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { deploy } from '../../prisma/migrate.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { isAlive } from '../../src/dev/postgres-pid-file.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { harbour } from '../../src/vendors/salto-ks/simulator/scenario.ts';
import { startSimulator, type Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import { startFront } from '../flow/front.ts';
import { startApiProcess, startWorkerProcess, type ProcessPlan, type RunningProcess } from '../flow/processes.ts';
import { environmentOf } from '../flow/stack.ts';
import { startRedis } from '../support/redis.ts';

/** A process of a place: when it is killed, another is started there. */
export interface Place {
  readonly running: RunningProcess;
  /** ends with the signal; resolves when another one works there */
  replace(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** PostgreSQL, Redis, the simulator, and our processes: all real, each of which may be killed and comes back where it was. */
export interface Servers {
  readonly simulator: Simulator;
  readonly apis: readonly (Place & { url: string })[];
  readonly workers: readonly Place[];
  /** kills the server, and starts it again after a while; nothing is in it then */
  killRedis(outMs: number): Promise<void>;
  emptyRedis(): Promise<void>;
  /** ends the server in that way, and starts it again on what it has written */
  killPostgres(how: 'SIGKILL' | 'SIGINT', outMs: number): Promise<void>;
  /** copies what the stopped server has written, or puts the copy back in its place */
  backUp(): Promise<void>;
  restore(): Promise<void>;
  /** rows of a statement, tried again while the server is out */
  sql<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** when something of the above was out, so that what failed then is explained */
  readonly outages: { from: number; until: number }[];
  readonly redisUrl: string;
  /** what processes wrote that are gone */
  readonly left: string[];
  /** the end of what processes wrote that went without being killed */
  readonly crashed: string[];
  close(): Promise<void>;
}

export interface ServersOptions {
  apis: number;
  workers: number;
  /** how many of the workers run on a machine whose clock is a minute ahead */
  ahead?: number;
  /** of a later release (`newer.mjs`): how many of the APIs, and of the workers */
  newer?: { apis: number; workers: number };
}

// A folder per process that owns it: two at once do not meet.
const FOLDERS = resolve('.latchkey/chaos-postgres');
const MINUTE_AHEAD = resolve('test/chaos/minute-ahead.mjs');
const NEWER = resolve('test/chaos/newer.mjs');

export async function startServers(options: ServersOptions): Promise<Servers> {
  const closers: (() => Promise<unknown>)[] = [];
  const outages: Servers['outages'] = [];
  const left: string[] = [];
  const crashed: string[] = [];
  const database = await startDatabase(closers);
  const redis = await startQueues(closers);
  const ports: number[] = [];
  while (ports.length < options.apis) ports.push(await freePort());
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  let turn = 0;
  const front = await startFront(() => (turn += 1));
  front.targets.push(...urls);
  closers.push(front.close);
  const scenario = harbour();
  const partners = scenario.partners.map((partner) => ({ ...partner, issuer: `${front.url}/oidc` }));
  const simulator = await startSimulator({ scenario: { ...scenario, partners } });
  closers.push(() => simulator.close());
  const environment = environmentOf({ databaseUrl: database.url, redisUrl: redis.url, front, simulator, federated: true });
  const { ahead = 0, newer = { apis: 0, workers: 0 } } = options;
  const workerPlan = (index: number): ProcessPlan => ({
    environment,
    first: [...(index < ahead ? [MINUTE_AHEAD] : []), ...(index < newer.workers ? [NEWER] : [])],
  });
  const apiPlan = (port: number, index: number): ProcessPlan => ({
    environment: { ...environment, PORT: String(port) },
    first: index < newer.apis ? [NEWER] : [],
  });
  const [apis, workers] = await Promise.all([
    Promise.all(ports.map((port, index) => place(left, crashed, () => startApiProcess(apiPlan(port, index))))),
    Promise.all(Array.from({ length: options.workers }, (_, index) => place(left, crashed, () => startWorkerProcess(workerPlan(index))))),
  ]);
  closers.push(() => endAll([...apis, ...workers]));
  const during = async (work: () => Promise<void>): Promise<void> => {
    const outage = { from: Date.now(), until: Infinity };
    outages.push(outage);
    await work();
    outage.until = Date.now();
  };
  return {
    simulator,
    apis: apis.map((api, index) => Object.assign(api, { url: urls[index] ?? '' })),
    workers,
    killRedis: (outMs) => during(() => redis.kill(outMs)),
    emptyRedis: () => during(() => redis.empty()),
    killPostgres: (how, outMs) => during(() => database.kill(how, () => sleep(outMs))),
    backUp: () => during(() => database.kill('SIGINT', (dir, copy) => copied(dir, copy))),
    restore: () => during(() => database.kill('SIGINT', (dir, copy) => copied(copy, dir))),
    sql: database.sql,
    outages,
    redisUrl: redis.url,
    left,
    crashed,
    close: async () => {
      for (const closer of closers.splice(0).reverse()) await closer();
    },
  };
}

async function place(left: string[], crashed: string[], start: () => Promise<RunningProcess>): Promise<Place> {
  const watched = async (): Promise<RunningProcess> => {
    const started = await start();
    void started.exited.then((code) => {
      if (started === running && code !== 0 && code !== null) crashed.push(started.output().slice(-2_000));
    });
    return started;
  };
  let running = await watched();
  return {
    get running() {
      return running;
    },
    async replace(signal) {
      const gone = running;
      gone.kill(signal);
      await gone.exited;
      left.push(gone.output());
      running = await watched();
    },
  };
}

async function endAll(places: Place[]): Promise<void> {
  for (const { running } of places) running.kill('SIGTERM');
  await Promise.all(places.map(({ running }) => running.exited));
}

async function startQueues(closers: (() => Promise<unknown>)[]) {
  let redis = await startRedis();
  const { port, url } = redis;
  closers.push(() => redis.stop());
  return {
    url,
    async empty() {
      const client = new Redis(url);
      await client.flushall();
      client.disconnect();
    },
    async kill(outMs: number) {
      process.kill(redis.pid, 'SIGKILL');
      await redis.exited;
      await sleep(outMs);
      redis = await startRedis({ port });
    },
  };
}

/** A run that was killed took its server with it, but left its folder. */
async function removeAbandoned(): Promise<void> {
  await mkdir(FOLDERS, { recursive: true });
  for (const name of await readdir(FOLDERS)) {
    if (!isAlive(Number(name))) await rm(join(FOLDERS, name), { recursive: true, force: true });
  }
}

async function startDatabase(closers: (() => Promise<unknown>)[]) {
  await removeAbandoned();
  const folder = join(FOLDERS, String(process.pid));
  await mkdir(folder, { recursive: true });
  const dir = join(folder, 'postgres');
  let postgres = await startPostgres({ dir });
  const { port } = postgres;
  closers.push(async () => {
    await postgres.stop();
    for (const path of [postgres.dir, `${postgres.dir}.copy`]) await rm(path, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const url = postgres.url('postgres');
  await deploy(url);
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  closers.push(() => pool.end());
  const sql = async <Row extends object>(statement: string, values: unknown[] = []): Promise<Row[]> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return (await pool.query<Row>(statement, values)).rows;
      } catch (error) {
        if (tries === 100 || !isOutage(error)) throw error;
        await sleep(100);
      }
    }
  };
  return {
    url,
    sql,
    async kill(how: 'SIGKILL' | 'SIGINT', meanwhile: (dir: string, copy: string) => Promise<unknown>) {
      process.kill(postgres.pid, how);
      await postgres.exited;
      await meanwhile(postgres.dir, `${postgres.dir}.copy`);
      postgres = await startPostgres({ dir, port });
    },
  };
}

/** With owner and mode, which the server insists on. */
async function copied(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await promisify(execFile)('cp', ['-a', from, to]);
}

function isOutage(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(E[A-Z]+|57P0\d|08\d{3})$/.test(code) || /terminated|connection/i.test(message);
}
