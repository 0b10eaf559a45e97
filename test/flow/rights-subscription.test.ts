import { expect, test } from 'vitest';
import { removeMember } from '../../src/app/remove-member.ts';
import { done } from '../app/telling.ts';
import { connectedWorld, type World } from '../app/world.ts';

const FRONT = 'Front door';
const OFFICE = 'Office 12';

async function membersWorld(): Promise<World> {
  const world = await connectedWorld();
  await world.plan('full', { group: 'Members 24/7' });
  return world;
}

/** who opens the office is who is in its group; the front door alone is opened through another */
async function runs(world: World): Promise<void> {
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(true);
}

test('an item takes over its plan’s group when it is created, and a change of the plan reaches only later items (S1)', async () => {
  const world = await membersWorld();
  await runs(world);
  await world.planAccess('full', 'Office 12');
  await world.member('ben');
  await world.subscribe('later', { member: 'ben', plans: ['full'] });
  // Telling of the first again must not copy anew.
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.drain();
  expect(await world.whoOpens(OFFICE)).toEqual(['ben']);
  await world.planAccess('full', null);
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'ben']);
});

test('an item of a rented resource takes over the resource’s group, and keeps it when the resource is mapped anew (S1)', async () => {
  const world = await connectedWorld();
  await world.resource('office', 'OFFICE', 'Office 12');
  await world.member('ada');
  await world.subscribe('rent', { member: 'ada', resources: ['office'] });
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(true);
  await world.resourceAccess('office', 'Meeting room 1');
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(true);
  expect(await world.opens('ada', 'Meeting room 1')).toBe(false);
});

test('the group of a running item is set, changed and cleared at once (S2)', async () => {
  const world = await connectedWorld();
  await world.plan('bare');
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['bare'] });
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.itemAccess('sub-bare', 'Office 12');
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(true);
  await world.itemAccess('sub-bare', 'Meeting room 1');
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(false);
  expect(await world.opens('ada', 'Meeting room 1')).toBe(true);
  await world.itemAccess('sub-bare', null);
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
});

test('the group of an item that has not begun is what it begins with, and of one that has ended nothing more (S2)', async () => {
  const world = await membersWorld();
  await world.member('ada');
  await world.member('ben');
  await world.subscribe('coming', { member: 'ada', plans: ['full'], startsOn: '2026-05-06' });
  await world.subscribe('over', { member: 'ben', plans: ['full'], startsOn: '2026-04-01', endsOn: '2026-05-04' });
  await world.itemAccess('coming-full', 'Office 12');
  await world.itemAccess('over-full', 'Office 12');
  await world.at('2026-05-06 00:00');
  expect(await world.whoOpens(OFFICE)).toEqual(['ada']);
});

test('a subscription opens at 00:00 of its first day and closes at the end of its last (S3)', async () => {
  const world = await membersWorld();
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'], startsOn: '2026-05-07', endsOn: '2026-05-08' });
  await world.at('2026-05-06 23:59:59');
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.at('2026-05-07 00:00');
  expect(await world.opens('ada', FRONT)).toBe(true);
  await world.at('2026-05-08 23:59:59');
  expect(await world.opens('ada', FRONT)).toBe(true);
  await world.at('2026-05-09 00:00');
  expect(await world.opens('ada', FRONT)).toBe(false);
});

