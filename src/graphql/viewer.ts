import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { UserRole } from './user-role.ts';

/** Says nothing by itself: everything is in the context. */
const Viewer = builder.objectRef<object>('Viewer').implement({
  description: 'Who is calling.',
  fields: (t) => ({
    role: t.field({
      type: UserRole,
      nullable: true,
      description: "The member's role; ADMIN for an administrator's token; null for a service, and for a member who is not known yet.",
      resolve: async (_viewer, _args, { caller, db }) => {
        if (caller.kind !== 'member') return caller.kind === 'admin' ? 'ADMIN' : null;
        const self = await db.member.findUnique({ where: selfOf(caller), select: { role: true } });
        return self?.role ?? null;
      },
    }),
    isService: t.boolean({
      description: 'Whether it is the booking platform itself.',
      resolve: (_viewer, _args, { caller }) => caller.kind === 'service',
    }),
    member: t.prismaField({
      type: 'Member',
      nullable: true,
      description: 'The member; null for others, and as long as the booking platform has not told of them.',
      resolve: (query, _viewer, _args, { caller, db }) =>
        caller.kind === 'member' ? db.member.findUnique({ ...query, where: selfOf(caller) }) : null,
    }),
  }),
});

builder.queryField('viewer', (t) => t.field({ type: Viewer, description: 'Who is calling.', resolve: () => ({}) }));

function selfOf({ orgId, subject }: Context['caller']): { orgId_externalId: { orgId: string; externalId: string } } {
  return { orgId_externalId: { orgId, externalId: subject } };
}
