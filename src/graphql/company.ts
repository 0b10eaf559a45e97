import { builder } from './builder.ts';
import { MemberConnection } from './member.ts';
import { Ref, uniqueBy } from './ref.ts';

builder.prismaNode('Company', {
  description: 'A company whose members use the workspaces. It belongs to the organisation, not to a location. Members see their own.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Its id in the booking platform's system." }),
    name: t.exposeString('name', { description: 'Its name.' }),
    members: t.relatedConnection(
      'members',
      {
        cursor: 'id',
        description: 'Its present members. Not for members.',
        authScopes: { staff: true },
        query: { where: { removedAt: null }, orderBy: { id: 'asc' } },
      },
      MemberConnection,
    ),
  }),
});

builder.queryField('company', (t) =>
  t.prismaField({
    type: 'Company',
    nullable: true,
    description: 'One company; null when it is not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The company.' }) },
    resolve: (query, _root, { ref }, { db, caller }) => db.company.findUnique({ ...query, where: uniqueBy('Company', ref, caller.orgId) }),
  }),
);
