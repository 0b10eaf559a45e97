import { renewKey } from '../../src/app/renew-key.ts';
import type { JobHandler } from '../run-job.ts';

export const renewJob: JobHandler<'renew'> = (deps, { mobileKeyId }) => renewKey(deps, { mobileKeyId });
