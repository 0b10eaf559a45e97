import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Queues } from '../../src/adapters/bullmq/queues.ts';
import type { Deps } from '../../src/app/deps.ts';
import { catalog, jobNames } from '../../src/jobs/catalog.ts';
import type { JobName } from '../../src/jobs/catalog.ts';
import type { JobToAdd } from '../../src/ports/job-queue.ts';
import type { JobHandler, JobHandlers } from '../../workers/run-job.ts';
import { runWorkers } from '../../workers/run-workers.ts';
import type { Workers } from '../../workers/run-workers.ts';
import { gate, queueNamed, queuePlace, recordingLog, systemClock } from '../adapters/queue-backends.ts';
import type { Place, RecordingLog } from '../adapters/queue-backends.ts';

/** Handlers that do nothing, but for those given. */
function handlersWith(own: { [N in JobName]?: JobHandler<N> }): JobHandlers {
  const idle = Object.fromEntries(jobNames.map((name) => [name, () => Promise.resolve()]));
  return { ...idle, ...own } as JobHandlers;
}

const grantNow = (accessGroupId = randomUUID()): JobToAdd<'grant'> => ({ name: 'grant', payload: { accessGroupId, at: null }, at: null });

describe.each(['Redis', 'PostgreSQL'] as const)('on %s', (kind) => {
  let place: Place;
  let queues: Queues;
  let log: RecordingLog;
  let workers: Workers | undefined;
  /** what the database's clock is ahead of the process's, in milliseconds */
  let ahead: number;

  const databaseNow = () => Date.now() + ahead;
  function start(own: Parameters<typeof handlersWith>[0], patienceMs = 5_000): Workers {
    const deps = { store: { now: async () => databaseNow() }, clock: systemClock, log } as unknown as Deps;
    workers = runWorkers({ deps, queues, handlers: handlersWith(own), patienceMs, log });
    return workers;
  }

  beforeEach(async () => {
    ahead = 0;
    log = recordingLog();
    place = await queuePlace(kind);
    queues = await place.open(log);
  });
  afterEach(async () => {
    await workers?.close();
    workers = undefined;
    await place.drop();
  });

  test('a job runs soon after its instant and never before it, by the clock of the database', async () => {
    ahead = -150;
    const early: number[] = [];
    const done = gate();
    start({
      grant: async (_, { at }) => {
        early.push((at ?? 0) - databaseNow());
        if (early.length === 20) done.open();
      },
    });
    const first = databaseNow() + 500;
    await queues.jobQueue.add(
      Array.from({ length: 20 }, (_, i) => ({
        name: 'grant',
        payload: { accessGroupId: randomUUID(), at: first + 20 * i },
        at: first + 20 * i,
      })),
    );
    await done.opened;
    expect(Math.max(...early)).toBeLessThanOrEqual(0);
    expect(Math.min(...early)).toBeGreaterThan(-3_000);
  });

  test('a job that is woken much too early gives its place back, and uses up no attempt', async () => {
    ahead = -60_000;
    const done = gate();
    start({ grant: async () => done.open() });
    const at = Date.now() + 50;
    await queues.jobQueue.add([{ name: 'grant', payload: { accessGroupId: randomUUID(), at }, at }]);
    const access = queueNamed(queues, 'access');
    // Back in the queue when it is to wait for about a minute.
    const job = await vi.waitFor(async () => {
      const [delayed] = await access.getDelayed();
      expect(delayed?.delay).toBeGreaterThan(50_000);
      return delayed;
    }, 10_000);
    expect(job?.attemptsMade).toBe(0);
    expect(log.lines.filter((line) => line.level === 'warn')).toEqual([]);

    ahead = 0;
    await job?.promote();
    await done.opened;
  });

  test('on a machine whose clock is a minute ahead a job runs once, soon after its instant by the clock of the database', async () => {
    ahead = -60_000;
    const here = await place.open(log, { now: databaseNow });
    const at = databaseNow() + 1_500;
    const job: JobToAdd<'grant'> = { name: 'grant', payload: { accessGroupId: randomUUID(), at }, at };
    const runs: number[] = [];
    const done = gate();
    // As a group's run does: what is not due yet is queued for its instant again.
    const grant = async (): Promise<void> => {
      runs.push(databaseNow() - at);
      if (databaseNow() < at) await here.jobQueue.add([job]);
      else done.open();
    };
    const deps = { store: { now: async () => databaseNow() }, clock: systemClock, log } as unknown as Deps;
    workers = runWorkers({ deps, queues: here, handlers: handlersWith({ grant }), patienceMs: 5_000, log });
    await here.jobQueue.add([job]);
    await done.opened;
    expect(runs).toHaveLength(1);
    expect(runs[0]).toBeGreaterThanOrEqual(0);
    expect(runs[0]).toBeLessThan(20_000);
  });

  test('a handler is given the payload, and logs with the job and its ids', async () => {
    const id = randomUUID();
    const done = gate();
    start({
      activate: async (deps, payload) => {
        deps.log.info(payload, 'said by the handler');
        done.open();
        return { activated: 1 };
      },
    });
    await queues.jobQueue.add([{ name: 'activate', payload: { activationId: id }, at: null }]);
    await done.opened;
    await vi.waitFor(() =>
      expect(log.lines.filter((line) => line.fields['job'] === 'activate')).toMatchObject([
        { message: 'said by the handler', fields: { jobId: '1', activationId: id } },
        { message: 'job done', fields: { jobId: '1', activationId: id, result: { activated: 1 } } },
      ]),
    );
  });

  test('a handler that fails is called again; what its error says is in the log and not in the queue', async () => {
    const [seen, done] = [gate(), gate()];
    let calls = 0;
    start({
      revoke: async () => {
        calls += 1;
        if (calls === 1) throw Object.assign(new TypeError('ada@example.com is refused'), { code: 'ENOENT' });
        await seen.opened;
        done.open();
      },
    });
    const accessGroupId = randomUUID();
    await queues.jobQueue.add([{ name: 'revoke', payload: { accessGroupId, at: null }, at: null }]);
    const access = queueNamed(queues, 'access');
    const stored = await vi.waitFor(async () => {
      const [job] = await access.getJobs(['delayed', 'active', 'waiting']);
      expect(job?.attemptsMade).toBe(1);
      return job;
    }, 10_000);
    const warned = log.lines.find((line) => line.message === 'job failed');
    expect(stored?.failedReason).toBe(`It failed with TypeError ENOENT. The log has it as ${String(warned?.fields['errorId'])}.`);
    expect(stored?.stacktrace).toEqual([]);
    expect(JSON.stringify(stored)).not.toContain('ada@example.com');
    expect(warned?.fields).toMatchObject({ job: 'revoke', accessGroupId, attempt: 1, attempts: 5 });
    seen.open();
    await done.opened;
    expect(calls).toBe(2);
  });

  test('a job that this worker cannot read is left for a newer one, and fails for good when none has come in ten minutes', async () => {
    const reached: string[] = [];
    start({ grant: async () => void reached.push('grant') });
    const access = queueNamed(queues, 'access');
    const longAgo = { timestamp: Date.now() - 11 * 60_000, attempts: 5 };
    await access.add('grant', { accessGroupId: 'ada@example.com', at: null }, longAgo);
    await access.add('greet', {}, longAgo);
    await access.add('greet', { whom: 'ada' }, { attempts: 5 });
    const failed = await vi.waitFor(async () => {
      const jobs = await access.getFailed();
      expect([jobs.length, await access.getDelayedCount()]).toEqual([2, 1]);
      return jobs;
    }, 10_000);
    expect(failed.map((job) => job.failedReason).sort()).toEqual([
      'No job is called greet.',
      'The payload of grant does not fit at: accessGroupId.',
    ]);
    expect(failed.map((job) => job.attemptsMade)).toEqual([1, 1]);
    await workers?.close();
    workers = undefined;
    const newer = queues.work(
      'access',
      async ({ name, data }: { name: string; data: unknown }) => void reached.push(`${name} ${JSON.stringify(data)}`),
      1,
    );
    const taken = vi.waitFor(() => expect(reached).toEqual(['greet {"whom":"ada"}']), { timeout: 10_000 });
    await taken.finally(() => newer.close());
  });

  test('what a newer process says beyond what this worker knows is no obstacle', async () => {
    const done = gate();
    const seen: unknown[] = [];
    start({
      grant: async (_, payload) => {
        seen.push(payload);
        done.open();
      },
    });
    const { payload } = grantNow();
    await queueNamed(queues, 'access').add('grant', { ...payload, priority: 'new' });
    await done.opened;
    expect(seen).toEqual([payload]);
  });

  test('the repeating jobs run as soon as the workers start', async () => {
    const repeating = jobNames.filter((name) => 'everyMs' in catalog[name]);
    const ran = new Set<JobName>();
    const all = gate();
    const handler = (name: JobName) => async () => {
      ran.add(name);
      if (ran.size === repeating.length) all.open();
    };
    start(Object.fromEntries(repeating.map((name) => [name, handler(name)])));
    await all.opened;
    expect(new Set(repeating)).toEqual(ran);
  });

  test('closing waits for what runs; what is added after it stays for another process', async () => {
    const [started, release] = [gate(), gate()];
    let finished = false;
    const closing = start({
      grant: async () => {
        started.open();
        await release.opened;
        finished = true;
      },
    });
    await queues.jobQueue.add([grantNow()]);
    await started.opened;
    const closed = closing.close().then(() => finished);
    release.open();
    expect(await closed).toBe(true);
    await queues.jobQueue.add([grantNow()]);
    expect(await queueNamed(queues, 'access').getJobCounts('waiting', 'active', 'completed')).toEqual({
      waiting: 1,
      active: 0,
      completed: 1,
    });
  });

  test('what does not finish in time when the workers close is aborted and handed back for another process', async () => {
    const started = gate();
    let signal: AbortSignal | undefined;
    const closing = start(
      {
        grant: async (_deps, _payload, given) => {
          signal = given;
          started.open();
          await new Promise(() => undefined);
        },
      },
      50,
    );
    await queues.jobQueue.add([grantNow()]);
    await started.opened;
    expect(signal?.aborted).toBe(false);
    await closing.close();
    expect(signal?.aborted).toBe(true);
    expect(await queueNamed(queues, 'access').getJobCounts('active', 'delayed', 'failed')).toEqual({ active: 0, delayed: 1, failed: 0 });
  });
});
