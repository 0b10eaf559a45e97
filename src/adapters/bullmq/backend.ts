import type { Processor, Queue, Worker } from 'bullmq';
import type { QueueName } from '../../jobs/catalog.ts';

/** Where the queues are kept. */
export interface Backend {
  readonly name: string;
  /** How long it may take with one answer, in milliseconds, before it counts as out. */
  readonly answerMs: number;
  /** Fails fast: what cannot be put in the queue at once is refused. */
  queue(name: QueueName): Queue;
  /** With connections of its own, which it closes itself. */
  worker(name: QueueName, process: Processor, options: WorkerSettings): Worker;
  /** Rejects, and soon, while the backend does not answer. */
  ping(queue: Queue): Promise<unknown>;
  /** Resolves when jobs can be added. Does not wait for a backend whose outage the process must survive. */
  ready(queues: Queue[]): Promise<void>;
  /** After the queues were closed. */
  close(): void;
}

export interface WorkerSettings {
  concurrency: number;
  /** How long a job of a process that died stays locked, in milliseconds. */
  lockDuration: number;
  /** How often to look for such jobs, in milliseconds. */
  stalledInterval: number;
  /** How often a job may lose its process before it counts as failed. */
  maxStalledCount: number;
}
