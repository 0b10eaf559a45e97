import { sweep } from '../../src/app/sweep.ts';
import type { JobHandler } from '../run-job.ts';

export const sweepJob: JobHandler<'sweep'> = (deps) => sweep(deps);
