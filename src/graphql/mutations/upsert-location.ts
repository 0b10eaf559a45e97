import { upsertLocation } from '../../app/upsert-location.ts';
import { ConflictError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('upsertLocation', {
  who: 'service',
  description: 'Tells of a location, or of what it is now. Safe to repeat. Another time zone moves the days of its subscriptions at once.',
  input: builder.inputType('UpsertLocationInput', {
    description: 'The whole location.',
    fields: (t) => ({
      externalId: t.string({ description: "Its id in the caller's system." }),
      name: t.string({ description: 'Its name.' }),
      timeZone: t.field({ type: 'TimeZone', description: 'Its time zone, in which its days begin and end.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [ConflictError],
  run: (deps, caller, { asOf, ...location }) => upsertLocation(deps, caller, { ...location, asOf: asOf ?? null }),
  gives: (t) => ({
    location: t.prismaField({
      type: 'Location',
      description: 'The location as it is stored now.',
      resolve: (query, { locationId }, _args, { db }) => db.location.findUniqueOrThrow({ ...query, where: { id: locationId } }),
    }),
  }),
});
