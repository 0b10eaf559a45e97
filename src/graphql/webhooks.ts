import { webhookId } from '../core/webhooks.ts';
import type { WebhookAttempt } from '../ports/webhooks.ts';
import { batchAt } from './batch.ts';
import { builder } from './builder.ts';
import { idOf } from './ref.ts';

export const WebhookEventType = builder.enumType('WebhookEventType', {
  description: 'What a webhook endpoint can be told. In the messages it is written as `access.granted`.',
  values: {
    ACCESS_GRANTED: { description: '`access.granted`: somebody was put into an access group.' },
    ACCESS_REVOKED: {
      description: '`access.revoked`: somebody was taken out of an access group. `cause` DRIFT: by somebody else, at the lock system.',
    },
    ACCESS_BLOCKED: { description: '`access.blocked`: a grant or revoke does not succeed; `cause` says why. Told once.' },
    KEY_ACTIVATED: { description: '`key.activated`: a digital key reached a phone.' },
    PROBLEM_OPENED: { description: '`problem.opened`: a problem with a connection began; `problem.code` says which.' },
    PROBLEM_CLOSED: { description: '`problem.closed`: such a problem ended.' },
    WEBHOOK_TEST: { description: '`webhook.test`: sent by `sendTestWebhook` alone.' },
  },
});

const WebhookEndpointStatus = builder.enumType('WebhookEndpointStatus', {
  description: 'Where a webhook endpoint stands.',
  values: {
    ENABLED: { description: 'Messages get through, or none was sent yet.' },
    FAILING: { description: 'The last attempts failed. Messages are tried for three days.' },
    DISABLED: { description: 'Nothing is sent, and nothing new is written down for it.' },
  },
});

const WebhookDeliveryState = builder.enumType('WebhookDeliveryState', {
  description: 'Where the delivery of a message stands.',
  values: {
    PENDING: { description: 'It is to be sent, or to be tried again.' },
    DELIVERED: { description: 'The receiver answered 2xx.' },
    FAILED: { description: 'It was given up after three days, or the receiver answered 410. It can be replayed.' },
  },
});

const WebhookAttemptType = builder.objectRef<WebhookAttempt>('WebhookAttempt').implement({
  description: 'One attempt to deliver a message.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it began.', resolve: ({ at }) => at }),
    milliseconds: t.exposeInt('ms', { description: 'How long it took.' }),
    status: t.exposeInt('status', { nullable: true, description: 'The HTTP status of the answer; null when there was none.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed; null when it did not.' }),
  }),
});

const WebhookDelivery = builder.prismaNode('WebhookDelivery', {
  description: 'One message for one webhook endpoint, and what became of it. Kept for 30 days.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  authScopes: { staff: true },
  fields: (t) => ({
    endpoint: t.relation('endpoint', { description: 'Who is told.' }),
    eventType: t.field({
      type: WebhookEventType,
      description: 'What it tells of.',
      select: { message: { select: { type: true } } },
      resolve: ({ message }) => message.type,
    }),
    webhookId: t.string({
      description: 'The `webhook-id` header: the same at every attempt and replay.',
      select: { messageId: true },
      resolve: ({ messageId }) => webhookId(messageId),
    }),
    body: t.string({
      description: 'The body, as it is sent each time.',
      select: { message: { select: { body: true } } },
      resolve: ({ message }) => message.body,
    }),
    state: t.expose('state', { type: WebhookDeliveryState, description: 'Where it stands.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written down.' }),
    attemptCount: t.exposeInt('attempts', { description: 'How often it was sent since it was made, or replayed last.' }),
    attempts: t.field({
      type: [WebhookAttemptType],
      description: 'The last attempts, oldest first, 20 at most.',
      select: { log: true },
      resolve: ({ log }) => log as unknown as WebhookAttempt[],
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is sent next, not before; null when it will not be.',
    }),
    lastStatus: t.exposeInt('lastStatus', { nullable: true, description: 'The HTTP status of the last answer; null when there was none.' }),
    lastError: t.exposeString('lastError', { nullable: true, description: 'Why the last attempt failed; null when it did not.' }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true, description: 'When the receiver took it; null until then.' }),
  }),
});

