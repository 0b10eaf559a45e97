import { expect, test } from 'vitest';
import { callsDuring, codes, explained, openProblems, toldOfProblems } from './seeing.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

const ROOM = 'Meeting room 1';
const OPENS = '11:30';

/** ada's access to the room begins at 11:30; it is told of an hour and a half ahead. */
async function booked(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.member('ada');
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('11:00');
  return world;
}

async function schedules(world: World, wanted: object | 'always' | null): Promise<void> {
  const group = [...world.simulator.state.groups.values()].find(({ name }) => name === ROOM);
  for (const { id, groupId } of [...world.simulator.state.schedules.values()]) {
    if (groupId === group?.id) await world.dashboard('DELETE', `/schedules/${id}`);
  }
  if (wanted !== null) await world.dashboard('POST', '/schedules', { group: ROOM, schedule: wanted });
}

const user = (world: World, change: object) => world.dashboard('PATCH', '/users/ada@example.com', { site: 'Harbour Campus', ...change });

type Risk = [
  what: string,
  cause: (world: World) => Promise<unknown>,
  mend: (world: World) => Promise<unknown>,
  message: RegExp,
  explanation: RegExp,
];

const RISKS: Risk[] = [
  [
    'the group has lost its time schedule',
    (world) => schedules(world, null),
    (world) => schedules(world, 'always'),
    /no time schedule: give it one/,
    /no time schedule/,
  ],
  [
    'the hours of the group do not meet the window',
    (world) => schedules(world, { days: ['tuesday'], startTime: '18:00', endTime: '20:00' }),
    (world) => schedules(world, 'always'),
    /closed all through the access of 1 person/,
    /closed by its own time restrictions at 11:30/,
  ],
  [
    'the group has lost its locks',
    (world) => world.dashboard('PATCH', '/groups/Meeting%20room%201', { locks: [] }),
    (world) => world.dashboard('PATCH', '/groups/Meeting%20room%201', { locks: [ROOM] }),
    /no locks: add some/,
    /no locks/,
  ],
  [
    'the person was blocked',
    (world) => user(world, { blocked: true }),
    (world) => user(world, { blocked: false }),
    /unblock/,
    /is blocked there/,
  ],
  [
    'the person was suspended',
    (world) => user(world, { suspended: true }),
    (world) => user(world, { suspended: false }),
    /seat taken away: resume/,
    /has no seat there/,
  ],
];

test.each(RISKS)(
  'a quarter of an hour ahead it is told that %s, explained, and closed when it is mended (X3)',
  async (_, cause, mend, message, why) => {
    const world = await booked();
    await cause(world);
    await world.at('11:15');
    expect(await openProblems(world)).toEqual([{ code: 'ACCESS_AT_RISK', group: ROOM, message: expect.stringMatching(message) as string }]);
    expect((await openProblems(world))[0]?.message).toContain(`Access of 1 person to ${ROOM} begins at ${OPENS} on 5 May`);
    const ahead = await explained(world, 'ada', ROOM, OPENS);
    expect([ahead.allowed, ahead.staffMessage]).toEqual([false, expect.stringMatching(why)]);
    await mend(world);
    await world.advance(MINUTE);
    expect(await codes(world)).toEqual([]);
    expect((await explained(world, 'ada', ROOM, OPENS)).allowed).toBe(true);
    expect(await toldOfProblems(world)).toEqual([expect.stringMatching(message), `What was in the way of access to ${ROOM} is mended.`]);
    await world.at(OPENS);
    expect(await world.opens('ada', ROOM)).toBe(true);
  },
);

test('a seat that is missing is told before the member arrives, and the problem is over when the window is (X3)', async () => {
  const world = await connectedWorld();
  await world.dashboard('PATCH', '/sites/Harbour%20Campus', { seats: 3 });
  await world.room('room', ROOM);
  await world.member('ada');
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('11:15');
  expect(await codes(world)).toEqual(['ACCESS_AT_RISK', 'SEATS_FULL']);
  expect((await openProblems(world))[0]?.message).toContain('No seat is free for 1 person: buy more');
  expect((await explained(world, 'ada', ROOM, OPENS)).staffMessage).toContain('no seat is free for them');
  await world.at('11:32');
  await world.sweep();
  expect(await codes(world)).toEqual(['SEATS_FULL']);
});

test('a window that nothing stands in the way of is looked at once, and no window far ahead is', async () => {
  const world = await booked();
  expect(await callsDuring(world, () => world.sweep())).toBe(0);
  await world.at('11:16');
  const { calls } = world.simulator.state;
  expect(calls.find({ path: /time_schedules/ })).toHaveLength(1);
  expect(await callsDuring(world, () => world.sweep())).toBe(0);
  expect(await codes(world)).toEqual([]);
});

test('what is at risk is looked at again no oftener than once a minute', async () => {
  const world = await booked();
  await schedules(world, null);
  await world.at('11:15');
  expect(await callsDuring(world, () => world.sweep())).toBe(0);
  await world.advance(MINUTE);
  expect(world.simulator.state.calls.find({ path: /time_schedules/ })).toHaveLength(2);
});

test('a booking that is cancelled is at risk no more (X3)', async () => {
  const world = await booked();
  await schedules(world, null);
  await world.at('11:15');
  expect(await codes(world)).toEqual(['ACCESS_AT_RISK']);
  await world.cancel('one');
  await world.advance(MINUTE);
  expect(await codes(world)).toEqual([]);
});
