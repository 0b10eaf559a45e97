import { builder } from './builder.ts';
import { Ref, uniqueBy } from './ref.ts';

const Plan = builder.prismaNode('Plan', {
  description: 'What is sold by subscription. Members see its id and name.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      description: "Its id in the booking platform's system. Not for members.",
      authScopes: { staff: true },
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    accessGroup: t.relation('accessGroup', {
      nullable: true,
      description: 'The group that future subscription items with this plan give access by; null when none, and for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
    dayPassesPerMonth: t.exposeInt('dayPassesPerMonth', {
      description: 'How many day passes it brings each calendar month. Not for members.',
      authScopes: { staff: true },
    }),
  }),
});

export const PlanConnection = builder.connectionObject(
  { type: Plan, name: 'PlanConnection', description: 'A page of plans.' },
  { name: 'PlanEdge', description: 'A plan in its list.' },
);

builder.queryField('plan', (t) =>
  t.prismaField({
    type: 'Plan',
    nullable: true,
    description: 'One plan; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The plan.' }) },
    resolve: (query, _root, { ref }, { db, caller }) => db.plan.findUnique({ ...query, where: uniqueBy('Plan', ref, caller.orgId) }),
  }),
);
