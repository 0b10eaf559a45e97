import { expect, test } from 'vitest';
import { connect } from '../../src/adapters/prisma/connection.ts';
import { sqlState } from '../../src/adapters/prisma/transaction.ts';
import { testDatabase } from '../support/database.ts';

test('instants are exact whatever zone the database is set to', async () => {
  const database = await testDatabase();
  const { pathname } = new URL(database.url);
  const admin = connect(database.url);
  await admin.pool.query(`alter database ${pathname.slice(1)} set timezone to 'Asia/Kathmandu'`);
  await admin.close();
  const { prisma, close } = connect(database.url);
  try {
    const at = new Date(Date.UTC(2026, 2, 29, 1, 30, 0, 7));
    const told = { orgId: 'o', externalId: 'l', name: 'Harbour', timeZone: 'UTC', asOf: at };
    const { id } = await prisma.location.create({ data: told });
    const [row] = await prisma.$queryRaw<{ ms: number }[]>`select (extract(epoch from "asOf") * 1000)::float8 as ms from location`;
    expect(row?.ms).toBe(at.getTime());
    expect((await prisma.location.findUniqueOrThrow({ where: { id } })).asOf).toEqual(at);
  } finally {
    await close();
    await database.drop();
  }
});

test('every session reads what is committed, whatever the database is set to', async () => {
  const database = await testDatabase();
  const { pathname } = new URL(database.url);
  const admin = connect(database.url);
  await admin.pool.query(`alter database ${pathname.slice(1)} set default_transaction_isolation to 'serializable'`);
  await admin.close();
  const { prisma, close } = connect(database.url);
  try {
    expect(await prisma.$queryRaw`show transaction_isolation`).toEqual([{ transaction_isolation: 'read committed' }]);
  } finally {
    await close();
    await database.drop();
  }
});

test('a session that ends while it is handed out fails its statements, and not the process (X2)', async () => {
  const database = await testDatabase();
  const { pool, close } = connect(database.url);
  const client = await pool.connect();
  try {
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await expect(client.query('select 1')).rejects.toThrow(/not queryable|terminat/);
  } finally {
    client.release(true);
    await close();
    await database.drop();
  }
});

test('a statement is prepared once for a connection, however often it is asked, and a bounded number of them', async () => {
  const database = await testDatabase();
  const { prisma, pool, close } = connect(database.url, { poolSize: 1 });
  const prepared = async (): Promise<number> =>
    (await pool.query<{ count: number }>('select count(*)::int as count from pg_prepared_statements')).rows[0]?.count ?? 0;
  try {
    for (const value of [1, 2, 3]) await prisma.$queryRaw`select ${value}::int as value`;
    expect(await prepared()).toBe(1);
    // How to look for some kinds depends on which they are.
    for (let index = 0; index < 2; index += 1) {
      await prisma.activity.findMany({ where: { type: { in: ['SETTINGS_CHANGED', 'SITE_SELECTED'] } } });
      await prisma.groupMembership.findMany({ where: { state: { in: ['BLOCKED'] } } });
    }
    expect(await prepared()).toBe(1);
    // What is asked once is not worth its memory.
    for (let index = 0; index < 120; index += 1) await prisma.$queryRawUnsafe(`select ${index}`);
    expect(await prepared()).toBe(1);
    for (let index = 0; index < 120; index += 1) await prisma.$queryRawUnsafe(`select ${index}`);
    expect(await prepared()).toBe(100);
  } finally {
    await close();
    await database.drop();
  }
});

test('no more connections are opened than asked for, and closing leaves none', async () => {
  const database = await testDatabase();
  const { prisma, pool, close } = connect(database.url, { poolSize: 2 });
  await Promise.all(Array.from({ length: 10 }, () => prisma.$queryRaw`select pg_backend_pid()`));
  expect(pool.totalCount).toBe(2);
  await close();
  expect(pool.totalCount).toBe(0);
  await database.drop();
});

test('a connection that breaks while idle is told of and replaced', async () => {
  const database = await testDatabase();
  let tell: (error: Error) => void = () => undefined;
  const told = new Promise<Error>((resolve) => {
    tell = resolve;
  });
  const { prisma, close } = connect(database.url, { poolSize: 1, onError: (error) => tell(error) });
  const other = connect(database.url);
  try {
    const [idle] = await prisma.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await other.pool.query('select pg_terminate_backend($1)', [idle?.pid]);
    expect((await told).message).toContain('terminating connection');
    expect(await prisma.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  } finally {
    await Promise.all([close(), other.close()]);
    await database.drop();
  }
});

test('the reason of a refusal is the database’s own, and nobody else’s', async () => {
  const database = await testDatabase();
  const { pool, close } = connect(database.url);
  const refused: unknown = await pool.query('select 1 / 0').catch((error: unknown) => error);
  expect(sqlState(refused)).toBe('22012');
  for (const other of [new Error('no'), Object.assign(new Error('broken'), { code: 'EPIPE' }), null, '23505']) {
    expect(sqlState(other)).toBeNull();
  }
  await close();
  await database.drop();
});
