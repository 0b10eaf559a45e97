import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DayPassUseRow } from '../../src/ports/rows.ts';
import type { Tx } from '../../src/ports/store.ts';
import { HOUR, organisation, storeWorld } from './store-world.ts';
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

async function booked(change: Partial<DayPassUseRow> = {}): Promise<DayPassUseRow & { memberId: string }> {
  const memberId = change.memberId ?? (await ours.member()).id;
  const booking = await ours.booking(memberId, 12 * HOUR);
  return { bookingId: booking.id, locationId: ours.location.id, companyId: null, month: '2026-05', day: '2026-05-04', ...change, memberId };
}

const take = (use: DayPassUseRow, allowance: number) => inOurs((tx) => tx.dayPasses.take(use, allowance));

test('passes are taken up to the allowance, counted by pool and month, and given back by day', async () => {
  const first = await booked();
  const { memberId } = first;
  const used = (month: string) => inOurs((tx) => tx.dayPasses.used(ours.location.id, { memberId }, month));
  expect(await take(first, 2)).toBe(true);
  expect(await take({ ...first, day: '2026-05-05' }, 2)).toBe(true);
  expect(await take({ ...first, day: '2026-05-06' }, 2)).toBe(false);
  expect(await take({ ...first, month: '2026-06', day: '2026-06-01' }, 2)).toBe(true);
  expect([await used('2026-05'), await used('2026-06'), await used('2026-07')]).toEqual([2, 1, 0]);
  const ofBooking = () => inOurs((tx) => tx.dayPasses.ofBooking(first.bookingId));
  expect(await ofBooking()).toEqual([first, { ...first, day: '2026-05-05' }, { ...first, month: '2026-06', day: '2026-06-01' }]);
  await inOurs((tx) => tx.dayPasses.giveBack(first.bookingId, ['2026-05-04', '2026-06-01']));
  expect(await ofBooking()).toEqual([{ ...first, day: '2026-05-05' }]);
  expect(await take({ ...first, day: '2026-05-07' }, 2)).toBe(true);
});

test('no allowance gives no pass, and a lowered one gives none until enough have come back', async () => {
  const use = await booked();
  expect(await take(use, 0)).toBe(false);
  expect(await take(use, 3)).toBe(true);
  expect(await take({ ...use, day: '2026-05-05' }, 1)).toBe(false);
});

test('twenty bookings racing for the last pass of a company: one gets it', async () => {
  const uses = await Promise.all(
    Array.from({ length: 20 }, async () => ({ ...(await booked()), memberId: null, companyId: ours.company.id })),
  );
  expect(await take({ ...(await booked()), memberId: null, companyId: ours.company.id }, 2)).toBe(true);
  const taken = await Promise.all(uses.map((use) => take(use, 2)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await inOurs((tx) => tx.dayPasses.used(ours.location.id, { companyId: ours.company.id }, '2026-05'))).toBe(2);
});

test('who waits for a pass that another booking is taking gets the next free one, or that one when the other is undone', async () => {
  const memberId = (await ours.member()).id;
  const [one, other] = [await booked({ memberId }), await booked({ memberId })];
  const raced = async (allowance: number, undone: boolean): Promise<boolean> => {
    let waits: Promise<boolean> = Promise.resolve(false);
    await inOurs(async (tx) => {
      await tx.dayPasses.take(one, allowance);
      waits = take(other, allowance);
      await world.someoneWaits();
      if (undone) throw new Error('undone');
    }).catch((error: Error) => expect(error.message).toBe('undone'));
    const result = await waits;
    await inOurs((tx) => tx.dayPasses.giveBack(one.bookingId, [one.day]));
    await inOurs((tx) => tx.dayPasses.giveBack(other.bookingId, [other.day]));
    return result;
  };
  expect(await raced(1, false)).toBe(false);
  expect(await raced(1, true)).toBe(true);
  expect(await raced(2, false)).toBe(true);
});

test('what a subscriber’s plans bring is told by subscription and item, ended or not; rented resources bring none', async () => {
  const member = await ours.member();
  const subscription = await ours.subscription({ memberId: member.id, startsOn: '2026-05-01', endsOn: '2026-05-31', canceledAt: 7_000 });
  await ours.item(subscription.id);
  await ours.item(subscription.id, { endedAt: 5_000 });
  await ours.item(subscription.id, { planId: null, resourceId: ours.room.id });
  const empty = await ours.subscription({ memberId: member.id });
  const allowances = await inOurs((tx) => tx.dayPasses.allowances(ours.location.id, { memberId: member.id }));
  const told = {
    ...{ startsOn: '2026-05-01', endsOn: '2026-05-31', canceledAt: 7_000 },
    items: [
      { passes: 2, endedAt: null },
      { passes: 2, endedAt: 5_000 },
    ],
  };
  const bare = { startsOn: empty.startsOn, endsOn: null, canceledAt: null, items: [] };
  expect(allowances).toEqual([told, bare]);

  const use = await booked({ memberId: member.id });
  await take(use, 2);
  const ofCompany = await ours.subscription({ companyId: ours.company.id });
  const pools = await inOurs((tx) => tx.dayPasses.poolsOf([subscription.id, ofCompany.id]));
  expect(pools).toHaveLength(2);
  expect(pools.find(({ subscriptionIds }) => subscriptionIds.includes(subscription.id))).toEqual({
    ...{ subscriptionIds: [subscription.id], zone: 'Europe/Berlin', subscriptions: [told, bare] },
    usedByMonth: new Map([['2026-05', 1]]),
  });
  expect(pools.find(({ subscriptionIds }) => subscriptionIds.includes(ofCompany.id))).toMatchObject({ subscriptionIds: [ofCompany.id] });
});

test('a stranger’s passes are neither read nor taken', async () => {
  const member = await theirs.member();
  const booking = await theirs.booking(member.id, 12 * HOUR);
  const subscription = await theirs.subscription({ memberId: member.id });
  const use = {
    bookingId: booking.id,
    locationId: theirs.location.id,
    memberId: member.id,
    companyId: null,
    month: '2026-05',
    day: '2026-05-04',
  };
  await world.store.transaction(theirs.orgId, (tx) => tx.dayPasses.take(use, 5));
  await expect(take({ ...use, day: '2026-05-05' }, 5)).rejects.toThrow('No such booking or subscriber');
  const own = await booked();
  await expect(take({ ...own, memberId: member.id }, 5)).rejects.toThrow('No such booking or subscriber');
  const found = await inOurs(async (tx) => {
    await tx.dayPasses.giveBack(booking.id, ['2026-05-04']);
    return [
      await tx.dayPasses.ofBooking(booking.id),
      await tx.dayPasses.used(theirs.location.id, { memberId: member.id }, '2026-05'),
      await tx.dayPasses.allowances(theirs.location.id, { memberId: member.id }),
      await tx.dayPasses.poolsOf([subscription.id]),
    ];
  });
  expect(found).toEqual([[], 0, [], []]);
  expect(await world.store.transaction(theirs.orgId, (tx) => tx.dayPasses.ofBooking(booking.id))).toEqual([use]);
});
