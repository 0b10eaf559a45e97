import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from '../../ports/logger.ts';
import { failFast, firstAttempt, patient } from '../redis/connection.ts';
import type { Backend } from './backend.ts';

const DEFAULT_PREFIX = 'latchkey';
const ANSWER_MS = 1_000;

export interface RedisBackendOptions {
  redisUrl: string;
  /** of every key */
  prefix?: string | undefined;
  /** the connection of the queues broke, or could not be made */
  onError: (error: Error) => void;
  log: Logger;
}

/** One connection for all queues, and two for each worker. */
export function redisBackend({ redisUrl, prefix = DEFAULT_PREFIX, onError, log }: RedisBackendOptions): Backend {
  const client = new Redis(redisUrl, failFast);
  const connected = firstAttempt(client);
  client.on('error', onError);
  client.on('close', () => onError(new Error('the connection was closed')));
  client.on('ready', () => void warnOfEviction(client, log));
  return {
    name: 'Redis of the queues',
    answerMs: ANSWER_MS,
    // BullMQ would ask for the server's version as soon as the queue is made: while Redis is down that could only fail, and for good.
    queue: (name) => new Queue(name, { connection: client, prefix, skipWaitingForReady: true, skipVersionCheck: true }),
    worker: (name, process, settings) => new Worker(name, process, { ...settings, connection: { url: redisUrl, ...patient }, prefix }),
    ping: () => client.ping(),
    ready: () => connected,
    close: () => client.disconnect(),
  };
}

/** With any other policy Redis may throw jobs away when its memory is full. */
async function warnOfEviction(client: Redis, log: Logger): Promise<void> {
  try {
    const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info('memory'))?.[1];
    if (policy !== undefined && policy !== 'noeviction') {
      log.warn({ policy }, 'Redis may throw jobs away when its memory is full: set maxmemory-policy to noeviction');
    }
  } catch (error) {
    log.debug({ reason: error instanceof Error ? error.message : String(error) }, 'Redis did not tell its maxmemory-policy');
  }
}
