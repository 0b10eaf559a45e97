import { deleteWebhookEndpoint } from '../../app/delete-webhook-endpoint.ts';
import { NotFoundError } from '../../core/errors.ts';
import { encodeNodeId } from '../../core/ids.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { verb } from './verb.ts';

verb('deleteWebhookEndpoint', {
  who: 'staff',
  description: 'Deletes a webhook endpoint with its delivery log. What still waits to be sent to it is dropped.',
  input: builder.inputType('DeleteWebhookEndpointInput', {
    description: 'Which endpoint.',
    fields: (t) => ({ webhookEndpoint: t.id({ description: 'The endpoint.' }) }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { webhookEndpoint }) =>
    deleteWebhookEndpoint(deps, caller, { webhookEndpointId: idOf('WebhookEndpoint', webhookEndpoint) }),
  gives: (t) => ({
    deletedId: t.id({
      description: 'The global id that the endpoint had.',
      resolve: ({ webhookEndpointId }) => encodeNodeId('WebhookEndpoint', webhookEndpointId),
    }),
  }),
});
