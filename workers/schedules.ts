import { catalog, jobNames } from '../src/jobs/catalog.ts';
import type { JobName } from '../src/jobs/catalog.ts';
import type { Logger } from '../src/ports/logger.ts';

const ASSERT_EVERY_MS = 30_000;
const RETRY_AFTER_MS = 1_000;

export interface Schedules {
  /** No assertion is under way when it resolves, and none follows. */
  stop(): Promise<void>;
}

/** Asserts every repeating job now and again and again: an emptied Redis has forgotten them all, and nobody tells. */
export function keepSchedules(keepRepeating: (name: JobName) => Promise<void>, log: Logger): Schedules {
  const repeating = jobNames.filter((name) => 'everyMs' in catalog[name]);
  let stopped = false;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;
  let current = assert();

  async function assert(): Promise<void> {
    const failed = (await Promise.allSettled(repeating.map((name) => keepRepeating(name)))).find((one) => one.status === 'rejected');
    if (failed && !failing) log.warn({ reason: String(failed.reason) }, 'the repeating jobs could not be asserted');
    failing = failed !== undefined;
    if (stopped) return;
    timer = setTimeout(next, failing ? RETRY_AFTER_MS : ASSERT_EVERY_MS);
  }

  function next(): void {
    current = assert();
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
