import { proveGroup } from '../../src/app/prove-group.ts';
import type { JobHandler } from '../run-job.ts';

export const proveJob: JobHandler<'prove'> = (deps, payload) => proveGroup(deps, payload);
