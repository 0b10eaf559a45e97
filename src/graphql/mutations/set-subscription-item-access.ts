import { doOrRehearse } from '../../app/rehearse.ts';
import { setSubscriptionItemAccess } from '../../app/set-subscription-item-access.ts';
import { IntegrationNotConnectedError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalIdOf, Ref, refTo } from '../ref.ts';
import { DRY_RUN, PREVIEW } from './dry-run.ts';
import { verb } from './verb.ts';

verb('setSubscriptionItemAccess', {
  who: 'admin',
  description: 'Sets which access group a subscription item gives access by, at once, whether it runs or not.',
  input: builder.inputType('SetSubscriptionItemAccessInput', {
    description: 'Which item and group.',
    fields: (t) => ({
      subscriptionItem: t.field({ type: Ref, description: 'The subscription item.' }),
      accessGroup: t.id({ required: false, description: 'The access group, of the same location; null clears.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError],
  run: (deps, caller, { subscriptionItem, accessGroup, dryRun }) =>
    doOrRehearse(deps, caller, dryRun === true, (played) =>
      setSubscriptionItemAccess(played, caller, {
        subscriptionItem: refTo('SubscriptionItem', subscriptionItem),
        accessGroup: optionalIdOf('AccessGroup', accessGroup),
      }),
    ),
  gives: (t) => ({
    subscriptionItem: t.prismaField({
      type: 'SubscriptionItem',
      description: 'The item as it is now.',
      resolve: (query, { subscriptionItemId: id }, _args, { db }) => db.subscriptionItem.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    preview: t.field(PREVIEW),
  }),
});
