import { connectIntegration } from '../../app/connect-integration.ts';
import { ConflictError, NotFoundError, ProviderUnavailableError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { LockProvider } from '../integration.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('connectIntegration', {
  who: 'admin',
  description: 'Begins to connect a location to its locks, or to authorize it again: send the browser of the administrator to the URL.',
  input: builder.inputType('ConnectIntegrationInput', {
    description: 'Which location.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      provider: t.field({ type: LockProvider, defaultValue: 'SALTO_KS', description: 'Whose locks they are.' }),
    }),
  }),
  errors: [NotFoundError, ConflictError, ProviderUnavailableError],
  run: (deps, caller, { location, provider }, { browserCookie }) =>
    connectIntegration(deps, caller, { location: refTo('Location', location), provider }, browserCookie),
  gives: (t) => ({
    integration: t.prismaField({
      type: 'Integration',
      description: 'The connection as it is now.',
      resolve: (query, { integrationId }, _args, { db }) => db.integration.findUniqueOrThrow({ ...query, where: { id: integrationId } }),
    }),
    authorizationUrl: t.exposeString('authorizationUrl', { description: 'The consent page. Good once, for ten minutes.' }),
  }),
});
