import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { createWebhookEndpoint, type CreateWebhookEndpointInput } from '../../src/app/create-webhook-endpoint.ts';
import type { Received, WebhookReceiver } from '../support/webhook-receiver.ts';
import { done } from './telling.ts';
import type { World } from './world.ts';

export interface Endpoint {
  id: string;
  secret: string;
}

/** An endpoint at the receiver, for everything unless told. */
export async function endpointAt(world: World, url: string, change: Partial<CreateWebhookEndpointInput> = {}): Promise<Endpoint> {
  const told = { url, description: '', eventTypes: null, locations: null, ...change };
  const { webhookEndpointId, secret } = done(await createWebhookEndpoint(world.deps, world.admin, told));
  return { id: webhookEndpointId, secret };
}

/** What came, in short; each must bear a signature of this secret, by the library of Standard Webhooks. */
export function verified(receiver: WebhookReceiver, secret: string): { type: string; data: Record<string, unknown> }[] {
  for (const message of receiver.received) expectSigned(message, secret);
  return receiver.received.map(({ type, data }) => ({ type, data }));
}

/** By the timestamp that is signed: the library itself would look at the real clock, and the world's stands elsewhere. */
export function expectSigned({ id, headers, body }: Received, secret: string): void {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  expect(String(headers['webhook-signature']).split(' ')).toContain(new Webhook(secret).sign(id, at, body));
}

export interface StoredDelivery {
  state: string;
  attempts: number;
  nextAttemptAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
  log: { at: number; status: number | null }[];
}

export const deliveries = (world: World): Promise<StoredDelivery[]> =>
  world.sql('select state, attempts, "nextAttemptAt", "lastStatus", "lastError", log from webhook_delivery order by id');
