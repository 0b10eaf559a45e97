import type { Instant } from '../core/time.ts';
import type { JobName, JobPayload } from '../jobs/catalog.ts';

export interface JobToAdd<N extends JobName = JobName> {
  name: N;
  payload: JobPayload<N>;
  /** not before this instant; at once when null */
  at: Instant | null;
}

/**
 * The fast lane. Losing a job loses nothing: the rows say what is due and the sweep finds them.
 */
export interface JobQueue {
  /** after the commit. Never rejects and never waits long: while the queue is known to be out it answers `false` at once. */
  add(jobs: JobToAdd[]): Promise<boolean>;
}
