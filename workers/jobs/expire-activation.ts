import { expireActivation } from '../../src/app/expire-activation.ts';
import type { JobHandler } from '../run-job.ts';

export const expireActivationJob: JobHandler<'expire-activation'> = (deps, { activationId, at }) =>
  expireActivation(deps, { activationId, at });
