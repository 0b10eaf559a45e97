import { syncDirectories } from '../../src/app/sync-directories.ts';
import type { JobHandler } from '../run-job.ts';

export const syncDirectoryJob: JobHandler<'sync-directory'> = (deps, payload) => syncDirectories(deps, payload);
