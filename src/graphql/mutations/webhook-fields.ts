import type { Context } from '../context.ts';

/** The fields that the mutations about webhooks give, read anew. */
export const ENDPOINT_NOW = {
  type: 'WebhookEndpoint',
  description: 'The endpoint as it is now.',
  resolve: (query: object, { webhookEndpointId: id }: { webhookEndpointId: string }, _args: object, { db }: Context) =>
    db.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } }),
} as const;

export const DELIVERY_NOW = {
  type: 'WebhookDelivery',
  description: 'The delivery, to be watched in the log.',
  resolve: (query: object, { webhookDeliveryId: id }: { webhookDeliveryId: string }, _args: object, { db }: Context) =>
    db.webhookDelivery.findUniqueOrThrow({ ...query, where: { id } }),
} as const;

export const SECRET_ONCE = {
  description: 'The secret that signs messages (Standard Webhooks, `whsec_…`). It is told here and never again.',
} as const;
