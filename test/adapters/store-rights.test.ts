import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FoundedRight, RightsDiff } from '../../src/core/rights.ts';
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
const inTheirs = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(theirs.orgId, work);
const diff = (change: Partial<RightsDiff>): RightsDiff => ({ close: [], withdraw: [], move: [], add: [], ...change });

async function founded(change: Partial<FoundedRight> = {}): Promise<FoundedRight> {
  const member = await ours.member();
  const item = await ours.item((await ours.subscription({ memberId: member.id })).id);
  return {
    source: { kind: 'item', id: item.id },
    ...{ memberId: member.id, accessGroupId: ours.front.id, reason: 'SUBSCRIPTION', startsAt: 0, endsAt: null },
    ...change,
  };
}

const history = (right: FoundedRight) => inOurs((tx) => tx.rights.history(right, 10));

test('the facts of a subscription name its zone, items and people: the member, or who is in the company and since when', async () => {
  const [ada, ben] = [await ours.member({ companyId: ours.company.id, companySince: 5_000 }), await ours.member()];
  await ours.member({ companyId: ours.company.id, companySince: 6_000, removedAt: 7_000 });
  const ofCompany = await ours.subscription({ companyId: ours.company.id, endsOn: '2026-12-31', canceledAt: 9_000 });
  const items = [await ours.item(ofCompany.id), await ours.item(ofCompany.id, { accessGroupId: null, endedAt: 8_000 })];
  const ofMember = await ours.subscription({ memberId: ben.id });
  const facts = await inOurs((tx) => tx.rights.facts({ subscriptionIds: [ofMember.id, ofCompany.id], bookingIds: [] }));
  expect(facts.bookings).toEqual([]);
  expect(facts.subscriptions).toEqual([
    {
      ...{ zone: 'Europe/Berlin', startsOn: '2026-01-01', endsOn: '2026-12-31', canceledAt: 9_000 },
      people: [{ memberId: ada.id, since: 5_000 }],
      items: items.map(({ id, accessGroupId, endedAt }) => ({ id, accessGroupId, endedAt })),
    },
    {
      ...{ zone: 'Europe/Berlin', startsOn: '2026-01-01', endsOn: null, canceledAt: null },
      people: [{ memberId: ben.id, since: null }],
      items: [],
    },
  ]);
});

test('the facts of a booking name the resource’s present group, the grace and those invited', async () => {
  const [host, guest, gone] = [await ours.member(), await ours.member(), await ours.member()];
  const booking = await ours.booking(host.id, 10 * HOUR, { canceledAt: 3_000 });
  const invited = [host, guest, gone].map(({ id }, index) => ({ memberId: id, invitedAt: 1_000 + index }));
  await inOurs((tx) => tx.bookings.setInvitees(booking.id, invited));
  await inOurs((tx) => tx.members.update(gone.id, { removedAt: 1 }));
  const facts = await inOurs((tx) => tx.rights.facts({ subscriptionIds: [], bookingIds: [booking.id] }));
  expect(facts.bookings).toEqual([
    {
      ...{ id: booking.id, kind: 'ROOM', accessGroupId: ours.office.id, startsAt: 10 * HOUR, endsAt: 11 * HOUR, canceledAt: 3_000 },
      ...{ graceBeforeMinutes: 30, graceAfterMinutes: 30, memberId: host.id },
      invitees: [
        { memberId: host.id, since: 1_000 },
        { memberId: guest.id, since: 1_001 },
      ],
    },
  ]);
});

test('a removed member founds nothing: neither an own subscription nor, as the booker, a booking', async () => {
  const member = await ours.member();
  const subscription = await ours.subscription({ memberId: member.id });
  const booking = await ours.booking(member.id, 10 * HOUR);
  await inOurs((tx) => tx.members.update(member.id, { removedAt: tx.now }));
  const facts = await inOurs((tx) => tx.rights.facts({ subscriptionIds: [subscription.id], bookingIds: [booking.id] }));
  expect(facts.subscriptions.map(({ people }) => people)).toEqual([[]]);
  expect(facts.bookings.map(({ memberId }) => memberId)).toEqual([null]);
});

test('facts take the same number of statements however many ids are asked for', async () => {
  const member = await ours.member();
  const ids = [];
  for (let n = 0; n < 6; n += 1) ids.push((await ours.subscription({ memberId: member.id })).id);
  const booking = (await ours.booking(member.id, 0)).id;
  const counted = async (subscriptionIds: string[]): Promise<number> => {
    const before = world.statements();
    await inOurs((tx) => tx.rights.facts({ subscriptionIds, bookingIds: [booking] }));
    return world.statements() - before;
  };
  expect(await counted(ids)).toBe(await counted(ids.slice(0, 1)));
});

