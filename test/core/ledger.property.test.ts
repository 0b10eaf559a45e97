import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger } from '../support/ledger.ts';
import { dateOnTheWall, oracle, type Moment, type World } from '../support/oracle.ts';
import { TRANSITIONS } from '../support/transitions.ts';

// Everything happens on quarters of an hour, as all edges do, so that looking at each of them leaves nothing out.
const QUARTER = 15 * 60_000;
const PEOPLE = ['ada', 'ben', 'cyd'];
const GROUPS = ['front', 'office'];
const RESOURCES = ['room', 'desk'];
/** How far from the transition events, days and bookings lie, in quarters. */
const SPAN = 3 * 96;
const HORIZON = 8 * 96;

type Change = (world: World, now: number) => void;
type Event = { after: number; worksOff: boolean; change: Change };

const person = fc.constantFrom(...PEOPLE);
const group = fc.constantFrom(...GROUPS, null);
const quarters = fc.integer({ min: -SPAN, max: SPAN });
const minutes = fc.constantFrom(0, 15, 30, 60);

function changes(origin: number, zones: readonly string[]): fc.Arbitrary<Change> {
  const day = quarters.map((offset) => dateOnTheWall(origin + offset * QUARTER, 'UTC'));
  const join = person.map(
    (who): Change =>
      (world) =>
        void (world.employees = [...new Set([...world.employees, who])]),
  );
  const leave = person.map(
    (who): Change =>
      (world) =>
        void (world.employees = world.employees.filter((other) => other !== who)),
  );
  const subscribe = fc
    .record({ id: fc.constantFrom('own', 'firm'), startsOn: day, endsOn: fc.option(day), group })
    .map(({ id, startsOn, endsOn, group: granted }): Change => (world) => {
      const known = world.subscriptions[id];
      const lasting = endsOn === null || endsOn >= startsOn ? endsOn : startsOn;
      world.subscriptions[id] = {
        subscriber: id === 'own' ? { member: 'ada' } : { company: true },
        startsOn,
        endsOn: lasting,
        canceledAt: known?.canceledAt ?? null,
        items: known?.items ?? [{ id: `${id}-plan`, group: granted, endedAt: null }],
      };
    });
  const cancellation = fc.record({ id: fc.constantFrom('own', 'firm'), ahead: fc.nat(SPAN) });
  const cancelSubscription = cancellation.map(({ id, ahead }): Change => (world, now) => {
    const known = world.subscriptions[id];
    if (known !== undefined && known.canceledAt === null) known.canceledAt = now + ahead * QUARTER;
  });
  const editItem = fc.record({ id: fc.constantFrom('own', 'firm'), group }).map(({ id, group: granted }): Change => (world) => {
    for (const item of world.subscriptions[id]?.items ?? []) if (item.endedAt === null) item.group = granted;
  });
  const replaceItem = fc.record({ id: fc.constantFrom('own', 'firm'), group }).map(({ id, group: granted }): Change => (world, now) => {
    const items = world.subscriptions[id]?.items;
    for (const item of items ?? []) item.endedAt ??= now;
    items?.push({ id: `${id}-plan-${items.length}`, group: granted, endedAt: null });
  });
  const book = fc
    .record({
      id: fc.constantFrom('one', 'two', 'three'),
      resource: fc.constantFrom(...RESOURCES),
      member: person,
      invitees: fc.uniqueArray(person, { maxLength: 2 }),
      starts: quarters,
      // Most bookings are about to begin, run, or are just over when they are told of.
      near: fc.option(fc.integer({ min: -10, max: 6 }), { freq: 4 }),
      lasts: fc.integer({ min: 1, max: 10 }),
    })
    .map(({ id, resource, member, invitees, starts, near, lasts }): Change => (world, now) => {
      if (world.bookings[id]?.canceled === true) return;
      const startsAt = near === null ? origin + starts * QUARTER : now + near * QUARTER;
      world.bookings[id] = { resource, member, invitees, startsAt, endsAt: startsAt + lasts * QUARTER, canceled: false };
    });
  const near = fc.integer({ min: -10, max: 6 });
  const moveBooking = fc
    .record({ id: fc.constantFrom('one', 'two', 'three'), starts: fc.option(near), lasts: fc.integer({ min: 1, max: 10 }) })
    .map(({ id, starts, lasts }): Change => (world, now) => {
      const known = world.bookings[id];
      if (known === undefined || known.canceled) return;
      const startsAt = starts === null ? known.startsAt : now + starts * QUARTER;
      Object.assign(known, { startsAt, endsAt: startsAt + lasts * QUARTER });
    });
  const cancelBooking = fc.constantFrom('one', 'two', 'three').map((id): Change => (world) => {
    const known = world.bookings[id];
    if (known !== undefined) known.canceled = true;
  });
  const mapResource = fc.record({ id: fc.constantFrom(...RESOURCES), group }).map(({ id, group: granted }): Change => (world) => {
    const known = world.resources[id];
    if (known !== undefined) known.group = granted;
  });
  const grace = fc.record({ before: minutes, after: minutes }).map(
    ({ before, after }): Change =>
      (world) =>
        void Object.assign(world, { graceBefore: before, graceAfter: after }),
  );
  const move = fc.constantFrom(...zones).map(
    (zone): Change =>
      (world) =>
        void (world.zone = zone),
  );
  return fc.oneof(
    { weight: 3, arbitrary: join },
    { weight: 2, arbitrary: leave },
    { weight: 4, arbitrary: subscribe },
    { weight: 1, arbitrary: cancelSubscription },
    { weight: 2, arbitrary: editItem },
    { weight: 1, arbitrary: replaceItem },
    { weight: 6, arbitrary: book },
    { weight: 8, arbitrary: moveBooking },
    { weight: 1, arbitrary: cancelBooking },
    { weight: 2, arbitrary: mapResource },
    { weight: 2, arbitrary: grace },
    { weight: 1, arbitrary: move },
  );
}

