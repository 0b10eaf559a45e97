import { ConflictError, NotAllowedError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import { spansOrganisation, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deliverAt } from './tell-webhooks.ts';

export interface ReplayFailedWebhooksInput {
  webhookEndpointId: string;
  since: Instant;
}

type Refusal = InvalidInputError | NotAllowedError | NotFoundError | ConflictError;

const AT_ONCE_MAX = 10_000;

/** Sends once more what was given up, of messages made at `since` or later; `replayed` says how many, 10,000 at most in one call. */
export async function replayFailedWebhooks(
  deps: Deps,
  caller: Caller,
  input: ReplayFailedWebhooksInput,
): Promise<{ webhookEndpointId: string; replayed: number } | Refusal> {
  if (!spansOrganisation(caller)) return new NotAllowedError();
  const { webhookEndpointId, since } = input;
  const check = new InputCheck();
  check.instant(['since'], since);
  if (check.error) return check.error;
  return change<{ webhookEndpointId: string; replayed: number } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const endpoint = await tx.webhooks.endpoint(webhookEndpointId, 'change');
    if (endpoint === null) return new NotFoundError('No such webhook endpoint.');
    if (endpoint.disabledAt !== null) return new ConflictError('This webhook endpoint is disabled. Enable it first.');
    const replayed = await tx.webhooks.replayFailed(webhookEndpointId, since, AT_ONCE_MAX);
    if (replayed > 0) after.jobs.push(deliverAt(webhookEndpointId, null));
    return { webhookEndpointId, replayed };
  });
}
