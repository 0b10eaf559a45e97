import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { createLocalFeed } from '../../src/adapters/feed-local.ts';
import { createRedisFeed } from '../../src/adapters/redis/feed.ts';
import type { RedisFeed } from '../../src/adapters/redis/feed.ts';
import { createMissed } from '../../src/adapters/redis/missed.ts';
import { freePort } from '../../src/dev/free-port.ts';
import type { Announcement, Feed } from '../../src/ports/feed.ts';
import { startRedis, testRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { recordingLog } from './queue-backends.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function feedOn(redisUrl: string, prefix = 'test:'): RedisFeed {
  const feed = createRedisFeed({ redisUrl, prefix, log: recordingLog() });
  undo.push(() => feed.close());
  return feed;
}

async function ownRedis(port?: number): Promise<TestRedis> {
  const redis = await startRedis(port === undefined ? {} : { port });
  undo.push(() => redis.stop());
  return redis;
}

async function twoProcesses(): Promise<{ one: RedisFeed; other: RedisFeed; url: string; prefix: string }> {
  const { url, prefix } = await testRedis();
  return { one: feedOn(url, prefix), other: feedOn(url, prefix), url, prefix };
}

const hearing = () => {
  const heard: Announcement[] = [];
  return { heard, hear: (announcement: Announcement) => void heard.push(announcement) };
};

test('whatever is announced after listen has resolved is heard, in every process', async () => {
  const { one, other } = await twoProcesses();
  for (let i = 0; i < 50; i++) {
    const topic = `member:${randomUUID()}`;
    const [here, there] = [hearing(), hearing()];
    await Promise.all([one.listen([topic], here.hear), other.listen([topic], there.hear)]);
    await one.announce([{ topic }]);
    await vi.waitFor(() => expect([here.heard, there.heard]).toEqual([[{ topic }], [{ topic }]]), { interval: 1 });
  }
});

test('who listens in the process that announces hears it at once, once, and without Redis', async () => {
  const { one, other } = await twoProcesses();
  const listener = hearing();
  await one.listen(['member:x'], listener.hear);
  const announced = one.announce([{ topic: 'member:x', ids: ['1'] }]);
  expect(listener.heard).toEqual([{ topic: 'member:x', ids: ['1'] }]);
  await announced;
  // Redis keeps the order: what came back of the first is over when the second is heard.
  await other.announce([{ topic: 'member:x', ids: ['2'] }]);
  await vi.waitFor(() => expect(listener.heard.map(({ ids }) => ids)).toEqual([['1'], ['2']]));

  const alone = feedOn(`redis://127.0.0.1:${await freePort()}`);
  await alone.listen(['member:y'], listener.hear);
  await alone.announce([{ topic: 'member:y' }]);
  expect(listener.heard.at(-1)).toEqual({ topic: 'member:y' });
});

test('the ids of an announcement arrive, and only those who listen to its topic hear it', async () => {
  const { one, other } = await twoProcesses();
  const [mine, both] = [hearing(), hearing()];
  await other.listen(['activity:a'], mine.hear);
  await other.listen(['activity:a', 'activity:b', 'activity:b'], both.hear);
  await one.announce([
    { topic: 'activity:b', ids: ['2'] },
    { topic: 'activity:a', ids: ['1', '3'] },
  ]);
  await vi.waitFor(() => expect(mine.heard).toEqual([{ topic: 'activity:a', ids: ['1', '3'] }]));
  expect(both.heard).toEqual([
    { topic: 'activity:b', ids: ['2'] },
    { topic: 'activity:a', ids: ['1', '3'] },
  ]);
});

test('the subscription ends with its last listener and not before; nothing is left behind', async () => {
  const { one, other, url, prefix } = await twoProcesses();
  const admin = new Redis(url);
  undo.push(() => admin.quit());
  const subscribers = async () => (await admin.pubsub('NUMSUB', `${prefix}member:x`))[1];
  const [first, second] = [hearing(), hearing()];
  const stopFirst = await one.listen(['member:x'], first.hear);
  const stopSecond = await one.listen(['member:x'], second.hear);
  expect([one.listening(), await subscribers()]).toEqual([2, 1]);

  stopFirst();
  stopFirst();
  await other.announce([{ topic: 'member:x' }]);
  await vi.waitFor(() => expect(second.heard).toHaveLength(1));
  expect(first.heard).toEqual([]);

  stopSecond();
  expect(one.listening()).toBe(0);
  await vi.waitFor(async () => expect(await subscribers()).toBe(0));
  const again = hearing();
  await one.listen(['member:x'], again.hear);
  expect(await subscribers()).toBe(1);
});

