import { followEntries } from '../../src/app/follow-entries.ts';
import type { JobHandler } from '../run-job.ts';

export const followEntriesJob: JobHandler<'follow-entries'> = (deps, payload) => followEntries(deps, payload);
