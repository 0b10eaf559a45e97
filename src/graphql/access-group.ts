import { builder } from './builder.ts';
import { DASHBOARD_URL, dashboardUrl } from './dashboard-url.ts';
import { GroupMembershipConnection, MembershipState } from './group-membership.ts';

const AccessGroupWarningCode = builder.enumType('AccessGroupWarningCode', {
  description: 'What is wrong with an access group.',
  values: {
    NO_TIME_SCHEDULE: { description: 'It has no time schedule, and so opens nothing.' },
    NO_LOCKS: { description: 'It has no locks.' },
    FOREIGN_MEMBERS: { description: 'It holds people who were not put there from here. They are never touched.' },
    MISSING_AT_PROVIDER: { description: 'It is gone at the lock system.' },
  },
});

interface Warning {
  code: (typeof AccessGroupWarningCode)['$inferType'];
  message: string;
}

const AccessGroupWarning = builder.objectRef<Warning>('AccessGroupWarning').implement({
  description: 'What an administrator should mend about an access group, at the lock system.',
  fields: (t) => ({
    code: t.expose('code', { type: AccessGroupWarningCode, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', { description: 'What is wrong, and how to mend it.' }),
  }),
});

const Lock = builder.prismaNode('Lock', {
  description: 'A lock at the lock system. Not for members.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  authScopes: { staff: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: 'Its id at the lock system.' }),
    name: t.exposeString('name', { description: 'Its name there.' }),
    online: t.exposeBoolean('online', { nullable: true, description: 'Whether it is reachable; null when the lock system does not say.' }),
  }),
});

const Stranger = builder.prismaObject('Stranger', {
  description: 'Somebody in an access group who was not put there from here. Never touched.',
  select: { id: true },
  fields: (t) => ({
    platformUserId: t.exposeString('platformUserId', { description: 'Who it is at the lock system: the id of the person there.' }),
    member: t.relation('member', { nullable: true, description: 'The member whom the lock system knows as that person, if there is one.' }),
    since: t.expose('since', { type: 'DateTime', description: 'Since when they have been seen there.' }),
  }),
});

/** As many as are kept. */
const STRANGERS_SHOWN = 100;

const AccessGroup = builder.prismaNode('AccessGroup', {
  description: 'A group of locks at the lock system: whoever is in it may open them. Members see its id and name.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: 'Its id at the lock system. Not for members.', authScopes: { staff: true } }),
    name: t.exposeString('name', { description: 'Its name there.' }),
    dashboardUrl: t.string({
      nullable: true,
      description: DASHBOARD_URL,
      resolve: ({ id }, _args, context) => dashboardUrl(context, 'groups', id),
    }),
    locks: t.field({
      type: [Lock],
      description: 'The locks it opens. Not for members.',
      authScopes: { staff: true },
      select: (_args, _context, nested) => ({ locks: { select: { lock: nested() }, orderBy: { lockId: 'asc' } } }),
      resolve: ({ locks }) => (locks as { lock: typeof Lock.$inferType }[]).map(({ lock }) => lock),
    }),
    alwaysOpenSchedule: t.exposeBoolean('alwaysOpen', {
      description: 'Whether it opens every day, all day; false where it has time restrictions of its own. Not for members.',
      authScopes: { staff: true },
    }),
    warnings: t.field({
      type: [AccessGroupWarning],
      description: 'What should be mended about it at the lock system. Not for members.',
      authScopes: { staff: true },
      select: {
        scheduled: true,
        strangers: true,
        missingSince: true,
        siteExternalId: true,
        integration: { select: { siteExternalId: true } },
        _count: { select: { locks: true } },
      },
      resolve: ({ scheduled, strangers, missingSince, siteExternalId, integration, _count }) => {
        // The groups of a site that was used before are as good as gone.
        const isMissing = missingSince !== null || siteExternalId !== integration.siteExternalId;
        return warnings({ scheduled, strangers, isMissing, locks: _count.locks });
      },
    }),
    strangers: t.field({
      type: [Stranger],
      description: 'Who is in it without having been put there from here: the first hundred, members first. Not for members.',
      authScopes: { staff: true },
      select: (_args, _context, nested) => ({
        strangersIn: nested({ take: STRANGERS_SHOWN, orderBy: [{ memberId: 'asc' }, { since: 'asc' }, { id: 'asc' }] }),
      }),
      resolve: ({ strangersIn }) => strangersIn as (typeof Stranger.$inferType)[],
    }),
    memberships: t.relatedConnection(
      'memberships',
      {
        cursor: 'id',
        description: 'Who is in it, should be, or was. Not for members.',
        authScopes: { staff: true },
        args: { states: t.arg({ type: [MembershipState], required: false, description: 'Only those in one of these states.' }) },
        query: ({ states }) => ({ where: states == null ? {} : { state: { in: states } }, orderBy: { id: 'asc' } }),
      },
      GroupMembershipConnection,
    ),
  }),
});

export const AccessGroupConnection = builder.connectionObject(
  { type: AccessGroup, name: 'AccessGroupConnection', description: 'A page of access groups.' },
  { name: 'AccessGroupEdge', description: 'An access group in its list.' },
);

/** What an operator is warned of (C6). */
function warnings(group: { scheduled: boolean; strangers: number; isMissing: boolean; locks: number }): Warning[] {
  const found: Warning[] = [];
  if (group.isMissing) {
    found.push({ code: 'MISSING_AT_PROVIDER', message: 'It no longer exists at the lock system. Map another group in its place.' });
  }
  if (!group.scheduled) {
    found.push({ code: 'NO_TIME_SCHEDULE', message: 'It has no time schedule, so it opens nothing. Add one at the lock system.' });
  }
  if (group.locks === 0) found.push({ code: 'NO_LOCKS', message: 'It has no locks, so it opens nothing. Add some at the lock system.' });
  if (group.strangers > 0) {
    const people = group.strangers === 1 ? '1 person' : `${group.strangers} people`;
    const message = `It holds ${people} not put there from here, who are never touched. Use a group that is managed from here alone.`;
    found.push({ code: 'FOREIGN_MEMBERS', message });
  }
  return found;
}
