import fc from 'fast-check';
import { expect } from 'vitest';
import { oracle, type Moment, type World as Facts } from '../support/oracle.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

// Everything happens on quarters of an hour, as all edges do.
export const QUARTER = 15 * MINUTE;
export const PEOPLE = ['ada', 'ben', 'cyd'];
/** access groups, each opened by a door of its own, so that a door tells of its group alone */
export const DOORS: Record<string, string> = {
  'Meeting room 1': 'Meeting room 1',
  'Office 12': 'Office 12',
  'Reception (theirs)': 'Loading bay',
};
const GROUPS = Object.keys(DOORS);
const KINDS = { room: 'ROOM', desk: 'DESK' } as const;

/** Tells the product and the facts the same. */
export type Event = (told: { world: World; facts: Facts; now: number }) => Promise<void>;

const person = fc.constantFrom(...PEOPLE);
const group = fc.option(fc.constantFrom(...GROUPS), { freq: 4 });
const day = fc.integer({ min: -1, max: 2 }).map((offset) => `2026-09-0${5 + offset}`);
const resource = fc.constantFrom('room', 'desk');
const minutes = fc.constantFrom(0, 15, 30, 60);

const wall = (world: World, at: number): string => {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: world.timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return local.format(at);
};

const employ = fc.record({ who: person, joins: fc.boolean() }).map(({ who, joins }): Event => async ({ world, facts }) => {
  facts.employees = [...facts.employees.filter((other) => other !== who), ...(joins ? [who] : [])];
  await world.member(who, joins ? { company: 'anvil' } : {});
});

const subscribe = fc
  .record({ own: fc.boolean(), startsOn: day, lasts: fc.option(fc.nat(2)), into: group })
  .map(({ own, startsOn, lasts, into }): Event => async ({ world, facts }) => {
    const id = own ? 'own' : 'firm';
    const endsOn = lasts === null ? null : `2026-09-${String(Number(startsOn.slice(-2)) + lasts).padStart(2, '0')}`;
    const known = facts.subscriptions[id];
    if (known?.canceledAt != null && known.canceledAt <= world.clock.now()) return;
    await world.subscribe(id, { ...(own ? { member: 'ada' } : { company: 'anvil' }), startsOn, endsOn, plans: ['bare'] });
    const items = known?.items ?? [{ id: `${id}-bare`, group: null, endedAt: null }];
    facts.subscriptions[id] = {
      subscriber: own ? { member: 'ada' } : { company: true },
      startsOn,
      endsOn,
      canceledAt: known?.canceledAt ?? null,
      items,
    };
    if (known !== undefined) return;
    await world.itemAccess(`${id}-bare`, into);
    for (const item of items) item.group = into;
  });

const editItem = fc.record({ id: fc.constantFrom('own', 'firm'), into: group }).map(({ id, into }): Event => async ({ world, facts }) => {
  const known = facts.subscriptions[id];
  if (known === undefined) return;
  await world.itemAccess(`${id}-bare`, into);
  for (const item of known.items) item.group = into;
});

const cancelSubscription = fc
  .record({ id: fc.constantFrom('own', 'firm'), ahead: fc.nat(96) })
  .map(({ id, ahead }): Event => async ({ world, facts, now }) => {
    const known = facts.subscriptions[id];
    if (known === undefined || (known.canceledAt !== null && known.canceledAt <= now)) return;
    known.canceledAt = now + ahead * QUARTER;
    await world.cancelSubscription(id, known.canceledAt);
  });

const book = fc
  .record({ id: fc.constantFrom('one', 'two', 'three'), what: resource, by: person, guests: fc.uniqueArray(person, { maxLength: 2 }) })
  .chain((told) => fc.record({ told: fc.constant(told), starts: fc.integer({ min: -8, max: 30 }), lasts: fc.integer({ min: 1, max: 12 }) }))
  .map(({ told: { id, what, by, guests }, starts, lasts }): Event => async ({ world, facts, now }) => {
    if (facts.bookings[id]?.canceled === true) return;
    const invitees = what === 'room' ? guests : [];
    const [startsAt, endsAt] = [now + starts * QUARTER, now + (starts + lasts) * QUARTER];
    await world.book(id, { resource: what, member: by, from: startsAt, to: endsAt, invitees });
    facts.bookings[id] = { resource: what, member: by, invitees, startsAt, endsAt, canceled: false };
  });

const cancelBooking = fc.constantFrom('one', 'two', 'three').map((id): Event => async ({ world, facts }) => {
  const known = facts.bookings[id];
  if (known === undefined) return;
  known.canceled = true;
  await world.cancel(id);
});

const mapResource = fc.record({ what: resource, into: group }).map(({ what, into }): Event => async ({ world, facts }) => {
  const known = facts.resources[what];
  if (known === undefined) return;
  known.group = into;
  await world.resourceAccess(what, into);
});

const grace = fc.record({ before: minutes, after: minutes }).map(({ before, after }): Event => async ({ world, facts }) => {
  Object.assign(facts, { graceBefore: before, graceAfter: after });
  await world.grace(before, after);
});

const zone = fc.constantFrom('America/Santiago', 'Europe/Berlin', 'Pacific/Auckland').map((timeZone): Event => async ({ world, facts }) => {
  facts.zone = timeZone;
  await world.location('harbour', { timeZone });
});

const lost: fc.Arbitrary<Event> = fc.constant(async ({ world }) => world.loseJobs());

/** What a platform and administrators tell, and jobs that get lost. */
export const events: fc.Arbitrary<Event>[] = [
  ...[
    book,
    book,
    book,
    book,
    employ,
    employ,
    subscribe,
    subscribe,
    editItem,
    cancelSubscription,
    cancelBooking,
    mapResource,
    grace,
    zone,
    lost,
  ],
];

export interface Step {
  /** quarters of an hour that pass before */
  after: number;
  event: Event;
}

export const storyOf = (told: fc.Arbitrary<Event>[], longest: number): fc.Arbitrary<Step[]> => {
  const after = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: longest }));
  return fc.array(fc.record({ after, event: fc.oneof(...told) }), { minLength: 5, maxLength: 12 });
};

export async function beginning(): Promise<{ world: World; facts: Facts }> {
  // The day before Santiago skips a midnight.
  const world = await connectedWorld({ timeZone: 'America/Santiago', start: '2026-09-05 10:00' });
  await world.company('anvil');
  await world.plan('bare');
  for (const name of PEOPLE) await world.member(name, name === 'ben' ? { company: 'anvil' } : {});
  await world.room('room', 'Meeting room 1');
  await world.desk('desk', 'Office 12');
  const resources = { room: { kind: KINDS.room, group: 'Meeting room 1' }, desk: { kind: KINDS.desk, group: 'Office 12' } };
  const rest = { graceBefore: 30, graceAfter: 30, employees: ['ben'], subscriptions: {}, bookings: {} };
  return { world, facts: { zone: world.timeZone, resources, ...rest } };
}

/** the doors that people open, and what the oracle says of them */
export async function compare(world: World, moments: Moment[]): Promise<void> {
  const now = world.clock.now();
  for (const [name, door] of Object.entries(DOORS)) {
    const expected = PEOPLE.filter((who) => oracle(moments, who, name, now));
    expect({ at: wall(world, now), door, opens: await world.whoOpens(door) }).toEqual({ at: wall(world, now), door, opens: expected });
  }
}
