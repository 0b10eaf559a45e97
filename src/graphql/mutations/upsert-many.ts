import { doOrRehearse } from '../../app/rehearse.ts';
import { upsertBooking } from '../../app/upsert-booking.ts';
import { upsertMany, type ItemAnswer } from '../../app/upsert-many.ts';
import { upsertMemberSubscription } from '../../app/upsert-member-subscription.ts';
import { batchAt } from '../batch.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../errors.ts';
import { DRY_RUN, PREVIEW } from './dry-run.ts';
import { bookingTold, UpsertBookingInput } from './upsert-booking.ts';
import { subscriptionTold, UpsertMemberSubscriptionInput } from './upsert-member-subscription.ts';
import { verb } from './verb.ts';

const EXTERNAL_ID = "The item's id in the caller's system.";
const ERROR = 'Why the item was refused, and nothing of it stored; null when it was taken.';

const BookingAnswer = builder.objectRef<ItemAnswer<{ bookingId: string }>>('UpsertedBooking').implement({
  description: 'What became of one booking of a bulk call: the booking, or the error.',
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: EXTERNAL_ID }),
    booking: t.prismaField({
      type: 'Booking',
      nullable: true,
      description: 'The booking as it is stored now; null when it was refused, and for a new one of a dry run.',
      resolve: (query, { success }, _args, context, info) => {
        if (success === null) return null;
        const load = async (ids: string[]) => byId(await context.db.booking.findMany({ ...query, where: { id: { in: ids } } }));
        return batchAt(context, info, load)(success.bookingId);
      },
    }),
    error: t.field({ type: ErrorInterface, nullable: true, description: ERROR, resolve: ({ error }) => error }),
  }),
});

verb('upsertBookings', {
  who: 'service',
  description: 'Tells of up to 500 bookings, as `upsertBooking` does of one: for imports. Each is answered by itself. Safe to repeat.',
  input: builder.inputType('UpsertBookingsInput', {
    description: 'Bookings, each stated whole, each external id once.',
    fields: (t) => ({
      bookings: t.field({ type: [UpsertBookingInput], description: 'At most 500.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [],
  run: (deps, caller, { bookings, dryRun }) =>
    doOrRehearse(deps, caller, dryRun === true, (played) =>
      upsertMany(played, caller, { field: 'bookings', of: 'bookings' }, bookings, (booking, guard) =>
        upsertBooking(played, caller, bookingTold(booking), guard),
      ),
    ),
  gives: (t) => ({
    results: t.field({
      type: [BookingAnswer],
      description: 'One for each booking, in the order of the input.',
      resolve: ({ answers }) => answers,
    }),
    preview: t.field(PREVIEW),
  }),
});

const SubscriptionAnswer = builder.objectRef<ItemAnswer<{ memberSubscriptionId: string }>>('UpsertedMemberSubscription').implement({
  description: 'What became of one subscription of a bulk call: the subscription, or the error.',
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: EXTERNAL_ID }),
    memberSubscription: t.prismaField({
      type: 'MemberSubscription',
      nullable: true,
      description: 'The subscription as it is stored now; null when it was refused, and for a new one of a dry run.',
      resolve: (query, { success }, _args, context, info) => {
        if (success === null) return null;
        const load = async (ids: string[]) => byId(await context.db.memberSubscription.findMany({ ...query, where: { id: { in: ids } } }));
        return batchAt(context, info, load)(success.memberSubscriptionId);
      },
    }),
    error: t.field({ type: ErrorInterface, nullable: true, description: ERROR, resolve: ({ error }) => error }),
  }),
});

verb('upsertMemberSubscriptions', {
  who: 'service',
  description:
    'Tells of up to 500 subscriptions, as `upsertMemberSubscription` does of one: for imports. Each is answered by itself. Safe to repeat.',
  input: builder.inputType('UpsertMemberSubscriptionsInput', {
    description: 'Subscriptions, each stated whole, each external id once.',
    fields: (t) => ({
      memberSubscriptions: t.field({ type: [UpsertMemberSubscriptionInput], description: 'At most 500.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [],
  run: (deps, caller, { memberSubscriptions, dryRun }) =>
    doOrRehearse(deps, caller, dryRun === true, (played) =>
      upsertMany(played, caller, { field: 'memberSubscriptions', of: 'subscriptions' }, memberSubscriptions, (subscription, guard) =>
        upsertMemberSubscription(played, caller, subscriptionTold(subscription), guard),
      ),
    ),
  gives: (t) => ({
    results: t.field({
      type: [SubscriptionAnswer],
      description: 'One for each subscription, in the order of the input.',
      resolve: ({ answers }) => answers,
    }),
    preview: t.field(PREVIEW),
  }),
});

function byId<Row extends { id: string }>(rows: Row[]): (id: string) => Row | null {
  const found = new Map(rows.map((row) => [row.id, row]));
  return (id) => found.get(id) ?? null;
}
