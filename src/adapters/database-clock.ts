import type { Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';

export interface DatabaseClock {
  /** asks the database, and keeps how far this machine's clock is from its */
  readonly ask: () => Promise<Instant>;
  /** what the database's clock shows, by the last answer */
  readonly now: () => Instant;
}

/**
 * The database's clock, known without asking each time. What is stored to be due at an instant is judged by it: an instant that a machine
 * took from a clock of its own that is a minute ahead would come a minute late.
 */
export function databaseClock(clock: Clock, read: () => Promise<Instant>): DatabaseClock {
  let ahead = 0;
  return {
    async ask() {
      const before = clock.now();
      const at = await read();
      // The answer is from somewhere between question and now: what lies within that says nothing.
      const [least, most] = [before - at, clock.now() - at];
      if (ahead < least || ahead > most) ahead = Math.round((least + most) / 2);
      return at;
    },
    now: () => clock.now() - ahead,
  };
}
