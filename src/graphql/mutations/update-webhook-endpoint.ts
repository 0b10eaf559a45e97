import { updateWebhookEndpoint } from '../../app/update-webhook-endpoint.ts';
import { NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf, Ref, refTo } from '../ref.ts';
import { WebhookEventType } from '../webhooks.ts';
import { verb } from './verb.ts';
import { ENDPOINT_NOW } from './webhook-fields.ts';

verb('updateWebhookEndpoint', {
  who: 'staff',
  description: 'Changes a webhook endpoint, or disables or enables it. What is left out stays as it is.',
  input: builder.inputType('UpdateWebhookEndpointInput', {
    description: 'What to change.',
    fields: (t) => ({
      webhookEndpoint: t.id({ description: 'The endpoint.' }),
      url: t.string({ required: false, description: 'Where to send messages.' }),
      description: t.string({ required: false, description: 'What it is for.' }),
      eventTypes: t.field({ type: [WebhookEventType], required: false, description: 'What it wants to know; null: everything.' }),
      locations: t.field({ type: [Ref], required: false, description: 'About which locations; null: all.' }),
      enabled: t.boolean({
        required: false,
        description: 'False: nothing is sent or written down for it. What waits is sent once it is enabled again.',
      }),
    }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { webhookEndpoint, url, description, eventTypes, locations, enabled }) =>
    updateWebhookEndpoint(deps, caller, {
      webhookEndpointId: idOf('WebhookEndpoint', webhookEndpoint),
      url: url ?? undefined,
      description: description ?? undefined,
      eventTypes,
      locations: locations === undefined ? undefined : (locations?.map((location) => refTo('Location', location)) ?? null),
      enabled: enabled ?? undefined,
    }),
  gives: (t) => ({
    webhookEndpoint: t.prismaField(ENDPOINT_NOW),
  }),
});
