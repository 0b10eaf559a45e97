import { expect, test } from 'vitest';
import { auditMemberships } from '../../src/app/audit-memberships.ts';
import { dropHeldRemoval } from '../../src/app/drop-held-removal.ts';
import { explainAccess } from '../../src/app/explain-access.ts';
import { releaseHeldRemoval } from '../../src/app/release-held-removal.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import { upsertMemberSubscription } from '../../src/app/upsert-member-subscription.ts';
import { ConflictError, NotFoundError } from '../../src/core/errors.ts';
import {
  crowd,
  CROWD,
  FRONT,
  guard,
  heldRemovals,
  importBookings,
  importSubscriptions,
  problems,
  settled,
  singles,
  subscriptionOf,
} from './held.ts';
import { meet } from './meeting.ts';
import { done } from './telling.ts';
import { connectedWorld, DAY, HOUR, MINUTE, SECOND, type World } from './world.ts';

const clear = (world: World): Promise<void> => world.itemAccess('firm-full', null);

async function decide(world: World, verb: typeof dropHeldRemoval, index = 0): Promise<unknown> {
  const heldRemoval = (await heldRemovals(world))[index]?.id ?? '';
  return verb(world.deps, world.admin, { heldRemoval });
}

const NOTHING_ELSE = { invitees: [], payWithDayPass: false, asOf: null };

/** That everybody is in still, and nothing was sent. */
async function everybodyStays(world: World): Promise<void> {
  await world.drain();
  expect(world.groupCalls()).toEqual([]);
  expect(await world.whoOpens(FRONT)).toEqual(CROWD);
}

test('a mapping that would take out more than the share of a group is held: nobody leaves, and it is told of (X3)', async () => {
  const world = await crowd();
  await clear(world);
  await everybodyStays(world);
  expect(await heldRemovals(world)).toMatchObject([{ cause: 'MAPPING', group: 'Members 24/7', people: 4, resolution: null }]);
  expect(await problems(world)).toEqual(['REMOVALS_HELD']);
  const told = { type: 'INTEGRATION_PROBLEM', group: 'Members 24/7', actor: 'admin:grace' };
  const detail = 'Held: the new mapping of subscription item firm-full would take everybody out of Members 24/7. Release or drop it.';
  expect(await world.activity('INTEGRATION_PROBLEM')).toMatchObject([{ ...told, detail }]);
});

test('half of a group, or fewer than the least, leaves at once (B5, S2)', async () => {
  const world = await singles();
  await world.itemAccess('ada-full', null);
  await guard(world, 50, 2);
  const two = ['ben', 'cyd'].map((name) => subscriptionOf(world, name, ['bare']));
  await world.member('eva');
  await world.subscribe('eva', { member: 'eva', plans: ['full'] });
  await settled(world);
  await importSubscriptions(world, two);
  await world.drain();
  expect(await heldRemovals(world)).toEqual([]);
  expect(await world.whoOpens(FRONT)).toEqual(['dee', 'eva']);
});

test('released, the people are taken out at once, and the problem is over; released twice it stays so, and dropping comes too late', async () => {
  const world = await crowd();
  await clear(world);
  await everybodyStays(world);
  expect(await decide(world, releaseHeldRemoval)).toMatchObject({ heldRemovalId: expect.any(String) });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
  expect(await problems(world)).toEqual([]);
  const before = await world.activity();
  expect(await decide(world, releaseHeldRemoval)).toMatchObject({ heldRemovalId: expect.any(String) });
  expect(await decide(world, dropHeldRemoval)).toBeInstanceOf(ConflictError);
  expect(await world.activity()).toEqual(before);
  expect((await world.activity('INTEGRATION_PROBLEM')).at(-1)).toMatchObject({
    ...{ actor: 'admin:grace', detail: 'A held removal from Members 24/7 was released.' },
  });
});

