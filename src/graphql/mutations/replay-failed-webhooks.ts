import { replayFailedWebhooks } from '../../app/replay-failed-webhooks.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { verb } from './verb.ts';
import { ENDPOINT_NOW } from './webhook-fields.ts';

verb('replayFailedWebhooks', {
  who: 'staff',
  description: 'Sends once more what could not be delivered to an endpoint, 10,000 messages at most: repeat it until none is replayed.',
  input: builder.inputType('ReplayFailedWebhooksInput', {
    description: 'Which messages.',
    fields: (t) => ({
      webhookEndpoint: t.id({ description: 'The endpoint.' }),
      since: t.field({ type: 'DateTime', description: 'Only messages made then or later. They are kept for 30 days.' }),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { webhookEndpoint, since }) =>
    replayFailedWebhooks(deps, caller, { webhookEndpointId: idOf('WebhookEndpoint', webhookEndpoint), since }),
  gives: (t) => ({
    webhookEndpoint: t.prismaField(ENDPOINT_NOW),
    replayed: t.exposeInt('replayed', { description: 'How many messages are sent once more.' }),
  }),
});
