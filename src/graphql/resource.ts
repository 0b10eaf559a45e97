import { builder } from './builder.ts';
import { Ref, uniqueBy } from './ref.ts';

export const ResourceKind = builder.enumType('ResourceKind', {
  description: 'What a resource is.',
  values: {
    ROOM: { description: 'A room, booked by the hour. Others can be invited to its bookings.' },
    DESK: { description: 'A desk, which day passes can pay for.' },
    OFFICE: { description: 'An office.' },
    EQUIPMENT: { description: 'Equipment, such as a locker or a printer.' },
    PARKING: { description: 'A parking space.' },
  },
});

const Resource = builder.prismaNode('Resource', {
  description: 'What can be booked, or rented by subscription. Members see its id and name.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      description: "Its id in the booking platform's system. Not for members.",
      authScopes: { staff: true },
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    kind: t.expose('kind', { type: ResourceKind, description: 'What it is. Not for members.', authScopes: { staff: true } }),
    accessGroup: t.relation('accessGroup', {
      nullable: true,
      description: 'The group that bookings of it, and future subscription items with it, give access by; null when none, and for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
  }),
});

export const ResourceConnection = builder.connectionObject(
  { type: Resource, name: 'ResourceConnection', description: 'A page of resources.' },
  { name: 'ResourceEdge', description: 'A resource in its list.' },
);

builder.queryField('resource', (t) =>
  t.prismaField({
    type: 'Resource',
    nullable: true,
    description: 'One resource; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The resource.' }) },
    resolve: (query, _root, { ref }, { db, caller }) =>
      db.resource.findUnique({ ...query, where: uniqueBy('Resource', ref, caller.orgId) }),
  }),
);
