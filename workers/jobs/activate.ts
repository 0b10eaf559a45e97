import { finishActivation } from '../../src/app/finish-activation.ts';
import type { JobHandler } from '../run-job.ts';

export const activateJob: JobHandler<'activate'> = (deps, { activationId }) => finishActivation(deps, { activationId });
