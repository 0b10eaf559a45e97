import { expect, test } from 'vitest';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { NotFoundError } from '../../src/core/errors.ts';
import { meet, type Work } from './meeting.ts';
import { done } from './telling.ts';
import { connectedWorld, type World } from './world.ts';

/** Everybody's doors after both changes, whichever came first. */
type Expected = Record<string, readonly (readonly string[])[]>;

interface Pair {
  first: [name: string, work: Work];
  second: [name: string, work: Work];
  /** by door, the ends that are right: more than one where the order of the two may show */
  ends: Expected;
}

const FRONT = 'Front door';
const ROOM = 'Meeting room 1';
const OFFICE = 'Office 12';
const BAY = 'Loading bay';

const book: Work = (world) => world.book('new', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
const mapRoom: Work = (world) => world.resourceAccess('room', 'Reception (theirs)');
const join: Work = (world) => world.member('ada', { company: 'anvil' });
const leave: Work = (world) => world.member('ben');
const subscribe: Work = (world) => world.subscribe('new', { company: 'anvil', plans: ['full'] });

/** Of somebody whose booking begins soon, if not by now. */
const returning: Work = (world) => world.member('dee');

/** Who has been removed by then cannot be invited. */
const invite: Work = (world) =>
  world.book('old', { resource: 'room', member: 'cyd', from: '10:00', to: '12:00', invitees: ['ada'] }).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
  });

const PAIRS: Pair[] = [
  { first: ['joining a company', join], second: ['its subscription', subscribe], ends: { [FRONT]: [['ada', 'ben', 'cyd']] } },
  { first: ['leaving a company', leave], second: ['its subscription', subscribe], ends: { [FRONT]: [['cyd']] } },
  {
    first: ['leaving a company', leave],
    second: ['an item’s group', (world) => world.itemAccess('firm-office', 'Meeting room 1')],
    ends: { [ROOM]: [['cyd']], [OFFICE]: [[]] },
  },
  {
    first: ['joining a company', join],
    second: ['the cancellation of its subscription', (world) => world.cancelSubscription('firm')],
    ends: { [OFFICE]: [[]] },
  },
  { first: ['a booking', book], second: ['its resource’s group', mapRoom], ends: { [ROOM]: [[]], [BAY]: [['ada', 'cyd']] } },
  {
    first: ['a booking', (world) => world.book('new', { resource: 'room', member: 'ada', from: '11:00', to: '12:00' })],
    second: ['the grace', (world) => world.grace(60, 0)],
    ends: { [ROOM]: [['ada', 'cyd']] },
  },
  {
    first: ['the cancellation of a booking', (world) => world.cancel('old')],
    second: ['its resource’s group', mapRoom],
    ends: { [ROOM]: [[]], [BAY]: [[]] },
  },
  {
    first: ['a subscription', (world) => world.subscribe('new', { member: 'ada', plans: ['full'] })],
    second: ['its plan’s group', (world) => world.planAccess('full', 'Meeting room 1')],
    ends: { [ROOM]: [['cyd'], ['ada', 'cyd']], [FRONT]: [['ada', 'ben', 'cyd']] },
  },
  {
    first: ['a subscription', (world) => world.subscribe('new', { member: 'ada', plans: ['full'] })],
    // Where it is still the day before: nobody's subscription has begun.
    second: ['the zone', (world) => world.location('harbour', { timeZone: 'Pacific/Niue' })],
    ends: { [FRONT]: [['cyd']] },
  },
  {
    first: ['joining a company', join],
    second: ['the zone', (world) => world.location('harbour', { timeZone: 'Pacific/Niue' })],
    ends: { [OFFICE]: [[]] },
  },
  {
    first: ['a removed member’s return', returning],
    second: ['the grace', (world) => world.grace(0, 0)],
    ends: { [ROOM]: [['cyd']] },
  },
  {
    first: ['the group of a resource that had none', (world) => world.resourceAccess('den', 'Reception (theirs)')],
    second: ['the grace', (world) => world.grace(0, 0)],
    ends: { [BAY]: [[]] },
  },
  {
    first: ['an invitation', invite],
    second: ['the removal of who is invited', (world) => remove(world, 'ada')],
    ends: { [ROOM]: [['cyd']] },
  },
];

const remove = async (world: World, who: string): Promise<void> =>
  void done(await removeMember(world.deps, world.platform, { member: world.externalId(who), asOf: null }));

/** ben and cyd work for the company, which rents an office; ben has left no trace else; cyd has booked the room, as had dee, who is removed */
async function scene(): Promise<World> {
  const world = await connectedWorld();
  await world.company('anvil');
  await world.plan('full', { group: 'Members 24/7' });
  await world.plan('office', { group: 'Office 12' });
  await world.room('room', 'Meeting room 1');
  await world.member('ada');
  for (const name of ['ben', 'cyd']) await world.member(name, { company: 'anvil' });
  await world.subscribe('firm', { company: 'anvil', plans: ['office'] });
  await world.book('old', { resource: 'room', member: 'cyd', from: '10:00', to: '12:00' });
  await world.room('den');
  await world.book('later', { resource: 'den', member: 'cyd', from: '10:20', to: '12:00' });
  await world.member('dee');
  await world.book('hers', { resource: 'room', member: 'dee', from: '10:20', to: '12:00' });
  await remove(world, 'dee');
  await world.drain();
  return world;
}

const both = PAIRS.flatMap(({ first, second, ends }): [string, string, Work, Work, Expected][] => [
  [first[0], second[0], second[1], first[1], ends],
  [second[0], first[0], first[1], second[1], ends],
]);

test.each(both)('%s, while %s is being told of: neither change misses the other (X2)', async (_name, _other, one, two, ends) => {
  const world = await scene();
  await meet(world, one, two);
  for (const [door, allowed] of Object.entries(ends)) expect(allowed).toContainEqual(await world.whoOpens(door));
});

/** The site is held, and its people taken over, in the second of its transactions. */
const HOLDING = 2;
const select: Work = (world) => world.selectSite('harbour', 'Harbour Campus');

async function disconnected(): Promise<World> {
  const world = await scene();
  done(await disconnectIntegration(world.deps, world.admin, { location: world.externalId('harbour'), confirm: true }));
  await world.consent('harbour');
  return world;
}

test('who joins a company while the site is being connected again gets in (C8, X2)', async () => {
  const world = await disconnected();
  await meet(world, select, join, HOLDING);
  expect(await world.whoOpens(OFFICE)).toEqual(['ada', 'ben', 'cyd']);
});

test('who has just joined a company when the site is connected again gets in (C8, X2)', async () => {
  const world = await disconnected();
  await meet(world, join, select);
  expect(await world.whoOpens(OFFICE)).toEqual(['ada', 'ben', 'cyd']);
});
