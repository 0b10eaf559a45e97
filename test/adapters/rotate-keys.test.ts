import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { rotateKeys, SEALED, type Rotated } from '../../src/adapters/prisma/rotate-keys.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
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
beforeEach(() => world.sql('delete from consent'));

async function consents(secrets: Secrets, names: string[]): Promise<void> {
  const sealed = names.map((name) => secrets.seal(`verifier of ${name}`, `consent:${name}`));
  await world.sql(
    `insert into consent ("stateHash", "orgId", "locationId", "startedBy", verifier, "expiresAt")
     select name, $3, $4, 'admin:a', sealed, now() from unnest($1::text[], $2::text[]) as given (name, sealed)`,
    [names, sealed, org.orgId, org.location.id],
  );
}

const run = async (secrets: Secrets, dry = false): Promise<Rotated | undefined> =>
  (await rotateKeys(world.connection.pool, secrets, { dry })).find(({ column }) => column === 'consent.verifier');
const verifiers = () => world.sql<{ stateHash: string; verifier: string }>(`select "stateHash", verifier from consent order by 1`);

test('more values than one page holds are all sealed anew, after which the older key opens none of them; counting writes nothing', async () => {
  await consents(
    before,
    Array.from({ length: 1_001 }, (_, at) => `s${at}`),
  );
  await consents(between, ['new']);
  const stored = await verifiers();
  expect(await run(between, true)).toMatchObject({ current: 1, renewed: 1_001, unreadable: 0 });
  expect(await verifiers()).toEqual(stored);
  expect(await run(between)).toMatchObject({ current: 1, renewed: 1_001, unreadable: 0 });
  for (const { stateHash, verifier } of await verifiers()) {
    expect(after.open(verifier, `consent:${stateHash}`)).toBe(`verifier of ${stateHash}`);
    expect(before.isCurrent(verifier)).toBe(false);
  }
});

test('what somebody writes between reading and sealing is not lost, and is sealed anew by the next run', async () => {
  await consents(before, ['a']);
  const newer = before.seal('newer', 'consent:a');
  const other = await world.connection.pool.connect();
  await other.query('begin');
  await other.query('update consent set verifier = $1', [newer]);
  const rotating = run(between);
  await world.someoneWaits();
  await other.query('commit');
  other.release();
  expect(await rotating).toMatchObject({ renewed: 0 });
  expect((await verifiers())[0]?.verifier).toBe(newer);
  expect(await run(between)).toMatchObject({ renewed: 1 });
});

test('a value that no key opens, or that was moved from another row, is told of and left as it is', async () => {
  await consents(createSecrets([randomBytes(32)]), ['a']);
  await consents(before, ['b']);
  await world.sql(`update consent set verifier = $1 where "stateHash" = 'b'`, [before.seal('x', 'consent:elsewhere')]);
  const stored = await verifiers();
  expect(await run(between)).toMatchObject({ renewed: 0, unreadable: 2 });
  expect(await verifiers()).toEqual(stored);
});

test('several rotations at once seal each value once', async () => {
  await consents(before, ['a', 'b', 'c', 'd']);
  const runs = await Promise.all([run(between), run(between), run(between)]);
  expect(runs.reduce((sum, each) => sum + (each?.renewed ?? 0), 0)).toBe(4);
  expect(await run(after, true)).toMatchObject({ current: 4, renewed: 0, unreadable: 0 });
});

test('every field of the schema that is said to be sealed is rotated', () => {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const said = schema.split(/^model /m).flatMap((model) => {
    const table = /@@map\("(\w+)"\)/.exec(model)?.[1] ?? '';
    const fields = [...model.matchAll(/((?:^ {2}\/\/\/.*\n)*)^ {2}(\w+) +String/gm)];
    return fields.filter(([, comment = '', name = '']) => /sealed/i.test(comment + name)).map(([, , name]) => `${table}.${name}`);
  });
  expect(said).toContain('mobile_key.sealedTokens');
  expect(SEALED.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`))).toEqual(expect.arrayContaining(said));
});

test('the command counts what still needs an older key, and fails while there is something', async () => {
  await consents(before, ['a']);
  const env = {
    ...process.env,
    DATABASE_URL: world.url,
    ENCRYPTION_KEYS: [newKey, oldKey].map((key) => key.toString('base64')).join(','),
    JWT_SECRET: 'x'.repeat(32),
    SALTO_KS_CLIENT_ID: 'x',
    SALTO_KS_ENVIRONMENT: 'accept',
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'prisma/rotate-keys.ts', '--check'], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  expect(text).toMatch(/consent\.verifier\D+0\D+1\D+0/);
  expect(text).toContain('Not everything is sealed with the first key.');
});
