import { doOrRehearse } from '../../app/rehearse.ts';
import { setResourceAccess } from '../../app/set-resource-access.ts';
import { IntegrationNotConnectedError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalIdOf, Ref, refTo } from '../ref.ts';
import { DRY_RUN, PREVIEW } from './dry-run.ts';
import { verb } from './verb.ts';

verb('setResourceAccess', {
  who: 'admin',
  description: 'Sets which access group bookings of a resource give access by, at once, and future subscription items with it.',
  input: builder.inputType('SetResourceAccessInput', {
    description: 'Which resource and group.',
    fields: (t) => ({
      resource: t.field({ type: Ref, description: 'The resource.' }),
      accessGroup: t.id({ required: false, description: 'The access group, of the same location; null clears.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError],
  run: (deps, caller, { resource, accessGroup, dryRun }) =>
    doOrRehearse(deps, caller, dryRun === true, (played) =>
      setResourceAccess(played, caller, { resource: refTo('Resource', resource), accessGroup: optionalIdOf('AccessGroup', accessGroup) }),
    ),
  gives: (t) => ({
    resource: t.prismaField({
      type: 'Resource',
      description: 'The resource as it is now.',
      resolve: (query, { resourceId }, _args, { db }) => db.resource.findUniqueOrThrow({ ...query, where: { id: resourceId } }),
    }),
    preview: t.field(PREVIEW),
  }),
});
