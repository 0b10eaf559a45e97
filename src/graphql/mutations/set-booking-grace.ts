import { setBookingGrace } from '../../app/set-booking-grace.ts';
import { NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('setBookingGrace', {
  who: 'admin',
  description: 'Sets how long before and after bookings at a location access is given. Acts at once on bookings that have not ended.',
  input: builder.inputType('SetBookingGraceInput', {
    description: 'How long.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      beforeMinutes: t.int({ description: 'Minutes before the start.' }),
      afterMinutes: t.int({ description: 'Minutes after the end.' }),
    }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { location, ...minutes }) => setBookingGrace(deps, caller, { location: refTo('Location', location), ...minutes }),
  gives: (t) => ({
    location: t.prismaField({
      type: 'Location',
      description: 'The location as it is now.',
      resolve: (query, { locationId }, _args, { db }) => db.location.findUniqueOrThrow({ ...query, where: { id: locationId } }),
    }),
  }),
});
