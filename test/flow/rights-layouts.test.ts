import { expect, test } from 'vitest';
import { syncAccessGroups } from '../../src/app/sync-access-groups.ts';
import { done } from '../app/telling.ts';
import { connectedWorld, type World } from '../app/world.ts';

const SITE = 'Harbour Campus';

/** Creates groups at SALTO KS as an operator does, and pulls them. */
async function layout(groups: { name: string; doors: string[]; schedules?: unknown[] }[]): Promise<World> {
  const world = await connectedWorld();
  for (const { name, doors, schedules = ['always'] } of groups) {
    await world.dashboard('POST', '/groups', { site: SITE, name, locks: doors, schedules });
  }
  done(await syncAccessGroups(world.deps, world.admin, { location: world.externalId('harbour') }));
  return world;
}

async function opened(world: World, member: string, doors: string[]): Promise<string[]> {
  const open = await Promise.all(doors.map((door) => world.opens(member, door)));
  return doors.filter((_, index) => open[index]);
}

test('one front door: one group for all resources and plans (X4)', async () => {
  const world = await layout([{ name: 'Everybody', doors: ['Front door'] }]);
  await world.plan('full', { group: 'Everybody' });
  await world.room('room', 'Everybody');
  for (const name of ['member', 'guest', 'stranger']) await world.member(name);
  await world.subscribe('sub', { member: 'member', plans: ['full'] });
  await world.book('one', { resource: 'room', member: 'guest', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.whoOpens('Front door')).toEqual(['guest', 'member']);
  await world.at('11:30');
  expect(await world.whoOpens('Front door')).toEqual(['member']);
});

test('a front door and private offices: a tenant opens the front door and their own office, and no other (X4)', async () => {
  const world = await layout([{ name: 'Tenant of the bay', doors: ['Front door', 'Loading bay'] }]);
  await world.resource('office-12', 'OFFICE', 'Office 12');
  await world.resource('bay', 'OFFICE', 'Tenant of the bay');
  await world.company('anvil');
  for (const name of ['ada', 'ben']) await world.member(name, { company: 'anvil' });
  await world.member('cyd');
  await world.subscribe('rent-12', { company: 'anvil', resources: ['office-12'] });
  await world.subscribe('rent-bay', { member: 'cyd', resources: ['bay'] });
  await world.drain();
  expect(await world.whoOpens('Front door')).toEqual(['ada', 'ben', 'cyd']);
  expect(await world.whoOpens('Office 12')).toEqual(['ada', 'ben']);
  expect(await world.whoOpens('Loading bay')).toEqual(['cyd']);
});

test('a front door and rooms: whoever booked a room opens it and the front door; desks open the front door alone (X4)', async () => {
  const world = await layout([{ name: 'Open space', doors: ['Front door'] }]);
  await world.room('room-1', 'Meeting room 1');
  await world.room('room-12', 'Office 12');
  await world.desk('desk', 'Open space');
  for (const name of ['ada', 'ben', 'cyd']) await world.member(name);
  await world.book('one', { resource: 'room-1', member: 'ada', from: '10:00', to: '12:00' });
  await world.book('two', { resource: 'room-12', member: 'ben', from: '10:00', to: '12:00' });
  await world.book('three', { resource: 'desk', member: 'cyd', from: '10:00', to: '12:00' });
  await world.drain();
  const doors = ['Front door', 'Meeting room 1', 'Office 12'];
  expect(await opened(world, 'ada', doors)).toEqual(['Front door', 'Meeting room 1']);
  expect(await opened(world, 'ben', doors)).toEqual(['Front door', 'Office 12']);
  expect(await opened(world, 'cyd', doors)).toEqual(['Front door']);
});

test('tiers: the same door, and each plan its own hours (X4)', async () => {
  const hours = { days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], startTime: '09:00', endTime: '18:00' };
  const world = await layout([{ name: '9 AM – 6 PM', doors: ['Front door'], schedules: [hours] }]);
  await world.plan('regular', { group: '9 AM – 6 PM' });
  await world.plan('exclusive', { group: 'Members 24/7' });
  await world.member('ada');
  await world.member('ben');
  await world.subscribe('sub-ada', { member: 'ada', plans: ['regular'] });
  await world.subscribe('sub-ben', { member: 'ben', plans: ['exclusive'] });
  await world.drain();
  expect(await world.whoOpens('Front door')).toEqual(['ada', 'ben']);
  const calls = world.groupCalls().length;
  await world.at('21:00');
  expect(await world.whoOpens('Front door')).toEqual(['ben']);
  await world.at('2026-05-06 09:00');
  expect(await world.whoOpens('Front door')).toEqual(['ada', 'ben']);
  await world.at('2026-05-09 12:00');
  expect(await world.whoOpens('Front door')).toEqual(['ben']);
  // The hours are the lock's: nobody was put in or taken out for them.
  expect(world.groupCalls()).toHaveLength(calls);
});

test('moved from one tier to another, a member has the new hours at once and none of the old (X4, S2)', async () => {
  const world = await layout([]);
  await world.plan('regular', { group: 'Weekdays' });
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['regular'] });
  await world.at('19:00');
  expect(await world.opens('ada', 'Front door')).toBe(false);
  await world.itemAccess('sub-regular', 'Members 24/7');
  await world.drain();
  expect(await world.opens('ada', 'Front door')).toBe(true);
  const held = await world.sql<{ name: string }>(
    `select g.name from group_membership m join access_group g on g.id = m."accessGroupId" where m.state = 'ACTIVE'`,
  );
  expect(held.map(({ name }) => name)).toEqual(['Members 24/7']);
});
