import { expect, test } from 'vitest';
import { connectedWorld, HOUR, type World } from './world.ts';

const BATCH = 100;
const PEOPLE = 110;

const changes = (world: World) => world.groupCalls().map(({ method }) => method);
const reads = ({ simulator }: World) => simulator.state.calls.find({ method: 'GET' }).length;

test('people whose access begins and ends at one instant cost a call for each hundred, and reading them back a call for each hundred more', async () => {
  const world = await connectedWorld();
  await world.dashboard('PATCH', '/switches', { seats: 2 * PEOPLE });
  await world.plan('plan', { group: 'Members 24/7' });
  await world.company('crew');
  for (let index = 0; index < PEOPLE; index += 1) await world.member(`crew-${index}`, { company: 'crew' });
  await world.subscribe('sub', { company: 'crew', startsOn: '2026-05-06', endsOn: '2026-05-06', plans: ['plan'] });
  await world.at('2026-05-05 23:59');
  world.simulator.state.calls.clear();
  await world.at('2026-05-06 00:00');
  expect(await world.whoOpens('Front door')).toHaveLength(PEOPLE);
  expect(changes(world)).toEqual(['PATCH', 'PATCH']);
  expect(reads(world)).toBeLessThanOrEqual(Math.ceil(PEOPLE / BATCH) + 1);
  world.simulator.state.calls.clear();
  await world.at('2026-05-07 00:00');
  expect(await world.whoOpens('Front door')).toEqual([]);
  expect(changes(world)).toEqual(['PATCH', 'PATCH']);
});

test('a booking beyond the horizon puts nothing into the queue, one within it its next change and what is prepared for that', async () => {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  await world.member('ada');
  const from = (ahead: number) => ({ from: world.clock.now() + ahead, to: world.clock.now() + ahead + HOUR });
  await world.book('far', { resource: 'room', member: 'ada', ...from(world.deps.settings.scheduleHorizonMs + HOUR) });
  expect(world.jobs.waiting()).toEqual([]);
  await world.book('near', { resource: 'room', member: 'ada', ...from(3 * HOUR) });
  expect(world.jobs.waiting().map(({ name }) => name)).toEqual(['prepare', 'grant']);
});
