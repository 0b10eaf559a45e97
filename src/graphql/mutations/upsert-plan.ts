import { upsertPlan } from '../../app/upsert-plan.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('upsertPlan', {
  who: 'service',
  description: 'Tells of a plan, or of what it is now. Safe to repeat. Its access group is for an administrator to set.',
  input: builder.inputType('UpsertPlanInput', {
    description: 'The whole plan.',
    fields: (t) => ({
      externalId: t.string({ description: "Its id in the caller's system." }),
      location: t.field({ type: Ref, description: 'Where it is sold. It cannot change.' }),
      name: t.string({ description: 'Its name.' }),
      dayPassesPerMonth: t.int({ defaultValue: 0, description: 'How many day passes it brings each calendar month.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { location, asOf, ...plan }) =>
    upsertPlan(deps, caller, { ...plan, location: refTo('Location', location), asOf: asOf ?? null }),
  gives: (t) => ({
    plan: t.prismaField({
      type: 'Plan',
      description: 'The plan as it is stored now.',
      resolve: (query, { planId }, _args, { db }) => db.plan.findUniqueOrThrow({ ...query, where: { id: planId } }),
    }),
  }),
});
