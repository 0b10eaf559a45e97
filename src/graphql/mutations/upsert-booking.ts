import { upsertBooking } from '../../app/upsert-booking.ts';
import { ConflictError, NoDayPassLeftError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

export const UpsertBookingInput = builder.inputType('UpsertBookingInput', {
  description: 'The whole booking: what is absent is its default.',
  fields: (t) => ({
    externalId: t.string({ description: "Its id in the caller's system." }),
    resource: t.field({ type: Ref, description: 'What is booked.' }),
    member: t.field({ type: Ref, description: 'Who books it.' }),
    startsAt: t.field({ type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.field({ type: 'DateTime', description: 'When it ends, exclusive.' }),
    invitees: t.field({ type: [Ref], defaultValue: [], description: 'Those invited, who get the same access. Rooms only, 100 at most.' }),
    payWithDayPass: t.boolean({ defaultValue: false, description: 'Whether day passes pay for it: one for each local day. Desks only.' }),
    asOf: t.field(AS_OF),
  }),
});

export const bookingTold = ({ resource, member, invitees, asOf, ...booking }: typeof UpsertBookingInput.$inferInput) => ({
  ...booking,
  resource: refTo('Resource', resource),
  member: refTo('Member', member),
  invitees: invitees.map((invitee) => refTo('Member', invitee)),
  asOf: asOf ?? null,
});

verb('upsertBooking', {
  who: 'service',
  description: 'Tells of a booking, or of what it is now. Safe to repeat. Moving it, and changing its invitees, acts at once on access.',
  input: UpsertBookingInput,
  errors: [NotFoundError, ConflictError, NoDayPassLeftError],
  run: (deps, caller, input) => upsertBooking(deps, caller, bookingTold(input)),
  gives: (t) => ({
    booking: t.prismaField({
      type: 'Booking',
      description: 'The booking as it is stored now.',
      resolve: (query, { bookingId }, _args, { db }) => db.booking.findUniqueOrThrow({ ...query, where: { id: bookingId } }),
    }),
  }),
});
