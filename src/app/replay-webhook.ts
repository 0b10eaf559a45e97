import { ConflictError, NotAllowedError, NotFoundError } from '../core/errors.ts';
import { spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deliverAt } from './tell-webhooks.ts';

type Refusal = NotAllowedError | NotFoundError | ConflictError;

/** Sends one message once more, delivered or not: the same body under the same webhook-id, with a new round of attempts. */
export async function replayWebhook(
  deps: Deps,
  caller: Caller,
  input: { webhookDeliveryId: string },
): Promise<{ webhookDeliveryId: string } | Refusal> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  return change<{ webhookDeliveryId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const delivery = await tx.webhooks.delivery(input.webhookDeliveryId);
    const endpoint = delivery === null ? null : await tx.webhooks.endpoint(delivery.endpointId, 'change');
    if (delivery === null || endpoint === null) return new NotFoundError('No such webhook delivery. They are kept for 30 days.');
    if (endpoint.disabledAt !== null) return new ConflictError('This webhook endpoint is disabled. Enable it first.');
    await tx.webhooks.replay(delivery.id);
    after.jobs.push(deliverAt(endpoint.id, null));
    return { webhookDeliveryId: delivery.id };
  });
}
