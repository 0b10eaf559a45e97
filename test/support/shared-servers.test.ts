import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { emptyDatabase, testDatabase } from './database.ts';
import { startRedis, testRedis } from './redis.ts';

const undo: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  undo.push(() => client.end());
  const found = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
  return found.rows.map((row) => row.name);
}

test('two test databases are migrated and are not the same', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  undo.push(one.drop, other.drop);
  expect(one.url).not.toBe(other.url);
  expect(await tables(one.url)).toContain('_prisma_migrations');
  expect(await tables(other.url)).toEqual(await tables(one.url));
});

test('an empty database has no table', async () => {
  const empty = await emptyDatabase();
  undo.push(empty.drop);
  expect(await tables(empty.url)).toEqual([]);
});

test('a place on the shared Redis is emptied by its own drop, and leaves the keys of others alone', async () => {
  const [mine, theirs] = [await testRedis(), await testRedis()];
  const clients = [new Redis(mine.url), new Redis(theirs.url)] as const;
  undo.push(...clients.map((client) => () => client.quit()));
  await clients[0].set(`${mine.prefix}:a`, '1');
  await clients[1].set(`${theirs.prefix}:a`, '1');
  await mine.drop();
  expect(await clients[0].exists(`${mine.prefix}:a`)).toBe(0);
  expect(await clients[1].exists(`${theirs.prefix}:a`)).toBe(1);
  await theirs.drop();
});

test('a Redis that keeps a folder comes back on its port with its keys after SIGKILL', async () => {
  const dir = `.latchkey/redis-${process.pid}`;
  undo.push(() => rm(dir, { recursive: true, force: true }));
  const first = await startRedis({ dir });
  const client = new Redis(first.url);
  undo.push(() => client.quit());
  client.on('error', () => undefined);
  await client.set('kept', 'yes');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startRedis({ dir, port: first.port });
  undo.push(second.stop);
  expect(await client.get('kept')).toBe('yes');
});
