import { reconcileGroup } from '../../src/app/reconcile-group.ts';
import type { JobHandler } from '../run-job.ts';

export const grantJob: JobHandler<'grant'> = (deps, { accessGroupId }, signal) => reconcileGroup(deps, { accessGroupId }, signal);
