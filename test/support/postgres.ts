import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { deploy } from '../../prisma/migrate.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { isAlive } from '../../src/dev/postgres-pid-file.ts';
import type { SharedPostgres } from './shared-server.ts';

// A folder per run, named after the process that owns it: two runs at once do not meet.
const runs = resolve('.latchkey/test-postgres');

/** For the run's setup only. */
export async function startSharedPostgres(): Promise<SharedPostgres & { stop(): Promise<void> }> {
  await removeAbandonedRuns();
  const dir = join(runs, String(process.pid));
  const postgres = await startPostgres({ dir, log: `${dir}.log` });
  const adminUrl = postgres.url('postgres');
  const template = 'latchkey_template';
  await run(adminUrl, `create database ${template}`);
  await deploy(postgres.url(template));
  const stop = async () => {
    await postgres.stop();
    await rm(postgres.dir, { recursive: true, force: true });
    await rm(`${dir}.log`, { force: true });
  };
  return { adminUrl, template, stop };
}

/** A run that was killed took its server with it, but left its folder. */
async function removeAbandonedRuns(): Promise<void> {
  await mkdir(runs, { recursive: true });
  for (const name of await readdir(runs)) {
    const pid = Number.parseInt(name, 10);
    if (!isAlive(pid)) await rm(join(runs, name), { recursive: true, force: true });
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
