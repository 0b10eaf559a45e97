import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlState } from '../../src/adapters/prisma/transaction.ts';
import type { Tx } from '../../src/ports/store.ts';
import { barrier, HOUR, organisation, storeWorld } from './store-world.ts';
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

test('what was told comes back as it was told', async () => {
  const at = Date.UTC(2026, 2, 1, 11, 30, 0, 123);
  const member = await ours.member({ role: 'ADMIN', companyId: ours.company.id, companySince: at, asOf: at });
  const subscription = await ours.subscription({
    companyId: ours.company.id,
    startsOn: '2026-03-29',
    endsOn: '2026-10-25',
    canceledAt: at,
  });
  const item = await ours.item(subscription.id, { endedAt: at });
  const booking = await ours.booking(member.id, at, { paidWithDayPass: true });
  const read = await inOurs(async (tx) => ({
    member: await tx.members.find({ id: member.id }),
    subscription: await tx.subscriptions.find({ externalId: subscription.externalId }),
    items: await tx.items.ofSubscription(subscription.id),
    booking: await tx.bookings.find({ id: booking.id }),
  }));
  expect(read).toEqual({ member, subscription, items: [item], booking });
  expect(member).toMatchObject({ role: 'ADMIN', companySince: at, asOf: at });
  expect(subscription).toMatchObject({ startsOn: '2026-03-29', endsOn: '2026-10-25', canceledAt: at });
  expect(booking).toMatchObject({ startsAt: at, endsAt: at + HOUR, paidWithDayPass: true });
});

test('an update changes what it names and nothing else, and null is a value', async () => {
  const member = await ours.member({ companyId: ours.company.id, companySince: 5_000 });
  const changed = await inOurs((tx) => tx.members.update(member.id, { companyId: null, firstName: 'Grace' }));
  expect(changed).toEqual({ ...member, companyId: null, firstName: 'Grace' });
  expect(await inOurs((tx) => tx.members.update(member.id, {}))).toEqual(changed);
});

test('an address is found whatever its case, is one person’s, and is free again once that person is removed', async () => {
  const ada = await ours.member({ email: 'Ada.Marsh@Example.com' });
  expect(await inOurs((tx) => tx.members.byEmail('ada.marsh@example.COM'))).toEqual(ada);
  await expect(ours.member({ email: 'ADA.MARSH@example.com' })).rejects.toSatisfy((error) => sqlState(error) === '23505');
  await inOurs((tx) => tx.members.update(ada.id, { removedAt: tx.now }));
  expect(await inOurs((tx) => tx.members.byEmail('ada.marsh@example.com'))).toBeNull();
  const next = await ours.member({ email: 'ada.marsh@example.com' });
  expect((await inOurs((tx) => tx.members.byIds([ada.id, next.id]))).map(({ id }) => id)).toEqual([ada.id, next.id].sort());
});

test('a changed address is the one that is found', async () => {
  const member = await ours.member({ email: 'before@example.com' });
  await inOurs((tx) => tx.members.update(member.id, { email: 'After@example.com' }));
  expect(
    await inOurs(async (tx) => [await tx.members.byEmail('before@example.com'), (await tx.members.byEmail('after@example.com'))?.id]),
  ).toEqual([null, member.id]);
});

test('an id that is no uuid names nothing, without an error', async () => {
  const found = await inOurs(async (tx) => [
    await tx.members.find({ id: 'nobody' }),
    await tx.bookings.find({ id: '' }),
    await tx.keys.unlock("'; drop table member; --"),
    await tx.members.byIds(['nobody']),
    await tx.groups.get('x'),
    await tx.integrations.get('x'),
  ]);
  expect(found).toEqual([null, null, null, [], null, null]);
  expect(await world.store.digitalKeyFacts(ours.orgId, 'x', { id: 'x' })).toBeNull();
  expect(await world.store.groupOf('x')).toBeNull();
  expect(await world.store.claimGroup('x', 1_000)).toBeNull();
});

