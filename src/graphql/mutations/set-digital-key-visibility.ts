import { setDigitalKeyVisibility } from '../../app/set-digital-key-visibility.ts';
import { IntegrationNotConnectedError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { UserRole } from '../user-role.ts';
import { verb } from './verb.ts';

verb('setDigitalKeyVisibility', {
  who: 'admin',
  description: 'Sets which roles are offered digital keys at a location. Acts at once on every screen.',
  input: builder.inputType('SetDigitalKeyVisibilityInput', {
    description: 'Which roles.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      roles: t.field({ type: [UserRole], description: 'The roles that are offered keys; none at all is allowed.' }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError],
  run: (deps, caller, { location, roles }) => setDigitalKeyVisibility(deps, caller, { location: refTo('Location', location), roles }),
  gives: (t) => ({
    integration: t.prismaField({
      type: 'Integration',
      description: 'The connection as it is now.',
      resolve: (query, { integrationId }, _args, { db }) => db.integration.findUniqueOrThrow({ ...query, where: { id: integrationId } }),
    }),
  }),
});
