import { expect, test } from 'vitest';
import { dayPassesLeft } from '../../src/app/day-passes-left.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import { connectedWorld, type World } from '../app/world.ts';

const FRONT = 'Front door';
const NONE_LEFT = { name: 'NoDayPassLeftError' };

type Day = { booking: string; member: string; day?: string; from?: string; to?: string; desk?: string; pays?: boolean };

interface PassWorld {
  world: World;
  /** books a desk with a day pass; what is refused is answered */
  bookDay(told: Day): Promise<unknown>;
  left(subscription: string): Promise<number | undefined>;
}

async function passWorld(timeZone = 'Europe/Berlin'): Promise<PassWorld> {
  const world = await connectedWorld({ timeZone });
  await world.company('anvil');
  for (const name of ['ada', 'ben', 'cyd']) await world.member(name, { company: 'anvil' });
  for (let desk = 1; desk <= 3; desk += 1) await world.desk(`desk-${desk}`, 'Members 24/7');
  return {
    world,
    bookDay({ booking, member, day = '2026-05-06', from = `${day} 09:00`, to = `${day} 17:00`, desk = 'desk-1', pays = true }) {
      const { deps, platform, instant, externalId } = world;
      const people = { resource: externalId(desk), member: externalId(member), invitees: [] };
      const times = { startsAt: instant(from), endsAt: instant(to) };
      return upsertBooking(deps, platform, { externalId: booking, ...people, ...times, payWithDayPass: pays, asOf: null });
    },
    async left(subscription) {
      const [row] = await world.sql<{ id: string }>('select id from member_subscription where "externalId" = $1', [subscription]);
      return (await dayPassesLeft(world.deps, world.platform.orgId, [row?.id ?? ''])).get(row?.id ?? '');
    },
  };
}

/** The team's plan opens nothing by itself; it brings this many passes a month. */
async function team({ world }: PassWorld, passes: number): Promise<void> {
  await world.plan('rotating', { passes });
  await world.subscribe('firm', { company: 'anvil', plans: ['rotating'], startsOn: '2026-05-01' });
  await world.drain();
}

async function own({ world }: PassWorld, member: string, passes: number): Promise<void> {
  await world.plan(`flex-${member}`, { passes });
  await world.subscribe(`sub-${member}`, { member, plans: [`flex-${member}`], startsOn: '2026-05-01' });
}

const booked = { bookingId: expect.any(String) as string };

test('a rotating team: only those with a booked desk that day get in, on passes that the company shares (B6)', async () => {
  const passes = await passWorld();
  const { world, bookDay, left } = passes;
  await team(passes, 2);
  // No group on the company's plan: nobody gets in by belonging to it.
  expect(await world.whoOpens(FRONT)).toEqual([]);
  expect(await bookDay({ booking: 'wednesday', member: 'ada' })).toEqual(booked);
  expect(await bookDay({ booking: 'thursday', member: 'ben', day: '2026-05-07' })).toEqual(booked);
  expect(await left('firm')).toBe(0);
  expect(await bookDay({ booking: 'too-many', member: 'cyd', day: '2026-05-07', desk: 'desk-2' })).toMatchObject(NONE_LEFT);
  await world.at('2026-05-06 08:30');
  expect(await world.whoOpens(FRONT)).toEqual(['ada']);
  await world.at('2026-05-06 17:30');
  expect(await world.whoOpens(FRONT)).toEqual([]);
  await world.at('2026-05-07 12:00');
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
});

test('without a pass left nothing is booked: no booking, no right, no job (B6)', async () => {
  const passes = await passWorld();
  const { world, bookDay } = passes;
  await team(passes, 0);
  world.jobs.added.splice(0);
  expect(await bookDay({ booking: 'one', member: 'ada' })).toMatchObject(NONE_LEFT);
  expect(await world.sql('select id from booking union all select id from access_right')).toEqual([]);
  expect(world.jobs.added).toEqual([]);
});

test('each calendar month of the location’s zone brings its passes anew, and what was left over is gone (B6)', async () => {
  const passes = await passWorld('Pacific/Auckland');
  const { bookDay, left, world } = passes;
  await team(passes, 1);
  expect(await bookDay({ booking: 'last-of-may', member: 'ada', day: '2026-05-31' })).toEqual(booked);
  expect(await bookDay({ booking: 'may', member: 'ben', day: '2026-05-30' })).toMatchObject(NONE_LEFT);
  // Where it is June already, it is still May in Greenwich.
  expect(await bookDay({ booking: 'june', member: 'ben', day: '2026-06-01', from: '2026-06-01 01:00', to: '2026-06-01 05:00' })).toEqual(
    booked,
  );
  expect(await left('firm')).toBe(0);
  await world.jump('2026-07-01 00:00');
  expect(await left('firm')).toBe(1);
});

test('a booking takes one pass for each local day it touches, all of them or none (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left } = passes;
  await team(passes, 3);
  // An end at midnight does not touch the next day.
  expect(await bookDay({ booking: 'two', member: 'ada', from: '2026-05-06 22:00', to: '2026-05-08 00:00' })).toEqual(booked);
  expect(await left('firm')).toBe(1);
  expect(await bookDay({ booking: 'two-more', member: 'ben', from: '2026-05-11 22:00', to: '2026-05-12 02:00' })).toMatchObject(NONE_LEFT);
  expect(await left('firm')).toBe(1);
  expect(await bookDay({ booking: 'one-more', member: 'ben', from: '2026-05-11 22:00', to: '2026-05-12 00:00' })).toEqual(booked);
});