test('invitees are set as a whole, and once each', async () => {
  const [host, first, second] = [await ours.member(), await ours.member(), await ours.member()];
  const booking = await ours.booking(host.id, Date.UTC(2027, 0, 1));
  const set = (invitees: { memberId: string; invitedAt: number }[]) =>
    inOurs(async (tx) => {
      await tx.bookings.setInvitees(booking.id, invitees);
      return (await tx.members.lockParty([], booking)).invited.sort((one, other) => one.invitedAt - other.invitedAt);
    });
  const a = { memberId: first.id, invitedAt: 2_000 };
  const b = { memberId: second.id, invitedAt: 1_000 };
  expect(await set([a, b, { ...a, invitedAt: 9_000 }])).toEqual([b, a]);
  expect(await set([{ ...a, invitedAt: 500 }])).toEqual([{ ...a, invitedAt: 500 }]);
  expect(await set([])).toEqual([]);
});

test('a booking’s party is whoever is named or was invited, and its booker', async () => {
  const [host, guest, other] = [await ours.member(), await ours.member(), await ours.member({ removedAt: 1_000 })];
  const booking = await ours.booking(host.id, Date.UTC(2027, 0, 1));
  const invited = [{ memberId: guest.id, invitedAt: 1_000 }];
  await inOurs((tx) => tx.bookings.setInvitees(booking.id, invited));
  const refs = [{ externalId: other.externalId }, { externalId: 'nobody' }, { id: guest.id }];
  expect(await inOurs((tx) => tx.members.lockParty(refs, booking))).toEqual({
    named: [other, null, guest],
    invited,
    ids: [host.id, guest.id, other.id].sort(),
  });
  expect(await inOurs((tx) => tx.members.lockParty(refs, null))).toEqual({
    named: [other, null, guest],
    invited: [],
    ids: [guest.id, other.id].sort(),
  });
});

test('a resource is found with its location’s time zone, and neither can be changed meanwhile', async () => {
  const { externalId } = ours.room;
  const change = async (table: string, id: string) =>
    world.sql(`update ${table} set name = name where id = (select id from ${table} where id = $1 for no key update nowait)`, [id]);
  await inOurs(async (tx) => {
    expect(await tx.resources.findPlaced({ externalId })).toEqual({ ...ours.room, timeZone: ours.location.timeZone });
    await expect(change('resource', ours.room.id)).rejects.toThrow('could not obtain lock');
    await expect(change('location', ours.location.id)).rejects.toThrow('could not obtain lock');
  });
  expect(await world.store.transaction(theirs.orgId, (tx) => tx.resources.findPlaced({ id: ours.room.id }))).toBeNull();
});

test('a stranger’s rows are as if they did not exist: not found, not changed, not referred to', async () => {
  const member = await theirs.member();
  const booking = await theirs.booking(member.id, Date.UTC(2027, 0, 1));
  const invitees = [{ memberId: (await theirs.member()).id, invitedAt: 1 }];
  await world.store.transaction(theirs.orgId, (tx) => tx.bookings.setInvitees(booking.id, invitees));
  const read = await inOurs(async (tx) => [
    await tx.members.find({ id: member.id }),
    await tx.members.find({ id: member.id }, 'change'),
    await tx.locations.find({ id: theirs.location.id }),
    await tx.members.byIds([member.id]),
    await tx.members.ofCompany(theirs.company.id),
    (await tx.members.lockParty([{ id: member.id }], booking)).ids,
    await tx.integrations.ofLocation(theirs.location.id),
    await tx.groups.ofIntegration(theirs.integration.id),
    await tx.groups.locks(theirs.office.id),
  ]);
  expect(read).toEqual([null, null, null, [], [], [], null, [], []]);
  await expect(inOurs((tx) => tx.members.update(member.id, { firstName: 'Mallory' }))).rejects.toThrow('No such row');
  await expect(inOurs((tx) => tx.members.update(member.id, {}))).rejects.toThrow('No such row');
  await expect(ours.booking(member.id, Date.UTC(2027, 0, 1))).rejects.toThrow('No such row to refer to');
  await expect(inOurs((tx) => tx.plans.update(ours.plan.id, { accessGroupId: theirs.front.id }))).rejects.toThrow('No such row');
  const own = await ours.booking((await ours.member()).id, Date.UTC(2027, 0, 1));
  await inOurs((tx) => tx.bookings.setInvitees(own.id, [{ memberId: member.id, invitedAt: 1 }]));
  expect((await inOurs((tx) => tx.members.lockParty([], own))).invited).toEqual([]);
  await inOurs((tx) => tx.bookings.setInvitees(booking.id, [{ memberId: own.memberId, invitedAt: 1 }]));
  expect((await world.store.transaction(theirs.orgId, (tx) => tx.members.lockParty([], booking))).invited).toEqual(invitees);
  expect(await world.sql('select 1 from booking_invitee where "bookingId" = $1', [booking.id])).toHaveLength(1);
});

