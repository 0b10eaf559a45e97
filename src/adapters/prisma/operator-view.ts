import type { ConnectionView, Found, GroupView, LocationView, OperatorView, Place, ToldActivity } from '../../ports/operator-view.ts';
import type pg from 'pg';
import { CALLABLE, counts, LATE } from './operator-counts.ts';
import { executor, sql, uuid } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

const ROWS = 50;
const PLACE = sql`l."orgId", l.id as "locationId", l.name as location`;

/** The one reader that knows no organisation besides the sweep: for operators, who see every queue as well (docs/decisions/0009). */
export function createOperatorView({ pool }: { pool: pg.Pool }): OperatorView {
  const direct = executor(pool);
  return {
    overview: () => overview(direct),
    location: (id) => location(direct, id),
    group: (id) => group(direct, id),
    find: (id) => find(direct, id),
    counts: () => counts(direct),
  };
}

async function overview(direct: Executor): ReturnType<OperatorView['overview']> {
  type Of = Awaited<ReturnType<OperatorView['overview']>>;
  const [problems, overdue, blocked] = await Promise.all([
    direct.rows<Of['problems'][number]>(sql`
      select ${PLACE}, p.code, p.message, p.since, p."accessGroupId" as "groupId"
      from integration_problem p join integration i on i.id = p."integrationId" join location l on l.id = i."locationId"
      where p."closedAt" is null order by p.since, p.id limit ${ROWS}::int4`),
    direct.rows<Of['overdue'][number]>(sql`
      select ${PLACE}, g.id as "groupId", g.name as group, count(*)::int4 as memberships, min(m."dueAt") as since,
        bool_and(${CALLABLE}) as callable
      from group_membership m
      join access_group g on g.id = m."accessGroupId" join location l on l.id = g."locationId" join integration i on i.id = g."integrationId"
      where m.managed and m."dueAt" < now() - ${LATE} and i.status <> 'DISCONNECTED'
      group by l.id, g.id order by min(m."dueAt"), g.id limit ${ROWS}::int4`),
    direct.rows<Of['blocked'][number]>(sql`
      select ${PLACE}, m."blockedCause" as cause, count(*)::int4 as memberships
      from group_membership m join location l on l.id = m."locationId"
      where m.managed and m.state = 'BLOCKED' group by l.id, m."blockedCause" order by count(*) desc, l.id limit ${ROWS}::int4`),
  ]);
  return { problems, overdue, blocked };
}

const CONNECTION = sql`
  i.id, i.status, i."siteExternalId", s.name as site, s."seatsTotal", s."seatsUsed", i."pausedUntil", i."unavailableSince", i."lastSyncedAt"
  from integration i left join site s on s."integrationId" = i.id and s."externalId" = i."siteExternalId"`;

async function location(direct: Executor, id: string): Promise<LocationView | null> {
  const [place] = await direct.rows<Place & Pick<LocationView, 'externalId' | 'timeZone'>>(sql`
    select ${PLACE}, l."externalId", l."timeZone" from location l where l.id = ${uuid(id)}`);
  if (place === undefined) return null;
  const [connections, problems, groups, activity] = await Promise.all([
    direct.rows<ConnectionView>(sql`select ${CONNECTION} where i."locationId" = ${uuid(id)}`),
    direct.rows<LocationView['problems'][number]>(sql`
      select p.code, p.message, p.since, p."accessGroupId" as "groupId"
      from integration_problem p join integration i on i.id = p."integrationId"
      where i."locationId" = ${uuid(id)} and p."closedAt" is null order by p.since, p.id limit ${ROWS}::int4`),
    direct.rows<LocationView['groups'][number]>(sql`
      select g.id as "groupId", g.name as group, count(m.id)::int4 as memberships,
        (count(*) filter (where m.wanted))::int4 as wanted, (count(*) filter (where m.state = 'ACTIVE'))::int4 as active,
        (count(*) filter (where m.state in ('BLOCKED', 'UNKNOWN')))::int4 as blocked, min(m."dueAt") filter (where m.managed) as "dueAt"
      from access_group g left join group_membership m on m."accessGroupId" = g.id
      where g."locationId" = ${uuid(id)} group by g.id order by g.name, g.id limit 500`),
    told(direct, id),
  ]);
  return { ...place, connection: connections[0] ?? null, problems, groups, activity };
}

