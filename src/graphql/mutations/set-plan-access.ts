import { doOrRehearse } from '../../app/rehearse.ts';
import { setPlanAccess } from '../../app/set-plan-access.ts';
import { IntegrationNotConnectedError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalIdOf, Ref, refTo } from '../ref.ts';
import { DRY_RUN, PREVIEW } from './dry-run.ts';
import { verb } from './verb.ts';

verb('setPlanAccess', {
  who: 'admin',
  description: 'Sets which access group future subscription items with a plan give access by. Items that exist keep theirs.',
  input: builder.inputType('SetPlanAccessInput', {
    description: 'Which plan and group.',
    fields: (t) => ({
      plan: t.field({ type: Ref, description: 'The plan.' }),
      accessGroup: t.id({ required: false, description: 'The access group, of the same location; null clears.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError],
  run: (deps, caller, { plan, accessGroup, dryRun }) =>
    doOrRehearse(deps, caller, dryRun === true, (played) =>
      setPlanAccess(played, caller, { plan: refTo('Plan', plan), accessGroup: optionalIdOf('AccessGroup', accessGroup) }),
    ),
  gives: (t) => ({
    plan: t.prismaField({
      type: 'Plan',
      description: 'The plan as it is now.',
      resolve: (query, { planId }, _args, { db }) => db.plan.findUniqueOrThrow({ ...query, where: { id: planId } }),
    }),
    preview: t.field(PREVIEW),
  }),
});