const WebhookDeliveryConnection = builder.connectionObject(
  { type: WebhookDelivery, name: 'WebhookDeliveryConnection', description: 'A page of webhook deliveries.' },
  { name: 'WebhookDeliveryEdge', description: 'A webhook delivery in its list.' },
);

const WebhookEndpoint = builder.prismaNode('WebhookEndpoint', {
  description:
    'Where an organisation wants to be told of what happens. For the booking platform and administrators of the whole organisation.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true, orgId: true },
  authScopes: { staff: true },
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where messages are sent.' }),
    description: t.exposeString('description', { description: 'What it is for, in the words of whoever made it.' }),
    eventTypes: t.field({
      type: [WebhookEventType],
      nullable: true,
      description: 'What it wants to know; null: everything.',
      select: { eventTypes: true },
      resolve: ({ eventTypes }) => (eventTypes.length === 0 ? null : eventTypes),
    }),
    locations: t.prismaField({
      type: ['Location'],
      nullable: true,
      description: 'About which locations; null: all.',
      select: { locationIds: true },
      resolve: (query, { locationIds }, _args, context, info) => {
        if (locationIds.length === 0) return null;
        const load = async (asked: string[][]) => {
          const rows = await context.db.location.findMany({
            ...query,
            where: { id: { in: [...new Set(asked.flat())] } },
            orderBy: { id: 'asc' },
          });
          return (ids: string[]) => rows.filter(({ id }) => ids.includes(id));
        };
        return batchAt(context, info, load)(locationIds);
      },
    }),
    status: t.field({
      type: WebhookEndpointStatus,
      description: 'Where it stands.',
      select: { disabledAt: true, failingSince: true },
      resolve: ({ disabledAt, failingSince }) => (disabledAt !== null ? 'DISABLED' : failingSince !== null ? 'FAILING' : 'ENABLED'),
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when no message has got through; null when the last one did.',
    }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true, description: 'When it was disabled; null when it is enabled.' }),
    disabledReason: t.exposeString('disabledWhy', {
      nullable: true,
      description: 'By whom or why it was disabled; null when it is enabled.',
    }),
    previousSecretUntil: t.expose('previousSecretUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the secret before the last rotation signs too; null when there was no rotation.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who made it: "admin:…" or "service:…".' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', description: 'When it was changed last.' }),
    changedBy: t.exposeString('changedBy', { description: 'Who changed it last.' }),
    deliveries: t.relatedConnection(
      'deliveries',
      {
        cursor: 'id',
        description: 'The delivery log, newest first.',
        args: { states: t.arg({ type: [WebhookDeliveryState], required: false, description: 'Only those in one of these states.' }) },
        query: ({ states }) => ({ where: states == null ? {} : { state: { in: states } }, orderBy: { id: 'desc' } }),
      },
      WebhookDeliveryConnection,
    ),
  }),
});

const WebhookEndpointConnection = builder.connectionObject(
  { type: WebhookEndpoint, name: 'WebhookEndpointConnection', description: 'A page of webhook endpoints.' },
  { name: 'WebhookEndpointEdge', description: 'A webhook endpoint in its list.' },
);

builder.queryField('webhookEndpoint', (t) =>
  t.prismaField({
    type: 'WebhookEndpoint',
    nullable: true,
    description: 'One webhook endpoint; null when it is not known, or not for the caller to see.',
    args: { id: t.arg.id({ description: 'Its global id.' }) },
    resolve: (query, _root, { id }, { db }) => db.webhookEndpoint.findUnique({ ...query, where: { id: idOf('WebhookEndpoint', id) } }),
  }),
);

builder.queryField('webhookEndpoints', (t) =>
  t.prismaConnection(
    {
      type: 'WebhookEndpoint',
      cursor: 'id',
      nullable: true,
      description: 'The webhook endpoints of the organisation; null for a member, empty for an administrator of some locations only.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      resolve: (query, _root, _args, { db }) => db.webhookEndpoint.findMany({ ...query, orderBy: { id: 'asc' } }),
    },
    WebhookEndpointConnection,
  ),
);
