import { ConflictError, NotAllowedError, NotFoundError } from '../core/errors.ts';
import { testBody } from '../core/webhooks.ts';
import { spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deliverAt } from './tell-webhooks.ts';

type Refusal = NotAllowedError | NotFoundError | ConflictError;

/** A message of type webhook.test for one endpoint, whatever it wants to know. Delivered as any other. */
export async function sendTestWebhook(
  deps: Deps,
  caller: Caller,
  input: { webhookEndpointId: string },
): Promise<{ webhookDeliveryId: string } | Refusal> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const { webhookEndpointId } = input;
  return change<{ webhookDeliveryId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const endpoint = await tx.webhooks.endpoint(webhookEndpointId, 'change');
    if (endpoint === null) return new NotFoundError('No such webhook endpoint.');
    if (endpoint.disabledAt !== null) return new ConflictError('This webhook endpoint is disabled. Enable it first.');
    const body = testBody(webhookEndpointId, tx.now);
    const message = { type: 'WEBHOOK_TEST' as const, locationId: null, activityId: null, body, endpointIds: [webhookEndpointId] };
    const [webhookDeliveryId = ''] = await tx.webhooks.add([message]);
    after.jobs.push(deliverAt(webhookEndpointId, null));
    return { webhookDeliveryId };
  });
}
