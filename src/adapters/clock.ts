import type { Clock } from '../ports/clock.ts';

/** Timers cannot be set further ahead than this; a longer wait is several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  until: (at, signal) =>
    new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const look = (): void => {
        const left = at - Date.now();
        if (left <= 0) end();
        else timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS));
      };
      if (signal?.aborted === true) return resolve();
      signal?.addEventListener('abort', end);
      look();
    }),
};