test('the own pool is drawn on first, then the company’s (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left } = passes;
  await team(passes, 1);
  await own(passes, 'ada', 1);
  expect(await bookDay({ booking: 'first', member: 'ada' })).toEqual(booked);
  expect([await left('sub-ada'), await left('firm')]).toEqual([0, 1]);
  expect(await bookDay({ booking: 'second', member: 'ada', day: '2026-05-07' })).toEqual(booked);
  expect([await left('sub-ada'), await left('firm')]).toEqual([0, 0]);
  expect(await bookDay({ booking: 'third', member: 'ada', day: '2026-05-08' })).toMatchObject(NONE_LEFT);
});

test('twenty bookings at once for the last pass: one gets it (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left, world } = passes;
  await team(passes, 1);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      bookDay({ booking: `race-${index}`, member: ['ada', 'ben', 'cyd'][index % 3] ?? '', desk: `desk-${(index % 3) + 1}` }),
    ),
  );
  expect(answers.filter((answer) => !(answer instanceof Error))).toHaveLength(1);
  expect(answers.filter((answer) => answer instanceof Error && answer.name !== NONE_LEFT.name)).toEqual([]);
  expect(await left('firm')).toBe(0);
  expect(await world.sql('select id from booking')).toHaveLength(1);
});

test('cancelling before it starts gives the passes back, afterwards it does not (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left, world } = passes;
  await team(passes, 2);
  await bookDay({ booking: 'early', member: 'ada' });
  await bookDay({ booking: 'late', member: 'ben', day: '2026-05-07' });
  await world.cancel('early');
  expect(await left('firm')).toBe(1);
  await world.cancel('early');
  expect(await left('firm')).toBe(1);
  await world.at('2026-05-07 09:00');
  await world.cancel('late');
  expect(await left('firm')).toBe(1);
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual([]);
});

test('a booking that is moved settles its days anew, and where that fails nothing changes (B6, B4)', async () => {
  const passes = await passWorld();
  const { bookDay, left, world } = passes;
  await team(passes, 2);
  await bookDay({ booking: 'one', member: 'ada' });
  expect(await bookDay({ booking: 'one', member: 'ada', day: '2026-05-08' })).toEqual(booked);
  expect(await left('firm')).toBe(1);
  expect(await bookDay({ booking: 'one', member: 'ada', from: '2026-05-08 09:00', to: '2026-05-09 12:00' })).toEqual(booked);
  expect(await left('firm')).toBe(0);
  expect(await bookDay({ booking: 'one', member: 'ada', from: '2026-05-08 09:00', to: '2026-05-10 12:00' })).toMatchObject(NONE_LEFT);
  const [stored] = await world.sql<{ endsAt: Date }>('select "endsAt" from booking');
  expect(stored?.endsAt.getTime()).toBe(world.instant('2026-05-09 12:00'));
  expect(await bookDay({ booking: 'one', member: 'ada', pays: false })).toEqual(booked);
  expect(await left('firm')).toBe(2);
});

test('after the start only added days are charged, and nothing returns (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left, world } = passes;
  await team(passes, 3);
  await bookDay({ booking: 'one', member: 'ada', from: '2026-05-06 09:00', to: '2026-05-07 17:00' });
  await world.at('2026-05-06 10:00');
  expect(await bookDay({ booking: 'one', member: 'ada', from: '2026-05-06 09:00', to: '2026-05-06 17:00' })).toEqual(booked);
  expect(await left('firm')).toBe(1);
  expect(await bookDay({ booking: 'one', member: 'ada', from: '2026-05-06 09:00', to: '2026-05-08 17:00' })).toEqual(booked);
  expect(await left('firm')).toBe(0);
});

test('a booking given to somebody else before it starts is paid by their pools, and the first pays no more (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, left, world } = passes;
  await own(passes, 'ada', 1);
  await own(passes, 'ben', 1);
  await bookDay({ booking: 'one', member: 'ada' });
  expect(await bookDay({ booking: 'one', member: 'ben' })).toEqual(booked);
  expect([await left('sub-ada'), await left('sub-ben')]).toEqual([1, 0]);
  // Cyd has none: the booking stays Ben's, and paid by Ben.
  expect(await bookDay({ booking: 'one', member: 'cyd' })).toMatchObject(NONE_LEFT);
  expect([await left('sub-ada'), await left('sub-ben')]).toEqual([1, 0]);
  await world.at('2026-05-06 09:00');
  expect(await world.whoOpens(FRONT)).toEqual(['ben']);
});

test('a subscription pays only for days it covers (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, world } = passes;
  await world.plan('rotating', { passes: 5 });
  await world.subscribe('firm', { company: 'anvil', plans: ['rotating'], startsOn: '2026-05-07', endsOn: '2026-05-08' });
  expect(await bookDay({ booking: 'before', member: 'ada' })).toMatchObject(NONE_LEFT);
  expect(await bookDay({ booking: 'within', member: 'ada', day: '2026-05-07' })).toEqual(booked);
  expect(await bookDay({ booking: 'after', member: 'ada', day: '2026-05-09' })).toMatchObject(NONE_LEFT);
});

test('only a desk is paid with day passes (B6)', async () => {
  const passes = await passWorld();
  const { bookDay, world } = passes;
  await team(passes, 2);
  await world.room('room', 'Meeting room 1');
  const answer = await bookDay({ booking: 'one', member: 'ada', desk: 'room' });
  expect(answer).toMatchObject({ name: 'InvalidInputError', issues: [{ path: ['payWithDayPass'] }] });
});
