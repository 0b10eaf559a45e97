import { createPostgresBackend, withBackend } from 'bullmq';
import type { Queue, Worker } from 'bullmq';
import type { Backend } from './backend.ts';

const postgres = withBackend(createPostgresBackend);
// Each queue and each worker has a pool of its own.
const QUEUE_CONNECTIONS = 2;
const WORKER_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 1_000;
// A disk under load holds up a commit for a second now and then. That is no outage, and without its database the process can do nothing anyway.
const ANSWER_MS = 5_000;

export interface PostgresBackendOptions {
  databaseUrl: string;
  /** made and migrated when needed */
  schema: string;
}

/** For a single process without Redis. */
export function postgresBackend({ databaseUrl, schema }: PostgresBackendOptions): Backend {
  const connection = (max: number) => ({
    connectionString: databaseUrl,
    schema,
    migrate: true,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  return {
    name: 'PostgreSQL of the queues',
    answerMs: ANSWER_MS,
    // What BullMQ and its dashboard do with a queue is the same on both backends; only the type arguments tell them apart.
    queue: (name) => new postgres.Queue(name, { connection: connection(QUEUE_CONNECTIONS) }) as unknown as Queue,
    worker: (name, process, settings) =>
      new postgres.Worker(name, process, { ...settings, connection: connection(WORKER_CONNECTIONS) }) as unknown as Worker,
    ping: (queue) => queue.isPaused(),
    // Without its database the process can do nothing at all, and BullMQ never forgets a first connection that failed.
    ready: async (queues) => {
      await Promise.all(queues.map((queue) => queue.waitUntilReady()));
    },
    close: () => undefined,
  };
}
