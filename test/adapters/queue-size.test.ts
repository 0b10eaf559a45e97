import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createQueues } from '../../src/adapters/bullmq/queues.ts';
import type { JobToAdd } from '../../src/ports/job-queue.ts';
import { testRedis } from '../support/redis.ts';
import { recordingLog, systemClock } from './queue-backends.ts';

const HOUR = 3_600_000;

async function keysOf(client: Redis, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of client.scanStream({ match: `${prefix}*`, count: 1_000 })) keys.push(...(page as string[]));
  return keys;
}

async function bytesOf(client: Redis, keys: string[]): Promise<number> {
  // Of all elements of a key: by default Redis guesses from five of them, and differently each time.
  const sizes = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', 0)));
  return sizes.reduce<number>((total, size) => total + (size ?? 0), 0);
}

test('a group with something due at an instant takes two keys and less than a kilobyte and a half of Redis for each job, whoever and how many they are', async () => {
  const { url, prefix, drop } = await testRedis();
  const client = new Redis(url);
  const queues = await createQueues({ backend: { redisUrl: url }, prefix, clock: systemClock, log: recordingLog() });
  try {
    const at = Date.now() + HOUR;
    const jobs = Array.from({ length: 50 }, (): JobToAdd => ({ name: 'grant', payload: { accessGroupId: randomUUID(), at }, at }));
    await queues.jobQueue.add(jobs.slice(0, 1));
    const before = await keysOf(client, prefix);
    const bytes = await bytesOf(client, before);
    await queues.jobQueue.add(jobs);
    // As if each of a thousand people of the group had been told of by themselves.
    await queues.jobQueue.add(jobs);
    const after = await keysOf(client, prefix);
    expect(after.length - before.length).toBe(2 * 49);
    expect(((await bytesOf(client, after)) - bytes) / 49).toBeLessThan(1_536);
  } finally {
    await queues.close();
    client.disconnect();
    await drop();
  }
});
