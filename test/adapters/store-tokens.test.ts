import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import type { ProviderAnswer, ProviderTokens } from '../../src/ports/lock-vendor.ts';
import { HOUR, MINUTE, organisation, storeWorld } from './store-world.ts';
import type { Organisation, World } from './store-world.ts';

let world: World;

beforeAll(async () => {
  world = await storeWorld();
});
afterAll(() => world.close());

const unused = (): Promise<never> => Promise.reject(new Error('No refresh was due.'));
const fresh = (accessToken: string, refreshToken: string | null = null): ProviderAnswer<ProviderTokens> => ({
  ok: true,
  value: { accessToken, refreshToken, expiresAt: Date.now() + HOUR },
});
const failed = (kind: 'unavailable' | 'needs-reauthorization' | 'unsure'): ProviderAnswer<never> => ({
  ok: false,
  problem: kind === 'unavailable' ? { kind, why: 'Out.', retryAt: 7 } : { kind, why: 'No.' },
});

/** A connection with tokens that have `leftMs` to live, and a provider that answers as told and notes what it was asked. */
async function connected(leftMs: number, refreshToken: string | null = 'r1') {
  const org = await organisation(world);
  const expiresAt = (await world.store.now()) + leftMs;
  await world.store.transaction(org.orgId, (tx) =>
    tx.integrations.saveTokens(org.integration.id, { accessToken: 'a1', refreshToken, expiresAt }),
  );
  const asked: string[] = [];
  const answers: ProviderAnswer<ProviderTokens>[] = [];
  const refresh = (token: string): Promise<ProviderAnswer<ProviderTokens>> => {
    asked.push(token);
    return Promise.resolve(answers.shift() ?? fresh('a2', 'r2'));
  };
  const token = (rejected: string | null = null) => world.store.connectionToken(org.integration.id, rejected, refresh);
  return { org, asked, answers, refresh, token };
}

const row = async (org: Organisation) =>
  (
    await world.sql<{ accessToken: string; refreshToken: string | null; refusedAt: Date | null }>(
      'select * from integration_token where "integrationId" = $1',
      [org.integration.id],
    )
  )[0];

test('a token with a minute or more to live is answered without a refresh', async () => {
  const { org, token } = await connected(MINUTE + 5_000);
  expect(await token()).toEqual({ ok: true, value: 'a1' });
  expect(await world.store.connectionToken(org.integration.id, 'something older', unused)).toEqual({ ok: true, value: 'a1' });
});

test('a token with less than a minute to live is refreshed, and the answer is stored sealed', async () => {
  const { org, asked, token } = await connected(MINUTE - 1_000);
  expect(await token()).toEqual({ ok: true, value: 'a2' });
  expect(await token()).toEqual({ ok: true, value: 'a2' });
  expect(asked).toEqual(['r1']);
  const stored = await row(org);
  expect(JSON.stringify(stored)).not.toMatch(/"[ar][12]"/);
  expect(world.secrets.open(stored?.refreshToken ?? '', `integration_token:${org.integration.id}`)).toBe('r2');
  expect(() => world.secrets.open(stored?.refreshToken ?? '', 'integration_token:another')).toThrow('cannot be opened');
});

test('the token just rejected is replaced, and who comes late with it gets the new one without another refresh', async () => {
  const { asked, token } = await connected(HOUR);
  expect(await token('a1')).toEqual({ ok: true, value: 'a2' });
  expect(await token('a1')).toEqual({ ok: true, value: 'a2' });
  expect(asked).toEqual(['r1']);
});

test('a refresh that brings no refresh token leaves the one in use', async () => {
  const { asked, answers, token } = await connected(0);
  answers.push(fresh('a2'), fresh('a3'));
  await token();
  expect(await token('a2')).toEqual({ ok: true, value: 'a3' });
  expect(asked).toEqual(['r1', 'r1']);
});

test('sixty callers of three processes make one refresh and get its one answer', async () => {
  const { org, asked } = await connected(0);
  const stores = [world.store, world.another(), world.another()];
  let go: () => void = () => undefined;
  const mayAnswer = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = async (token: string): Promise<ProviderAnswer<ProviderTokens>> => {
    asked.push(token);
    await mayAnswer;
    return fresh('a2', 'r2');
  };
  const callers = stores.flatMap((store) => Array.from({ length: 20 }, () => store.connectionToken(org.integration.id, null, slow)));
  await world.someoneWaits(2);
  go();
  expect(new Set((await Promise.all(callers)).map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ ok: true, value: 'a2' })]),
  );
  expect(asked).toEqual(['r1']);
});

