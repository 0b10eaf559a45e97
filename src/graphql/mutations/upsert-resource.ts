import { upsertResource } from '../../app/upsert-resource.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { ResourceKind } from '../resource.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('upsertResource', {
  who: 'service',
  description: 'Tells of a resource, or of what it is now. Safe to repeat. Its access group is for an administrator to set.',
  input: builder.inputType('UpsertResourceInput', {
    description: 'The whole resource.',
    fields: (t) => ({
      externalId: t.string({ description: "Its id in the caller's system." }),
      location: t.field({ type: Ref, description: 'Where it is. It cannot change.' }),
      name: t.string({ description: 'Its name.' }),
      kind: t.field({ type: ResourceKind, description: 'What it is. It cannot change.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { location, asOf, ...resource }) =>
    upsertResource(deps, caller, { ...resource, location: refTo('Location', location), asOf: asOf ?? null }),
  gives: (t) => ({
    resource: t.prismaField({
      type: 'Resource',
      description: 'The resource as it is stored now.',
      resolve: (query, { resourceId }, _args, { db }) => db.resource.findUniqueOrThrow({ ...query, where: { id: resourceId } }),
    }),
  }),
});
