import { bookingAccessWindow } from '../core/rights.ts';
import { BOOKING_DAYS_MAX } from '../core/input.ts';
import { DAY, isoInstant } from '../core/time.ts';
import { builder } from './builder.ts';
import { Member } from './member.ts';
import { startOf } from './pages.ts';
import { existing, optionalRefTo, Ref, refTo, uniqueBy } from './ref.ts';

const BookingStatus = builder.enumType('BookingStatus', {
  description: 'Whether a booking stands.',
  values: {
    CONFIRMED: { description: 'It stands.' },
    CANCELED: { description: 'It was canceled, for good.' },
  },
});

const accessWindow = {
  startsAt: true,
  endsAt: true,
  location: { select: { graceBeforeMinutes: true, graceAfterMinutes: true } },
} as const;

interface Booked {
  startsAt: { getTime(): number };
  endsAt: { getTime(): number };
  location: { graceBeforeMinutes: number; graceAfterMinutes: number };
}

const windowOf = ({ startsAt, endsAt, location }: Booked): ReturnType<typeof bookingAccessWindow> =>
  bookingAccessWindow(startsAt.getTime(), endsAt.getTime(), location.graceBeforeMinutes, location.graceAfterMinutes);

const Booking = builder.prismaNode('Booking', {
  description: 'A resource booked by a member. Members see those they made or are invited to.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Its id in the booking platform's system." }),
    resource: t.relation('resource', { description: 'What is booked.' }),
    member: t.relation('member', { description: 'Who booked it.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When it ends, exclusive.' }),
    status: t.field({
      type: BookingStatus,
      description: 'Whether it stands.',
      select: { canceledAt: true },
      resolve: ({ canceledAt }) => (canceledAt === null ? 'CONFIRMED' : 'CANCELED'),
    }),
    invitees: t.field({
      type: [Member],
      description: 'Those invited to it, who get the same access. Rooms only.',
      select: (_args, _context, nested) => ({ invitees: { select: { member: nested() }, orderBy: { memberId: 'asc' } } }),
      resolve: ({ invitees }) => (invitees as { member: typeof Member.$inferType }[]).map(({ member }) => member),
    }),
    paidWithDayPass: t.exposeBoolean('paidWithDayPass', { description: 'Whether day passes paid for it.' }),
    accessStartsAt: t.field({
      type: 'DateTime',
      description: 'From when on it gives access: its start, less the grace of the location.',
      select: accessWindow,
      resolve: (booking) => windowOf(booking).from,
    }),
    accessEndsAt: t.field({
      type: 'DateTime',
      description: 'Until when it gives access, exclusive: its end, and the grace of the location.',
      select: accessWindow,
      resolve: (booking) => windowOf(booking).until,
    }),
  }),
});

const BookingConnection = builder.connectionObject(
  { type: Booking, name: 'BookingConnection', description: 'A page of bookings.' },
  { name: 'BookingEdge', description: 'A booking in its list.' },
);

builder.queryField('booking', (t) =>
  t.prismaField({
    type: 'Booking',
    nullable: true,
    description: 'One booking; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The booking.' }) },
    resolve: (query, _root, { ref }, { db, caller }) => db.booking.findUnique({ ...query, where: uniqueBy('Booking', ref, caller.orgId) }),
  }),
);

builder.queryField('bookings', (t) =>
  t.prismaConnection(
    {
      type: 'Booking',
      cursor: 'id',
      nullable: true,
      description: 'The bookings at a location, by their start; null for a member, and when the location is not known.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      args: {
        location: t.arg({ type: Ref, description: 'The location.' }),
        resource: t.arg({ type: Ref, required: false, description: 'Only those of this resource.' }),
        member: t.arg({ type: Ref, required: false, description: 'Only those this member made.' }),
        from: t.arg({ type: 'DateTime', required: false, description: 'Only those that end after this instant.' }),
        until: t.arg({ type: 'DateTime', required: false, description: 'Only those that start before this instant.' }),
        status: t.arg({ type: BookingStatus, required: false, description: 'Only those that stand so.' }),
      },
      resolve: async (query, _root, args, { db }) => {
        const [from, until] = [existing('from', args.from), existing('until', args.until)];
        const at = await db.location.findFirst({ where: refTo('Location', args.location), select: { id: true } });
        if (at === null) return null;
        const [resource, member] = [optionalRefTo('Resource', args.resource), optionalRefTo('Member', args.member)];
        const start = await startOf(args.after, (id) => db.booking.findUnique({ where: { id }, select: { startsAt: true } }));
        // None lasts longer, so that the years before need not be looked through for what has not ended.
        const earliest = start?.startsAt.getTime() ?? (from === null ? null : from - BOOKING_DAYS_MAX * DAY);
        const where = {
          locationId: at.id,
          ...(resource && { resource }),
          ...(member && { member }),
          ...(from !== null && { endsAt: { gt: isoInstant(from) } }),
          startsAt: { ...(earliest !== null && { gte: isoInstant(earliest) }), ...(until !== null && { lt: isoInstant(until) }) },
          ...(args.status != null && { canceledAt: args.status === 'CONFIRMED' ? null : { not: null } }),
        };
        return db.booking.findMany({ ...query, where, orderBy: [{ startsAt: 'asc' }, { id: 'asc' }] });
      },
    },
    BookingConnection,
  ),
);
