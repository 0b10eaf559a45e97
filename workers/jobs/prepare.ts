import { prepareGroup } from '../../src/app/prepare-group.ts';
import type { JobHandler } from '../run-job.ts';

export const prepareJob: JobHandler<'prepare'> = (deps, { accessGroupId, at }) => prepareGroup(deps, { accessGroupId, at });
