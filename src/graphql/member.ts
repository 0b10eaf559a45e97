import { canBeStored } from '../core/input.ts';
import { AccessRightConnection } from './access-right.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { GroupMembershipConnection } from './group-membership.ts';
import { optionalRefTo, Ref, uniqueBy } from './ref.ts';
import { UserRole } from './user-role.ts';

/** Members see all of themselves; of others they reach by a booking, id and names. */
const isOpen = (member: { externalId: string }, _args: object, { caller }: Context): boolean =>
  caller.kind !== 'member' || member.externalId === caller.subject;

export const Member = builder.prismaNode('Member', {
  description: 'A person who uses the workspaces. They belong to the organisation, not to a location. Other members see id and names only.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true, externalId: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "Their id in the booking platform's system.", authScopes: isOpen }),
    email: t.exposeString('email', {
      description: 'Their e-mail address, by which the lock system knows them. Unique in the organisation.',
      authScopes: isOpen,
    }),
    firstName: t.exposeString('firstName', { description: 'Their first name.' }),
    lastName: t.exposeString('lastName', { description: 'Their last name.' }),
    role: t.expose('role', { type: UserRole, description: 'Who they are in the workspace.', authScopes: isOpen }),
    company: t.relation('company', {
      nullable: true,
      description: 'The company they belong to at present, if any.',
      authScopes: isOpen,
      unauthorizedResolver: () => null,
    }),
    accessRights: t.relatedConnection(
      'rights',
      {
        cursor: 'id',
        description: 'Every reason for access they have or ever had, oldest first.',
        authScopes: isOpen,
        args: { location: t.arg({ type: Ref, required: false, description: 'Only at this location.' }) },
        query: ({ location }) => ({ where: atLocation(location), orderBy: { id: 'asc' } }),
      },
      AccessRightConnection,
    ),
    groupMemberships: t.relatedConnection(
      'memberships',
      {
        cursor: 'id',
        description: 'What the lock side holds for them, group by group.',
        authScopes: isOpen,
        args: { location: t.arg({ type: Ref, required: false, description: 'Only at this location.' }) },
        query: ({ location }) => ({ where: atLocation(location), orderBy: { id: 'asc' } }),
      },
      GroupMembershipConnection,
    ),
  }),
});

export const MemberConnection = builder.connectionObject(
  { type: Member, name: 'MemberConnection', description: 'A page of members.' },
  { name: 'MemberEdge', description: 'A member in their list.' },
);

builder.queryField('member', (t) =>
  t.prismaField({
    type: 'Member',
    nullable: true,
    description: 'One member; null when they are not known, or not for the caller to see.',
    args: { ref: t.arg({ type: Ref, description: 'The member.' }) },
    resolve: (query, _root, { ref }, { db, caller }) => db.member.findUnique({ ...query, where: uniqueBy('Member', ref, caller.orgId) }),
  }),
);

builder.queryField('members', (t) =>
  t.prismaConnection(
    {
      type: 'Member',
      cursor: 'id',
      nullable: true,
      description: 'The members of the organisation; null for a member.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      args: {
        company: t.arg({ type: Ref, required: false, description: 'Only those who belong to this company at present.' }),
        search: t.arg.string({ required: false, description: 'Only those whose name, e-mail address or external id has this in it.' }),
      },
      resolve: (query, _root, { company, search }, { db }) => {
        const ofCompany = optionalRefTo('Company', company);
        const where = { removedAt: null, ...(ofCompany && { company: ofCompany }), ...searched(search) };
        return db.member.findMany({ ...query, where, orderBy: { id: 'asc' } });
      },
    },
    MemberConnection,
  ),
);

function atLocation(location: Parameters<typeof optionalRefTo>[1]): { location?: { id: string } | { externalId: string } } {
  const at = optionalRefTo('Location', location);
  return at === null ? {} : { location: at };
}

function searched(search: string | null | undefined): object {
  const text = search?.trim() ?? '';
  if (text === '') return {};
  if (!canBeStored(text)) return { id: { in: [] } };
  // The database takes these three for wildcards.
  const contains = { contains: text.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  return { OR: [{ firstName: contains }, { lastName: contains }, { email: contains }, { externalId: contains }] };
}
