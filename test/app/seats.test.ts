import { expect, test } from 'vitest';
import { blocked, callsDuring, codes, explained, openProblems, peopleThere, switches, toldOfAccess, toldOfProblems } from './seeing.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

const ROOM = 'Meeting room 1';
const OFFICE = 'Office 12';
const SITE = '/sites/Harbour%20Campus';

/** Three of so many seats are taken by the site's own people. */
async function seated(seats: number): Promise<World> {
  const world = await connectedWorld();
  await world.dashboard('PATCH', SITE, { seats });
  await world.jobs.add([{ name: 'sync-directory', payload: {}, at: null }]);
  await world.room('room', ROOM);
  for (const name of ['ada', 'ben', 'cyd']) await world.member(name);
  await world.drain();
  return world;
}

const book = (world: World, name: string, from: string) => world.book(name, { resource: 'room', member: name, from, to: '16:00' });

test('without a free seat nobody is created or put in; the cause is told once and explained (X3)', async () => {
  const world = await seated(3);
  await book(world, 'ada', '10:00');
  await world.advance(5 * MINUTE);
  expect(await blocked(world)).toEqual({ ada: 'NO_SEAT' });
  expect(peopleThere(world)).not.toContain('ada@example.com');
  expect(world.groupCalls()).toEqual([]);
  expect(await toldOfAccess(world)).toEqual(['ada FAILED']);
  expect(await codes(world)).toEqual(['SEATS_FULL']);
  const { allowed, staffMessage } = await explained(world, 'ada', ROOM);
  expect(allowed).toBe(false);
  expect(staffMessage).toContain('Last answer of the lock system: The lock system has no free seat for the person.');
});

test('whoever waits for a seat costs one call for the whole site each time it is looked at, however many they are', async () => {
  const world = await seated(3);
  for (const name of ['ada', 'ben', 'cyd']) await book(world, name, '10:00');
  await world.drain();
  expect(await callsDuring(world, () => world.sweep())).toBe(1);
  expect(await callsDuring(world, () => world.sweep())).toBe(1);
});

test('seats go to the earliest-starting first, and as they come free the others follow by themselves (X2)', async () => {
  const world = await seated(3);
  await book(world, 'cyd', '10:00');
  await world.drain();
  await world.at('10:31');
  await book(world, 'ben', '11:00');
  await world.drain();
  await world.at('11:00');
  await book(world, 'ada', '11:30');
  await world.drain();
  expect(Object.keys(await blocked(world))).toEqual(['ada', 'ben', 'cyd']);
  // An administrator buys one.
  await world.dashboard('PATCH', SITE, { seats: 4 });
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual(['cyd']);
  // Somebody of theirs is suspended, and somebody is deleted.
  await world.dashboard('PATCH', '/users/desk@example.com', { site: 'Harbour Campus', suspended: true });
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual(['ben', 'cyd']);
  await world.dashboard('DELETE', '/users/cleaner@example.com?site=Harbour%20Campus');
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben', 'cyd']);
  expect((await toldOfAccess(world)).sort()).toEqual(['ada', 'ben', 'cyd'].flatMap((name) => [`${name} FAILED`, `${name} GRANTED`]));
});

test('a newcomer does not take the seat of somebody who waits and started earlier (X2)', async () => {
  const world = await seated(3);
  await book(world, 'ben', '10:00');
  await world.drain();
  await world.dashboard('PATCH', SITE, { seats: 4 });
  await world.at('10:45');
  await world.resource('desk', 'DESK', 'Office 12');
  await world.book('desk', { resource: 'desk', member: 'ada', from: '11:15', to: '16:00' });
  await world.drain();
  await world.sweep();
  expect(await world.whoOpens('Front door')).toEqual(['ben']);
  expect(await blocked(world)).toEqual({ ada: 'NO_SEAT' });
});

test('the seats that grants take are told of at once, and those that come free too (X3)', async () => {
  const world = await seated(5);
  await world.book('all', { resource: 'room', member: 'ada', from: '10:00', to: '16:00', invitees: ['ben', 'cyd'] });
  await world.drain();
  expect(await openProblems(world)).toMatchObject([{ code: 'SEATS_FULL', message: expect.stringContaining('5 of 5 seats') as string }]);
  await world.dashboard('PATCH', SITE, { seats: 30 });
  await world.sweep();
  expect(await codes(world)).toEqual([]);
  expect((await toldOfProblems(world)).at(-1)).toBe('Mended: there is a free seat again.');
});

test('with many seats free nobody asks how many', async () => {
  const world = await seated(50);
  const site = world.simulator.state.calls.find({ path: /\/sites\/[^/]+$/ }).length;
  await book(world, 'ada', '10:00');
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  expect(world.simulator.state.calls.find({ path: /\/sites\/[^/]+$/ })).toHaveLength(site);
});

test('who was created although no seat was left is given one as soon as there is one (X2)', async () => {
  const world = await seated(50);
  // Somebody else took them all since we looked.
  await switches(world, { seats: 3 });
  await book(world, 'ada', '10:00');
  await world.drain();
  expect(await blocked(world)).toEqual({ ada: 'NO_SEAT' });
  expect(peopleThere(world)).toContain('ada@example.com');
  await world.sweep();
  expect(await codes(world)).toEqual(['SEATS_FULL']);
  await switches(world, { seats: 10 });
  await world.sweep();
  expect(await world.opens('ada', ROOM)).toBe(true);
  expect(await toldOfAccess(world)).toEqual(['ada FAILED', 'ada GRANTED']);
});

test('of two groups one finds no seat for a newcomer, and the other one a moment later: both let them in (X2)', async () => {
  const world = await seated(3);
  await world.room('office', OFFICE);
  await world.book('first', { resource: 'office', member: 'ada', from: '10:00', to: '16:00' });
  await world.drain();
  expect(await blocked(world)).toEqual({ ada: 'NO_SEAT' });
  await world.dashboard('PATCH', SITE, { seats: 4 });
  await book(world, 'ada', '10:00');
  await world.drain();
  expect([await world.opens('ada', ROOM), await world.opens('ada', OFFICE)]).toEqual([true, true]);
});

test('a refusal for want of a seat that is stored after the person was given one is looked at again (X2)', async () => {
  const world = await seated(4);
  await book(world, 'ada', '10:00');
  await world.drain();
  await world.sweep();
  await world.sql(`update group_membership set state = 'BLOCKED', "blockedCause" = 'NO_SEAT', "retryAt" = null`);
  await world.sweep();
  expect(await blocked(world)).toEqual({});
  expect(await world.opens('ada', ROOM)).toBe(true);
});
