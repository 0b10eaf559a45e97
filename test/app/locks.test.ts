import { expect, test, vi } from 'vitest';
import type { Deps } from '../../src/app/deps.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { done, telling } from './telling.ts';
import { connectedWorld, type World } from './world.ts';

type Work = (world: World) => Promise<unknown>;

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

const book: Work = (world) => world.book('new', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
const mapRoom: Work = (world) => world.resourceAccess('room', 'Office 12');
const join: Work = (world) => world.member('ada', { company: 'anvil' });
const leave: Work = (world) => world.member('ben');
const subscribe: Work = (world) => world.subscribe('new', { company: 'anvil', plans: ['full'] });

const PAIRS: Pair[] = [
  { first: ['joining a company', join], second: ['its subscription', subscribe], ends: { [FRONT]: [['ada', 'ben', 'cyd']] } },
  { first: ['leaving a company', leave], second: ['its subscription', subscribe], ends: { [FRONT]: [['cyd']] } },
  {
    first: ['leaving a company', leave],
    second: ['an item’s group', (world) => world.itemAccess('firm-office', 'Meeting room 1')],
    ends: { [ROOM]: [['cyd']], [OFFICE]: [['cyd']] },
  },
  {
    first: ['joining a company', join],
    second: ['the cancellation of its subscription', (world) => world.cancelSubscription('firm')],
    ends: { [OFFICE]: [['cyd']] },
  },
  { first: ['a booking', book], second: ['its resource’s group', mapRoom], ends: { [ROOM]: [[]], [OFFICE]: [['ada', 'ben', 'cyd']] } },
  {
    first: ['a booking', (world) => world.book('new', { resource: 'room', member: 'ada', from: '11:00', to: '12:00' })],
    second: ['the grace', (world) => world.grace(60, 0)],
    ends: { [ROOM]: [['ada', 'cyd']] },
  },
  {
    first: ['the cancellation of a booking', (world) => world.cancel('old')],
    second: ['its resource’s group', mapRoom],
    ends: { [ROOM]: [[]], [OFFICE]: [['ben']] },
  },
  {
    first: ['a subscription', (world) => world.subscribe('new', { member: 'ada', plans: ['full'] })],
    second: ['its plan’s group', (world) => world.planAccess('full', 'Meeting room 1')],
    ends: { [ROOM]: [['cyd'], ['ada', 'cyd']], [FRONT]: [['ada', 'ben', 'cyd']] },
  },
  {
    first: ['a subscription', (world) => world.subscribe('new', { member: 'ada', plans: ['full'], startsOn: '2026-05-06' })],
    second: ['the zone', (world) => world.location('harbour', { timeZone: 'Pacific/Kiritimati' })],
    ends: { [FRONT]: [['ada', 'ben', 'cyd']] },
  },
  {
    first: ['an invitation', (world) => world.book('old', { resource: 'room', member: 'cyd', from: '10:00', to: '12:00', invitees: ['ada'] })],
    second: [
      'the removal of who is invited',
      async (world) => done(await removeMember(world.deps, world.platform, { member: world.externalId('ada'), asOf: null })),
    ],
    ends: { [ROOM]: [['cyd']] },
  },
];

/** ben and cyd work for the company, which rents an office; ben has left no trace else; cyd has booked the room */
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
  await world.drain();
  return world;
}

/** The world as somebody tells of it whose transaction does not end before `end` is called. */
function slow(world: World): { teller: World; arrived: Promise<void>; end: () => void } {
  let arrive: () => void = () => undefined;
  let end: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const store: Deps['store'] = {
    ...world.deps.store,
    transaction: (orgId, work) =>
      world.deps.store.transaction(orgId, async (tx) => {
        const answer = await work(tx);
        arrive();
        await ended;
        return answer;
      }),
  };
  const deps = { ...world.deps, store };
  return { teller: { ...world, deps, ...telling({ ...world, deps }) }, arrived, end };
}

/** Resolves once somebody waits for somebody else's transaction. */
const somebodyWaits = (world: World): Promise<void> =>
  vi.waitFor(
    async () => {
      const waiting = await world.sql(`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
      expect(waiting).not.toEqual([]);
    },
    { interval: 5, timeout: 10_000 },
  );

async function meet(world: World, first: Work, second: Work): Promise<void> {
  const { teller, arrived, end } = slow(world);
  const one = first(teller);
  await arrived;
  // The second either waits for the first, or does not see what it has written and is not seen by it.
  const two = second(world);
  await Promise.race([two, somebodyWaits(world)]);
  end();
  await Promise.all([one, two]);
  await world.drain();
}

const both = PAIRS.flatMap(({ first, second, ends }) => [
  { what: `${first[0]} while ${second[0]} is being told of`, one: second[1], two: first[1], ends },
  { what: `${second[0]} while ${first[0]} is being told of`, one: first[1], two: second[1], ends },
]);

test.each(both)('told at once, neither change misses the other: $what (X2)', async ({ one, two, ends }) => {
  const world = await scene();
  await meet(world, one, two);
  for (const [door, allowed] of Object.entries(ends)) expect(allowed).toContainEqual(await world.whoOpens(door));
});
