import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { createQueues } from '../../src/adapters/bullmq/queues.ts';
import type { Deps } from '../../src/app/deps.ts';
import { catalog, jobNames } from '../../src/jobs/catalog.ts';
import type { JobName } from '../../src/jobs/catalog.ts';
import { runJob } from '../../workers/run-job.ts';
import type { JobHandlers } from '../../workers/run-job.ts';
import { runWorkers } from '../../workers/run-workers.ts';
import { keepSchedules } from '../../workers/schedules.ts';
import { gate, queueNamed, recordingLog, systemClock } from '../adapters/queue-backends.ts';
import { startRedis } from '../support/redis.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const repeating = jobNames.filter((name) => 'everyMs' in catalog[name]);
const deps = () => ({ store: { now: async () => Date.now() }, clock: systemClock, log: recordingLog() }) as unknown as Deps;
const calling = (handler: (name: JobName, signal: AbortSignal) => Promise<unknown>): JobHandlers =>
  Object.fromEntries(
    jobNames.map((name) => [name, (_: unknown, _payload: unknown, signal: AbortSignal) => handler(name, signal)]),
  ) as JobHandlers;

async function redisWithQueues() {
  const redis = await startRedis();
  undo.push(redis.stop);
  const queues = await createQueues({ backend: { redisUrl: redis.url }, clock: systemClock, log: recordingLog() });
  undo.push(() => queues.close());
  const admin = new Redis(redis.url);
  undo.push(() => admin.quit());
  return { redis, queues, admin };
}

test('every repeating job is asserted at once and every 30 seconds, and after a failure every second until it works', async () => {
  vi.useFakeTimers();
  undo.push(() => vi.useRealTimers());
  const asserted: JobName[] = [];
  let works = true;
  const log = recordingLog();
  const keep = async (name: JobName) => {
    asserted.push(name);
    if (!works) throw new Error('Redis is out');
  };
  const schedules = keepSchedules(keep, log);
  expect(asserted).toEqual(repeating);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(asserted).toHaveLength(repeating.length);
  works = false;
  await vi.advanceTimersByTimeAsync(1 + 3_000);
  expect(asserted).toHaveLength(repeating.length * 5);
  expect(log.lines).toHaveLength(1);
  works = true;
  await vi.advanceTimersByTimeAsync(1_000 + 29_999);
  expect(asserted).toHaveLength(repeating.length * 6);
  await schedules.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asserted).toHaveLength(repeating.length * 6);
});

test('a job is given up when its time is over: its signal is aborted and its place is free, whatever the handler does', async () => {
  vi.useFakeTimers();
  undo.push(() => vi.useRealTimers());
  let signal: AbortSignal | undefined;
  const process = runJob(
    deps(),
    calling((_, given) => ((signal = given), new Promise(() => undefined))),
    new AbortController().signal,
  );
  const job = { id: '1', name: 'renew', data: { mobileKeyId: randomUUID() }, opts: {}, attemptsMade: 0 } as unknown as Job;
  const failure = expect(process(job, 'token')).rejects.toThrow('Given up after 60 s.');
  await vi.advanceTimersByTimeAsync(59_999);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await failure;
  expect(signal?.aborted).toBe(true);
});

test('after Redis was emptied the repeating jobs run again when they are asserted, and jobs added then are done', async () => {
  const { queues, admin } = await redisWithQueues();
  const runs: JobName[] = [];
  const workers = runWorkers({ deps: deps(), queues, handlers: calling(async (name) => runs.push(name)), log: recordingLog() });
  undo.push(() => workers.close());
  await vi.waitFor(() => expect(new Set(runs)).toEqual(new Set(repeating)), 10_000);
  await admin.flushall();
  await queues.keepRepeating('sweep');
  await vi.waitFor(() => expect(runs.filter((name) => name === 'sweep')).toHaveLength(2), 10_000);
  await queues.jobQueue.add([{ name: 'grant', payload: { accessGroupId: randomUUID(), at: null }, at: null }]);
  await vi.waitFor(() => expect(runs).toContain('grant'), 10_000);
});

test('workers go on by themselves after a restart of an emptied Redis', async () => {
  const { redis, queues } = await redisWithQueues();
  const runs: JobName[] = [];
  const workers = runWorkers({ deps: deps(), queues, handlers: calling(async (name) => runs.push(name)), log: recordingLog() });
  undo.push(() => workers.close());
  await vi.waitFor(() => expect(new Set(runs)).toEqual(new Set(repeating)), 10_000);
  await redis.stop();
  const second = await startRedis({ port: redis.port });
  undo.unshift(second.stop);
  await vi.waitFor(
    async () =>
      expect(await queues.jobQueue.add([{ name: 'grant', payload: { accessGroupId: randomUUID(), at: null }, at: null }])).toBe(true),
    10_000,
  );
  await vi.waitFor(() => expect(runs).toContain('grant'), 20_000);
});

test('idle workers ask Redis less than ten times a second, all three together', async () => {
  const { queues, admin } = await redisWithQueues();
  const sentinel = gate();
  const runs = new Set<JobName>();
  const handlers = calling(async (name) => {
    runs.add(name);
    if (name === 'grant') sentinel.open();
  });
  const workers = runWorkers({ deps: deps(), queues, handlers, log: recordingLog() });
  undo.push(() => workers.close());
  await vi.waitFor(async () => expect(await queueNamed(queues, 'upkeep').getCompletedCount()).toBe(repeating.length), 10_000);
  await admin.config('RESETSTAT');
  const at = Date.now() + 6_000;
  await queues.jobQueue.add([{ name: 'grant', payload: { accessGroupId: randomUUID(), at }, at }]);
  await sentinel.opened;
  const stats = await admin.info('commandstats');
  const calls = (command: string) => Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
  // Each question a worker asks is one script or one blocking pop.
  expect(calls('bzpopmin')).toBeGreaterThan(0);
  expect(calls('bzpopmin') + calls('evalsha') + calls('eval')).toBeLessThan(60);
});
