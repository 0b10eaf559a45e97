import type { Caller } from '../../src/app/caller.ts';
import type { Deps } from '../../src/app/deps.ts';
import type { MovedClock } from './moved-clock.ts';
import type { RecordedJobs } from './recorded-jobs.ts';
import type { Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';

/**
 * The whole product but its two processes: a real database, real HTTP to a simulator, one clock for all of them. Both are the test file's
 * own, and empty again for each world: a file has one world at a time.
 */
export interface WorldBase {
  readonly deps: Deps;
  readonly simulator: Simulator;
  readonly clock: MovedClock;
  readonly jobs: RecordedJobs;
  readonly timeZone: string;
  /** topics announced so far */
  readonly announced: string[];
  readonly platform: Caller;
  readonly admin: Caller;
  /** milliseconds of 'YYYY-MM-DD HH:MM[:SS]' on the wall, or of 'HH:MM[:SS]' of the day the world began */
  instant(wall: string): number;
  /** lets time pass to that instant, as queue and workers do: each job runs at its instant */
  at(to: string | number): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  /** moves the clock, and nobody does anything meanwhile */
  jump(to: string | number): Promise<void>;
  /** runs the jobs that are due, and those they bring forth, until none is */
  drain(): Promise<void>;
  /** a run of the sweep, and of what it finds */
  sweep(): Promise<void>;
  loseJobs(): void;
  /** plain SQL, for what no port shows */
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
}