test('who joins a refresh begun for another reason never gets the token it has just seen rejected', async () => {
  const { org, asked, answers, token } = await connected(0);
  answers.push(fresh('a3', 'r3'));
  let begun: () => void = () => undefined;
  let answer: (told: ProviderAnswer<ProviderTokens>) => void = () => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const first = world.store.connectionToken(org.integration.id, null, (refreshToken) => {
    asked.push(refreshToken);
    begun();
    return new Promise((resolve) => (answer = resolve));
  });
  await isBegun;
  const second = token('a2');
  // Long enough for the second to have read what is stored.
  await world.store.now();
  answer(fresh('a2', 'r2'));
  expect(await first).toEqual({ ok: true, value: 'a2' });
  expect(await second).toEqual({ ok: true, value: 'a3' });
  expect(asked).toEqual(['r1', 'r2']);
});

test('a refused refresh token is remembered and not tried again, until new tokens are stored', async () => {
  const { org, asked, answers, token } = await connected(0);
  answers.push(failed('needs-reauthorization'));
  expect(await token()).toMatchObject({ ok: false, problem: { kind: 'needs-reauthorization' } });
  expect(await token()).toMatchObject({ ok: false, problem: { kind: 'needs-reauthorization' } });
  expect(asked).toEqual(['r1']);
  expect((await row(org))?.refusedAt).not.toBeNull();
  const tokens = { accessToken: 'b1', refreshToken: 's1', expiresAt: Date.now() + HOUR };
  await world.store.transaction(org.orgId, (tx) => tx.integrations.saveTokens(org.integration.id, tokens));
  expect(await token()).toEqual({ ok: true, value: 'b1' });
});

test('a lost answer is asked for once more with the old token, and that answer counts', async () => {
  const well = await connected(0);
  well.answers.push(failed('unsure'), fresh('a2', 'r2'));
  expect(await well.token()).toEqual({ ok: true, value: 'a2' });
  expect(well.asked).toEqual(['r1', 'r1']);

  const rotated = await connected(0);
  rotated.answers.push(failed('unsure'), failed('needs-reauthorization'));
  expect(await rotated.token()).toEqual(failed('needs-reauthorization'));
  expect((await row(rotated.org))?.refusedAt).not.toBeNull();

  const lost = await connected(0);
  lost.answers.push(failed('unsure'), failed('unsure'));
  expect(await lost.token()).toEqual(failed('unsure'));
  expect((await row(lost.org))?.refusedAt).toBeNull();
});

test('an outage is passed on as it is, and the next caller tries again', async () => {
  const { asked, answers, token } = await connected(0);
  answers.push(failed('unavailable'));
  expect(await token()).toEqual(failed('unavailable'));
  expect(await token()).toEqual({ ok: true, value: 'a2' });
  expect(asked).toEqual(['r1', 'r1']);
});

test('no tokens, or none to refresh with, need a new consent', async () => {
  const none = await organisation(world);
  const needed = { ok: false, problem: { kind: 'needs-reauthorization' } };
  expect(await world.store.connectionToken(none.integration.id, null, unused)).toMatchObject(needed);
  expect(await world.store.connectionToken('nonsense', null, unused)).toMatchObject(needed);
  const bare = await connected(0, null);
  expect(await bare.token()).toMatchObject(needed);
  expect(bare.asked).toEqual([]);
  await world.store.transaction(bare.org.orgId, (tx) => tx.integrations.dropTokens(bare.org.integration.id));
  expect(await bare.token()).toMatchObject(needed);
});

test('tokens that the present keys cannot open need a new consent, and open again when the key is back', async () => {
  const { org, token } = await connected(HOUR);
  const strange = createStore({ pool: world.connection.pool, secrets: createSecrets([randomBytes(32)]) });
  expect(await strange.connectionToken(org.integration.id, null, unused)).toMatchObject({
    ok: false,
    problem: { kind: 'needs-reauthorization' },
  });
  expect(await token()).toEqual({ ok: true, value: 'a1' });
});

test('however many connections wait for an identity server that hangs, the database is there for everybody else', async () => {
  const connections = await Promise.all(Array.from({ length: 12 }, () => connected(0)));
  let go: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    go = resolve;
  });
  let calls = 0;
  const refresh = async (): Promise<ProviderAnswer<ProviderTokens>> => {
    calls += 1;
    await hanging;
    return failed('unavailable');
  };
  const waits = connections.map(({ org }) => world.store.connectionToken(org.integration.id, null, refresh));
  while (calls < 3) await world.store.ping();
  await Promise.all(Array.from({ length: 20 }, () => world.store.transaction('org', (tx) => tx.locations.find({ externalId: 'x' }))));
  expect(calls).toBe(3);
  go();
  expect(new Set((await Promise.all(waits)).map(({ ok }) => ok))).toEqual(new Set([false]));
  expect(calls).toBe(12);
});