test.each([
  ['America/Santiago', 'midnight is skipped', '2026-09-05 12:00', '2026-09-06', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z'],
  ['Asia/Beirut', 'midnight is skipped', '2026-03-28 12:00', '2026-03-29', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
  ['Asia/Beirut', 'the hour before midnight is repeated', '2026-10-24 12:00', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T22:00:00Z'],
  ['America/Havana', 'midnight is repeated', '2026-10-31 12:00', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
])('in %s, where %s, the day begins at its first instant (S3)', async (timeZone, _, start, day, from, until) => {
  const world = await connectedWorld({ timeZone, start });
  await world.plan('full', { group: 'Members 24/7' });
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'], startsOn: day, endsOn: day });
  for (const [instant, opens] of [
    [Date.parse(from) - 1, false],
    [Date.parse(from), true],
    [Date.parse(until) - 1, true],
    [Date.parse(until), false],
  ] as const) {
    await world.at(instant);
    expect({ instant, opens: await world.opens('ada', FRONT) }).toEqual({ instant, opens });
  }
});

test('a company’s subscription lets every member of the company in, whoever joins or leaves at once (S4)', async () => {
  const world = await membersWorld();
  await world.company('anvil');
  await world.company('bellows');
  await world.member('ada', { company: 'anvil' });
  await world.member('ben', { company: 'anvil' });
  await world.member('cyd');
  await world.subscribe('firm', { company: 'anvil', plans: ['full'] });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'ben']);
  await world.advance(60_000);
  await world.member('cyd', { company: 'anvil' });
  await world.member('ben');
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'cyd']);
  await world.member('ada', { company: 'bellows' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['cyd']);
  await world.member('ada', { company: 'anvil' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'cyd']);
});

test('who joins before the company’s subscription starts gets in when it starts (S4)', async () => {
  const world = await membersWorld();
  await world.company('anvil');
  await world.subscribe('firm', { company: 'anvil', plans: ['full'], startsOn: '2026-05-06' });
  await world.member('ada', { company: 'anvil' });
  await world.at('2026-05-05 23:59:59');
  expect(await world.whoOpens(FRONT)).toEqual([]);
  await world.at('2026-05-06 00:00');
  expect(await world.whoOpens(FRONT)).toEqual(['ada']);
});

test('a cancellation revokes at once, one in the future at its instant, and may still be moved until it has come (S5)', async () => {
  const world = await membersWorld();
  for (const name of ['ada', 'ben', 'cyd']) {
    await world.member(name);
    await world.subscribe(`sub-${name}`, { member: name, plans: ['full'] });
  }
  await world.drain();
  await world.cancelSubscription('sub-ada');
  await world.cancelSubscription('sub-ben', '2026-05-06 12:00');
  await world.cancelSubscription('sub-cyd', '2026-05-06 12:00');
  await world.cancelSubscription('sub-cyd', '2026-05-06 13:00');
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ben', 'cyd']);
  await world.at('2026-05-06 11:59:59');
  expect(await world.whoOpens(FRONT)).toEqual(['ben', 'cyd']);
  await world.at('2026-05-06 12:00');
  expect(await world.whoOpens(FRONT)).toEqual(['cyd']);
  await world.at('2026-05-06 13:00');
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('an end that is moved acts at once, and one put off never interrupts (S5)', async () => {
  const world = await membersWorld();
  await world.member('ada');
  await world.member('ben');
  await world.subscribe('short', { member: 'ada', plans: ['full'], startsOn: '2026-05-01' });
  await world.subscribe('long', { member: 'ben', plans: ['full'], startsOn: '2026-05-01', endsOn: '2026-05-05' });
  await world.drain();
  const calls = world.groupCalls().length;
  await world.subscribe('long', { member: 'ben', plans: ['full'], startsOn: '2026-05-01', endsOn: '2026-05-08' });
  await world.at('2026-05-06 12:00');
  expect(world.groupCalls()).toHaveLength(calls);
  await world.subscribe('short', { member: 'ada', plans: ['full'], startsOn: '2026-05-01', endsOn: '2026-05-05' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
});

test('an item that is no longer listed ends now, the others run on, and listed again it runs again (S2, S5)', async () => {
  const world = await membersWorld();
  await world.plan('office', { group: 'Office 12' });
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full', 'office'] });
  await world.drain();
  await world.advance(60_000);
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(false);
  expect(await world.opens('ada', FRONT)).toBe(true);
  await world.advance(60_000);
  await world.subscribe('sub', { member: 'ada', plans: ['full', 'office'] });
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(true);
});

test('nothing but an end or a cancellation takes access away: after weeks without a word it is still there, untouched (S6)', async () => {
  const world = await membersWorld();
  await runs(world);
  const calls = world.groupCalls().length;
  await world.at('2026-05-26 10:00');
  expect(await world.opens('ada', FRONT)).toBe(true);
  expect(world.groupCalls()).toHaveLength(calls);
});

test('a change of the location’s zone moves the days of its subscriptions at once (S3)', async () => {
  const world = await membersWorld();
  await world.member('ada');
  await world.member('ben');
  await world.subscribe('tomorrow', { member: 'ada', plans: ['full'], startsOn: '2026-05-06' });
  await world.subscribe('until-today', { member: 'ben', plans: ['full'], endsOn: '2026-05-05' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
  // Where it is 22:30 of the fifth already.
  await world.at('15:30');
  await world.location('harbour', { timeZone: 'Asia/Tokyo' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
  await world.at('16:59:59');
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
  await world.at('17:00');
  expect(await world.whoOpens(FRONT)).toEqual(['ada']);
  // Back again: the sixth is still to come, and the fifth has not ended.
  await world.location('harbour', { timeZone: 'Europe/Berlin' });
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
});

test('two subscriptions that adjoin are one to the door: nothing is sent at the seam (X1)', async () => {
  const world = await membersWorld();
  await world.member('ada');
  await world.subscribe('first', { member: 'ada', plans: ['full'], endsOn: '2026-05-05' });
  await world.subscribe('second', { member: 'ada', plans: ['full'], startsOn: '2026-05-06' });
  await world.drain();
  expect(world.groupCalls()).toHaveLength(1);
  await world.at('2026-05-06 12:00');
  expect(world.groupCalls()).toHaveLength(1);
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('a member who is removed loses every door, and told of again has them again (S4, X2)', async () => {
  const world = await membersWorld();
  await runs(world);
  done(await removeMember(world.deps, world.platform, { member: world.externalId('ada'), asOf: null }));
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.advance(60_000);
  await world.member('ada');
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('another e-mail address keeps the doors: the person of the new one gets in, that of the old one does not', async () => {
  const world = await membersWorld();
  await world.plan('office', { group: 'Office 12' });
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full', 'office'] });
  await world.drain();
  await world.member('ada', { email: 'countess@example.com' });
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(true);
  expect(await world.opens('ada@example.com', FRONT)).toBe(false);
  expect(await world.opens('ada@example.com', OFFICE)).toBe(false);
  await world.cancelSubscription('sub');
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
});

test('the person of an old address is taken out in the end, whatever gets lost while the address changes (X2)', async () => {
  const world = await membersWorld();
  await runs(world);
  await world.dashboard('PATCH', '/switches', { errors: { value: { next: 2, status: 500 }, method: 'DELETE' } });
  await world.member('ada', { email: 'countess@example.com' });
  await world.drain();
  expect(await world.opens('ada@example.com', FRONT)).toBe(true);
  await world.advance(60_000);
  expect(await world.opens('ada@example.com', FRONT)).toBe(false);
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('an address that differs in case only is the same person: nothing is sent', async () => {
  const world = await membersWorld();
  await runs(world);
  const calls = world.simulator.state.calls.find({}).length;
  await world.member('ada', { email: 'Ada@Example.com' });
  await world.drain();
  expect(world.simulator.state.calls.find({})).toHaveLength(calls);
  expect(await world.opens('ada', FRONT)).toBe(true);
});
