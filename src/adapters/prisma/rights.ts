import { GRACE_MINUTES_MAX } from '../../core/input.ts';
import type { HeldRight } from '../../core/guard.ts';
import type { FoundedRight, OpenRight, RightSource } from '../../core/rights.ts';
import type { Instant, Window } from '../../core/time.ts';
import type { RightRow } from '../../ports/rows.ts';
import type { FactsScope, RightStore } from '../../ports/store.ts';
import { factsOf } from './facts.ts';
import type { Scope } from './scope.ts';
import { instant, raw, sql, uuid, uuids } from './sql.ts';
import type { Sql } from './sql.ts';
import { recordset, table } from './table.ts';
import type { RecordColumns } from './table.ts';

const RIGHT = table<RightRow>('access_right', {
  id: 'uuid',
  memberId: 'uuid',
  accessGroupId: 'uuid',
  reason: '"AccessReason"',
  startsAt: 'timestamptz',
  endsAt: 'timestamptz',
  createdAt: 'timestamptz',
  withdrawnAt: 'timestamptz',
  withdrawnWhy: 'text',
  heldWhy: 'text',
});

const PAIR = { memberId: 'uuid', accessGroupId: 'uuid' } as const;

/**
 * Of a person's rights at a location (K1): a right withdrawn before its start never began, and one withdrawn at all is not to come. The
 * first of each is all that is read, however many rights the years have brought.
 */
export function firstBegins(of: { orgId: string; memberId: Sql; locationId: Sql; now: Sql }): Sql {
  const first = (condition: Sql): Sql => sql`(
    select r."startsAt" from access_right r
    where r."orgId" = ${of.orgId} and r."memberId" = ${of.memberId} and r."locationId" = ${of.locationId} and ${condition}
    order by r."startsAt" limit 1)`;
  const begun = sql`r."startsAt" <= ${of.now} and (r."withdrawnAt" is null or r."withdrawnAt" > r."startsAt")`;
  const coming = sql`r."startsAt" > ${of.now} and r."withdrawnAt" is null and r."closedAt" is null`;
  return sql`${first(begun)} as "firstBegunAt", ${first(coming)} as "nextStartsAt"`;
}

export function rights(scope: Scope): RightStore {
  const { orgId, now } = scope;
  const idsOf = async (from: Sql): Promise<string[]> => (await scope.rows<{ id: string }>(from)).map((row) => row.id);
  return {
    subscriptionsOf: (of) =>
      idsOf(sql`
        select id from member_subscription s
        where "orgId" = ${orgId} and ${subscriptionOwner(of)}
          and ("canceledAt" is null or "canceledAt" > ${instant(now)})
          and ("endsOn" is null or "endsOn" >= (${instant(now)} - interval '2 days')::date)
        order by id`),

    bookingsOf: (of) =>
      idsOf(sql`
        select id from booking b
        where "orgId" = ${orgId} and ${bookingOwner(orgId, of)} and "canceledAt" is null
          and "endsAt" > ${instant(now)} - ${GRACE_MINUTES_MAX}::int4 * interval '1 minute'
        order by id`),

    sourcesAt: (locationId, kind, page) => idsOf(sourcesAt(scope, locationId, kind, page)),

    groundsOf: ({ subscriptionIds, bookingIds }) =>
      scope.rows(sql`
        with s as (select id, "locationId" from member_subscription where "orgId" = ${orgId} and id = any(${uuids(subscriptionIds)})),
          b as (select id, "locationId", "resourceId" from booking where "orgId" = ${orgId} and id = any(${uuids(bookingIds)}))
        select 'resource' as kind, "resourceId" as id from b
        union select 'location', "locationId" from s union select 'location', "locationId" from b
        union select 'subscription', id from s union select 'booking', id from b
        order by 1, 2`),

    facts: (of) => factsOf(scope, of),
    openOf: (of) => openRights(scope, rightsOf(scope, of)),
    openOfMember: (memberId) => openRights(scope, sql`(select * from access_right where "memberId" = ${uuid(memberId)}) r`),

    async apply({ close, withdraw, move, add }) {
      if (close.length + withdraw.length + move.length > 0) {
        await changeRights(scope, [
          ...close.map((id) => ({ id, kind: 'close' })),
          ...withdraw.map(({ id, why }) => ({ id, kind: 'withdraw', why })),
          ...move.map(({ id, startsAt, endsAt }) => ({ id, kind: 'move', startsAt, endsAt })),
        ]);
      }
      if (add.length > 0) await addRights(scope, add);
    },

    async windows(pairs) {
      // One look into the index for each pair, whatever the statistics say (`offset 0`): they may be of an hour when hardly a right was open.
      const rows = await scope.rows<{ memberId: string; accessGroupId: string } & Window>(sql`
        select p."memberId", p."accessGroupId", r."startsAt" as "from", r."endsAt" as "until"
        from ${recordset('p', PAIR, pairs)}
        cross join lateral (
          select "startsAt", "endsAt", id from access_right
          where "memberId" = p."memberId" and "accessGroupId" = p."accessGroupId" and "orgId" = ${orgId} and "closedAt" is null offset 0) r
        order by r."startsAt", r.id`);
      const windows = new Map<string, Window[]>();
      for (const { memberId, accessGroupId, from, until } of rows) {
        const key = `${memberId}/${accessGroupId}`;
        windows.set(key, [...(windows.get(key) ?? []), { from, until }]);
      }
      return windows;
    },

    history: ({ memberId, accessGroupId }, limit) =>
      scope.rows<RightRow>(sql`
        select ${RIGHT.selected} from access_right
        where "orgId" = ${orgId} and "memberId" = ${uuid(memberId)} and "accessGroupId" = ${uuid(accessGroupId)}
        order by "createdAt" desc, id desc limit ${limit}`),

    async firstBegins(memberId, locationId) {
      const [row] = await scope.rows<{ firstBegunAt: Instant | null; nextStartsAt: Instant | null }>(sql`
        select ${firstBegins({ orgId, memberId: uuid(memberId), locationId: uuid(locationId), now: instant(now) })}`);
      return row ?? { firstBegunAt: null, nextStartsAt: null };
    },
  };
}