test('a ledger of 500 changes is applied in two statements', async () => {
  const right = await founded();
  const members = await Promise.all(Array.from({ length: 250 }, () => ours.member()));
  const add = members.map(({ id }) => ({ ...right, memberId: id }));
  await inOurs((tx) => tx.rights.apply(diff({ add })));
  const open = (await inOurs((tx) => tx.rights.openOf({ subscriptionIds: [], bookingIds: [] }))).concat(
    await inOurs(async (tx) => (await Promise.all(members.map(({ id }) => tx.rights.openOfMember(id)))).flat()),
  );
  expect(open).toHaveLength(250);
  const change = diff({
    withdraw: open.map(({ id }) => ({ id, why: 'Left.' })),
    add: add.map((each) => ({ ...each, startsAt: 5_000 })),
  });
  const before = world.statements();
  await inOurs((tx) => tx.rights.apply(change));
  // begin with the instant, commit
  expect(world.statements() - before).toBe(2 + 2);
  expect(await inOurs((tx) => tx.rights.windows(add.slice(0, 1)))).toEqual(
    new Map([[`${add[0]?.memberId}/${ours.front.id}`, [{ from: 5_000, until: null }]]]),
  );
});

test('a right is kept with what became of it: closed, withdrawn with the reason, moved', async () => {
  const [closed, withdrawn, moved] = [await founded({ endsAt: 9_000 }), await founded(), await founded()];
  await inOurs((tx) => tx.rights.apply(diff({ add: [closed, withdrawn, moved] })));
  const idOf = async (right: FoundedRight): Promise<string> => (await history(right))[0]?.id ?? '';
  const change = diff({
    close: [await idOf(closed)],
    withdraw: [{ id: await idOf(withdrawn), why: 'The person left the company.' }],
    move: [{ id: await idOf(moved), startsAt: 2_000, endsAt: 3_000 }],
  });
  const now = await inOurs(async (tx) => {
    await tx.rights.apply(change);
    return tx.now;
  });
  expect(await history(closed)).toMatchObject([{ startsAt: 0, endsAt: 9_000, withdrawnAt: null }]);
  expect(await history(withdrawn)).toMatchObject([
    { startsAt: 0, endsAt: null, withdrawnAt: now, withdrawnWhy: 'The person left the company.' },
  ]);
  expect(await history(moved)).toMatchObject([{ startsAt: 2_000, endsAt: 3_000, withdrawnAt: null }]);
  const open = await inOurs(async (tx) =>
    (await Promise.all([closed, withdrawn, moved].map((each) => tx.rights.openOfMember(each.memberId)))).flat(),
  );
  expect(open).toEqual([{ ...moved, id: await idOf(moved), startsAt: 2_000, endsAt: 3_000 }]);
});

test('a right that is withdrawn and founded again in one change is a new row', async () => {
  const right = await founded();
  await inOurs((tx) => tx.rights.apply(diff({ add: [right] })));
  const [first] = await history(right);
  await inOurs((tx) => tx.rights.apply(diff({ withdraw: [{ id: first?.id ?? '', why: 'Moved.' }], add: [{ ...right, startsAt: 4_000 }] })));
  expect(await history(right)).toMatchObject([
    { startsAt: 4_000, withdrawnAt: null },
    { id: first?.id, withdrawnWhy: 'Moved.' },
  ]);
});

test('two derivations that found the same right at once leave one open right', async () => {
  const right = await founded();
  const both = barrier(2);
  let runs = 0;
  const derive = () =>
    inOurs(async (tx) => {
      const open = await tx.rights.openOfMember(right.memberId);
      runs += 1;
      if (runs <= 2) await both();
      if (open.length === 0) await tx.rights.apply(diff({ add: [right] }));
    });
  await Promise.all([derive(), derive()]);
  expect(await history(right)).toHaveLength(1);
  expect(runs).toBe(3);
});

