import { replayWebhook } from '../../app/replay-webhook.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { verb } from './verb.ts';
import { DELIVERY_NOW } from './webhook-fields.ts';

verb('replayWebhook', {
  who: 'staff',
  description: 'Sends one message once more, delivered or not: the same body under the same `webhook-id`.',
  input: builder.inputType('ReplayWebhookInput', {
    description: 'Which message.',
    fields: (t) => ({ webhookDelivery: t.id({ description: 'Its delivery in the log.' }) }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { webhookDelivery }) => replayWebhook(deps, caller, { webhookDeliveryId: idOf('WebhookDelivery', webhookDelivery) }),
  gives: (t) => ({
    webhookDelivery: t.prismaField(DELIVERY_NOW),
  }),
});
