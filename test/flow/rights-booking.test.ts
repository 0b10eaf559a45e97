import { expect, test } from 'vitest';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import type { ResourceKind } from '../../src/core/rights.ts';
import { connectedWorld, MINUTE, type World } from '../app/world.ts';

const FRONT = 'Front door';
const ROOM = 'Meeting room 1';
const OFFICE = 'Office 12';

/** A room and a desk, each with a group of its own, and three people. */
async function bookingWorld(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  await world.desk('desk', 'Members 24/7');
  for (const name of ['ada', 'ben', 'cyd']) await world.member(name);
  return world;
}

test.each<ResourceKind>(['ROOM', 'DESK', 'OFFICE', 'EQUIPMENT', 'PARKING'])(
  'a booking of kind %s gives access by its resource’s group (B1)',
  async (kind) => {
    const world = await connectedWorld();
    await world.member('ada');
    await world.resource('thing', kind, 'Office 12');
    await world.book('one', { resource: 'thing', member: 'ada', from: '12:00', to: '16:00' });
    await world.at('12:00');
    expect(await world.opens('ada', OFFICE)).toBe(true);
    await world.at('16:30');
    expect(await world.opens('ada', OFFICE)).toBe(false);
  },
);

test.each([
  ['12:00', '16:00', '11:30', '16:30'],
  ['10:45', '11:30', '10:15', '12:00'],
])('a booking from %s to %s opens at %s and closes at %s, to the second and never early (B2)', async (from, to, opensAt, closesAt) => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from, to });
  await world.at(world.instant(opensAt) - 1);
  expect(await world.opens('ada', ROOM)).toBe(false);
  expect(world.groupCalls()).toEqual([]);
  await world.at(opensAt);
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at(world.instant(closesAt) - 1);
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at(closesAt);
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('the two figures are the location’s, and a change of them moves bookings that have not ended, at once (B2)', async () => {
  const world = await bookingWorld();
  await world.grace(5, 10);
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('11:54:59');
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.grace(60, 10);
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.grace(0, 0);
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.at('12:00');
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('12:59:59');
  await world.grace(0, 15);
  await world.at('13:14:59');
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('13:15');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('invitees of a room get the same access as the booker (B3)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00', invitees: ['ben', 'ada'] });
  await world.at('11:30');
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  await world.at('13:30');
  expect(await world.whoOpens(ROOM)).toEqual([]);
});

test.each<ResourceKind>(['DESK', 'OFFICE', 'EQUIPMENT', 'PARKING'])('invitees of a booking of kind %s are refused (B3)', async (kind) => {
  const world = await bookingWorld();
  await world.resource('thing', kind);
  const { deps, platform, instant } = world;
  const people = { resource: { externalId: 'thing' }, member: { externalId: 'ada' }, invitees: [{ externalId: 'ben' }] };
  const times = { startsAt: instant('12:00'), endsAt: instant('13:00') };
  const answer = await upsertBooking(deps, platform, { externalId: 'one', ...people, ...times, payWithDayPass: false, asOf: null });
  expect(answer).toMatchObject({ name: 'InvalidInputError', issues: [{ path: ['invitees'] }] });
  expect(await world.sql('select id from booking')).toEqual([]);
});

test('changing the invitees of a running booking acts at once (B4)', async () => {
  const world = await bookingWorld();
  const booking = { resource: 'room', member: 'ada', from: '10:00', to: '13:00' };
  await world.book('one', { ...booking, invitees: ['ben'] });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  await world.advance(MINUTE);
  await world.book('one', { ...booking, invitees: ['cyd'] });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'cyd']);
  await world.advance(MINUTE);
  await world.book('one', { ...booking, invitees: ['ben', 'cyd'] });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben', 'cyd']);
});

