import { deliverWebhooks } from '../../src/app/deliver-webhooks.ts';
import type { JobHandler } from '../run-job.ts';

export const deliverJob: JobHandler<'deliver'> = (deps, { webhookEndpointId }, signal) =>
  deliverWebhooks(deps, { webhookEndpointId }, signal);
