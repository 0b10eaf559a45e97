import { disconnectIntegration } from '../../app/disconnect-integration.ts';
import { ConfirmationRequiredError, IntegrationNotConnectedError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('disconnectIntegration', {
  who: 'admin',
  description: 'Disconnects a location from its locks. Nothing is granted any more; what was granted is revoked there by hand.',
  input: builder.inputType('DisconnectIntegrationInput', {
    description: 'Which location.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      confirm: t.boolean({ description: 'True: the administrator knows what it means.' }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError, ConfirmationRequiredError],
  run: (deps, caller, { location, confirm }) => disconnectIntegration(deps, caller, { location: refTo('Location', location), confirm }),
  gives: (t) => ({
    integration: t.prismaField({
      type: 'Integration',
      description: 'The connection as it is now.',
      resolve: (query, { integrationId }, _args, { db }) => db.integration.findUniqueOrThrow({ ...query, where: { id: integrationId } }),
    }),
  }),
});
