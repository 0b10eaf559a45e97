import { builder } from './builder.ts';
import { DASHBOARD_URL, dashboardUrl } from './dashboard-url.ts';
import { startOf } from './pages.ts';
import { optionalRefTo, Ref, refTo } from './ref.ts';

export const ActivityType = builder.enumType('ActivityType', {
  description: 'What happened.',
  values: {
    ACCESS_GRANTED: { description: 'Somebody was put into an access group.' },
    ACCESS_REVOKED: { description: 'Somebody was taken out of an access group.' },
    ACCESS_FAILED: { description: 'A grant or revoke does not succeed. Told once, however often it is tried.' },
    ACCESS_DRIFT_FOUND: { description: 'The lock system held something else than was put there.' },
    KEY_AVAILABLE: { description: 'Somebody can get a digital key for the first time.' },
    KEY_ACTIVATING: { description: 'Somebody asked for a digital key.' },
    KEY_ACTIVATED: { description: 'A digital key reached a phone.' },
    KEY_FAILED: { description: 'Getting a digital key failed.' },
    UNLOCK_REPORTED: { description: 'A phone or a lock reported an unlock.' },
    INTEGRATION_CONNECTED: { description: 'An account at the lock system was authorized.' },
    SITE_SELECTED: { description: 'A site was selected.' },
    INTEGRATION_DISCONNECTED: { description: 'The location was disconnected from its locks.' },
    INTEGRATION_PROBLEM: { description: 'A problem with the connection began or ended.' },
    SETTINGS_CHANGED: { description: 'An administrator changed a setting.' },
  },
});

const Activity = builder.prismaNode('Activity', {
  description: 'Something that happened. Append-only. Not for members.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  authScopes: { staff: true },
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    type: t.expose('type', { type: ActivityType, description: 'What.' }),
    member: t.relation('member', { nullable: true, description: 'About whom, if about somebody.' }),
    accessGroup: t.relation('accessGroup', { nullable: true, description: 'About which group, if about one.' }),
    actor: t.exposeString('actor', { description: 'Who or what acted: "member:…", "admin:…", "service:…" or "system".' }),
    detail: t.exposeString('detail', { description: 'What happened, in one sentence.' }),
    dashboardUrl: t.string({
      nullable: true,
      description: DASHBOARD_URL,
      select: { id: true, accessGroupId: true, locationId: true },
      resolve: ({ id, accessGroupId, locationId }, _args, context) => {
        const page =
          accessGroupId === null ? dashboardUrl(context, 'locations', locationId) : dashboardUrl(context, 'groups', accessGroupId);
        return page === null ? null : `${page}#${id}`;
      },
    }),
  }),
});

const ActivityConnection = builder.connectionObject(
  { type: Activity, name: 'ActivityConnection', description: 'A page of what happened.' },
  { name: 'ActivityEdge', description: 'Something that happened, in its list.' },
);

builder.queryField('activity', (t) =>
  t.prismaConnection(
    {
      type: 'Activity',
      cursor: 'id',
      nullable: true,
      description: 'What happened at a location, newest first; null for a member, and when the location is not known.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      args: {
        location: t.arg({ type: Ref, description: 'The location.' }),
        member: t.arg({ type: Ref, required: false, description: 'Only what is about this member.' }),
        types: t.arg({ type: [ActivityType], required: false, description: 'Only what is of one of these types.' }),
      },
      resolve: async (query, _root, { location, member, types, after }, { db }) => {
        const at = await db.location.findFirst({ where: refTo('Location', location), select: { id: true } });
        if (at === null) return null;
        const about = optionalRefTo('Member', member);
        const start = await startOf(after, (id) => db.activity.findUnique({ where: { id }, select: { at: true } }));
        const where = {
          locationId: at.id,
          ...(about && { member: about }),
          ...(types != null && { type: { in: types } }),
          ...(start && { at: { lte: start.at } }),
        };
        return db.activity.findMany({ ...query, where, orderBy: [{ at: 'desc' }, { id: 'desc' }] });
      },
    },
    ActivityConnection,
  ),
);
