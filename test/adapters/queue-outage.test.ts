import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { createQueues } from '../../src/adapters/bullmq/queues.ts';
import type { Queues } from '../../src/adapters/bullmq/queues.ts';
import { freePort } from '../../src/dev/free-port.ts';
import type { JobToAdd } from '../../src/ports/job-queue.ts';
import { startRedis } from '../support/redis.ts';
import { queueNamed, recordingLog, systemClock } from './queue-backends.ts';
import type { RecordingLog } from './queue-backends.ts';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const someJob = (): JobToAdd => ({ name: 'grant', payload: { accessGroupId: randomUUID(), at: null }, at: null });

async function open(port: number, log: RecordingLog = recordingLog()): Promise<Queues> {
  const queues = await createQueues({ backend: { redisUrl: `redis://127.0.0.1:${port}` }, clock: systemClock, log });
  undo.push(() => queues.close());
  return queues;
}

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await work;
  return { value, ms: performance.now() - started };
}

/** How long twenty additions take one after the other, none of which may succeed. */
async function twentyRefusals(queues: Queues): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < 20; i++) expect(await queues.jobQueue.add([someJob()])).toBe(false);
  return performance.now() - started;
}

test('without Redis the queues open within two seconds, refuse jobs at once, and take them when Redis has come', async () => {
  const port = await freePort();
  const opened = await timed(open(port));
  expect(opened.ms).toBeLessThan(2_000);
  const queues = opened.value;
  expect(await twentyRefusals(queues)).toBeLessThan(500);
  await expect(queues.ping()).rejects.toThrow();

  const redis = await startRedis({ port });
  undo.push(redis.stop);
  await vi.waitFor(async () => expect(await queues.jobQueue.add([someJob()])).toBe(true), 5_000);
  await expect(queues.ping()).resolves.toBeUndefined();
});

test('while Redis is frozen the first addition is refused within a second and the others at once; nothing rejects', async () => {
  const redis = await startRedis();
  undo.push(redis.stop);
  const queues = await open(redis.port);
  expect(await queues.jobQueue.add([someJob()])).toBe(true);

  process.kill(redis.pid, 'SIGSTOP');
  undo.push(async () => process.kill(redis.pid, 'SIGCONT'));
  const first = await timed(queues.jobQueue.add([someJob()]));
  expect(first.value).toBe(false);
  expect(first.ms).toBeLessThan(1_500);
  expect(await twentyRefusals(queues)).toBeLessThan(500);

  process.kill(redis.pid, 'SIGCONT');
  await vi.waitFor(async () => expect(await queues.jobQueue.add([someJob()])).toBe(true), 5_000);
});

test('when Redis is back after additions were refused, a sweep is queued by itself, and the outage is told of once', async () => {
  const first = await startRedis();
  const log = recordingLog();
  const queues = await open(first.port, log);
  await first.stop();
  expect(await queues.jobQueue.add([someJob(), someJob()])).toBe(false);

  const second = await startRedis({ port: first.port });
  undo.push(second.stop);
  await vi.waitFor(async () => expect(await queueNamed(queues, 'upkeep').getWaitingCount()).toBe(1), 10_000);
  const [job] = await queueNamed(queues, 'upkeep').getWaiting();
  expect(job?.name).toBe('sweep');
  expect(log.lines.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual(['does not answer']);
  expect(log.lines.filter((line) => line.level === 'info').map((line) => line.message)).toEqual([
    'answers again',
    'jobs were not added while the queue was out: the sweep finds them',
  ]);
});

test('a Redis that may throw jobs away is warned of, one that may not is not', async () => {
  const redis = await startRedis();
  undo.push(redis.stop);
  const quiet = recordingLog();
  const queues = await open(redis.port, quiet);
  await queues.jobQueue.add([someJob()]);
  expect(quiet.lines).toEqual([]);

  const admin = new Redis(redis.url);
  undo.push(() => admin.quit());
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const log = recordingLog();
  await open(redis.port, log);
  await vi.waitFor(() => expect(log.lines.map((line) => line.fields)).toEqual([{ policy: 'allkeys-lru' }]));
});

test('closed queues leave no connection behind, and neither do closed workers', async () => {
  const redis = await startRedis();
  undo.push(redis.stop);
  const admin = new Redis(redis.url);
  undo.push(() => admin.quit());
  const queues = await createQueues({ backend: { redisUrl: redis.url }, clock: systemClock, log: recordingLog() });
  const worker = queues.work('access', () => Promise.resolve(), 1);
  await worker.waitUntilReady();
  const connections = async () => ((await admin.client('LIST')) as string).trim().split('\n').length;
  expect(await connections()).toBe(4);
  await worker.close();
  await queues.close();
  await vi.waitFor(async () => expect(await connections()).toBe(1));
});

test('queues close while Redis is frozen', async () => {
  const redis = await startRedis();
  undo.push(redis.stop);
  const queues = await createQueues({ backend: { redisUrl: redis.url }, clock: systemClock, log: recordingLog() });
  process.kill(redis.pid, 'SIGSTOP');
  undo.push(async () => process.kill(redis.pid, 'SIGCONT'));
  expect((await timed(queues.close())).ms).toBeLessThan(2_000);
});
