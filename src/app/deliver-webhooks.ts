import { judgeReply, webhookId } from '../core/webhooks.ts';
import { SECOND } from '../core/time.ts';
import type { TakenDelivery } from '../ports/webhooks.ts';
import type { Deps } from './deps.ts';
import { deliverAt } from './tell-webhooks.ts';
import { signingSecrets } from './webhook-secret.ts';

/** Deliveries under way for one endpoint at a time, over all processes. */
const AT_A_TIME = 5;
/** Longer than one attempt may take: by then the worker that had the delivery is gone. */
const LEASE_MS = 30 * SECOND;
/** How long one run goes on before it lets those of other endpoints go first. */
const RUN_MS = 30 * SECOND;

/**
 * Sends what is due for one endpoint until nothing is, or its time is up. At least once: a delivery whose worker died is sent again.
 * Endpoints never wait for one another: each has a run of its own, which is short, and a bounded number of calls.
 */
export async function deliverWebhooks(
  deps: Deps,
  input: { webhookEndpointId: string },
  signal: AbortSignal,
): Promise<{ delivered: number; failed: number } | { gone: true }> {
  const { webhookEndpointId } = input;
  const orgId = await deps.store.orgOfWebhookEndpoint(webhookEndpointId);
  if (orgId === null) return { gone: true };
  const done = { delivered: 0, failed: 0 };
  const until = deps.clock.now() + RUN_MS;
  while (!signal.aborted) {
    if (deps.clock.now() >= until) {
      await deps.jobs.add([deliverAt(webhookEndpointId, null)]);
      return done;
    }
    const taken = await take(deps, orgId, webhookEndpointId);
    if (taken.length === 0) break;
    const outcomes = await Promise.all(taken.map((delivery) => deliver(deps, orgId, webhookEndpointId, delivery, signal)));
    for (const delivered of outcomes) done[delivered ? 'delivered' : 'failed'] += 1;
  }
  await queueNext(deps, orgId, webhookEndpointId);
  return done;
}

type ToSend = TakenDelivery & { url: string; secrets: string[] };

async function take(deps: Deps, orgId: string, endpointId: string): Promise<ToSend[]> {
  return deps.store.transaction(orgId, async (tx) => {
    const taken = await tx.webhooks.take(endpointId, AT_A_TIME, LEASE_MS);
    if (taken === null || taken.deliveries.length === 0) return [];
    // Within the transaction: where the secrets cannot be opened nothing is taken, and the job says so.
    const secrets = signingSecrets(deps, taken.endpoint, tx.now);
    return taken.deliveries.map((delivery) => ({ ...delivery, url: taken.endpoint.url, secrets }));
  });
}

async function deliver(deps: Deps, orgId: string, endpointId: string, delivery: ToSend, signal: AbortSignal): Promise<boolean> {
  const { url, secrets, body, messageId } = delivery;
  const at = deps.clock.now();
  const reply = await deps.webhooks.send({ url, id: webhookId(messageId), at, body, secrets }, signal);
  // Not the receiver's doing: it is sent again when the lease has run out.
  if (signal.aborted) return false;
  const ms = deps.clock.now() - at;
  return deps.store.transaction(orgId, async (tx) => {
    const verdict = judgeReply(reply, delivery, tx.now);
    const error = verdict.kind === 'delivered' ? null : verdict.why;
    await tx.webhooks.settle(endpointId, delivery, verdict, { at, ms, status: reply.ok ? reply.status : null, error });
    if (verdict.kind === 'failed') deps.log.warn({ webhookDeliveryId: delivery.id, gone: verdict.gone }, 'a webhook is given up');
    return verdict.kind === 'delivered';
  });
}

/** The next attempt has a job of its own; what is due already and in nobody's hand is left to whoever has as many in hand as may be. */
async function queueNext(deps: Deps, orgId: string, endpointId: string): Promise<void> {
  const next = await deps.store.transaction(orgId, async (tx) => ({ at: await tx.webhooks.nextDueAt(endpointId), now: tx.now }));
  if (next.at !== null && next.at > next.now) await deps.jobs.add([deliverAt(endpointId, next.at)]);
}