const story = fc.constantFrom(...TRANSITIONS).chain((transition) => {
  const origin = Math.floor(transition.at / QUARTER) * QUARTER;
  const event = fc.record<Event>({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 7, max: 64 })),
    worksOff: fc.nat(3).map((chance) => chance === 0),
    change: changes(origin, [transition.zone, 'Europe/Berlin', 'America/Havana']),
  });
  return fc.record({
    zone: fc.constant(transition.zone),
    starts: fc.integer({ min: -SPAN, max: 0 }).map((offset) => origin + offset * QUARTER),
    events: fc.array(event, { minLength: 1, maxLength: 30, size: 'max' }),
    rests: fc.nat(40),
  });
});

interface Story {
  zone: string;
  starts: number;
  events: Event[];
  rests: number;
}

function play(told: Story): { ledger: Ledger; moments: Moment[]; now: number } {
  const ledger = new Ledger();
  const moments: Moment[] = [];
  let now = told.starts;
  let world: World = {
    zone: told.zone,
    graceBefore: 30,
    graceAfter: 30,
    employees: ['ben'],
    resources: { room: { kind: 'ROOM', group: 'front' }, desk: { kind: 'DESK', group: 'office' } },
    subscriptions: {},
    bookings: {},
  };
  for (const event of told.events) {
    now += event.after * QUARTER;
    world = structuredClone(world);
    event.change(world, now);
    if (event.worksOff) ledger.workOffEnds(now);
    ledger.follow(world, now);
    moments.push({ at: now, world });
  }
  return { ledger, moments, now: now + told.rests * QUARTER };
}

const PAIRS = PEOPLE.flatMap((who) => GROUPS.map((into) => ({ who, into })));

test('whatever happens to bookings, subscriptions, companies, items, zones and grace, coverage is what the world says (X1)', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { ledger, moments, now } = play(told);
      for (const { who, into } of PAIRS) {
        const judged = ledger.coverage(who, into, now);
        const wanted = oracle(moments, who, into, now);
        let change = now;
        while (change <= now + HORIZON * QUARTER && oracle(moments, who, into, change) === wanted) change += QUARTER;
        const nextChangeAt = change > now + HORIZON * QUARTER ? null : change;
        expect({ who, into, wanted: judged.wanted, nextChangeAt: judged.nextChangeAt }).toEqual({ who, into, wanted, nextChangeAt });
      }
    }),
  );
});

test('at any instant of the past the ledger says what was so then: history is never rewritten', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { ledger, moments, now } = play(told);
      for (const { who, into } of PAIRS) {
        for (let at = told.starts; at <= now; at += QUARTER) {
          if (ledger.inForce(who, into, at) !== oracle(moments, who, into, at)) {
            expect.unreachable(`${who} in ${into} at ${new Date(at).toISOString()}: the ledger says ${ledger.inForce(who, into, at)}`);
          }
        }
      }
    }),
  );
});

test('deriving twice changes nothing the second time', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { ledger, moments, now } = play(told);
      const world = moments.at(-1)?.world;
      if (world === undefined) throw new Error('a story has an event');
      ledger.follow(world, now);
      const once = structuredClone(ledger.rows);
      ledger.follow(world, now);
      expect(ledger.rows).toEqual(once);
    }),
  );
});