/**
 * What may found rights at a location and is not over, and what open rights were founded on: neither grows with what is past.
 */
function sourcesAt(
  { orgId, now }: Scope,
  locationId: string,
  kind: 'subscription' | 'booking',
  { after, limit }: { after: string | null; limit: number },
): Sql {
  const here = (alias: 's' | 'r'): Sql => sql`${raw(alias)}."orgId" = ${orgId} and ${raw(alias)}."locationId" = ${uuid(locationId)}`;
  const running =
    kind === 'booking'
      ? sql`select s.id from booking s where ${here('s')} and s."canceledAt" is null
          and s."endsAt" > ${instant(now)} - ${GRACE_MINUTES_MAX}::int4 * interval '1 minute'`
      : sql`select s.id from member_subscription s where ${here('s')} and (s."canceledAt" is null or s."canceledAt" > ${instant(now)})
          and (s."endsOn" is null or s."endsOn" >= (${instant(now)} - interval '2 days')::date)`;
  const founded =
    kind === 'booking'
      ? sql`select r."bookingId" from access_right r where ${here('r')} and r."closedAt" is null and r."bookingId" is not null`
      : sql`select i."subscriptionId" from subscription_item i where i."orgId" = ${orgId} and i.id = any(array(
          select distinct r."subscriptionItemId" from access_right r
          where ${here('r')} and r."closedAt" is null))`;
  return sql`
    select id from (${running} union ${founded}) s
    where ${uuid(after)} is null or id > ${uuid(after)}
    order by id limit ${limit}::int4`;
}

function subscriptionOwner(of: Parameters<RightStore['subscriptionsOf']>[0]): Sql {
  if ('memberId' in of) return sql`"memberId" = ${uuid(of.memberId)}`;
  if ('companyId' in of) return sql`"companyId" = ${uuid(of.companyId)}`;
  return sql`"locationId" = ${uuid(of.locationId)}`;
}

function bookingOwner(orgId: string, of: Parameters<RightStore['bookingsOf']>[0]): Sql {
  if ('resourceId' in of) return sql`"resourceId" = ${uuid(of.resourceId)}`;
  if ('locationId' in of) return sql`"locationId" = ${uuid(of.locationId)}`;
  const memberId = uuid(of.memberId);
  return sql`(
    b."memberId" = ${memberId}
    or b.id = any(array(select i."bookingId" from booking_invitee i where i."orgId" = ${orgId} and i."memberId" = ${memberId})))`;
}

