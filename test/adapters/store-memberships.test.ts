import { afterAll, beforeAll, expect, test } from 'vitest';
import { dueAt, postpone } from '../../src/core/membership.ts';
import type { Membership, MembershipState } from '../../src/core/membership.ts';
import type { Tx } from '../../src/ports/store.ts';
import { barrier, DAY, HOUR, MINUTE, organisation, storeWorld } from './store-world.ts';
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
const pairOf = ({ memberId, accessGroupId }: Membership) => ({ memberId, accessGroupId });
const read = async (membership: Membership): Promise<Membership | undefined> =>
  (await inOurs((tx) => tx.memberships.ofPairs([pairOf(membership)])))[0];
const changed = (membership: Membership, change: Partial<Membership>) => {
  const next = { ...membership, ...change, version: membership.version + 1 };
  return { membership: next, was: membership.version, dueAt: dueAt(next) };
};

test('a membership starts out absent and unwanted, and managed only while the location holds the group’s site', async () => {
  const org = await organisation(world);
  const create = async () => {
    const pair = { memberId: (await org.member()).id, accessGroupId: org.front.id };
    const [made] = await world.store.transaction(org.orgId, (tx) => tx.memberships.create([pair]));
    return { ...made, pair };
  };
  const made = await create();
  expect(made).toMatchObject({
    ...made.pair,
    wanted: false,
    state: 'ABSENT',
    held: false,
    managed: true,
    version: 0,
    attempts: 0,
    failing: false,
  });
  await world.store.transaction(org.orgId, (tx) => tx.integrations.update(org.integration.id, { siteHeld: false, status: 'DISCONNECTED' }));
  expect((await create()).managed).toBe(false);
  await world.store.transaction(org.orgId, (tx) =>
    tx.integrations.update(org.integration.id, { siteHeld: true, siteExternalId: `other-${org.orgId}`, status: 'CONNECTED' }),
  );
  expect((await create()).managed).toBe(false);
});

test('creating a pair that exists, or is being created, answers with the one row there is', async () => {
  const pair = { memberId: (await ours.member()).id, accessGroupId: ours.front.id };
  const start = barrier(2);
  const create = () =>
    inOurs(async (tx) => {
      await start();
      return tx.memberships.create([pair]);
    });
  const [one, other] = await Promise.all([create(), create()]);
  expect(one).toHaveLength(1);
  expect(other).toEqual(one);
});

test('every field of a membership is stored and read', async () => {
  const at = await world.store.now();
  const fields: Partial<Membership> = {
    ...{
      wanted: true,
      state: 'BLOCKED',
      blockedCause: 'NO_SEAT',
      held: true,
      managed: true,
      attempts: 3,
      lastError: 'No seat.',
      failing: true,
    },
    ...{ nextChangeAt: at + 4 * HOUR, from: at, until: at + 4 * HOUR, retryAt: at + 1 },
  };
  const membership = await ours.membership((await ours.member()).id, ours.office.id, fields);
  expect(await read(membership)).toEqual({ ...membership, ...fields });
});

test('a stale change is dropped and the others of the same save are written', async () => {
  const one = await ours.membership((await ours.member()).id, ours.front.id);
  const other = await ours.membership((await ours.member()).id, ours.front.id);
  expect(await inOurs((tx) => tx.memberships.save([changed(one, { lastError: 'first' })]))).toEqual([one.id]);
  const both = [changed(one, { lastError: 'stale' }), changed(other, { lastError: 'fresh' })];
  expect(await inOurs((tx) => tx.memberships.save(both))).toEqual([other.id]);
  expect([(await read(one))?.lastError, (await read(other))?.lastError]).toEqual(['first', 'fresh']);
  expect(await inOurs((tx) => tx.memberships.save([]))).toEqual([]);
});

test('of twenty saves of one version at once, one is written', async () => {
  const membership = await ours.membership((await ours.member()).id, ours.front.id);
  const saves = Array.from({ length: 20 }, (_, n) => inOurs((tx) => tx.memberships.save([changed(membership, { lastError: `${n}` })])));
  const written = (await Promise.all(saves)).flat();
  expect(written).toEqual([membership.id]);
  expect((await read(membership))?.version).toBe(membership.version + 1);
});

