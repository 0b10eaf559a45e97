import { setRemovalGuard } from '../../app/set-removal-guard.ts';
import { NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('setRemovalGuard', {
  who: 'admin',
  description: 'Sets when removals by one bulk call, one mapping or one audit are held. Acts on changes to come.',
  input: builder.inputType('SetRemovalGuardInput', {
    description: 'Removals are held when one change takes more than the share of a group, and at least so many people, out of it.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      sharePercent: t.int({ description: 'The share, from 0 to 100 percent. At 100 nothing is held.' }),
      leastPeople: t.int({ description: 'How many people at least, from 1 to 10,000.' }),
    }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { location, ...guard }) => setRemovalGuard(deps, caller, { location: refTo('Location', location), ...guard }),
  gives: (t) => ({
    location: t.prismaField({
      type: 'Location',
      description: 'The location as it is now.',
      resolve: (query, { locationId }, _args, { db }) => db.location.findUniqueOrThrow({ ...query, where: { id: locationId } }),
    }),
  }),
});
