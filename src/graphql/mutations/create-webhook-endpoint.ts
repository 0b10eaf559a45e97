import { createWebhookEndpoint } from '../../app/create-webhook-endpoint.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { WebhookEventType } from '../webhooks.ts';
import { verb } from './verb.ts';
import { ENDPOINT_NOW, SECRET_ONCE } from './webhook-fields.ts';

verb('createWebhookEndpoint', {
  who: 'staff',
  description: 'Adds an address to tell of what happens. Not for administrators of some locations only. An organisation has at most 20.',
  input: builder.inputType('CreateWebhookEndpointInput', {
    description: 'The endpoint.',
    fields: (t) => ({
      url: t.string({ description: 'Where to send messages: https, an address of the public network, without user name and password.' }),
      description: t.string({ defaultValue: '', description: 'What it is for; at most 200 characters.' }),
      eventTypes: t.field({
        type: [WebhookEventType],
        required: false,
        description: 'What it wants to know; left out or null: everything.',
      }),
      locations: t.field({ type: [Ref], required: false, description: 'About which locations; left out or null: all.' }),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { url, description, eventTypes, locations }) =>
    createWebhookEndpoint(deps, caller, {
      url,
      description,
      eventTypes: eventTypes ?? null,
      locations: locations?.map((location) => refTo('Location', location)) ?? null,
    }),
  gives: (t) => ({
    webhookEndpoint: t.prismaField(ENDPOINT_NOW),
    secret: t.exposeString('secret', SECRET_ONCE),
  }),
});