test('two saves of the same rows in opposite orders wait for each other and never deadlock', async () => {
  const memberships = await Promise.all(Array.from({ length: 40 }, async () => ours.membership((await ours.member()).id, ours.front.id)));
  const start = barrier(2);
  let runs = 0;
  const save = (rows: Membership[]) =>
    inOurs(async (tx) => {
      runs += 1;
      await start();
      return tx.memberships.save(rows.map((row) => changed(row, { attempts: 1 })));
    });
  const [one, other] = await Promise.all([save(memberships), save(memberships.toReversed())]);
  expect([one.length, other.length].toSorted((a, b) => a - b)).toEqual([0, 40]);
  expect(runs).toBe(2);
});

test('what is due in a group comes earliest first, and what is not managed is never due', async () => {
  const org = await organisation(world);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(org.orgId, work);
  const now = await world.store.now();
  expect(await within((tx) => tx.memberships.nextDueAt(org.front.id))).toBeNull();
  const make = async (change: Partial<Membership>) => org.membership((await org.member()).id, org.front.id, change);
  const retried = await make({ wanted: true, state: 'GRANTING', retryAt: now - MINUTE });
  const ending = await make({ wanted: true, state: 'ACTIVE', nextChangeAt: now });
  const owed = await make({ wanted: true, state: 'ABSENT' });
  const coming = await make({ nextChangeAt: now + 1 });
  const unmanaged = await make({ wanted: true, managed: false });
  const due = (at: number, limit = 10) => within((tx) => tx.memberships.due(org.front.id, at, limit));
  expect(await due(now)).toEqual([owed, retried, ending]);
  expect(await due(now, 2)).toEqual([owed, retried]);
  expect(await due(now + 1)).toEqual([owed, retried, ending, coming]);
  expect(await within((tx) => tx.memberships.nextDueAt(org.front.id))).toBe(0);
  for (const row of [owed, retried, ending]) {
    await within((tx) => tx.memberships.save([{ ...changed(row, { state: 'BLOCKED', retryAt: null, nextChangeAt: null }) }]));
  }
  expect(await within((tx) => tx.memberships.nextDueAt(org.front.id))).toBe(now + 1);
  expect((await within((tx) => tx.memberships.ofGroup(org.front.id))).map(({ id }) => id)).toContain(unmanaged.id);
});

test('memberships of a location come in pages that together are all of them', async () => {
  const org = await organisation(world);
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push((await org.membership((await org.member()).id, org.front.id)).id);
  const seen: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await world.store.transaction(org.orgId, (tx) => tx.memberships.ofLocation(org.location.id, { after, limit: 2 }));
    if (page.length === 0) break;
    expect(page.length).toBeLessThanOrEqual(2);
    seen.push(...page.map(({ id }) => id));
    after = page.at(-1)?.id ?? null;
  }
  expect(seen).toEqual(made.toSorted());
});

