import { sendTestWebhook } from '../../app/send-test-webhook.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { verb } from './verb.ts';
import { DELIVERY_NOW } from './webhook-fields.ts';

verb('sendTestWebhook', {
  who: 'staff',
  description: 'Sends a message of type `webhook.test` to an endpoint, whatever it wants to know.',
  input: builder.inputType('SendTestWebhookInput', {
    description: 'Which endpoint.',
    fields: (t) => ({ webhookEndpoint: t.id({ description: 'The endpoint.' }) }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { webhookEndpoint }) =>
    sendTestWebhook(deps, caller, { webhookEndpointId: idOf('WebhookEndpoint', webhookEndpoint) }),
  gives: (t) => ({
    webhookDelivery: t.prismaField(DELIVERY_NOW),
  }),
});
