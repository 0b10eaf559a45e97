import { createContextCache } from '@pothos/core';
import { dayPassesLeft } from '../app/day-passes-left.ts';
import { subscriptionStatus } from '../core/rights.ts';
import { batch } from './batch.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { optionalRefTo, Ref, refTo, uniqueBy } from './ref.ts';
import { dayOf } from './scalars.ts';

const SubscriptionStatus = builder.enumType('SubscriptionStatus', {
  description: 'Where a subscription stands at the moment.',
  values: {
    SCHEDULED: { description: 'Its first day has not begun.' },
    ACTIVE: { description: 'It runs.' },
    ENDED: { description: 'Its last day is over.' },
    CANCELED: { description: 'It was canceled, and the cancellation has taken effect.' },
  },
});

builder.prismaNode('SubscriptionItem', {
  description: 'One plan or one resource of a subscription.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Its id in the booking platform's system." }),
    plan: t.relation('plan', { nullable: true, description: 'The plan; null where the item is a resource.' }),
    resource: t.relation('resource', { nullable: true, description: 'The resource; null where the item is a plan.' }),
    accessGroup: t.relation('accessGroup', {
      nullable: true,
      description: 'The group it gives access by: copied from plan or resource when the item was made, and its own since.',
    }),
  }),
});

const dayPasses = createContextCache(({ deps, caller }: Context) =>
  batch(async (ids: string[]) => {
    const left = await dayPassesLeft(deps, caller.orgId, ids);
    return (id: string) => left.get(id) ?? 0;
  }),
);

const MemberSubscription = builder.prismaNode('MemberSubscription', {
  description: 'A subscription of a member, or of a company for all its members, at a location.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Its id in the booking platform's system." }),
    location: t.relation('location', { description: 'Where it gives access.' }),
    member: t.relation('member', { nullable: true, description: 'Who subscribes; null where a company does.' }),
    company: t.relation('company', { nullable: true, description: 'The company that subscribes; null where a member does.' }),
    startsOn: t.expose('startsOn', { type: 'Date', description: "The first day, in the location's time zone." }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true, description: 'The last day, included; null when open-ended.' }),
    canceledAt: t.expose('canceledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends or ended by cancellation, if it does.',
    }),
    status: t.field({
      type: SubscriptionStatus,
      description: 'Where it stands at the moment. Unpaid invoices change nothing.',
      select: { startsOn: true, endsOn: true, canceledAt: true, location: { select: { timeZone: true } } },
      resolve: ({ startsOn, endsOn, canceledAt, location }, _args, { deps }) =>
        subscriptionStatus(
          {
            zone: location.timeZone,
            startsOn: dayOf(startsOn),
            endsOn: endsOn === null ? null : dayOf(endsOn),
            canceledAt: canceledAt?.getTime() ?? null,
          },
          deps.clock.now(),
        ),
    }),
    items: t.relation('items', {
      description: 'What it is made of at present. Items no longer listed by the booking platform have ended.',
      query: { where: { endedAt: null }, orderBy: { id: 'asc' } },
    }),
    dayPassesLeft: t.int({
      description: "How many day passes the subscriber has left this calendar month at the location, in the location's time zone.",
      complexity: 3,
      resolve: ({ id }, _args, context) => dayPasses(context)(id),
    }),
  }),
});

const MemberSubscriptionConnection = builder.connectionObject(
  { type: MemberSubscription, name: 'MemberSubscriptionConnection', description: 'A page of subscriptions.' },
  { name: 'MemberSubscriptionEdge', description: 'A subscription in its list.' },
);

builder.queryField('memberSubscription', (t) =>
  t.prismaField({
    type: 'MemberSubscription',
    nullable: true,
    description: 'One subscription; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The subscription.' }) },
    resolve: (query, _root, { ref }, { db, caller }) =>
      db.memberSubscription.findUnique({ ...query, where: uniqueBy('MemberSubscription', ref, caller.orgId) }),
  }),
);

builder.queryField('memberSubscriptions', (t) =>
  t.prismaConnection(
    {
      type: 'MemberSubscription',
      cursor: 'id',
      nullable: true,
      description: 'The subscriptions at a location; null for a member, and when the location is not known.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      args: {
        location: t.arg({ type: Ref, description: 'The location.' }),
        member: t.arg({ type: Ref, required: false, description: 'Only those this member subscribes.' }),
        company: t.arg({ type: Ref, required: false, description: 'Only those this company subscribes.' }),
      },
      resolve: async (query, _root, { location, member, company }, { db }) => {
        const at = await db.location.findFirst({ where: refTo('Location', location), select: { id: true } });
        if (at === null) return null;
        const [ofMember, ofCompany] = [optionalRefTo('Member', member), optionalRefTo('Company', company)];
        const where = { locationId: at.id, ...(ofMember && { member: ofMember }), ...(ofCompany && { company: ofCompany }) };
        return db.memberSubscription.findMany({ ...query, where, orderBy: { id: 'asc' } });
      },
    },
    MemberSubscriptionConnection,
  ),
);