test('open rights are found by booking, and by subscription through all of its items', async () => {
  const member = await ours.member();
  const subscription = await ours.subscription({ memberId: member.id });
  const items = [await ours.item(subscription.id), await ours.item(subscription.id, { accessGroupId: ours.office.id })];
  const booking = await ours.booking(member.id, 0);
  const of = (kind: 'item' | 'booking', id: string): FoundedRight => ({
    source: { kind, id },
    ...{
      memberId: member.id,
      accessGroupId: ours.office.id,
      reason: kind === 'item' ? 'SUBSCRIPTION' : 'ROOM_BOOKING',
      startsAt: 0,
      endsAt: DAY,
    },
  });
  const add = [...items.map(({ id }) => of('item', id)), of('booking', booking.id)];
  await inOurs((tx) => tx.rights.apply(diff({ add })));
  const read = async (subscriptionIds: string[], bookingIds: string[]) =>
    (await inOurs((tx) => tx.rights.openOf({ subscriptionIds, bookingIds }))).map(({ id: _id, ...right }) => right);
  expect(await read([subscription.id], [])).toEqual(add.slice(0, 2));
  expect(await read([], [booking.id])).toEqual(add.slice(2));
  expect(await read([subscription.id], [booking.id])).toEqual(add);
  expect(await read([], [])).toEqual([]);
});

test('closed rights are no windows any more; the others stay open', async () => {
  const right = await founded({ endsAt: 5_000 });
  const item = await ours.item((await ours.subscription({ memberId: right.memberId })).id);
  const later = { ...right, source: { kind: 'item' as const, id: item.id }, endsAt: 5_001 };
  await inOurs((tx) => tx.rights.apply(diff({ add: [right, later] })));
  await world.store.closeEnded(5_001, 100);
  expect(await inOurs((tx) => tx.rights.windows([right]))).toEqual(
    new Map([[`${right.memberId}/${ours.front.id}`, [{ from: 0, until: 5_001 }]]]),
  );
});

test('the first right to begin and the next to come leave out what was withdrawn before its start (K1)', async () => {
  const right = await founded();
  const begins = () => inOurs((tx) => tx.rights.firstBegins(right.memberId, ours.location.id));
  expect(await begins()).toEqual({ firstBegunAt: null, nextStartsAt: null });
  const now = await world.store.now();
  const at = async (startsAt: number): Promise<FoundedRight> => {
    const item = await ours.item((await ours.subscription({ memberId: right.memberId })).id);
    return { ...right, source: { kind: 'item', id: item.id }, startsAt };
  };
  const [past, tomorrow, later] = [await at(now - HOUR), await at(now + DAY), await at(now + 2 * DAY)];
  await inOurs((tx) => tx.rights.apply(diff({ add: [tomorrow, later] })));
  expect(await begins()).toEqual({ firstBegunAt: null, nextStartsAt: now + DAY });
  const open = await inOurs((tx) => tx.rights.openOfMember(right.memberId));
  const withdraw = open.filter(({ startsAt }) => startsAt === now + DAY).map(({ id }) => ({ id, why: 'Cancelled.' }));
  await inOurs((tx) => tx.rights.apply(diff({ withdraw })));
  expect(await begins()).toEqual({ firstBegunAt: null, nextStartsAt: now + 2 * DAY });
  // Withdrawn before it began: its start passing changes nothing.
  await world.sql(
    `update access_right set "startsAt" = now() - interval '1 minute', "withdrawnAt" = now() - interval '2 minutes' where id = $1`,
    [withdraw[0]?.id],
  );
  expect(await begins()).toEqual({ firstBegunAt: null, nextStartsAt: now + 2 * DAY });
  await inOurs((tx) => tx.rights.apply(diff({ add: [past] })));
  expect(await begins()).toEqual({ firstBegunAt: now - HOUR, nextStartsAt: now + 2 * DAY });
  const [begun] = (await inOurs((tx) => tx.rights.openOfMember(right.memberId))).filter(({ startsAt }) => startsAt === now - HOUR);
  await inOurs((tx) => tx.rights.apply(diff({ withdraw: [{ id: begun?.id ?? '', why: 'Left.' }] })));
  expect(await begins()).toEqual({ firstBegunAt: now - HOUR, nextStartsAt: now + 2 * DAY });
});

