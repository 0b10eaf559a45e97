import { rotateWebhookSecret } from '../../app/rotate-webhook-secret.ts';
import { NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { verb } from './verb.ts';
import { ENDPOINT_NOW, SECRET_ONCE } from './webhook-fields.ts';

verb('rotateWebhookSecret', {
  who: 'staff',
  description: 'Gives a webhook endpoint a new secret. The one before signs beside it for a day; rotate twice to end it at once.',
  input: builder.inputType('RotateWebhookSecretInput', {
    description: 'Which endpoint.',
    fields: (t) => ({ webhookEndpoint: t.id({ description: 'The endpoint.' }) }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { webhookEndpoint }) =>
    rotateWebhookSecret(deps, caller, { webhookEndpointId: idOf('WebhookEndpoint', webhookEndpoint) }),
  gives: (t) => ({
    webhookEndpoint: t.prismaField(ENDPOINT_NOW),
    secret: t.exposeString('secret', SECRET_ONCE),
  }),
});
