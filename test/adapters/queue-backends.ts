import { setTimeout as sleep } from 'node:timers/promises';
import { createQueues } from '../../src/adapters/bullmq/queues.ts';
import type { Queues, QueuesOptions } from '../../src/adapters/bullmq/queues.ts';
import type { QueueName } from '../../src/jobs/catalog.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { emptyDatabase } from '../support/database.ts';
import { testRedis } from '../support/redis.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  until: (at, signal) =>
    sleep(Math.max(0, at - Date.now()), undefined, signal ? { signal } : {}).then(
      () => undefined,
      () => undefined,
    ),
};

export interface RecordingLog extends Logger {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[];
}

export function recordingLog(): RecordingLog {
  const lines: RecordingLog['lines'] = [];
  const under = (base: Record<string, unknown>): RecordingLog => {
    const write = (level: string) => (fields: Record<string, unknown>, message: string) =>
      void lines.push({ level, message, fields: { ...base, ...fields } });
    return {
      lines,
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => under({ ...base, ...fields }),
    };
  };
  return under({});
}

export interface Place {
  /** Queues on the place, as one more process would have them. Closed by `drop`. `clock`: the database's, where that is another. */
  open(log?: Logger, clock?: Pick<Clock, 'now'>): Promise<Queues>;
  drop(): Promise<void>;
}

/** A place of the caller's own for queues. */
export async function queuePlace(kind: 'Redis' | 'PostgreSQL'): Promise<Place> {
  const opened: Queues[] = [];
  const { options, drop } = kind === 'Redis' ? await inRedis() : await inPostgres();
  return {
    open: async (log = recordingLog(), clock = systemClock) => {
      const queues = await createQueues({ ...options, clock, log });
      opened.push(queues);
      return queues;
    },
    drop: async () => {
      await Promise.all(opened.map((queues) => queues.close()));
      await drop();
    },
  };
}

interface Where {
  options: Pick<QueuesOptions, 'backend' | 'prefix'>;
  drop(): Promise<void>;
}

async function inRedis(): Promise<Where> {
  const { url, prefix, drop } = await testRedis();
  return { options: { backend: { redisUrl: url }, prefix }, drop };
}

async function inPostgres(): Promise<Where> {
  const { url, drop } = await emptyDatabase();
  return { options: { backend: { databaseUrl: url, schema: 'bullmq' } }, drop };
}

export function queueNamed(queues: Queues, name: QueueName): Queues['queues'][number] {
  const queue = queues.queues.find((one) => one.name === name);
  if (!queue) throw new Error(`no queue ${name}`);
  return queue;
}

/** A promise to be settled from outside. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
