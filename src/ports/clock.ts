import type { Instant } from '../core/time.ts';

/** The process's clock. Where two processes must agree on "due", the database's clock decides (Store.now). */
export interface Clock {
  now(): Instant;
  /** resolves at the instant, or at once when it is past; rejects never; `signal` ends the wait early */
  until(at: Instant, signal?: AbortSignal): Promise<void>;
}