/**
 * The rights of these sources. Those of bookings are found by their booking alone (`offset 0`): by statistics of an hour when hardly a right
 * was open, each look read all open rights of every location besides.
 */
function rightsOf({ orgId }: Scope, { subscriptionIds, bookingIds }: FactsScope): Sql {
  if (subscriptionIds.length === 0) return sql`(select * from access_right where "bookingId" = any(${uuids(bookingIds)}) offset 0) r`;
  return sql`(
    select * from access_right r
    where r."bookingId" = any(${uuids(bookingIds)})
      or r."subscriptionItemId" = any(array(
        select i.id from subscription_item i where i."orgId" = ${orgId} and i."subscriptionId" = any(${uuids(subscriptionIds)})))) r`;
}

type Found = Omit<OpenRight, 'source'> & { sourceKind: RightSource['kind']; sourceId: string } & Pick<HeldRight, 'given'> & {
    removalId: string | null;
  };

async function openRights(scope: Scope, from: Sql): Promise<(OpenRight | HeldRight)[]> {
  const rows = await scope.rows<Found>(sql`
    select r.id, r."memberId", r."accessGroupId", r.reason, r."startsAt", r."endsAt",
      case when r."bookingId" is null then 'item' else 'booking' end as "sourceKind",
      coalesce(r."bookingId", r."subscriptionItemId") as "sourceId",
      r."heldRemovalId" as "removalId", coalesce(r."heldGiven", false) as given,
      m."removedAt" is not null or (r."heldRemovalId" is not null and not exists (
        select 1 from access_group g
        join integration i on i.id = g."integrationId" and i."siteExternalId" = g."siteExternalId"
        where g.id = r."accessGroupId")) as gone
    from ${from} join member m on m.id = r."memberId"
    where r."orgId" = ${scope.orgId} and r."closedAt" is null
    order by r.id`);
  return rows.map(({ sourceKind, sourceId, removalId, given, gone, ...right }) => {
    const open: OpenRight = { ...right, source: { kind: sourceKind, id: sourceId }, ...(gone ? { gone } : {}) };
    return removalId === null ? open : { ...open, removalId, given };
  });
}

async function changeRights(scope: Scope, changes: { id: string; kind: string }[]): Promise<void> {
  const now = instant(scope.now);
  const columns = { id: 'uuid', kind: 'text', why: 'text', startsAt: 'timestamptz', endsAt: 'timestamptz' } as const;
  await scope.count(sql`
    update access_right r set
      "closedAt" = case when c.kind = 'move' then null else ${now} end,
      "withdrawnAt" = case when c.kind = 'withdraw' then ${now} end,
      "withdrawnWhy" = c.why,
      "startsAt" = case when c.kind = 'move' then c."startsAt" else r."startsAt" end,
      "endsAt" = case when c.kind = 'move' then c."endsAt" else r."endsAt" end
    from ${recordset('c', columns, changes)}
    where r.id = c.id and r."orgId" = ${scope.orgId} and r."closedAt" is null`);
}

const ADDED: RecordColumns = {
  id: 'uuid',
  memberId: 'uuid',
  accessGroupId: 'uuid',
  reason: '"AccessReason"',
  itemId: 'uuid',
  bookingId: 'uuid',
  startsAt: 'timestamptz',
  endsAt: 'timestamptz',
};

async function addRights(scope: Scope, add: FoundedRight[]): Promise<void> {
  const rows = add.map(({ source, ...right }) => ({
    ...right,
    id: scope.secrets.newId(),
    [source.kind === 'item' ? 'itemId' : 'bookingId']: source.id,
  }));
  await scope.count(sql`
    insert into access_right
      (id, "orgId", "locationId", "memberId", "accessGroupId", reason, "subscriptionItemId", "bookingId", "startsAt", "endsAt", "createdAt")
    select a.id, ${scope.orgId}, g."locationId", m.id, g.id, a.reason, i.id, b.id, a."startsAt", a."endsAt", ${instant(scope.now)}
    from ${recordset('a', ADDED, rows)}
    join access_group g on g.id = a."accessGroupId" and g."orgId" = ${scope.orgId}
    join member m on m.id = a."memberId" and m."orgId" = ${scope.orgId}
    left join subscription_item i on i.id = a."itemId" and i."orgId" = ${scope.orgId}
    left join booking b on b.id = a."bookingId" and b."orgId" = ${scope.orgId}
    where i.id is not null or b.id is not null`);
}
