import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { isoInstant } from '../core/time.ts';
import { AccessRight } from './access-right.ts';
import { batchAt } from './batch.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

export const MembershipState = builder.enumType('MembershipState', {
  description: 'What the lock side holds of a membership.',
  values: {
    ABSENT: { description: 'The person is not in the group.' },
    GRANTING: { description: 'The person is being put into the group.' },
    ACTIVE: { description: 'The person is in the group.' },
    REVOKING: { description: 'The person is being taken out of the group.' },
    UNKNOWN: { description: "The lock system's answer was lost: it is being read back." },
    BLOCKED: { description: 'Somebody has to act: no seat is free, or the lock system refuses.' },
  },
});

const GroupMembership = builder.prismaNode('GroupMembership', {
  description: "What the lock side holds for one person in one group: the union of that person's rights, applied.",
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    member: t.relation('member', { description: 'The person.' }),
    accessGroup: t.relation('accessGroup', { description: 'The group.' }),
    wanted: t.exposeBoolean('wanted', { description: 'Whether a right holds now, so that the person should be in the group.' }),
    state: t.expose('state', { type: MembershipState, description: 'What the lock side holds.' }),
    managed: t.exposeBoolean('managed', {
      description: 'False once the location is disconnected: what was granted stays at the lock system and is revoked there by hand.',
    }),
    nextChangeAt: t.expose('nextChangeAt', { type: 'DateTime', nullable: true, description: 'When `wanted` changes next, if it does.' }),
    attempts: t.exposeInt('attempts', { description: 'How often the present step has been tried.' }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'Why the last try failed; null when it did not, and for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
    rights: t.field({
      type: [AccessRight],
      description: 'The rights that hold now or are to come, earliest first. Those of the past are in `Member.accessRights`.',
      complexity: { field: 2, multiplier: 10 },
      select: { memberId: true, accessGroupId: true },
      resolve: (pair, _args, context, info) => presentRights(context, info, pair) as Promise<(typeof AccessRight.$inferType)[]>,
    }),
  }),
});

export const GroupMembershipConnection = builder.connectionObject(
  { type: GroupMembership, name: 'GroupMembershipConnection', description: 'A page of group memberships.' },
  { name: 'GroupMembershipEdge', description: 'A group membership in its list.' },
);

interface Pair {
  memberId: string;
  accessGroupId: string;
}

type Select = ReturnType<typeof selectionOf>;

function presentRights(context: Context, info: GraphQLResolveInfo, pair: Pair): Promise<object[]> {
  // Planned for each item, though one plan is used: the fields below an item are answered from the plan made for it.
  const select = selectionOf(context, info);
  return batchAt(context, info, (pairs: Pair[]) => loadRights(context, select, pairs))(pair);
}

function selectionOf(context: Context, info: GraphQLResolveInfo) {
  return queryFromInfo({ context, info, select: { memberId: true, accessGroupId: true } }).select;
}

async function loadRights({ db, deps }: Context, select: Select, pairs: Pair[]): Promise<(pair: Pair) => object[]> {
  const rows = await db.accessRight.findMany({
    select,
    where: {
      withdrawnAt: null,
      // What has not ended is open, and an index knows the open rights of a pair.
      closedAt: null,
      AND: [
        { OR: pairs.map(({ memberId, accessGroupId }) => ({ memberId, accessGroupId })) },
        { OR: [{ endsAt: null }, { endsAt: { gt: isoInstant(deps.clock.now()) } }] },
      ],
    },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  });
  const found = new Map<string, object[]>();
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row]);
  return (pair) => found.get(keyOf(pair)) ?? [];
}

const keyOf = ({ memberId, accessGroupId }: Pair): string => `${memberId}/${accessGroupId}`;
