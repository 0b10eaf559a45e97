import { ConflictError, NotAllowedError, type InvalidInputError, type NotFoundError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { WebhookEventType } from '../core/webhooks.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { checkWebhookEndpoint, locationIdsOf } from './webhook-endpoint-input.ts';
import { newWebhookSecret } from './webhook-secret.ts';

export interface CreateWebhookEndpointInput {
  url: string;
  description: string;
  /** null: all */
  eventTypes: WebhookEventType[] | null;
  /** null: all */
  locations: Ref[] | null;
}

type Refusal = InvalidInputError | NotAllowedError | NotFoundError | ConflictError;

const ENDPOINTS_MAX = 20;

/** A new address to tell of what happens. The secret is told here and never again: it is stored sealed. */
export async function createWebhookEndpoint(
  deps: Deps,
  caller: Caller,
  input: CreateWebhookEndpointInput,
): Promise<{ webhookEndpointId: string; secret: string } | Refusal> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const check = new InputCheck();
  checkWebhookEndpoint(deps, check, input);
  if (check.error) return check.error;
  const id = deps.secrets.newId();
  const { secret, sealed } = newWebhookSecret(deps, id);
  return change<{ webhookEndpointId: string; secret: string } | Refusal>(deps, caller.orgId, async (tx) => {
    const locationIds = await locationIdsOf(tx, input.locations);
    if (locationIds instanceof Error) return locationIds;
    if ((await tx.webhooks.countEndpoints()) >= ENDPOINTS_MAX) {
      return new ConflictError(`An organisation has at most ${ENDPOINTS_MAX} webhook endpoints. Delete one first.`);
    }
    const { url, description, eventTypes } = input;
    await tx.webhooks.insertEndpoint({
      id,
      url,
      description,
      eventTypes: [...new Set(eventTypes)],
      locationIds,
      secret: sealed,
      previousSecret: null,
      previousSecretUntil: null,
      failingSince: null,
      disabledAt: null,
      disabledWhy: null,
      createdAt: tx.now,
      createdBy: actorOf(caller),
      changedAt: tx.now,
      changedBy: actorOf(caller),
    });
    return { webhookEndpointId: id, secret };
  });
}
