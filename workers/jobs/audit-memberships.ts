import { auditMemberships } from '../../src/app/audit-memberships.ts';
import type { JobHandler } from '../run-job.ts';

export const auditMembershipsJob: JobHandler<'audit-memberships'> = (deps, payload) => auditMemberships(deps, payload);
