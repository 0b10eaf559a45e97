import { expect, test } from 'vitest';
import { auditMemberships } from '../../src/app/audit-memberships.ts';
import type { Deps } from '../../src/app/deps.ts';
import { withGroupClaim } from '../../src/app/with-group-claim.ts';
import { connectedWorld, SECOND, type World } from './world.ts';

const ROOM = 'Meeting room 1';

async function roomWorld(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.member('ada');
  return world;
}

const book = (world: World) => world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '16:00' });

/** The world's doings, where asking who is in a group is up to the test. */
const asking = (world: World, groupPeople: Deps['vendor']['groupPeople'], store: Partial<Deps['store']> = {}): Deps => ({
  ...world.deps,
  store: { ...world.deps.store, ...store },
  vendor: { ...world.deps.vendor, groupPeople },
});

test('a worker killed during an audit holds up the group for a quarter of a minute at most (X2)', async () => {
  const world = await roomWorld();
  const killed = asking(world, () => Promise.reject(new Error('killed')), { releaseClaim: () => Promise.resolve() });
  await expect(auditMemberships(killed, { accessGroupId: await world.groupId(ROOM) })).rejects.toThrow('killed');
  await book(world);
  await world.sweep();
  expect(await world.opens('ada', ROOM)).toBe(false);
  await world.jump(world.clock.now() + 16 * SECOND);
  await world.sweep();
  expect(await world.opens('ada', ROOM)).toBe(true);
});

test('what falls due during an audit is done right after it, and waits for no sweep (X2)', async () => {
  const world = await roomWorld();
  let asked: () => void = () => undefined;
  let answer: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
  const slow = asking(world, async (...question) => {
    asked();
    await mayAnswer;
    return world.deps.vendor.groupPeople(...question);
  });
  const audit = auditMemberships(slow, { accessGroupId: await world.groupId(ROOM) });
  await isAsked;
  await book(world);
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  answer();
  await audit;
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
});

test('a claim is given back as soon as the database answers again, not when its lease is over', async () => {
  let tries = 0;
  const store = {
    claimGroup: () => Promise.resolve('token'),
    releaseClaim: () => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('the database is out')) : Promise.resolve();
    },
  };
  const waited: number[] = [];
  const until = (at: number, ended?: AbortSignal): Promise<void> => {
    if (ended === undefined) waited.push(at);
    return ended === undefined ? Promise.resolve() : new Promise((resolve) => ended.addEventListener('abort', () => resolve()));
  };
  const deps = { store, clock: { now: () => 0, until } } as unknown as Deps;
  expect(await withGroupClaim(deps, 'group', () => Promise.resolve('done'))).toEqual({ done: 'done' });
  expect(waited).toEqual([SECOND, SECOND]);
});

test('a claim that cannot be renewed for a moment is renewed as soon as it can, and the work under it goes on', async () => {
  let renewals = 0;
  let end: () => void = () => undefined;
  const store = {
    claimGroup: () => Promise.resolve('token'),
    renewClaim: () => {
      renewals += 1;
      if (renewals === 3) end();
      return renewals === 1 ? Promise.reject(new Error('the database is out')) : Promise.resolve(true);
    },
    releaseClaim: () => Promise.resolve(),
  };
  const clock = { now: () => 0, until: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const deps = { store, clock } as unknown as Deps;
  const work = new Promise<string>((resolve) => (end = () => resolve('done')));
  expect(await withGroupClaim(deps, 'group', () => work)).toEqual({ done: 'done' });
});
