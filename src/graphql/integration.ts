import { whatToDo } from '../core/problems.ts';
import { AccessGroupConnection } from './access-group.ts';
import { builder } from './builder.ts';
import { HeldRemovalConnection } from './held-removal.ts';
import { GroupMembershipConnection, MembershipState } from './group-membership.ts';
import { UserRole } from './user-role.ts';

export const LockProvider = builder.enumType('LockProvider', {
  description: 'Whose locks a location has.',
  values: { SALTO_KS: { description: 'SALTO KS.' } },
});

const IntegrationStatus = builder.enumType('IntegrationStatus', {
  description: 'Where a connection to a lock system stands.',
  values: {
    AUTHORIZING: { description: 'An administrator is on the consent page. A connection there was before works on meanwhile.' },
    SELECTING_SITE: { description: 'The account is authorized; its site is to be selected.' },
    CONNECTED: { description: 'Connected: access is granted and revoked.' },
    NEEDS_REAUTHORIZATION: { description: 'The account must be authorized again. Nothing is lost meanwhile; connecting carries on.' },
    DISCONNECTED: { description: 'Disconnected: nothing is granted any more, and what was granted is revoked by hand.' },
  },
});

const IntegrationProblemCode = builder.enumType('IntegrationProblemCode', {
  description: 'What is wrong with a connection.',
  values: {
    REAUTHORIZATION_NEEDED: { description: 'The account must be authorized again.' },
    PROVIDER_UNAVAILABLE: { description: 'The lock system does not answer.' },
    SEATS_ALMOST_FULL: { description: 'The site is about to run out of seats.' },
    SEATS_FULL: { description: 'The site has no free seat: nobody new can open a door.' },
    SITE_NOT_RELEASED: { description: 'The site has not been taken into operation.' },
    CLOCK_OR_ZONE_MISMATCH: { description: "The site's time zone is not the location's, or its clock is wrong." },
    ACCESS_AT_RISK: { description: 'Access that is about to begin will not open doors as things stand. About one access group.' },
    REMOVALS_HELD: { description: 'One change would take unusually many people out of a group: an administrator decides.' },
  },
});

const Site = builder.prismaObject('Site', {
  description: 'A site of the connected account at the lock system.',
  select: { id: true, externalId: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: 'Its id at the lock system.' }),
    name: t.exposeString('name', { description: 'Its name there.' }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Its time zone; null when the lock system does not say.',
    }),
    digitalKeysSupported: t.exposeBoolean('digitalKeysSupported', { description: 'Whether its locks take digital keys.' }),
    seatsTotal: t.exposeInt('seatsTotal', {
      nullable: true,
      description: 'How many people can have access there; null when the lock system does not say.',
    }),
    seatsUsed: t.exposeInt('seatsUsed', {
      nullable: true,
      description: 'How many of its seats are taken; null when the lock system does not say.',
    }),
  }),
});

const IntegrationProblem = builder.prismaNode('IntegrationProblem', {
  description: 'Something an administrator should know of or mend. Not for members.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true, code: true },
  authScopes: { staff: true },
  fields: (t) => ({
    code: t.expose('code', { type: IntegrationProblemCode, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', { description: 'What is wrong, and how to mend it.' }),
    action: t.string({
      description: 'What to do about a problem of this kind, in a sentence.',
      resolve: ({ code }) => whatToDo(code),
    }),
    accessGroup: t.relation('accessGroup', { nullable: true, description: 'The access group it is about, if about one.' }),
    since: t.expose('since', { type: 'DateTime', description: 'Since when.' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was over; null while it is not.' }),
  }),
});

const IntegrationProblemConnection = builder.connectionObject(
  { type: IntegrationProblem, name: 'IntegrationProblemConnection', description: 'A page of problems.' },
  { name: 'IntegrationProblemEdge', description: 'A problem in its list.' },
);

/** Said once, so that the two fields that read sites share one read. */
const BY_NAME = { orderBy: [{ name: 'asc' as const }, { id: 'asc' as const }] };

builder.prismaNode('Integration', {
  description: "A location's connection to its locks. Not for members.",
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  authScopes: { staff: true },
  fields: (t) => ({
    location: t.relation('location', { description: 'The location.' }),
    provider: t.expose('provider', { type: LockProvider, description: 'Whose locks they are.' }),
    status: t.expose('status', { type: IntegrationStatus, description: 'Where the connection stands.' }),
    availableSites: t.relation('sites', {
      description: 'The sites to select from: only those where the connected account is an administrator.',
      query: BY_NAME,
    }),
    site: t.field({
      type: Site,
      nullable: true,
      description: 'The site in use, or the one used last; null before the first was selected.',
      select: (_args, _context, nested) => ({ siteExternalId: true, sites: nested(BY_NAME) }),
      resolve: ({ siteExternalId, sites }) =>
        (sites as (typeof Site.$inferType)[]).find(({ externalId }) => externalId === siteExternalId) ?? null,
    }),
    digitalKeyVisibility: t.expose('digitalKeyVisibility', {
      type: [UserRole],
      description: 'Which roles are offered digital keys. All unless set.',
    }),
    accessGroups: t.relatedConnection(
      'accessGroups',
      { cursor: 'id', description: 'The access groups of its site.', query: { orderBy: { id: 'asc' } } },
      AccessGroupConnection,
    ),
    memberships: t.relatedConnection(
      'memberships',
      {
        cursor: 'id',
        description: 'Who is in its groups, should be, or was. BLOCKED and UNKNOWN are the failures.',
        args: { states: t.arg({ type: [MembershipState], required: false, description: 'Only those in one of these states.' }) },
        query: ({ states }) => ({ where: states == null ? {} : { state: { in: states } }, orderBy: { id: 'asc' } }),
      },
      GroupMembershipConnection,
    ),
    problems: t.relation('problems', {
      description: 'What is wrong with it at present, oldest first.',
      query: { where: { closedAt: null }, orderBy: [{ since: 'asc' }, { id: 'asc' }] },
    }),
    problemHistory: t.relatedConnection(
      'problems',
      {
        cursor: 'id',
        description: 'What is wrong with it and what was, newest first.',
        query: { orderBy: [{ since: 'desc' as const }, { id: 'desc' as const }] },
      },
      IntegrationProblemConnection,
    ),
    heldRemovals: t.relatedConnection(
      'heldRemovals',
      {
        cursor: 'id',
        description: 'What an administrator has to release or drop, oldest first.',
        args: {
          decided: t.arg.boolean({ defaultValue: false, description: 'True: those that have ended, in place of those that are open.' }),
        },
        query: ({ decided }) => ({
          where: { judgedAt: { not: null }, resolvedAt: decided === true ? { not: null } : null },
          orderBy: { id: 'asc' },
        }),
      },
      HeldRemovalConnection,
    ),
    lastSyncedAt: t.expose('lastSyncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When groups, locks and schedules were last taken over from the lock system; null before the first time.',
    }),
  }),
});