test('any number of listeners share two connections, and closing leaves none', async () => {
  const redis = await ownRedis();
  const admin = new Redis(redis.url);
  undo.push(() => admin.quit());
  const feed = createRedisFeed({ redisUrl: redis.url, log: recordingLog() });
  await Promise.all(Array.from({ length: 200 }, (_, i) => feed.listen([`member:${i}`], () => undefined)));
  const connections = async () => ((await admin.client('LIST')) as string).trim().split('\n').length;
  expect(await connections()).toBe(3);
  feed.close();
  await vi.waitFor(async () => expect(await connections()).toBe(1));
});

test('after a restart of Redis every listener is told to look again, and hears what is announced then', async () => {
  const redis = await ownRedis();
  const [one, other] = [feedOn(redis.url), feedOn(redis.url)];
  const listener = hearing();
  await one.listen(['member:x', 'activity:y'], listener.hear);
  await redis.stop();
  await ownRedis(redis.port);
  await vi.waitFor(() => expect(listener.heard).toEqual([{ topic: 'member:x' }, { topic: 'activity:y' }]), 10_000);

  await vi.waitFor(() => other.ping(), 10_000);
  await other.announce([{ topic: 'activity:y', ids: ['1'] }]);
  await vi.waitFor(() => expect(listener.heard.at(-1)).toEqual({ topic: 'activity:y', ids: ['1'] }), 10_000);
});

test('while Redis is down nobody waits and nothing rejects; who began to listen meanwhile is told to look again', async () => {
  const port = await freePort();
  const feed = feedOn(`redis://127.0.0.1:${port}`);
  const listener = hearing();
  const started = performance.now();
  const stop = await feed.listen(['member:x'], listener.hear);
  await feed.listen(['member:gone'], listener.hear).then((stopAtOnce) => stopAtOnce());
  for (let i = 0; i < 20; i++) await feed.announce([{ topic: 'member:x' }]);
  expect(performance.now() - started).toBeLessThan(2_000);
  await expect(feed.ping()).rejects.toThrow();

  await ownRedis(port);
  await vi.waitFor(() => expect(listener.heard).toContainEqual({ topic: 'member:x' }), 10_000);
  expect(listener.heard).not.toContainEqual({ topic: 'member:gone' });
  await vi.waitFor(() => feed.ping(), 10_000);
  stop();
  expect(feed.listening()).toBe(0);
});

test('what is announced while Redis is frozen is heard, with its ids, when Redis goes on', async () => {
  const redis = await ownRedis();
  const [one, other] = [feedOn(redis.url), feedOn(redis.url)];
  const listener = hearing();
  await other.listen(['activity:y'], listener.hear);
  await one.ping();
  process.kill(redis.pid, 'SIGSTOP');
  undo.push(() => process.kill(redis.pid, 'SIGCONT'));
  const started = performance.now();
  for (let i = 0; i < 20; i++) await one.announce([{ topic: 'activity:y', ids: [String(i)] }]);
  expect(performance.now() - started).toBeLessThan(1_500);

  process.kill(redis.pid, 'SIGCONT');
  const everything = Array.from({ length: 20 }, (_, i) => String(i));
  await vi.waitFor(() => expect(new Set(listener.heard.flatMap(({ ids }) => ids ?? []))).toEqual(new Set(everything)), 10_000);
});

test('what is missed is kept once per topic, and too much of it becomes "look again"', () => {
  const missed = createMissed();
  missed.add([{ topic: 'a', ids: ['1'] }, { topic: 'b' }]);
  missed.add([
    { topic: 'a', ids: ['1', '2'] },
    { topic: 'b', ids: ['3'] },
    { topic: 'c', ids: Array.from({ length: 1_001 }, (_, i) => String(i)) },
  ]);
  expect(missed.take()).toEqual([{ topic: 'a', ids: ['1', '2'] }, { topic: 'b' }, { topic: 'c' }]);
  expect(missed.take()).toEqual([]);
});

const kinds: [string, () => Promise<Feed & { listening(): number }>][] = [
  ['in one process', async () => createLocalFeed(recordingLog())],
  ['over Redis', async () => (await twoProcesses()).one],
];

test.each(kinds)('a hearer that throws keeps nobody else from hearing (%s)', async (_, open) => {
  const feed = await open();
  const listener = hearing();
  await feed.listen(['member:x'], () => {
    throw new Error('broken');
  });
  await feed.listen(['member:x'], listener.hear);
  await feed.announce([{ topic: 'member:x' }]);
  await vi.waitFor(() => expect(listener.heard).toEqual([{ topic: 'member:x' }]));
});

test.each(kinds)('one function that listens twice hears twice, and stops once at a time (%s)', async (_, open) => {
  const feed = await open();
  const listener = hearing();
  const stops = [await feed.listen(['member:x'], listener.hear), await feed.listen(['member:x'], listener.hear)];
  await feed.announce([{ topic: 'member:x' }]);
  await vi.waitFor(() => expect(listener.heard).toHaveLength(2));
  stops[0]?.();
  expect(feed.listening()).toBe(1);
  await feed.announce([{ topic: 'member:x' }]);
  await vi.waitFor(() => expect(listener.heard).toHaveLength(3));
});
