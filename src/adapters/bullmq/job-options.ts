import type { JobsOptions, KeepJobs } from 'bullmq';
import type { Instant } from '../../core/time.ts';
import { catalog } from '../../jobs/catalog.ts';
import type { JobName, QueueName } from '../../jobs/catalog.ts';
import type { JobToAdd } from '../../ports/job-queue.ts';

const HOUR_S = 3_600;
/** For operators to look at. Jobs are small, and nobody reads further back than this. */
const keepCompleted: KeepJobs = { age: HOUR_S, count: 1_000 };
const keepFailed: KeepJobs = { age: 7 * 24 * HOUR_S, count: 5_000 };
/** Jobs that failed together must not come back together. */
const BACKOFF_JITTER = 0.25;

export interface QueuedJob {
  queue: QueueName;
  name: JobName;
  data: object;
  opts: JobsOptions;
}

/** How often and when a job is tried again, and how long it is kept. */
export function retention(name: JobName): Pick<JobsOptions, 'attempts' | 'backoff' | 'removeOnComplete' | 'removeOnFail'> {
  const { attempts, backoffMs } = catalog[name];
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: BACKOFF_JITTER },
    removeOnComplete: keepCompleted,
    removeOnFail: keepFailed,
  };
}

/**
 * The job in BullMQ's words. While a job of the same key waits, this one is dropped; while one runs, it runs once more afterwards
 * (`keepLastIfActive`). `timestamp + delay` is the instant the job was added for.
 */
export function queuedJob(job: JobToAdd, now: Instant): QueuedJob {
  const entry = catalog[job.name];
  const keyOf = entry.deduplicate as (payload: unknown) => string;
  return {
    queue: entry.queue,
    name: job.name,
    data: job.payload,
    opts: {
      ...retention(job.name),
      timestamp: now,
      delay: Math.max(0, (job.at ?? now) - now),
      deduplication: { id: keyOf(job.payload), keepLastIfActive: true },
    },
  };
}
