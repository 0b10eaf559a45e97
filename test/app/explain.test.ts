import { expect, test } from 'vitest';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { explainAccess } from '../../src/app/explain-access.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import type { AccessExplanation } from '../../src/core/explain.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

const ROOM = 'Meeting room 1';

async function roomWorld(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.member('ada');
  return world;
}

async function explained(world: World, group = ROOM): Promise<AccessExplanation> {
  const accessGroupId = await world.groupId(group);
  const answer = await explainAccess(world.deps, world.admin, { member: { externalId: 'ada' }, accessGroupId, at: null });
  if (answer instanceof Error) throw answer;
  return answer;
}

const cause = ({ steps }: AccessExplanation): string | null => steps.find(({ holds }) => !holds)?.subject ?? null;
const book = (world: World, from = '10:00', to = '12:00') => world.book('one', { resource: 'room', member: 'ada', from, to });

test('who may open is told so, and the lock agrees', async () => {
  const world = await roomWorld();
  await book(world);
  await world.drain();
  const answer = await explained(world);
  expect(answer.allowed).toBe(true);
  expect(cause(answer)).toBeNull();
  expect(await world.opens('ada', ROOM)).toBe(true);
});

type Case = [why: string, make: (world: World) => Promise<unknown>, subject: string, says: RegExp];

const CASES: Case[] = [
  ['nothing was ever booked', () => Promise.resolve(), 'Right', /No booking or subscription/],
  ['the window has not opened', (world) => book(world, '14:00', '15:00'), 'Right', /13:30/],
  [
    'the booking is over',
    async (world) => {
      await book(world);
      await world.at('13:00');
    },
    'Right',
    /ended/,
  ],
  [
    'the booking was cancelled',
    async (world) => {
      await book(world);
      await world.drain();
      await world.advance(MINUTE);
      await world.cancel('one');
      await world.drain();
    },
    'Right',
    /cancelled/,
  ],
  [
    'the member was removed',
    async (world) => {
      await book(world);
      await world.drain();
      await removeMember(world.deps, world.platform, { member: { externalId: 'ada' }, asOf: null });
      await world.drain();
    },
    'Member',
    /removed/,
  ],
  [
    'no seat is free',
    async (world) => {
      await world.dashboard('PATCH', '/switches', { seats: 1 });
      await book(world);
      await world.drain();
    },
    'Person at the lock system',
    /seat/,
  ],
  [
    'the lock system is out',
    async (world) => {
      await world.dashboard('PATCH', '/switches', { apiOutage: true });
      await book(world);
      await world.drain();
    },
    'Person at the lock system',
    /does not exist there yet/,
  ],
];

test.each(CASES)('when %s, the lock refuses and the first step that does not hold is the cause', async (_why, make, subject, says) => {
  const world = await roomWorld();
  await make(world);
  const answer = await explained(world);
  expect(answer.allowed).toBe(false);
  expect(cause(answer)).toBe(subject);
  expect(answer.steps.find(({ holds }) => !holds)?.detail).toMatch(says);
  expect(answer.memberMessage).not.toBe('');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

test('a group without a time schedule and one without locks are the cause, although the person is in them', async () => {
  const world = await roomWorld();
  await book(world);
  for (const group of ['No schedule', 'No locks']) {
    await world.resourceAccess('room', group);
    await world.drain();
    const answer = await explained(world, group);
    expect(answer.allowed).toBe(false);
    expect(cause(answer)).toBe('Access group');
    expect(answer.steps.find(({ holds }) => !holds)?.detail).toMatch(group === 'No locks' ? /lock/ : /schedule/);
  }
});

test('a location that was disconnected is the cause for what is booked from then on', async () => {
  const world = await roomWorld();
  await disconnectIntegration(world.deps, world.admin, { location: { externalId: 'harbour' }, confirm: true });
  await book(world);
  await world.drain();
  const answer = await explained(world);
  expect(answer.allowed).toBe(false);
  expect(cause(answer)).toBe('Connection');
  expect(await world.opens('ada', ROOM)).toBe(false);
});