test('a member’s memberships are those of a location, or all', async () => {
  const member = await ours.member();
  const front = await ours.membership(member.id, ours.front.id);
  const office = await ours.membership(member.id, ours.office.id);
  const of = (locationId: string | null) => inOurs((tx) => tx.memberships.ofMember(member.id, locationId));
  expect(await of(null)).toEqual([front, office].toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  expect(await of(ours.location.id)).toHaveLength(2);
  expect(await of(theirs.location.id)).toEqual([]);
});

test('whoever is blocked for a cause is found, the earliest-starting first', async () => {
  const org = await organisation(world);
  const make = async (change: Partial<Membership>) =>
    org.membership((await org.member()).id, org.front.id, { state: 'BLOCKED', ...change });
  const late = await make({ blockedCause: 'NO_SEAT', from: 2_000 });
  const early = await make({ blockedCause: 'NO_SEAT', from: 1_000 });
  await make({ blockedCause: 'REFUSED', from: 500 });
  const blocked = (limit: number) =>
    world.store.transaction(org.orgId, (tx) => tx.memberships.blocked(org.integration.id, 'NO_SEAT', limit));
  expect(await blocked(9)).toEqual([early, late]);
  expect(await blocked(1)).toEqual([early]);
});

test('a window is prepared for once; another window is prepared for anew', async () => {
  const org = await organisation(world);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(org.orgId, work);
  const now = await world.store.now();
  const make = async (from: number) => org.membership((await org.member()).id, org.front.id, { from, nextChangeAt: from });
  const soon = await make(now + HOUR);
  const first = await make(now + 30 * MINUTE);
  await make(now + 2 * HOUR);
  await make(now - MINUTE);
  const toPrepare = () => within((tx) => tx.memberships.toPrepare(org.front.id, now + HOUR, 10));
  expect(await toPrepare()).toEqual([first, soon]);
  await within((tx) => tx.memberships.markPrepared([first.id]));
  expect(await toPrepare()).toEqual([soon]);
  await within((tx) => tx.memberships.save([changed(first, { from: now + 40 * MINUTE })]));
  expect((await toPrepare()).map(({ id }) => id)).toEqual([first.id, soon.id]);
});

test('an outage postpones whatever owes a step as core does, and nothing of the connection is looked at before it is over', async () => {
  const org = await organisation(world);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(org.orgId, work);
  const now = await world.store.now();
  const until = now + MINUTE;
  const states: MembershipState[] = ['ABSENT', 'GRANTING', 'ACTIVE', 'REVOKING', 'UNKNOWN', 'BLOCKED'];
  const made: Membership[] = [];
  for (const state of states) {
    for (const wanted of [true, false]) {
      for (const retryAt of [null, now - 1, until + 1]) {
        for (const nextChangeAt of [null, now - 1, now + DAY]) {
          made.push(await org.membership((await org.member()).id, org.front.id, { state, wanted, retryAt, nextChangeAt }));
        }
      }
    }
  }
  const unmanaged = await org.membership((await org.member()).id, org.front.id, { managed: false, wanted: true });
  await within((tx) => tx.memberships.postpone(org.integration.id, until));
  const stored = new Map((await within((tx) => tx.memberships.ofGroup(org.front.id))).map((row) => [row.id, row]));
  let postponed = 0;
  for (const before of made) {
    const settled = before.state === 'BLOCKED' ? before.retryAt === null : before.state === (before.wanted ? 'ACTIVE' : 'ABSENT');
    const due = dueAt(before);
    const touched = due !== null && due < until;
    if (touched) postponed += 1;
    const expected = !touched ? before : settled ? { ...before, version: before.version + 1 } : postpone(before, until);
    expect(stored.get(before.id), JSON.stringify(before)).toEqual(expected);
  }
  expect(postponed).toBeGreaterThan(20);
  expect(stored.get(unmanaged.id)).toEqual(unmanaged);
  expect(await within((tx) => tx.memberships.due(org.front.id, until - 1, 1_000))).toEqual([]);
  expect(await within((tx) => tx.memberships.nextDueAt(org.front.id))).toBe(until);
});

test('a stranger’s memberships are neither read nor written', async () => {
  const member = await theirs.member();
  const from = (await world.store.now()) + HOUR;
  const membership = await theirs.membership(member.id, theirs.front.id, { from, nextChangeAt: from });
  const own = await ours.member();
  const found = await inOurs(async (tx) => {
    await tx.memberships.postpone(theirs.integration.id, tx.now + HOUR);
    await tx.memberships.markPrepared([membership.id]);
    return [
      await tx.memberships.ofPairs([pairOf(membership)]),
      await tx.memberships.ofMember(member.id, null),
      await tx.memberships.ofGroup(theirs.front.id),
      await tx.memberships.ofLocation(theirs.location.id, { after: null, limit: 9 }),
      await tx.memberships.due(theirs.front.id, from, 9),
      await tx.memberships.toPrepare(theirs.front.id, from, 9),
      await tx.memberships.nextDueAt(theirs.front.id),
      await tx.memberships.save([changed(membership, { wanted: true })]),
      await tx.memberships.create([{ memberId: member.id, accessGroupId: ours.front.id }]),
      await tx.memberships.create([{ memberId: own.id, accessGroupId: theirs.front.id }]),
    ];
  });
  expect(found).toEqual([[], [], [], [], [], [], null, [], [], []]);
  const kept = await world.store.transaction(theirs.orgId, async (tx) => [
    await tx.memberships.ofGroup(theirs.front.id),
    await tx.memberships.toPrepare(theirs.front.id, from, 9),
  ]);
  expect(kept).toEqual([[membership], [membership]]);
});
