import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres } from '../../src/dev/postgres.ts';
import type { Postgres } from '../../src/dev/postgres.ts';

let home: string;
let postgres: Postgres;

beforeAll(async () => {
  await mkdir('.latchkey', { recursive: true });
  home = await mkdtemp(resolve('.latchkey/embedded-'));
  postgres = await startPostgres({ dir: join(home, 'data') });
});

afterAll(async () => {
  await postgres.stop();
  await rm(postgres.dir, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a killed server breaks the connection, which is what these tests are about
  await client.connect();
  return client;
}

test('the cluster does not depend on the language or zone of the machine', async () => {
  const client = await connect(postgres.url('postgres'));
  const { rows } = await client.query(
    `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone, datlocprovider as provider, datlocale as locale
       from pg_database where datname = 'postgres'`,
  );
  expect(rows).toEqual([{ encoding: 'UTF8', zone: 'UTC', provider: 'b', locale: 'C.UTF-8' }]);
  await client.end();
});

test('a folder in use is refused to a second server, with the port of the first', async () => {
  const second = startPostgres({ dir: join(home, 'data'), log: join(home, 'second.log') });
  await expect(second).rejects.toThrow(`port ${postgres.port}) already uses ${postgres.dir}`);
});

test('a server that was killed comes back on its port with what it had acknowledged', async () => {
  const client = await connect(postgres.url('postgres'));
  await client.query('create table kept (value int)');
  await client.query('insert into kept values (1)');
  process.kill(postgres.pid, 'SIGKILL');
  await postgres.exited;
  postgres = await startPostgres({ dir: join(home, 'data'), port: postgres.port });
  const again = await connect(postgres.url('postgres'));
  expect((await again.query('select value from kept')).rows).toEqual([{ value: 1 }]);
  await again.end();
});

test('a server does not outlive the process that started it, even when that is killed', async () => {
  const dir = join(home, 'orphan');
  const script = `
    import { startPostgres } from './src/dev/postgres.ts';
    const postgres = await startPostgres({ dir: ${JSON.stringify(dir)}, log: ${JSON.stringify(`${dir}.log`)} });
    console.log(JSON.stringify({ url: postgres.url('postgres'), dir: postgres.dir }));
  `;
  const options = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const parent = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const started = JSON.parse(line) as { url: string; dir: string };
  const client = await connect(started.url);
  const disconnected = new Promise((done) => client.once('end', done));
  parent.kill('SIGKILL');
  await disconnected;
  // The folder is free again: another start does not meet the old server.
  const next = await startPostgres({ dir, log: `${dir}.log` });
  await next.stop();
  await rm(started.dir, { recursive: true, force: true });
});
