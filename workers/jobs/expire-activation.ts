import { expireActivation } from '../../src/app/expire-activation.ts';
import type { JobHandler } from '../run-job.ts';

export const expireActivationJob: JobHandler<'expire-activation'> = (deps, { activationId }) => expireActivation(deps, { activationId });
