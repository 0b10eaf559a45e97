import { NotAllowedError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import { actorOf, spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deliverAt } from './tell-webhooks.ts';
import { checkWebhookEndpoint, locationIdsOf, type WebhookEndpointTold } from './webhook-endpoint-input.ts';

/** What is undefined stays as it is. */
export interface UpdateWebhookEndpointInput extends WebhookEndpointTold {
  webhookEndpointId: string;
  enabled?: boolean | undefined;
}

type Refusal = InvalidInputError | NotAllowedError | NotFoundError;

/** Acts on what happens from now on. What waits for a disabled endpoint is sent when it is enabled again. */
export async function updateWebhookEndpoint(
  deps: Deps,
  caller: Caller,
  input: UpdateWebhookEndpointInput,
): Promise<{ webhookEndpointId: string } | Refusal> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const check = new InputCheck();
  checkWebhookEndpoint(deps, check, input);
  if (check.error) return check.error;
  const { webhookEndpointId, url, description, eventTypes, locations, enabled } = input;
  return change<{ webhookEndpointId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const endpoint = await tx.webhooks.endpoint(webhookEndpointId, 'change');
    if (endpoint === null) return new NotFoundError('No such webhook endpoint.');
    const locationIds = locations === undefined ? endpoint.locationIds : await locationIdsOf(tx, locations);
    if (locationIds instanceof Error) return locationIds;
    const wasEnabled = endpoint.disabledAt === null;
    const turned = enabled !== undefined && enabled !== wasEnabled;
    await tx.webhooks.updateEndpoint(webhookEndpointId, {
      url: url ?? endpoint.url,
      description: description ?? endpoint.description,
      eventTypes: eventTypes === undefined ? endpoint.eventTypes : [...new Set(eventTypes)],
      locationIds,
      ...(turned && (enabled ? ENABLED : { disabledAt: tx.now, disabledWhy: `It was disabled by ${actorOf(caller)}.` })),
      changedAt: tx.now,
      changedBy: actorOf(caller),
    });
    if (turned && enabled) after.jobs.push(deliverAt(webhookEndpointId, null));
    return { webhookEndpointId };
  });
}

const ENABLED = { disabledAt: null, disabledWhy: null, failingSince: null };
