import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lockable, Tx } from '../../src/ports/store.ts';
import { barrier, organisation, storeWorld } from './store-world.ts';
import type { Organisation, World } from './store-world.ts';

let world: World;
let ours: Organisation;
let theirs: Organisation;

beforeAll(async () => {
  world = await storeWorld();
  ours = await organisation(world);
  theirs = await organisation(world);
});
afterAll(() => world.close());

const inOurs = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(ours.orgId, work);

const kinds: Lockable[] = ['integration', 'company', 'plan', 'resource', 'location', 'subscription', 'booking', 'member'];

async function lockable(): Promise<Record<Lockable, [string, string]>> {
  const [one, two] = [await ours.member(), await ours.member()];
  const company = await inOurs((tx) => tx.companies.insert({ externalId: randomUUID(), name: 'Second', asOf: null }));
  const pair = async (insert: (tx: Tx) => Promise<{ id: string }>): Promise<string> => (await inOurs(insert)).id;
  const { id: _plan, ...plan } = ours.plan;
  const { id: _room, ...room } = ours.room;
  const { id: _location, ...location } = ours.location;
  const locationId = await pair((tx) => tx.locations.insert({ ...location, externalId: randomUUID() }));
  return {
    integration: [
      ours.integration.id,
      await pair((tx) => tx.integrations.insert({ locationId, status: 'AUTHORIZING', statusBefore: null })),
    ],
    company: [ours.company.id, company.id],
    plan: [ours.plan.id, await pair((tx) => tx.plans.insert({ ...plan, externalId: randomUUID() }))],
    resource: [ours.room.id, await pair((tx) => tx.resources.insert({ ...room, externalId: randomUUID() }))],
    location: [ours.location.id, locationId],
    subscription: [(await ours.subscription({ memberId: one.id })).id, (await ours.subscription({ memberId: two.id })).id],
    booking: [(await ours.booking(one.id, 0)).id, (await ours.booking(two.id, 0)).id],
    member: [one.id, two.id],
  };
}

const pairsOfKinds = kinds.flatMap((one, index) => kinds.slice(index).map((other) => [one, other] as const));

test('two transactions that lock the same rows, told in opposite orders, never deadlock, whatever the kinds', async () => {
  const ids = await lockable();
  for (const [one, other] of pairsOfKinds) {
    const rows = [one, other].flatMap((kind) => ids[kind].map((id) => ({ kind, id, mode: 'change' as const })));
    const start = barrier(2);
    let runs = 0;
    const lockAll = (of: typeof rows) =>
      inOurs(async (tx) => {
        runs += 1;
        await start();
        await tx.lock(of);
        await tx.lock(of);
      });
    await Promise.all([lockAll(rows), lockAll(rows.toReversed())]);
    expect(runs, `${one} and ${other}`).toBe(2);
  }
});

test.each(kinds)('a change of a %s excludes a share of it until it has ended; two shares do not exclude each other', async (kind) => {
  const ids = await lockable();
  const [id] = ids[kind];
  const shared = barrier(2);
  const share = () =>
    inOurs(async (tx) => {
      await tx.lock([{ kind, id, mode: 'share' }]);
      await shared();
    });
  await Promise.all([share(), share()]);

  const order: string[] = [];
  let held: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    held = resolve;
  });
  const change = inOurs(async (tx) => {
    await tx.lock([{ kind, id, mode: 'change' }]);
    held();
    await world.someoneWaits();
    order.push('change');
  });
  await locked;
  const after = inOurs(async (tx) => {
    await tx.lock([{ kind, id, mode: 'share' }]);
    order.push('share');
  });
  await Promise.all([change, after]);
  expect(order).toEqual(['change', 'share']);
});

test('a row named with both modes is locked once, for change', async () => {
  const [id] = (await lockable()).member;
  let held: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    held = resolve;
  });
  const order: string[] = [];
  const both = inOurs(async (tx) => {
    await tx.lock([
      { kind: 'member', id, mode: 'change' },
      { kind: 'member', id, mode: 'share' },
    ]);
    held();
    await world.someoneWaits();
    order.push('both');
  });
  await locked;
  await Promise.all([both, inOurs((tx) => tx.members.find({ id }, 'share')).then(() => order.push('share'))]);
  expect(order).toEqual(['both', 'share']);
});

test('locking a stranger’s row locks nothing', async () => {
  const member = await theirs.member();
  await inOurs(async (tx) => {
    await tx.lock([{ kind: 'member', id: member.id, mode: 'change' }]);
    await world.store.transaction(theirs.orgId, (other) => other.members.update(member.id, { firstName: 'Free' }));
  });
  const read = await world.store.transaction(theirs.orgId, (tx) => tx.members.find({ id: member.id }));
  expect(read?.firstName).toBe('Free');
});
