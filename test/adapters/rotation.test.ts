import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { rotate, SEALED, type RotatedColumn } from '../../src/adapters/prisma/rotation.ts';
import type { SealedFor, Secrets } from '../../src/ports/secrets.ts';
import { organisation, storeWorld, type Organisation, type World } from './store-world.ts';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const [before, between, after] = [createSecrets([oldKey]), createSecrets([newKey, oldKey]), createSecrets([newKey])];

let world: World;
let org: Organisation;
beforeAll(async () => {
  world = await storeWorld();
  org = await organisation(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['consent', 'integration_token', 'signing_key']) await world.sql(`delete from ${table}`);
});

async function consent(secrets: Secrets, stateHash: string): Promise<void> {
  const verifier = secrets.seal(`verifier of ${stateHash}`, `consent:${stateHash}`);
  const values = [stateHash, org.orgId, org.location.id, verifier];
  await world.sql(
    `insert into consent ("stateHash", "orgId", "locationId", "startedBy", verifier, "expiresAt") values ($1, $2, $3, 'admin:a', $4, now())`,
    values,
  );
}

async function connectionTokens(secrets: Secrets): Promise<void> {
  const { id } = org.integration;
  const boundTo: SealedFor = `integration_token:${id}`;
  await world.sql(`insert into integration_token values ($1, $2, $3, null, now(), null, now())`, [
    id,
    org.orgId,
    secrets.seal('a', boundTo),
  ]);
}

const run = (secrets: Secrets, checkOnly = false, pageSize = 2): Promise<RotatedColumn[]> =>
  rotate({ pool: world.connection.pool, secrets, checkOnly, pageSize });
const of = (found: RotatedColumn[], table: string, column: string) =>
  found.find((counts) => counts.table === table && counts.column === column);
const verifiers = () => world.sql<{ stateHash: string; verifier: string }>(`select "stateHash", verifier from consent order by 1`);

test('a rotation seals every value anew, page by page, after which the older key opens nothing and is needed no more', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await consent(before, name);
  await consent(between, 'f');
  await connectionTokens(before);
  await world.sql(`insert into signing_key (id, "sealedKey") values ('oidc', $1)`, [before.seal('the key', 'signing_key:oidc')]);

  const counted = await run(between, true);
  expect(of(counted, 'consent', 'verifier')).toMatchObject({ current: 1, resealed: 0, old: 5, lost: 0 });
  expect(of(await run(between), 'consent', 'verifier')).toMatchObject({ current: 6, resealed: 5, old: 0, lost: 0 });

  for (const { stateHash, verifier } of await verifiers()) {
    expect(after.open(verifier, `consent:${stateHash}`)).toBe(`verifier of ${stateHash}`);
    expect(() => before.open(verifier, `consent:${stateHash}`)).toThrow('cannot be opened');
  }
  const [signing] = await world.sql<{ sealedKey: string }>('select "sealedKey" from signing_key');
  expect(after.open(signing?.sealedKey ?? '', 'signing_key:oidc')).toBe('the key');
  expect((await run(after, true)).every(({ old, lost, resealed }) => old + lost + resealed === 0)).toBe(true);
});

test('counting writes nothing', async () => {
  await consent(before, 'a');
  const stored = await verifiers();
  await run(between, true);
  expect(await verifiers()).toEqual(stored);
});

test('what somebody writes between reading and sealing is not lost, and counted as still old where an older key wrote it', async () => {
  await consent(before, 'a');
  const newer = before.seal('newer', 'consent:a');
  // Opens, and lets another process write before what was opened is sealed anew.
  let raced: Promise<unknown> = Promise.resolve();
  const slow: Secrets = {
    ...between,
    open: (...args) => {
      raced = world.sql('update consent set verifier = $1', [newer]);
      return between.open(...args);
    },
  };
  const pool = world.connection.pool;
  const query = async (...args: [string, unknown[]]) => (await raced, pool.query(...args));
  const racing = { query } as unknown as typeof pool;
  const found = await rotate({ pool: racing, secrets: slow, checkOnly: false });
  expect(of(found, 'consent', 'verifier')).toMatchObject({ resealed: 0, old: 1 });
  expect((await verifiers())[0]?.verifier).toBe(newer);
  expect(of(await run(between), 'consent', 'verifier')).toMatchObject({ resealed: 1, old: 0 });
});

test('a value that no key opens, or that was moved from another row, is counted as lost and left as it is', async () => {
  await consent(createSecrets([randomBytes(32)]), 'a');
  await consent(before, 'b');
  await world.sql(`update consent set verifier = $1 where "stateHash" = 'b'`, [before.seal('x', 'consent:elsewhere')]);
  const stored = await verifiers();
  expect(of(await run(between), 'consent', 'verifier')).toMatchObject({ resealed: 0, old: 0, lost: 2 });
  expect(await verifiers()).toEqual(stored);
});

test('several rotations at once seal each value once', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await consent(before, name);
  const runs = await Promise.all([run(between), run(between), run(between)]);
  const counts = runs.map((found) => of(found, 'consent', 'verifier'));
  expect(counts.reduce((sum, each) => sum + (each?.resealed ?? 0), 0)).toBe(4);
  expect(counts.every((each) => each?.old === 0 && each.lost === 0)).toBe(true);
});

test('every field of the schema that is said to be sealed is rotated', () => {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const said = schema.split(/^model /m).flatMap((model) => {
    const table = /@@map\("(\w+)"\)/.exec(model)?.[1] ?? '';
    const fields = [...model.matchAll(/((?:^ {2}\/\/\/.*\n)*)^ {2}(\w+) +String/gm)];
    return fields.filter(([, comment = '', name = '']) => /sealed/i.test(comment + name)).map(([, , name]) => `${table}.${name}`);
  });
  const rotated = Object.entries(SEALED).flatMap(([table, { columns }]) => columns.map((column) => `${table}.${column}`));
  expect(said).toContain('mobile_key.sealedTokens');
  expect(rotated).toEqual(expect.arrayContaining(said));
});

test('the command tells what it found in each column, and fails while an older key is needed', async () => {
  await consent(before, 'a');
  const command = (...args: string[]) => {
    const env = {
      ...process.env,
      DATABASE_URL: world.url,
      ENCRYPTION_KEYS: [newKey, oldKey].map((key) => key.toString('base64')).join(','),
      JWT_SECRET: 'x'.repeat(32),
      SALTO_KS_CLIENT_ID: 'x',
      SALTO_KS_ENVIRONMENT: 'accept',
    };
    const child = spawn(process.execPath, ['--import', 'tsx', 'prisma/rotate-keys.ts', ...args], { env });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return new Promise<{ code: number | null; text: string }>((resolve) => child.once('close', (code) => resolve({ code, text })));
  };
  const checked = await command('--check');
  expect(checked).toMatchObject({ code: 1 });
  expect(checked.text).toMatch(/consent\.verifier +0 under the first key, 0 sealed anew, 1 under an older key, 0 cannot be opened/);
  expect(checked.text).toContain('1 still need an older key: npm run rotate-keys');
});
