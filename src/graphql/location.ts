import type { RemovalGuard as Guard } from '../core/guard.ts';
import { builder } from './builder.ts';
import { DASHBOARD_URL, dashboardUrl } from './dashboard-url.ts';
import { locationWithKey } from './location-with-key.ts';
import { PlanConnection } from './plan.ts';
import { Ref, uniqueBy } from './ref.ts';
import { ResourceConnection, ResourceKind } from './resource.ts';

const RemovalGuard = builder.objectRef<Guard>('RemovalGuard').implement({
  description: 'Removals are held when one change takes more than this share of a group, and at least so many people, out of it.',
  fields: (t) => ({
    sharePercent: t.exposeInt('sharePercent', { description: 'The share, in percent. 50 unless set; at 100 nothing is held.' }),
    leastPeople: t.exposeInt('leastPeople', { description: 'How many people at least. 20 unless set.' }),
  }),
});

const Location = builder.prismaNode('Location', {
  description: 'A place with rooms, desks and doors. Each has its own connection to its locks.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Its id in the booking platform's system." }),
    name: t.exposeString('name', { description: 'Its name.' }),
    dashboardUrl: t.string({
      nullable: true,
      description: DASHBOARD_URL,
      resolve: ({ id }, _args, context) => dashboardUrl(context, 'locations', id),
    }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: 'Its time zone, in which its days begin and end.' }),
    bookingGraceBeforeMinutes: t.exposeInt('graceBeforeMinutes', {
      description: 'How many minutes before its start a booking gives access. 30 unless set.',
    }),
    bookingGraceAfterMinutes: t.exposeInt('graceAfterMinutes', {
      description: 'How many minutes after its end a booking still gives access. 30 unless set.',
    }),
    removalGuard: t.field({
      type: RemovalGuard,
      nullable: true,
      description: 'When removals by one change are held. Null for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      select: { guardSharePercent: true, guardLeastPeople: true },
      resolve: ({ guardSharePercent, guardLeastPeople }) => ({ sharePercent: guardSharePercent, leastPeople: guardLeastPeople }),
    }),
    integration: t.relation('integration', {
      nullable: true,
      description: 'Its connection to the lock system; null before the first connect, and for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
    plans: t.relatedConnection(
      'plans',
      {
        cursor: 'id',
        description: 'The plans sold here. Not for members.',
        authScopes: { staff: true },
        query: { orderBy: { id: 'asc' } },
      },
      PlanConnection,
    ),
    resources: t.relatedConnection(
      'resources',
      {
        cursor: 'id',
        description: 'What can be booked or rented here. Not for members.',
        authScopes: { staff: true },
        args: { kind: t.arg({ type: ResourceKind, required: false, description: 'Only resources of this kind.' }) },
        query: ({ kind }) => ({ where: kind == null ? {} : { kind }, orderBy: { id: 'asc' } }),
      },
      ResourceConnection,
    ),
  }),
});

const LocationConnection = builder.connectionObject(
  { type: Location, name: 'LocationConnection', description: 'A page of locations.' },
  { name: 'LocationEdge', description: 'A location in its list.' },
);

builder.queryField('location', (t) =>
  t.prismaField({
    type: 'Location',
    nullable: true,
    description: 'One location; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The location.' }) },
    resolve: async (query, _root, { ref }, context, info) => {
      const { db, caller } = context;
      const withKey = await locationWithKey(context, ref, query, info);
      if (withKey !== undefined) return withKey as Awaited<ReturnType<typeof db.location.findUnique>>;
      return db.location.findUnique({ ...query, where: uniqueBy('Location', ref, caller.orgId) });
    },
  }),
);

builder.queryField('locations', (t) =>
  t.prismaConnection(
    {
      type: 'Location',
      cursor: 'id',
      description: 'The locations the caller may see.',
      resolve: (query, _root, _args, { db }) => db.location.findMany({ ...query, orderBy: { id: 'asc' } }),
    },
    LocationConnection,
  ),
);
