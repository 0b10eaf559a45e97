import { jobHandlers } from './handlers.ts';
import { runWorkers } from './run-workers.ts';
import type { Workers, WorkersOptions } from './run-workers.ts';

/** Takes jobs of every queue at once, and keeps the repeating ones repeating, until closed. */
export function startWorkers(options: Omit<WorkersOptions, 'handlers'>): Workers {
  return runWorkers({ ...options, handlers: jobHandlers });
}
