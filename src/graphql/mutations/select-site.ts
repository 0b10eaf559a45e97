import { selectSite } from '../../app/select-site.ts';
import { ConflictError, IntegrationNotConnectedError, NotFoundError, ProviderUnavailableError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('selectSite', {
  who: 'admin',
  description: 'Selects the site of the authorized account, and takes over its access groups, locks and schedules.',
  input: builder.inputType('SelectSiteInput', {
    description: 'Which site.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      siteExternalId: t.string({ description: 'The site: the `externalId` of one of `Integration.availableSites`.' }),
    }),
  }),
  errors: [NotFoundError, ConflictError, IntegrationNotConnectedError, ProviderUnavailableError],
  run: (deps, caller, { location, siteExternalId }) => selectSite(deps, caller, { location: refTo('Location', location), siteExternalId }),
  gives: (t) => ({
    integration: t.prismaField({
      type: 'Integration',
      description: 'The connection as it is now.',
      resolve: (query, { integrationId }, _args, { db }) => db.integration.findUniqueOrThrow({ ...query, where: { id: integrationId } }),
    }),
  }),
});
