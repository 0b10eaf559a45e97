import { cancelBooking } from '../../app/cancel-booking.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('cancelBooking', {
  who: 'service',
  description: 'Cancels a booking, for good: its access ends at once. Before it starts, its day passes come back.',
  input: builder.inputType('CancelBookingInput', {
    description: 'Which booking.',
    fields: (t) => ({
      booking: t.field({ type: Ref, description: 'The booking.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { booking, asOf }) => cancelBooking(deps, caller, { booking: refTo('Booking', booking), asOf: asOf ?? null }),
  gives: (t) => ({
    booking: t.prismaField({
      type: 'Booking',
      description: 'The booking as it is stored now.',
      resolve: (query, { bookingId }, _args, { db }) => db.booking.findUniqueOrThrow({ ...query, where: { id: bookingId } }),
    }),
  }),
});