test('dropped, the people stay through audits and repetitions, until the end of what gave them access', async () => {
  const world = await crowd();
  await clear(world);
  done(await decide(world, dropHeldRemoval));
  expect(await problems(world)).toEqual([]);
  await auditMemberships(world.deps, {});
  await world.subscribe('firm', { company: 'anvil', plans: ['full'] });
  await everybodyStays(world);
  await world.cancelSubscription('firm', world.clock.now() + HOUR);
  await world.advance(2 * HOUR);
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('set back, a mapping lifts the hold of itself, and nothing is sent', async () => {
  const world = await crowd();
  await clear(world);
  await world.itemAccess('firm-full', 'Members 24/7');
  expect(await heldRemovals(world)).toMatchObject([{ resolution: 'OVERTAKEN' }]);
  expect(await problems(world)).toEqual([]);
  await everybodyStays(world);
  // They are rights like any other again.
  await world.cancelSubscription('firm');
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('the cancellation of a subscription is never held, however many people it covers, nor where their removal is held (S5)', async () => {
  const world = await crowd();
  await guard(world, 0, 1);
  await clear(world);
  expect(await problems(world)).toEqual(['REMOVALS_HELD']);
  await world.cancelSubscription('firm');
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
  expect(await heldRemovals(world)).toMatchObject([{ resolution: 'OVERTAKEN' }]);
  expect(await problems(world)).toEqual([]);
  await world.subscribe('again', { company: 'anvil', plans: ['full'] });
  await settled(world);
  await world.cancelSubscription('again');
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
  expect(await heldRemovals(world)).toHaveLength(1);
});

test('time takes people out, held or not, and ends the hold', async () => {
  const world = await connectedWorld();
  await guard(world, 0, 1);
  await world.room('room', 'Meeting room 1');
  for (const name of CROWD) await world.member(name);
  await world.book('one', { resource: 'room', member: 'ada', invitees: CROWD.slice(1), from: '10:00', to: '11:00' });
  await settled(world);
  await world.resourceAccess('room', null);
  await world.at('11:29');
  expect(await world.whoOpens('Meeting room 1')).toEqual(CROWD);
  await world.at('11:30');
  expect(await world.whoOpens('Meeting room 1')).toEqual([]);
  await world.sweep();
  expect(await heldRemovals(world)).toMatchObject([{ resolution: 'OVERTAKEN' }]);
  expect(await problems(world)).toEqual([]);
});

test('who leaves the company or is removed while held leaves at once', async () => {
  const world = await crowd();
  await clear(world);
  await world.member('ada');
  done(await removeMember(world.deps, world.platform, { member: world.externalId('ben'), asOf: null }));
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['cyd', 'dee']);
  expect(await problems(world)).toEqual(['REMOVALS_HELD']);
});

test('an import is one change, however many transactions it takes: what it takes from people is held as one', async () => {
  const world = await singles();
  await importSubscriptions(
    world,
    CROWD.map((name) => subscriptionOf(world, name, ['bare'])),
  );
  expect(await heldRemovals(world)).toMatchObject([{ cause: 'IMPORT', people: 4, resolution: null }]);
  // The same again, and one told of alone, are nothing new.
  await importSubscriptions(
    world,
    CROWD.map((name) => subscriptionOf(world, name, ['bare'])),
  );
  await world.subscribe('ada', { member: 'ada', plans: ['bare'] });
  expect(await heldRemovals(world)).toHaveLength(1);
  await everybodyStays(world);
  done(await decide(world, releaseHeldRemoval));
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('ends that an import tells of are never held (S5)', async () => {
  const world = await singles();
  await guard(world, 0, 1);
  await importSubscriptions(
    world,
    CROWD.map((name) => subscriptionOf(world, name, ['full', 'bare'], '2026-05-05')),
  );
  expect(await heldRemovals(world)).toEqual([]);
  await world.advance(DAY);
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('an import that moves, gives away or re-houses bookings that run is held, and what it tells of else is done', async () => {
  const world = await connectedWorld();
  await guard(world, 50, 3);
  await world.desk('desk', 'Members 24/7');
  await world.desk('far', 'Office 12');
  for (const name of [...CROWD, 'eva']) await world.member(name);
  for (const name of CROWD) await world.book(name, { resource: 'desk', member: name, from: '10:00', to: '12:00' });
  await settled(world);
  const today = { startsAt: world.instant('10:00'), endsAt: world.instant('12:00') };
  const tomorrow = { startsAt: today.startsAt + DAY, endsAt: today.endsAt + DAY };
  const desk = world.externalId('desk');
  const as = (name: string) => world.externalId(name);
  await importBookings(world, [
    { externalId: 'ada', resource: desk, member: as('ada'), ...tomorrow, ...NOTHING_ELSE },
    { externalId: 'ben', resource: desk, member: as('eva'), ...today, ...NOTHING_ELSE },
    { externalId: 'cyd', resource: as('far'), member: as('cyd'), ...today, ...NOTHING_ELSE },
    { externalId: 'dee', resource: desk, member: as('dee'), ...today, ...NOTHING_ELSE },
  ]);
  await world.drain();
  expect(await heldRemovals(world)).toMatchObject([{ group: 'Members 24/7', people: 3 }]);
  expect(await world.whoOpens(FRONT)).toEqual([...CROWD, 'eva']);
  done(await decide(world, releaseHeldRemoval));
  await world.drain();
  expect(await world.whoOpens('Office 12')).toEqual(['cyd']);
  await world.at('13:00');
  await world.at('2026-05-06 10:00');
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('who stays by another right is neither counted nor held', async () => {
  const world = await crowd();
  for (const name of ['ada', 'ben']) await world.subscribe(name, { member: name, plans: ['full'] });
  await settled(world);
  await clear(world);
  await world.drain();
  expect(await heldRemovals(world)).toEqual([]);
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'ben']);
});

test('an import that was cut off is judged by the sweep, within a minute', async () => {
  const world = await singles();
  const startedAt = world.clock.now();
  const change = { id: world.deps.secrets.newId(), cause: 'IMPORT' as const, detail: 'the import', actor: 'service:platform', startedAt };
  for (const name of CROWD) {
    done(await upsertMemberSubscription(world.deps, world.platform, subscriptionOf(world, name, ['bare']), change));
  }
  await world.sweep();
  expect(await problems(world)).toEqual([]);
  await world.jump(world.clock.now() + 46 * SECOND);
  await world.sweep();
  expect(await problems(world)).toEqual(['REMOVALS_HELD']);
  expect(await world.whoOpens(FRONT)).toEqual(CROWD);
});

test('an import whose removals ran out before it was judged is judged all the same, and what it moved opens at its new time', async () => {
  const world = await connectedWorld();
  await world.desk('desk', 'Members 24/7');
  await world.member('ada');
  await world.book('ada', { resource: 'desk', member: 'ada', from: '10:00', to: '12:00' });
  await settled(world);
  const change = {
    id: world.deps.secrets.newId(),
    cause: 'IMPORT' as const,
    detail: 'the import',
    actor: 'service:platform',
    startedAt: 0,
  };
  const moved = { externalId: 'ada', resource: world.externalId('desk'), member: world.externalId('ada'), ...NOTHING_ELSE };
  const tomorrow = { startsAt: world.instant('10:00') + DAY, endsAt: world.instant('12:00') + DAY };
  done(await upsertBooking(world.deps, world.platform, { ...moved, ...tomorrow }, change));
  await world.at('13:00');
  await world.sweep();
  expect(await heldRemovals(world)).toEqual([]);
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.at('2026-05-06 10:00');
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('an audit adds the rights that are missing, and holds what would take too many out, with ACCESS_DRIFT_FOUND (X2, X3)', async () => {
  const world = await crowd();
  await world.plan('office', { group: 'Office 12' });
  await world.subscribe('rent', { member: 'ada', plans: ['office'] });
  await world.drain();
  await world.sql(`delete from access_right where "accessGroupId" = $1`, [await world.groupId('Office 12')]);
  await world.sql(`update subscription_item set "accessGroupId" = null where "externalId" = 'firm-full'`);
  await world.advance(MINUTE);
  await auditMemberships(world.deps, {});
  await world.drain();
  expect(await heldRemovals(world)).toMatchObject([{ cause: 'AUDIT', people: 4, group: 'Members 24/7' }]);
  expect(await world.sql(`select id from access_right where "accessGroupId" = $1`, [await world.groupId('Office 12')])).toHaveLength(1);
  expect(await world.activity('ACCESS_DRIFT_FOUND')).toMatchObject([{ actor: 'system', detail: expect.stringContaining('5 accesses') }]);
  await auditMemberships(world.deps, {});
  expect(await world.activity('ACCESS_DRIFT_FOUND')).toHaveLength(1);
});

test('an explanation says that a removal is held', async () => {
  const world = await crowd();
  await clear(world);
  const asked = { member: world.externalId('ada'), accessGroupId: await world.groupId('Members 24/7'), at: null };
  const answer = done(await explainAccess(world.deps, world.admin, asked));
  expect(answer).toMatchObject({ allowed: true, staffMessage: expect.stringContaining('removal is held, or was dropped') });
  expect(JSON.stringify([answer.steps, answer.memberMessage])).not.toContain('held');
});

test('a removal at a location that a token does not cover is as if it were not there', async () => {
  const world = await crowd();
  await clear(world);
  const elsewhere = { ...world.admin, locationExternalIds: ['mill'] };
  const heldRemoval = (await heldRemovals(world))[0]?.id ?? '';
  expect(await releaseHeldRemoval(world.deps, elsewhere, { heldRemoval })).toBeInstanceOf(NotFoundError);
});

test.each([
  ['a release', 'a drop', releaseHeldRemoval, dropHeldRemoval],
  ['a drop', 'a release', dropHeldRemoval, releaseHeldRemoval],
])('%s, while %s is being decided: one of them holds', async (_one, _other, first, second) => {
  const world = await crowd();
  await clear(world);
  const answers: unknown[] = [];
  const by = (verb: typeof dropHeldRemoval) => async (of: World) => answers.push(await decide(of, verb));
  await meet(world, by(first), by(second));
  expect(answers.filter((answer) => answer instanceof ConflictError)).toHaveLength(1);
  expect(await problems(world)).toEqual([]);
  expect(await world.whoOpens(FRONT)).toEqual(first === dropHeldRemoval ? CROWD : []);
});

test.each([true, false])(
  'a hold, while its subscription is being cancelled: nobody is left in, and nothing held (hold first: %s)',
  async (holdFirst) => {
    const world = await crowd();
    const cancel = (of: World) => of.cancelSubscription('firm');
    await meet(world, holdFirst ? clear : cancel, holdFirst ? cancel : clear);
    expect(await world.whoOpens(FRONT)).toEqual([]);
    expect(await problems(world)).toEqual([]);
  },
);

test('two holds at once are two, and the problem stays until both have ended', async () => {
  const world = await crowd();
  await world.plan('office', { group: 'Office 12' });
  await world.subscribe('rent', { company: 'anvil', plans: ['office'] });
  await settled(world);
  await meet(world, clear, (of) => of.itemAccess('rent-office', null));
  expect(await heldRemovals(world)).toMatchObject([{ resolution: null }, { resolution: null }]);
  await meet(
    world,
    (of) => decide(of, releaseHeldRemoval, 0),
    (of) => decide(of, dropHeldRemoval, 1),
  );
  expect(await problems(world)).toEqual([]);
});
