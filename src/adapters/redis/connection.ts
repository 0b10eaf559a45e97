import type { Redis, RedisOptions } from 'ioredis';

/** Once per second at most, so that a Redis that comes back is found within a second. */
const retryStrategy = (attempt: number): number => Math.min(100 * attempt, 1_000);

/** How long a command may go unanswered before Redis counts as out, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 500;

/**
 * For whoever must not wait: a command is refused at once while there is no connection, and soon when Redis does not answer. With the
 * defaults of ioredis it would wait for as long as Redis is away.
 */
export const failFast = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 1_000,
  retryStrategy,
} satisfies RedisOptions;

/** For whoever has nothing else to do than wait for Redis: workers. */
export const patient = { maxRetriesPerRequest: null, connectTimeout: 5_000, retryStrategy } satisfies RedisOptions;

const FIRST_ATTEMPT_MS = 1_000;

/** Resolves when a client that was just made is connected, or when that did not work: then it goes on trying by itself. */
export function firstAttempt(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, FIRST_ATTEMPT_MS);
    client.once('ready', done);
    client.once('error', done);
    client.once('end', done);
    function done(): void {
      clearTimeout(timer);
      for (const event of ['ready', 'error', 'end']) client.off(event, done);
      resolve();
    }
  });
}
