import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { queuedJob } from '../../src/adapters/bullmq/job-options.ts';
import type { Queues } from '../../src/adapters/bullmq/queues.ts';
import type { JobToAdd } from '../../src/ports/job-queue.ts';
import { gate, queueNamed, queuePlace } from './queue-backends.ts';
import type { Place } from './queue-backends.ts';

const grantNow = (accessGroupId: string): JobToAdd<'grant'> => ({ name: 'grant', payload: { accessGroupId, at: null }, at: null });
const grantAt = (accessGroupId: string, at: number): JobToAdd<'grant'> => ({ name: 'grant', payload: { accessGroupId, at }, at });

const oneOfEach = (id: string, at: number): JobToAdd[] => [
  grantAt(id, at),
  { name: 'prepare', payload: { accessGroupId: id, at }, at },
  { name: 'activate', payload: { activationId: id }, at },
  { name: 'expire-activation', payload: { activationId: id, at }, at },
  { name: 'renew', payload: { mobileKeyId: randomUUID() }, at },
  { name: 'deliver', payload: { webhookEndpointId: id, at }, at },
  { name: 'deliver', payload: { webhookEndpointId: id, at: null }, at },
  { name: 'sweep', payload: {}, at },
  { name: 'sync-directory', payload: {}, at },
  { name: 'sync-directory', payload: { integrationId: id }, at },
  { name: 'audit-memberships', payload: {}, at },
  { name: 'audit-memberships', payload: { integrationId: id }, at },
  { name: 'follow-entries', payload: {}, at },
  { name: 'follow-entries', payload: { integrationId: id }, at },
];

test('no deduplication id holds a colon, which BullMQ forbids', () => {
  const ids = oneOfEach(randomUUID(), 1_700_000_000_000).map((job) => queuedJob(job, 0).opts.deduplication?.id);
  expect(ids).toHaveLength(14);
  for (const id of ids) expect(id).toMatch(/^[^:]+$/);
});

test('a job carries exactly its payload, and is kept for a bounded time and in a bounded number', () => {
  const { data, opts } = queuedJob(grantNow('g'), 1_000);
  expect(data).toEqual({ accessGroupId: 'g', at: null });
  expect(opts).toMatchObject({ delay: 0, timestamp: 1_000, removeOnComplete: { age: 3_600, count: 1_000 } });
  expect(opts.removeOnFail).toEqual({ age: 604_800, count: 5_000 });
});

test('a job for an instant that is past is due at once', () => {
  expect(queuedJob(grantAt('g', 500), 1_000).opts.delay).toBe(0);
  expect(queuedJob(grantAt('g', 1_500), 1_000).opts.delay).toBe(500);
});

describe.each(['Redis', 'PostgreSQL'] as const)('on %s', (kind) => {
  let place: Place;
  let queues: Queues;
  beforeEach(async () => {
    place = await queuePlace(kind);
    queues = await place.open();
  });
  afterEach(() => place.drop());

  const unfinished = (name: 'access' | 'digital-key' | 'webhooks' | 'upkeep') =>
    queueNamed(queues, name).getJobCountByTypes('waiting', 'delayed', 'active', 'prioritized');

  test('jobs of one key that wait are one job, by whichever process they were added', async () => {
    const other = await place.open();
    const group = randomUUID();
    for (let i = 0; i < 10; i++) {
      expect(await queues.jobQueue.add([grantNow(group), grantNow(group)])).toBe(true);
      expect(await other.jobQueue.add([grantNow(group)])).toBe(true);
    }
    expect(await unfinished('access')).toBe(1);
  });

  test('a job that waits for its instant does not swallow one of the same group that is due at once, nor one of another instant', async () => {
    const group = randomUUID();
    const soon = Date.now() + 600_000;
    await queues.jobQueue.add([grantAt(group, soon), grantNow(group), grantAt(group, soon + 1), grantAt(group, soon)]);
    expect(await queueNamed(queues, 'access').getJobCounts('waiting', 'delayed')).toEqual({ waiting: 1, delayed: 2 });
  });

  test('jobs that do different things never swallow one another', async () => {
    await queues.jobQueue.add(oneOfEach(randomUUID(), Date.now() + 600_000));
    expect([await unfinished('access'), await unfinished('digital-key'), await unfinished('webhooks'), await unfinished('upkeep')]).toEqual(
      [2, 3, 2, 7],
    );
  });

  test('however often a job is added while its twin runs, it runs exactly once more, and not at the same time', async () => {
    const group = randomUUID();
    const [started, release] = [gate(), gate()];
    let runs = 0;
    let running = 0;
    const worker = queues.work(
      'access',
      async () => {
        runs += 1;
        running += 1;
        expect(running).toBe(1);
        started.open();
        await release.opened;
        running -= 1;
      },
      5,
    );
    try {
      await queues.jobQueue.add([grantNow(group)]);
      await started.opened;
      for (let i = 0; i < 5; i++) await queues.jobQueue.add(Array.from({ length: 10 }, () => grantNow(group)));
      expect(runs).toBe(1);
      release.open();
      await vi.waitFor(async () => expect(await queueNamed(queues, 'access').getCompletedCount()).toBe(2), 10_000);
      expect(runs).toBe(2);
      expect(await unfinished('access')).toBe(0);
    } finally {
      await worker.close();
    }
  });

  test('2,000 jobs added at once all wait, and a second time change nothing', async () => {
    const jobs = Array.from({ length: 2_000 }, () => grantNow(randomUUID()));
    expect(await queues.jobQueue.add(jobs)).toBe(true);
    expect(await queues.jobQueue.add(jobs)).toBe(true);
    expect(await unfinished('access')).toBe(2_000);
  });

  test('a repeating job asserted again and again, by several processes, waits once', async () => {
    const other = await place.open();
    for (let i = 0; i < 5; i++) {
      // At the same time only where there may be several processes: on PostgreSQL there is one.
      const first = queues.keepRepeating('sweep');
      if (kind === 'PostgreSQL') await first;
      await Promise.all([first, other.keepRepeating('sweep')]);
    }
    const upkeep = queueNamed(queues, 'upkeep');
    expect(await upkeep.getJobSchedulersCount()).toBe(1);
    expect(await unfinished('upkeep')).toBe(1);
    expect(await upkeep.getJobScheduler('sweep')).toMatchObject({ every: 15_000 });
  });

  test('ping resolves while the backend answers', async () => {
    await expect(queues.ping()).resolves.toBeUndefined();
  });
});

test('a database that does not answer is told at once: without it the queues cannot be had', async () => {
  const place = await queuePlace('PostgreSQL');
  await place.drop();
  await expect(place.open()).rejects.toThrow(/does not exist/);
});