test('moving a running booking to later closes now and opens then (B4)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.advance(MINUTE);
  await world.book('one', { resource: 'room', member: 'ada', from: '14:00', to: '15:00' });
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.at('13:30');
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('15:30');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('moving a later booking to now opens at once, and nothing is left of the old time (B4)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '14:00', to: '15:00' });
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('14:00');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('shortening and extending a running booking moves its end, and extending sends nothing (B4)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '11:00' });
  await world.drain();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.at('11:30');
  expect(await world.opens('ada', ROOM)).toBe(true);
  expect(world.groupCalls()).toHaveLength(1);
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '11:15' });
  await world.at('11:44:59');
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('11:45');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('cancelling acts at once on a running booking and on one to come (B4)', async () => {
  const world = await bookingWorld();
  await world.book('now', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.book('later', { resource: 'room', member: 'ben', from: '14:00', to: '15:00' });
  await world.drain();
  await world.advance(MINUTE);
  await world.cancel('now');
  await world.cancel('later');
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.at('14:30');
  expect(await world.whoOpens(ROOM)).toEqual([]);
});

test('giving a booking to somebody else, or to another resource, moves the access at once (B4)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.drain();
  await world.advance(MINUTE);
  await world.book('one', { resource: 'room', member: 'ben', from: '10:00', to: '12:00' });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ben']);
  await world.advance(MINUTE);
  await world.book('one', { resource: 'desk', member: 'ben', from: '10:00', to: '12:00' });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual([]);
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
});

test('changing a resource’s group acts at once on bookings that have not ended, and there and back restores (B5, X1)', async () => {
  const world = await bookingWorld();
  await world.book('now', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.book('later', { resource: 'room', member: 'ben', from: '14:00', to: '15:00' });
  await world.drain();
  await world.advance(MINUTE);
  await world.resourceAccess('room', 'Office 12');
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual([]);
  expect(await world.whoOpens(OFFICE)).toEqual(['ada']);
  await world.advance(MINUTE);
  await world.resourceAccess('room', 'Meeting room 1');
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
  await world.resourceAccess('room', null);
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
  await world.resourceAccess('room', 'Office 12');
  await world.at('14:00');
  expect(await world.whoOpens(OFFICE)).toEqual(['ben']);
});

test('a cancelled booking never closes a door another booking holds open (X1)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.book('two', { resource: 'room', member: 'ada', from: '11:00', to: '13:00' });
  await world.drain();
  await world.at('11:10');
  await world.cancel('one');
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  expect(world.groupCalls()).toHaveLength(1);
  await world.at('13:30');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('back-to-back bookings never flap: nothing is sent at the seam (X1)', async () => {
  const world = await bookingWorld();
  await world.grace(0, 0);
  await world.book('one', { resource: 'room', member: 'ada', from: '11:00', to: '12:00' });
  await world.book('two', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('11:00');
  expect(world.groupCalls()).toHaveLength(1);
  await world.at('12:59:59');
  expect(world.groupCalls()).toHaveLength(1);
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('13:00');
  expect(world.groupCalls()).toHaveLength(2);
});

test('a booking within a subscription leaves access as the subscription has it (X1)', async () => {
  const world = await bookingWorld();
  await world.plan('full', { group: 'Members 24/7' });
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.book('one', { resource: 'desk', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('14:00');
  expect(await world.opens('ada', FRONT)).toBe(true);
  expect(world.groupCalls()).toHaveLength(1);
});

test('a booking told of only after it has begun opens at once, and one that is over opens nothing (B4)', async () => {
  const world = await bookingWorld();
  await world.book('running', { resource: 'room', member: 'ada', from: '09:00', to: '11:00' });
  await world.book('over', { resource: 'room', member: 'ben', from: '08:00', to: '09:00' });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
});

test('a booking far ahead waits in the database alone, and opens all the same (X2)', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '2026-05-15 12:00', to: '2026-05-15 13:00' });
  expect(world.jobs.waiting()).toEqual([]);
  await world.at(world.instant('2026-05-15 11:30') - 1);
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.at('2026-05-15 11:30');
  expect(await world.opens('ada', ROOM)).toBe(true);
});

test('people are created at SALTO KS up to an hour ahead of their window and no earlier, so that a seat is not taken sooner', async () => {
  const world = await bookingWorld();
  await world.book('one', { resource: 'room', member: 'ada', from: '14:00', to: '15:00' });
  const known = (): boolean => world.simulator.state.platformUsersByEmail.has('ada@example.com');
  await world.at('12:29:59');
  expect(known()).toBe(false);
  await world.at('12:30');
  expect(known()).toBe(true);
});

test('a grant takes one call for everybody whose window opens at that instant in the group', async () => {
  const world = await bookingWorld();
  const crowd = Array.from({ length: 12 }, (_, index) => `guest-${index + 1}`);
  for (const name of crowd) await world.member(name);
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00', invitees: crowd });
  await world.at('11:30');
  expect(await world.whoOpens(ROOM)).toHaveLength(13);
  await world.at('13:30');
  expect(await world.whoOpens(ROOM)).toEqual([]);
  expect(world.groupCalls().map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
});
