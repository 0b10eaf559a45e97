import { NotAllowedError, NotFoundError } from '../core/errors.ts';
import { spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';

/** The endpoint goes with its secret, its deliveries and what waits for it. */
export async function deleteWebhookEndpoint(
  deps: Deps,
  caller: Caller,
  input: { webhookEndpointId: string },
): Promise<{ webhookEndpointId: string } | NotAllowedError | NotFoundError> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const { webhookEndpointId } = input;
  return change<{ webhookEndpointId: string } | NotFoundError>(deps, caller.orgId, async (tx) => {
    if ((await tx.webhooks.endpoint(webhookEndpointId)) === null) return new NotFoundError('No such webhook endpoint.');
    await tx.webhooks.deleteEndpoint(webhookEndpointId);
    return { webhookEndpointId };
  });
}
