import { syncAccessGroups } from '../../app/sync-access-groups.ts';
import { IntegrationNotConnectedError, NotFoundError, ProviderUnavailableError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('syncAccessGroups', {
  who: 'admin',
  description: 'Takes over access groups, locks and schedules from the lock system now, and not only on schedule.',
  input: builder.inputType('SyncAccessGroupsInput', {
    description: 'Which location.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError, ProviderUnavailableError],
  run: (deps, caller, { location }) => syncAccessGroups(deps, caller, { location: refTo('Location', location) }),
  gives: (t) => ({
    integration: t.prismaField({
      type: 'Integration',
      description: 'The connection as it is now.',
      resolve: (query, { integrationId }, _args, { db }) => db.integration.findUniqueOrThrow({ ...query, where: { id: integrationId } }),
    }),
  }),
});
