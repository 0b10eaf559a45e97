import type { Instant } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';

export interface MovableClock extends Clock {
  advance(milliseconds: number): void;
  set(at: Instant): void;
}

/** Stands still until it is moved; a wait ends when its instant is reached. */
export function movableClock(start: Instant): MovableClock {
  let now = start;
  const waits = new Set<{ at: Instant; end: () => void }>();
  const set = (at: Instant): void => {
    now = at;
    for (const wait of waits) if (wait.at <= now) wait.end();
  };
  return {
    now: () => now,
    until: (at, signal) =>
      new Promise((resolve) => {
        if (at <= now || signal?.aborted) return resolve();
        const wait = {
          at,
          end: () => {
            waits.delete(wait);
            signal?.removeEventListener('abort', wait.end);
            resolve();
          },
        };
        waits.add(wait);
        signal?.addEventListener('abort', wait.end);
      }),
    advance: (milliseconds) => set(now + milliseconds),
    set,
  };
}