test('external ids are each organisation’s own', async () => {
  const found = await inOurs((tx) => tx.locations.find({ externalId: 'loc' }));
  expect(found?.id).toBe(ours.location.id);
  expect(theirs.location.externalId).toBe('loc');
});

test('a find that locks waits for the change under way and reads what it left', async () => {
  const plan = await inOurs((tx) => tx.plans.find({ id: ours.plan.id }));
  let changed: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    changed = resolve;
  });
  const first = inOurs(async (tx) => {
    await tx.plans.update(ours.plan.id, { name: 'Renamed' });
    changed();
    await world.someoneWaits();
  });
  await locked;
  const second = inOurs((tx) => tx.plans.find({ id: ours.plan.id }, 'change'));
  await first;
  expect(await second).toEqual({ ...plan, name: 'Renamed' });
});

test('work refused for a conflict runs again, and what it did before is gone', async () => {
  const both = barrier(2);
  let runs = 0;
  const upsert = () =>
    inOurs(async (tx) => {
      runs += 1;
      const known = await tx.companies.find({ externalId: 'raced' });
      if (runs <= 2) await both();
      return known ?? tx.companies.insert({ externalId: 'raced', name: 'Raced', asOf: null });
    });
  const [one, other] = await Promise.all([upsert(), upsert()]);
  expect(one).toEqual(other);
  expect(runs).toBe(3);
});

test('work that goes on being refused is given up after five tries, with the database’s reason', async () => {
  let runs = 0;
  const twice = inOurs(async (tx) => {
    runs += 1;
    await tx.companies.insert({ externalId: 'com', name: 'Again', asOf: null });
  });
  await expect(twice).rejects.toSatisfy((error) => sqlState(error) === '23505');
  expect(runs).toBe(5);
});

test('what work throws of itself comes back as it was thrown, at once, and nothing is stored', async () => {
  const thrown = new Error('no');
  let runs = 0;
  await expect(
    inOurs(async (tx) => {
      runs += 1;
      await tx.companies.insert({ externalId: 'undone', name: 'Undone', asOf: null });
      throw thrown;
    }),
  ).rejects.toBe(thrown);
  expect(runs).toBe(1);
  expect(await inOurs((tx) => tx.companies.find({ externalId: 'undone' }))).toBeNull();
});

test('the transaction’s instant is the database’s, and stands still within it', async () => {
  const before = await world.store.now();
  const [first, second] = await inOurs(async (tx) => {
    await tx.locations.find({ externalId: 'loc' });
    return [tx.now, tx.now];
  });
  expect(first).toBe(second);
  expect(first).toBeGreaterThanOrEqual(before);
  expect(await world.store.now()).toBeGreaterThanOrEqual(first);
});

test('activity is written in the order told, once per key, and only at a location of the organisation', async () => {
  const member = await ours.member();
  const row = { locationId: ours.location.id, at: 7, type: 'KEY_AVAILABLE' as const, actor: 'system', detail: 'One.' };
  const add = (rows: Parameters<Tx['activity']['add']>[0]) => inOurs((tx) => tx.activity.add(rows));
  const first = await add([{ ...row, onceKey: 'b' }, { ...row, memberId: member.id, onceKey: 'a' }, row, row]);
  expect(first).toHaveLength(4);
  expect(first).toEqual(first.toSorted());
  const second = await add([
    { ...row, onceKey: 'a' },
    { ...row, detail: 'Two.' },
    { ...row, onceKey: 'c' },
    { ...row, onceKey: 'c' },
  ]);
  expect(second).toEqual([null, expect.any(String), expect.any(String), null]);
  const stored = await world.sql<{ id: string; detail: string }>('select id, detail from activity where id = any($1) order by id', [
    second,
  ]);
  expect(stored.map(({ detail }) => detail)).toEqual(['Two.', 'One.']);
  expect(await add([{ ...row, locationId: theirs.location.id }])).toEqual([null]);
  const [about] = await add([{ ...row, memberId: (await theirs.member()).id, accessGroupId: theirs.front.id }]);
  expect(await world.sql('select "memberId", "accessGroupId" from activity where id = $1', [about])).toEqual([
    { memberId: null, accessGroupId: null },
  ]);
  expect(await add([])).toEqual([]);
});
