import { activateJob } from './jobs/activate.ts';
import { auditMembershipsJob } from './jobs/audit-memberships.ts';
import { deliverJob } from './jobs/deliver.ts';
import { expireActivationJob } from './jobs/expire-activation.ts';
import { followEntriesJob } from './jobs/follow-entries.ts';
import { followSeatsJob } from './jobs/follow-seats.ts';
import { grantJob } from './jobs/grant.ts';
import { prepareJob } from './jobs/prepare.ts';
import { proveJob } from './jobs/prove.ts';
import { renewJob } from './jobs/renew.ts';
import { retainJob } from './jobs/retain.ts';
import { revokeJob } from './jobs/revoke.ts';
import { sweepJob } from './jobs/sweep.ts';
import { syncDirectoryJob } from './jobs/sync-directory.ts';
import type { JobHandlers } from './run-job.ts';

export const jobHandlers: JobHandlers = {
  grant: grantJob,
  revoke: revokeJob,
  prepare: prepareJob,
  prove: proveJob,
  activate: activateJob,
  'expire-activation': expireActivationJob,
  renew: renewJob,
  deliver: deliverJob,
  sweep: sweepJob,
  'sync-directory': syncDirectoryJob,
  'audit-memberships': auditMembershipsJob,
  'follow-entries': followEntriesJob,
  retain: retainJob,
  'follow-seats': followSeatsJob,
};
