import { setTimeout as sleep } from 'node:timers/promises';
import type { Processor, Worker } from 'bullmq';
import type { Deps } from '../src/app/deps.ts';
import { queueNames } from '../src/jobs/catalog.ts';
import type { JobName, QueueName } from '../src/jobs/catalog.ts';
import type { Logger } from '../src/ports/logger.ts';
import { runJob } from './run-job.ts';
import type { JobHandlers, ObserveJob } from './run-job.ts';
import { keepSchedules } from './schedules.ts';

/** What workers need of the queues. */
export interface WorkQueues {
  work(name: QueueName, processor: Processor, concurrency: number): Worker;
  keepRepeating(name: JobName): Promise<void>;
}

export interface WorkersOptions {
  deps: Deps;
  queues: WorkQueues;
  /** how many jobs of a queue this process runs at a time */
  concurrency?: Partial<Record<QueueName, number>>;
  handlers: JobHandlers;
  /** how long running jobs may take to finish when the workers are closed, in milliseconds */
  patienceMs?: number;
  /** told of each run */
  observe?: ObserveJob;
  log: Logger;
}

export interface Workers {
  /** Takes no more jobs, and resolves when those that run have ended: by themselves, or aborted when that takes too long. */
  close(): Promise<void>;
}

const CONCURRENCY: Record<QueueName, number> = { access: 50, 'digital-key': 10, webhooks: 50, upkeep: 4 };
const PATIENCE_MS = 9_000;
/** For aborted jobs to be handed back, and connections to be closed. */
const LAST_MS = 1_000;

/** One worker per queue, and the repeating jobs. */
export function runWorkers(options: WorkersOptions): Workers {
  const { deps, queues, concurrency, handlers, patienceMs = PATIENCE_MS, log } = options;
  const stop = new AbortController();
  const processor = runJob({ ...deps, log }, handlers, stop.signal, options.observe);
  const workers = queueNames.map((name) => queues.work(name, processor, concurrency?.[name] ?? CONCURRENCY[name]));
  for (const worker of workers) {
    worker.on('stalled', (jobId) => log.warn({ queue: worker.name, jobId }, 'a job lost its process and is run again'));
  }
  const schedules = keepSchedules((name) => queues.keepRepeating(name), log);

  async function close(): Promise<void> {
    const closed = Promise.all([schedules.stop(), ...workers.map((worker) => worker.close())]).then(() => true);
    if (await within(patienceMs, closed)) return;
    log.warn({}, 'jobs are aborted: they did not finish in time');
    stop.abort();
    if (await within(LAST_MS, closed)) return;
    log.warn({}, 'the workers did not close in time');
    for (const worker of workers) worker.disconnect().catch(() => undefined);
  }
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= close()) };
}

async function within(ms: number, work: Promise<boolean>): Promise<boolean> {
  const ended = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, false, { signal: ended.signal }).catch(() => false)]);
  } finally {
    ended.abort();
  }
}
