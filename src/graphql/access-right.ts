import { rightStatus, type AccessRightStatus as Status } from '../core/rights.ts';
import { isoInstant } from '../core/time.ts';
import { builder } from './builder.ts';
import { optionalRefTo, Ref, refTo } from './ref.ts';

export const AccessReason = builder.enumType('AccessReason', {
  description: 'What gives access.',
  values: {
    SUBSCRIPTION: { description: "A subscription of the member, or of the member's company." },
    ROOM_BOOKING: { description: 'A room the member booked.' },
    ROOM_INVITATION: { description: 'A room booking the member is invited to.' },
    DESK_BOOKING: { description: 'A desk the member booked.' },
    OFFICE_BOOKING: { description: 'An office the member booked.' },
    EQUIPMENT_BOOKING: { description: 'Equipment the member booked.' },
    PARKING_BOOKING: { description: 'A parking space the member booked.' },
  },
});

export const AccessRightStatus = builder.enumType('AccessRightStatus', {
  description: 'Where a right stands at the moment.',
  values: {
    SCHEDULED: { description: 'Its window has not begun.' },
    ACTIVE: { description: 'It holds now.' },
    ENDED: { description: 'Its window is over.' },
    WITHDRAWN: { description: 'It was taken back before its window was over.' },
  },
});

export const AccessRight = builder.prismaNode('AccessRight', {
  description: 'One reason for one person to be in one group over one window. Rights are a ledger: added and closed, never lost.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it became known.' }),
    withdrawnAt: t.expose('withdrawnAt', { type: 'DateTime', nullable: true, description: 'When it was taken back, if it was.' }),
    member: t.relation('member', { description: 'Who has it.' }),
    accessGroup: t.relation('accessGroup', { description: 'The group it lets the member into.' }),
    reason: t.expose('reason', { type: AccessReason, description: 'What gives it.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'From when on it holds.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', nullable: true, description: 'Until when it holds, exclusive; null when without end.' }),
    status: t.field({
      type: AccessRightStatus,
      description: 'Where it stands at the moment.',
      select: { startsAt: true, endsAt: true, withdrawnAt: true },
      resolve: ({ startsAt, endsAt, withdrawnAt }, _args, { deps }) =>
        rightStatus(
          { startsAt: startsAt.getTime(), endsAt: endsAt?.getTime() ?? null, withdrawnAt: withdrawnAt?.getTime() ?? null },
          deps.clock.now(),
        ),
    }),
    subscriptionItem: t.relation('subscriptionItem', { nullable: true, description: 'The subscription item that gives it, if one does.' }),
    booking: t.relation('booking', { nullable: true, description: 'The booking that gives it, if one does.' }),
    heldRemoval: t.relation('heldRemoval', {
      nullable: true,
      description: 'The removal it belongs to, where that is or was held. Null for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
    heldWhy: t.exposeString('heldWhy', {
      nullable: true,
      description: 'Why it was to be taken back, where that is or was held. Null for members.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
  }),
});

export const AccessRightConnection = builder.connectionObject(
  { type: AccessRight, name: 'AccessRightConnection', description: 'A page of access rights.' },
  { name: 'AccessRightEdge', description: 'An access right in its list.' },
);

builder.queryField('accessRights', (t) =>
  t.prismaConnection(
    {
      type: 'AccessRight',
      cursor: 'id',
      nullable: true,
      description: 'The rights at a location, oldest first; null for a member, and when the location is not known.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
      args: {
        location: t.arg({ type: Ref, description: 'The location.' }),
        member: t.arg({ type: Ref, required: false, description: 'Only those of this member.' }),
        statuses: t.arg({ type: [AccessRightStatus], required: false, description: 'Only those that stand so at the moment.' }),
      },
      resolve: async (query, _root, { location, member, statuses }, { db, deps }) => {
        const at = await db.location.findFirst({ where: refTo('Location', location), select: { id: true } });
        if (at === null) return null;
        const of = optionalRefTo('Member', member);
        const now = isoInstant(deps.clock.now());
        const standing = statuses == null ? {} : { OR: statuses.map((status) => inStatus(status, now)), ...allOpen(statuses) };
        const where = { locationId: at.id, ...(of && { member: of }), ...standing };
        return db.accessRight.findMany({ ...query, where, orderBy: { id: 'asc' } });
      },
    },
    AccessRightConnection,
  ),
);

/** The statuses of `rightStatus`, as a filter. */
function inStatus(status: Status, now: string): object {
  if (status === 'WITHDRAWN') return { withdrawnAt: { not: null } };
  if (status === 'SCHEDULED') return { withdrawnAt: null, startsAt: { gt: now } };
  if (status === 'ENDED') return { withdrawnAt: null, startsAt: { lte: now }, endsAt: { lte: now } };
  return { withdrawnAt: null, startsAt: { lte: now }, OR: [{ endsAt: null }, { endsAt: { gt: now } }] };
}

/** What holds or is to come is open; saying so once for all of them leaves the many that are over aside. */
function allOpen(statuses: readonly Status[]): object {
  return statuses.every((status) => status === 'ACTIVE' || status === 'SCHEDULED') ? { closedAt: null } : {};
}
