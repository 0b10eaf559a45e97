import { SECOND, type Instant } from '../core/time.ts';
import type { Deps } from './deps.ts';

/**
 * The instant at which this process's clock will show what the database's shows `at`. The queue keeps time by the clock of whoever takes
 * a job, and what is due is judged by the database's: on a machine whose clock is ahead, a run that finds nothing due yet would be
 * queued again, and taken again, until it is.
 */
export function onThisClock(deps: Pick<Deps, 'clock'>, at: Instant, now: Instant): Instant {
  const ahead = deps.clock.now() - now;
  return Math.abs(ahead) < SECOND ? at : at + ahead;
}
