import { NotAllowedError, NotFoundError } from '../core/errors.ts';
import { actorOf, spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { BOTH_SIGN_MS, newWebhookSecret } from './webhook-secret.ts';

/** A new secret, told once. The one before signs beside it for a day; rotating twice makes an end of it at once. */
export async function rotateWebhookSecret(
  deps: Deps,
  caller: Caller,
  input: { webhookEndpointId: string },
): Promise<{ webhookEndpointId: string; secret: string } | NotAllowedError | NotFoundError> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const { webhookEndpointId } = input;
  const { secret, sealed } = newWebhookSecret(deps, webhookEndpointId);
  return change<{ webhookEndpointId: string; secret: string } | NotFoundError>(deps, caller.orgId, async (tx) => {
    const endpoint = await tx.webhooks.endpoint(webhookEndpointId, 'change');
    if (endpoint === null) return new NotFoundError('No such webhook endpoint.');
    await tx.webhooks.updateEndpoint(webhookEndpointId, {
      secret: sealed,
      previousSecret: endpoint.secret,
      previousSecretUntil: tx.now + BOTH_SIGN_MS,
      changedAt: tx.now,
      changedBy: actorOf(caller),
    });
    return { webhookEndpointId, secret };
  });
}