test('subscriptions that are not over are found by member, company and location; a day is spared for the zone', async () => {
  const org = await organisation(world);
  const read = (of: Parameters<Tx['rights']['subscriptionsOf']>[0]) =>
    world.store.transaction(org.orgId, (tx) => tx.rights.subscriptionsOf(of));
  const member = await org.member();
  const now = await world.store.now();
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const running = await org.subscription({ memberId: member.id, endsOn: day(now) });
  const ended = await org.subscription({ memberId: member.id, endsOn: day(now - 3 * DAY) });
  const canceled = await org.subscription({ memberId: member.id, canceledAt: now - 1 });
  const toBeCanceled = await org.subscription({ memberId: member.id, canceledAt: now + HOUR });
  const ofCompany = await org.subscription({ companyId: org.company.id });
  expect(await read({ memberId: member.id })).toEqual([running.id, toBeCanceled.id].sort());
  expect(await read({ companyId: org.company.id })).toEqual([ofCompany.id]);
  const open = await read({ locationId: org.location.id });
  expect(open).toEqual([running.id, toBeCanceled.id, ofCompany.id].sort());
  expect(open).not.toContain(ended.id);
  expect(open).not.toContain(canceled.id);
});

test('bookings whose access has not ended are found by booker, invitee, resource and location', async () => {
  const org = await organisation(world);
  const read = (of: Parameters<Tx['rights']['bookingsOf']>[0]) => world.store.transaction(org.orgId, (tx) => tx.rights.bookingsOf(of));
  const [host, guest] = [await org.member(), await org.member()];
  const now = await world.store.now();
  const coming = await org.booking(host.id, now + DAY);
  const justOver = await org.booking(host.id, now - DAY, { endsAt: now - DAY + MINUTE });
  const longOver = await org.booking(host.id, now - 2 * DAY);
  const canceled = await org.booking(host.id, now + DAY, { canceledAt: now });
  await world.store.transaction(org.orgId, (tx) => tx.bookings.setInvitees(coming.id, [{ memberId: guest.id, invitedAt: now }]));
  const open = [coming.id, justOver.id].sort();
  expect(await read({ memberId: host.id })).toEqual(open);
  expect(await read({ memberId: guest.id })).toEqual([coming.id]);
  expect(await read({ resourceId: org.room.id })).toEqual(open);
  expect(await read({ locationId: org.location.id })).toEqual(open);
  expect(open).not.toContain(longOver.id);
  expect(open).not.toContain(canceled.id);
});

test('a stranger’s rights are neither read nor written', async () => {
  const member = await theirs.member();
  const subscription = await theirs.subscription({ memberId: member.id });
  const item = await theirs.item(subscription.id);
  const right: FoundedRight = {
    source: { kind: 'item', id: item.id },
    ...{ memberId: member.id, accessGroupId: theirs.front.id, reason: 'SUBSCRIPTION', startsAt: 0, endsAt: 1_000 },
  };
  await inTheirs((tx) => tx.rights.apply(diff({ add: [right] })));
  const [stored] = await inTheirs((tx) => tx.rights.openOfMember(member.id));
  await theirs.booking(member.id, (await world.store.now()) + DAY);
  const scope = { subscriptionIds: [subscription.id], bookingIds: [] };
  const read = await inOurs(async (tx) => {
    await tx.rights.apply(diff({ withdraw: [{ id: stored?.id ?? '', why: 'Mischief.' }], add: [{ ...right, startsAt: 500 }] }));
    return [
      await tx.rights.facts(scope),
      await tx.rights.openOf(scope),
      await tx.rights.openOfMember(member.id),
      await tx.rights.windows([right]),
      await tx.rights.history(right, 5),
      await tx.rights.firstBegins(member.id, theirs.location.id),
      await tx.rights.subscriptionsOf({ memberId: member.id }),
      await tx.rights.bookingsOf({ locationId: theirs.location.id }),
    ];
  });
  expect(read).toEqual([{ subscriptions: [], bookings: [] }, [], [], new Map(), [], { firstBegunAt: null, nextStartsAt: null }, [], []]);
  expect(await inTheirs((tx) => tx.rights.openOfMember(member.id))).toEqual([stored]);
});

test('a right that is founded on anything of a stranger’s is not added', async () => {
  const right = await founded();
  const member = await theirs.member();
  const item = await theirs.item((await theirs.subscription({ memberId: member.id })).id);
  const booking = await theirs.booking(member.id, 0);
  const count = async (): Promise<unknown> => (await world.sql('select count(*) as n from access_right'))[0];
  const before = await count();
  const mixed: Partial<FoundedRight>[] = [
    { memberId: member.id },
    { accessGroupId: theirs.front.id },
    { source: { kind: 'item', id: item.id } },
    { source: { kind: 'booking', id: booking.id } },
  ];
  await inOurs((tx) => tx.rights.apply(diff({ add: mixed.map((change) => ({ ...right, ...change })) })));
  expect(await count()).toEqual(before);
  await inOurs((tx) => tx.rights.apply(diff({ add: [right] })));
  expect(await count()).not.toEqual(before);
});
