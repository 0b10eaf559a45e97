import { expect, test } from 'vitest';
import { liveIds, liveState, type LiveState } from '../../src/graphql/live.ts';
import { movableClock } from '../support/clock.ts';
import { soundingFeed } from './sounding-feed.ts';

const START = 1_000_000;

function watch(change: Partial<LiveState<string>> = {}) {
  const [feed, clock] = [soundingFeed(), movableClock(START)];
  const world = { state: 'A', reads: 0 };
  const read = () => {
    world.reads += 1;
    return Promise.resolve(world.state);
  };
  const stream = liveState<string>({ feed, clock, topics: ['x'], read, mark: (state) => state, ...change });
  const announce = (topic = 'x') => feed.announce([{ topic }]);
  return { feed, clock, world, stream, announce };
}

/** All that is owed to an iterator within the process has come when the queue of promises is empty. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the state now comes first, and then each change', async () => {
  const { stream, world, announce } = watch();
  expect(await stream.next()).toEqual({ done: false, value: { value: 'A' } });
  world.state = 'B';
  await announce();
  expect(await stream.next()).toEqual({ done: false, value: { value: 'B' } });
});

test('it listens before it reads, so that nothing falls between', async () => {
  const { stream, feed } = watch({
    read: () => {
      expect(feed.listeners('x')).toBe(1);
      return Promise.resolve('A');
    },
  });
  expect(await stream.next()).toEqual({ done: false, value: { value: 'A' } });
});

test('a change announced during a read is read again', async () => {
  const { stream, world, announce } = watch({
    read: async () => {
      const { state } = world;
      if (state === 'A') {
        world.state = 'B';
        await announce();
      }
      return state;
    },
  });
  expect(await stream.next()).toEqual({ done: false, value: { value: 'A' } });
  expect(await stream.next()).toEqual({ done: false, value: { value: 'B' } });
});

test('many announcements at once are one read', async () => {
  const { stream, world, announce } = watch();
  await stream.next();
  world.state = 'B';
  for (let count = 0; count < 100; count += 1) await announce();
  await stream.next();
  expect(world.reads).toBe(2);
});

test('equal states are not told twice', async () => {
  const { stream, world, announce } = watch();
  await stream.next();
  const next = stream.next();
  await announce();
  await settled();
  expect(world.reads).toBe(2);
  world.state = 'B';
  await announce();
  expect(await next).toEqual({ done: false, value: { value: 'B' } });
});

test('a failed read is the error of one event, and the stream lives on', async () => {
  const failure = new Error('out');
  let fails = false;
  const { stream, world, announce } = watch({ read: () => (fails ? Promise.reject(failure) : Promise.resolve(world.state)) });
  await stream.next();
  fails = true;
  await announce();
  expect(await stream.next()).toEqual({ done: false, value: { error: failure } });
  fails = false;
  await announce();
  expect(await stream.next()).toEqual({ done: false, value: { value: 'A' } });
});

test('ending it while it waits ends the wait, and no listener is left', async () => {
  const { stream, feed } = watch();
  await stream.next();
  const waiting = stream.next();
  await settled();
  expect(await stream.return?.()).toEqual({ done: true, value: undefined });
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(feed.total()).toBe(0);
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('ending it before the first read, and while it begins to listen, leaves no listener', async () => {
  const early = watch();
  await early.stream.return?.();
  expect(await early.stream.next()).toEqual({ done: true, value: undefined });
  expect(early.feed.total()).toBe(0);
  const midway = watch();
  const first = midway.stream.next();
  await midway.stream.return?.();
  expect(await first).toEqual({ done: true, value: undefined });
  await settled();
  expect(midway.feed.total()).toBe(0);
});

test('ending it during a read tells nothing more', async () => {
  let finish: (state: string) => void = () => undefined;
  const { stream, feed } = watch({ read: () => new Promise((resolve) => (finish = resolve)) });
  const first = stream.next();
  await settled();
  await stream.return?.();
  finish('A');
  expect(await first).toEqual({ done: true, value: undefined });
  expect(feed.total()).toBe(0);
});

test('several waiting for the next event get one each, in order', async () => {
  const { stream, world, announce } = watch();
  const [first, second] = [stream.next(), stream.next()];
  expect(await first).toEqual({ done: false, value: { value: 'A' } });
  world.state = 'B';
  await announce();
  expect(await second).toEqual({ done: false, value: { value: 'B' } });
});

test('a state that changes by itself is read again at that instant, without an announcement', async () => {
  const { stream, world, clock } = watch({ changesAt: (state) => (state === 'A' ? START + 500 : null) });
  await stream.next();
  const next = stream.next();
  world.state = 'B';
  clock.advance(499);
  await settled();
  expect(world.reads).toBe(1);
  clock.advance(1);
  expect(await next).toEqual({ done: false, value: { value: 'B' } });
});

test('an instant that has passed is waited for no more, even where the state did not change', async () => {
  const { stream, world, clock } = watch({ changesAt: () => START + 500 });
  await stream.next();
  const next = stream.next();
  clock.advance(500);
  await settled();
  expect(world.reads).toBe(2);
  await stream.return?.();
  expect((await next).done).toBe(true);
});

test('a state read anew waits for its own instant and no longer for the one before', async () => {
  const { stream, world, clock, announce } = watch({ changesAt: (state) => (state === 'A' ? START + 500 : START + 900) });
  await stream.next();
  world.state = 'B';
  await announce();
  await stream.next();
  const next = stream.next();
  clock.advance(600);
  await settled();
  expect(world.reads).toBe(2);
  world.state = 'C';
  clock.advance(300);
  expect(await next).toEqual({ done: false, value: { value: 'C' } });
});

test('a topic that only the state tells is listened to from then on, and the state read once more', async () => {
  const { stream, world, announce, feed } = watch({ topicsOf: (state) => (state === 'A' ? [] : ['y']) });
  await stream.next();
  expect(feed.listeners('y')).toBe(0);
  world.state = 'B';
  await announce();
  await stream.next();
  const next = stream.next();
  await settled();
  expect([feed.listeners('y'), world.reads]).toEqual([1, 3]);
  world.state = 'C';
  await announce('y');
  expect(await next).toEqual({ done: false, value: { value: 'C' } });
  await stream.return?.();
  expect(feed.total()).toBe(0);
});

test('a feed that cannot be listened to ends the stream with its error', async () => {
  const { clock } = watch();
  const feed = { announce: () => Promise.resolve(), listen: () => Promise.reject(new Error('no feed')) };
  const stream = liveState({ feed, clock, topics: ['x'], read: () => Promise.resolve('A'), mark: String });
  await expect(stream.next()).rejects.toThrow('no feed');
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('ids are told in the order of their announcement, each once', async () => {
  const feed = soundingFeed();
  const stream = liveIds(feed, 'x');
  const first = stream.next();
  await settled();
  await feed.announce([{ topic: 'x', ids: ['1', '2'] }]);
  await feed.announce([
    { topic: 'x', ids: ['2', '3'] },
    { topic: 'y', ids: ['4'] },
  ]);
  expect([await first, await stream.next(), await stream.next()].map(({ value }) => value as string)).toEqual(['1', '2', '3']);
  const waiting = stream.next();
  await stream.return?.();
  expect((await waiting).done).toBe(true);
  expect(feed.total()).toBe(0);
});
