import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { connect as connectTo } from '../../src/adapters/prisma/connection.ts';
import { rotateKeys, SEALED } from '../../src/adapters/prisma/rotate-keys.ts';
import { CookieJar, followOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { emailOf, openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let redis: Redis;
/** every command that Redis was sent, with its arguments, as it came */
const commands: string[] = [];
const undo: (() => unknown)[] = [];
beforeAll(async () => {
  stack = await startTestStack({ redis: true });
  redis = new Redis(stack.redisUrl ?? '');
  const monitor = await watch(stack.redisUrl ?? '');
  undo.push(
    () => monitor.destroy(),
    () => redis.disconnect(),
  );
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  for (const step of undo) step();
  await stack.close();
});

/** By hand: the library's own monitor takes a command that comes at once for an answer. */
async function watch(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write('MONITOR\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.on('data', (text: string) => void commands.push(text));
  return socket;
}

/** All rows of all tables of ours, as text. */
async function database(): Promise<string> {
  const tables = await stack.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const dumps: string[] = [];
  for (const { name } of tables) {
    for (const { row } of await stack.sql<{ row: string }>(`select t::text as row from ${name} t`)) dumps.push(row);
  }
  return dumps.join('\n');
}

/** All keys of Redis with what they hold, as text; jobs are among them. */
async function redisAtRest(): Promise<string> {
  const keys = await redis.keys('*');
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, -1),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  const values = await Promise.all(keys.map(async (key) => [key, await read[await redis.type(key)]?.(key)]));
  return JSON.stringify(values);
}

interface Sealed {
  kind: string;
  id: string;
  sealed: string;
}

/** The tokens and keys of the moment, opened with the keys that only our processes have. */
async function opened(): Promise<string[]> {
  const rows = await stack.sql<Sealed>(`
    select 'integration_token' as kind, "integrationId"::text as id, "accessToken" as sealed from integration_token
    union all select 'integration_token', "integrationId"::text, "refreshToken" from integration_token
    union all select 'mobile_key', id::text, "sealedTokens" from mobile_key union all select 'mobile_key', id::text, "sealedKey" from mobile_key
    union all select 'activation', id::text, "sealedTokens" from activation where "sealedTokens" is not null
    union all select 'activation', id::text, verifier from activation where verifier is not null`);
  const plain = rows.map(({ kind, id, sealed }) => stack.deps.secrets.open(sealed, `${kind}:${id}`));
  return plain.flatMap((text) => (text.startsWith('{') ? Object.values(JSON.parse(text) as Record<string, string>) : [text]));
}

test('neither database, Redis, jobs nor logs hold a token, ticket, code, verifier, secret or mobile key, at any moment of a key’s way', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  const secrets = new Set<string>();
  const dumps: string[] = [];
  const look = async (): Promise<void> => {
    for (const secret of await opened()) secrets.add(secret);
    dumps.push(await database(), await redisAtRest());
  };
  const jar = new CookieJar();
  let at = await phone.activate();
  secrets.add(new URL(at).searchParams.get('ticket') ?? '');
  // Our start page, SALTO's, our OpenID provider, SALTO's again, our callback.
  for (let hops = 0; hops < 4; hops += 1) {
    await look();
    const response = await fetch(at, { redirect: 'manual', headers: { cookie: jar.header(new URL(at)) } });
    jar.keep(new URL(at), response);
    at = response.headers.get('location') ?? '';
    for (const name of ['code', 'state', 'code_verifier']) secrets.add(new URL(at).searchParams.get(name) ?? '');
  }
  await look();
  await followOverHttp(at, jar);
  await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE');
  await phone.unlock(space.lock(ROOM));
  await stack.sql('update mobile_key set "renewAt" = now()');
  await space.control('PATCH', 'switches', { mkeyTtlSeconds: 40 * 86_400 });
  await stack.deps.jobs.add([{ name: 'sweep', payload: {}, at: null }]);
  await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE');
  await look();
  secrets.add((await phone.credential()) ?? '');
  for (const token of stack.simulator.state.identity.refreshTokens.keys()) secrets.add(token);
  for (const [name, value] of Object.entries(stack.environment)) if (/SECRET|KEYS/.test(name)) secrets.add(value ?? '');
  secrets.delete('');
  // The ticket, two codes and two states, the verifier, tokens of two sign-ins and of a refresh, two keys, our own secrets.
  expect(secrets.size).toBeGreaterThanOrEqual(14);

  const places = {
    database: dumps.filter((_, index) => index % 2 === 0),
    redis: [...dumps.filter((_, index) => index % 2 === 1), commands.join('')],
  };
  const everywhere = { ...places, logs: [stack.logged()] };
  const found = Object.entries(everywhere).flatMap(([place, texts]) =>
    [...secrets].filter((secret) => texts.some((text) => text.includes(secret))).map((secret) => `${secret.slice(0, 12)}… in ${place}`),
  );
  expect(found).toEqual([]);
  for (const texts of Object.values(everywhere)) expect(texts.join('\n')).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\./);
});

test('no e-mail address or name of a person reaches Redis or a log', () => {
  const said = commands.join('') + stack.logged();
  expect(said).toContain('evalsha');
  expect(said).toContain('job done');
  expect(said).not.toMatch(/@example\.com/);
  expect(said).not.toContain('Marsh');
  expect(said).not.toContain(emailOf('owner'));
});

/** Where something sealed stands, in every table there is. */
async function sealedColumns(): Promise<string[]> {
  const columns = await stack.sql<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns where table_schema = 'public' and data_type = 'text'`,
  );
  const found: string[] = [];
  for (const { table, column } of columns) {
    const rows = await stack.sql(`select 1 from "${table}" where "${column}" ~ '^v1\\.[0-9a-f]{8}\\.' limit 1`);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

test('a new key takes over every sealed value, in whatever column; the old key is needed for nothing then, and twice is once', async () => {
  const known = SEALED.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`));
  expect(known).toEqual(expect.arrayContaining(await sealedColumns()));
  const before = Buffer.from((stack.environment['ENCRYPTION_KEYS'] ?? '').split(',')[0] ?? '', 'base64');
  const fresh = randomBytes(32);
  const { pool, close } = connectTo(stack.databaseUrl, { poolSize: 1 });
  const sum = (columns: { renewed: number }[]) => columns.reduce((all, { renewed }) => all + renewed, 0);
  try {
    const both = createSecrets([fresh, before]);
    const foreseen = await rotateKeys(pool, both, { dry: true });
    expect(sum(foreseen)).toBeGreaterThanOrEqual(5);
    expect(await rotateKeys(pool, both, { dry: false })).toEqual(foreseen);
    expect(sum(await rotateKeys(pool, both, { dry: false }))).toBe(0);
    const alone = await rotateKeys(pool, createSecrets([fresh]), { dry: true });
    expect(alone.map(({ unreadable }) => unreadable)).toEqual(alone.map(() => 0));
    // Back again: the processes of these tests know the old key alone.
    expect(sum(await rotateKeys(pool, createSecrets([before, fresh]), { dry: false }))).toBe(sum(foreseen));
    const stranger = await rotateKeys(pool, createSecrets([randomBytes(32)]), { dry: false });
    expect(sum(stranger)).toBe(0);
    expect(stranger.reduce((all, { unreadable }) => all + unreadable, 0)).toBe(sum(foreseen));
  } finally {
    await close();
  }
});
