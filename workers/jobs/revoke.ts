import { reconcileGroup } from '../../src/app/reconcile-group.ts';
import type { JobHandler } from '../run-job.ts';

export const revokeJob: JobHandler<'revoke'> = (deps, { accessGroupId }, signal) => reconcileGroup(deps, { accessGroupId }, signal);
