import { cancelMemberSubscription } from '../../app/cancel-member-subscription.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('cancelMemberSubscription', {
  who: 'service',
  description: 'Cancels a subscription, for good, now or at an instant to come: its access ends then.',
  input: builder.inputType('CancelMemberSubscriptionInput', {
    description: 'Which subscription, and when.',
    fields: (t) => ({
      memberSubscription: t.field({ type: Ref, description: 'The subscription.' }),
      at: t.field({ type: 'DateTime', required: false, description: 'When it ends: now unless given; the past counts as now.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { memberSubscription, at, asOf }) =>
    cancelMemberSubscription(deps, caller, {
      memberSubscription: refTo('MemberSubscription', memberSubscription),
      at: at ?? null,
      asOf: asOf ?? null,
    }),
  gives: (t) => ({
    memberSubscription: t.prismaField({
      type: 'MemberSubscription',
      description: 'The subscription as it is stored now.',
      resolve: (query, { memberSubscriptionId: id }, _args, { db }) => db.memberSubscription.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});
