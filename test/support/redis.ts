import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../src/dev/free-port.ts';
import { startGuarded } from '../../src/dev/guarded.ts';
import type { Guarded } from '../../src/dev/guarded.ts';
import { redisServer } from './redis-server.ts';
import { sharedServer } from './shared-server.ts';
import type { SharedRedis } from './shared-server.ts';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Of the server itself, for tests that kill it. */
  readonly pid: number;
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** A fixed port, for a server that must come back where it was. A free one unless given. */
  readonly port?: number;
  /** A folder in which the server writes down everything at once, so that another start on it finds it. Nothing is kept unless given. */
  readonly dir?: string;
}

const DATABASES = 4096;

/**
 * A server of the caller's own, to be stopped, emptied or killed; it goes when the calling process goes. Tests that only use one take
 * `testRedis`.
 */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const command = await redisServer();
  const dir = options.dir ? resolve(options.dir) : await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
  await mkdir(dir, { recursive: true });
  const cleanUp = () => (options.dir ? Promise.resolve() : rm(dir, { recursive: true, force: true }));
  const attempts = 5; // a free port may be taken before the server binds it
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = options.port ?? (await freePort());
    const guard = startGuarded(command, serverArguments(port, dir, options.dir !== undefined));
    const pid = await untilReady(port, guard);
    if (pid === undefined) continue;
    const stop = async () => {
      await guard.stop();
      await cleanUp();
    };
    return { url: `redis://127.0.0.1:${port}`, port, pid, exited: guard.exited, stop };
  }
  await cleanUp();
  throw new Error(`${command} did not start on 127.0.0.1`);
}

function serverArguments(port: number, dir: string, keep: boolean): string[] {
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--databases', String(DATABASES)];
  const storage = keep ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  return [...place, ...storage, '--save', '', '--maxmemory-policy', 'noeviction'];
}

/** The server's pid, or undefined when it ended instead. */
async function untilReady(port: number, guard: Guarded): Promise<number | undefined> {
  while (!guard.hasExited()) {
    const pid = await askPid(port);
    if (pid !== undefined) return pid;
    await sleep(10);
  }
  return undefined;
}

/** Undefined when nobody answers, or the server still reads what it kept. */
function askPid(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(undefined));
    socket.on('connect', () => socket.write('INFO\r\n'));
    socket.on('data', (text: string) => {
      answer += text;
      const pid = /^process_id:(\d+)/m.exec(answer)?.[1];
      const loading = /^loading:(\d)/m.exec(answer)?.[1];
      if (pid === undefined || loading === undefined) return;
      resolve(loading === '0' ? Number(pid) : undefined);
      socket.destroy();
    });
  });
}

/** For the run's setup only. */
export async function startSharedRedis(): Promise<SharedRedis & { stop(): Promise<void> }> {
  const given = process.env['REDIS_TEST_URL'];
  if (given) return { url: given, databases: 0, stop: () => Promise.resolve() };
  const redis = await startRedis();
  return { url: redis.url, databases: DATABASES, stop: redis.stop };
}

export interface TestRedisSpace {
  /** The shared server; on our own server a database number of the caller's own. */
  readonly url: string;
  /**
   * Unique. Keys (BullMQ's `prefix`) and channels begin with it: published messages reach every database of a server, and a server named
   * by REDIS_TEST_URL may be used by others too.
   */
  readonly prefix: string;
  /** Removes all keys that begin with `prefix`. */
  drop(): Promise<void>;
}

/** A place on the Redis all test files share. */
export async function testRedis(): Promise<TestRedisSpace> {
  const { url, databases } = await sharedServer('redis');
  const id = randomUUID();
  const prefix = `test-${id}`;
  const own = databases > 0 ? Object.assign(new URL(url), { pathname: `/${Number.parseInt(id.slice(0, 8), 16) % databases}` }).href : url;
  return { url: own, prefix, drop: () => removeKeys(own, prefix) };
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  try {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if ((keys as string[]).length > 0) await client.unlink(keys as string[]);
    }
  } finally {
    await client.quit();
  }
}
