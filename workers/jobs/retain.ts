import { retain } from '../../src/app/retain.ts';
import type { JobHandler } from '../run-job.ts';

export const retainJob: JobHandler<'retain'> = (deps, _payload, signal) => retain(deps, signal);
