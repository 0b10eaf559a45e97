import { upsertMemberSubscription } from '../../app/upsert-member-subscription.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalRefTo, Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

const SubscriptionItemInput = builder.inputType('SubscriptionItemInput', {
  description: 'One plan or one resource of a subscription: exactly one of the two.',
  fields: (t) => ({
    externalId: t.string({ description: "Its id in the caller's system." }),
    plan: t.field({ type: Ref, required: false, description: 'The plan. It cannot change.' }),
    resource: t.field({ type: Ref, required: false, description: 'The resource that is rented. It cannot change.' }),
  }),
});

export const UpsertMemberSubscriptionInput = builder.inputType('UpsertMemberSubscriptionInput', {
  description: 'The whole subscription, of either a member or a company.',
  fields: (t) => ({
    externalId: t.string({ description: "Its id in the caller's system." }),
    location: t.field({ type: Ref, description: 'Where it gives access. It cannot change.' }),
    member: t.field({ type: Ref, required: false, description: 'Who subscribes, where a member does. It cannot change.' }),
    company: t.field({ type: Ref, required: false, description: 'The company that subscribes, where one does. It cannot change.' }),
    startsOn: t.field({ type: 'Date', description: "The first day, in the location's time zone." }),
    endsOn: t.field({ type: 'Date', required: false, description: 'The last day, included; open-ended unless given.' }),
    items: t.field({ type: [SubscriptionItemInput], description: 'What it is made of: all of it.' }),
    asOf: t.field(AS_OF),
  }),
});

export const subscriptionTold = (input: typeof UpsertMemberSubscriptionInput.$inferInput) => ({
  externalId: input.externalId,
  location: refTo('Location', input.location),
  member: optionalRefTo('Member', input.member),
  company: optionalRefTo('Company', input.company),
  startsOn: input.startsOn,
  endsOn: input.endsOn ?? null,
  items: input.items.map((item) => ({
    externalId: item.externalId,
    plan: optionalRefTo('Plan', item.plan),
    resource: optionalRefTo('Resource', item.resource),
  })),
  asOf: input.asOf ?? null,
});

verb('upsertMemberSubscription', {
  who: 'service',
  description: 'Tells of a subscription, or of what it is now. Safe to repeat. Acts at once on access; items no longer listed end now.',
  input: UpsertMemberSubscriptionInput,
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, input) => upsertMemberSubscription(deps, caller, subscriptionTold(input)),
  gives: (t) => ({
    memberSubscription: t.prismaField({
      type: 'MemberSubscription',
      description: 'The subscription as it is stored now.',
      resolve: (query, { memberSubscriptionId: id }, _args, { db }) => db.memberSubscription.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});