async function group(direct: Executor, id: string): Promise<GroupView | null> {
  type Row = Place & Omit<GroupView, 'connection' | 'nextDueAt' | 'states' | 'waiting' | 'activity'> & { integrationId: string };
  const [found] = await direct.rows<Row>(sql`
    select ${PLACE}, g.id, g.name, g."externalId", g."siteExternalId", g."integrationId", g.scheduled, g.strangers, g."missingSince",
      (select count(*) from access_group_lock k where k."accessGroupId" = g.id)::int4 as locks
    from access_group g join location l on l.id = g."locationId" where g.id = ${uuid(id)}`);
  if (found === undefined) return null;
  const { integrationId, ...row } = found;
  const of = sql`m."accessGroupId" = ${uuid(id)}`;
  const [connections, next, states, waiting, activity] = await Promise.all([
    direct.rows<ConnectionView>(sql`select ${CONNECTION} where i.id = ${uuid(integrationId)}`),
    direct.rows<{ at: number | null }>(sql`select min(m."dueAt") as at from group_membership m where ${of} and m.managed`),
    direct.rows<GroupView['states'][number]>(sql`
      select m.state, m.wanted, m.managed, count(*)::int4 as memberships from group_membership m
      where ${of} group by m.state, m.wanted, m.managed order by m.state, m.wanted desc, m.managed desc`),
    direct.rows<GroupView['waiting'][number]>(sql`
      select m.id, p."externalId" as member, m.wanted, m.state, m."blockedCause", m.managed, m.attempts, m."dueAt", m."lastError"
      from group_membership m join member p on p.id = m."memberId"
      where ${of} and (m.state in ('GRANTING', 'REVOKING', 'UNKNOWN', 'BLOCKED') or m."dueAt" < now())
      order by m."dueAt" nulls last, m.id limit ${ROWS}::int4`),
    told(direct, row.locationId, id),
  ]);
  const [connection] = connections;
  return connection === undefined ? null : { ...row, connection, nextDueAt: next[0]?.at ?? null, states, waiting, activity };
}

/** No index knows the group: what is told of it is among the newest of its location, or it is not recent. */
async function told(direct: Executor, locationId: string, groupId: string | null = null): Promise<ToldActivity[]> {
  return direct.rows<ToldActivity>(sql`
    select a.id, a.at, a.type, a.actor, a.detail, p."externalId" as member, a."accessGroupId" as "groupId"
    from (select * from activity where "locationId" = ${uuid(locationId)} order by at desc, id desc limit 2000) a
    left join member p on p.id = a."memberId"
    where ${uuid(groupId)} is null or a."accessGroupId" = ${uuid(groupId)}
    order by a.at desc, a.id desc limit ${ROWS}::int4`);
}

async function find(direct: Executor, id: string): Promise<Found | null> {
  const asGroup = (table: Sql, column: Sql): Sql => sql`
    select 'group' as kind, ${column} as id from ${table} where id = ${uuid(id)} and ${column} is not null`;
  const asLocation = (table: Sql, column: Sql): Sql => sql`select 'location' as kind, ${column} as id from ${table} where id = ${uuid(id)}`;
  const byLocation = sql`"locationId"`;
  const [found] = await direct.rows<Found>(sql`
    ${asGroup(sql`access_group`, sql`id`)}
    union all ${asLocation(sql`location`, sql`id`)}
    union all ${asLocation(sql`integration`, byLocation)}
    union all ${asLocation(sql`activation`, byLocation)}
    union all ${asLocation(sql`mobile_key`, byLocation)}
    union all ${asGroup(sql`group_membership`, sql`"accessGroupId"`)}
    union all ${asGroup(sql`activity`, sql`"accessGroupId"`)}
    union all ${asLocation(sql`activity`, byLocation)}
    limit 1`);
  return found ?? null;
}
