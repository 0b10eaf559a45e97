import type { Membership } from '../../core/membership.ts';
import type { Instant } from '../../core/time.ts';
import type { MembershipStore, Pair } from '../../ports/store.ts';
import { MEMBERSHIP } from './records.ts';
import type { Scope } from './scope.ts';
import { empty, instant, sql, uuid, uuids } from './sql.ts';
import type { Sql } from './sql.ts';
import { recordset } from './table.ts';
import type { RecordColumns } from './table.ts';

const PAIR: RecordColumns = { memberId: 'uuid', accessGroupId: 'uuid' };

const BY_WINDOW = sql`"windowFrom", id`;

/** Of a group, what opens after now and by then. Nothing opens before it is due: the index of what is due finds it. */
function opening(scope: Scope, accessGroupId: string, until: Instant): Sql {
  return sql`
    "accessGroupId" = ${uuid(accessGroupId)} and managed and "dueAt" <= ${instant(until)}
    and "windowFrom" > ${instant(scope.now)} and "windowFrom" <= ${instant(until)}`;
}

export function memberships(scope: Scope): MembershipStore {
  const { orgId } = scope;
  const read = (where: Sql, order: Sql = sql`id`, limit: number | null = null): Promise<Membership[]> =>
    scope.rows<Membership>(sql`
      select ${MEMBERSHIP.selected} from group_membership
      where "orgId" = ${orgId} and ${where} order by ${order} limit ${limit}::int4`);
  const ofPairs = (pairs: Pair[]): Promise<Membership[]> =>
    read(sql`("memberId", "accessGroupId") in (select p."memberId", p."accessGroupId" from ${recordset('p', PAIR, pairs)})`);
  return {
    ofPairs,
    ofMember: (memberId, locationId) =>
      read(sql`"memberId" = ${uuid(memberId)} and (${uuid(locationId)} is null or "locationId" = ${uuid(locationId)})`),
    ofGroup: (accessGroupId) => read(sql`"accessGroupId" = ${uuid(accessGroupId)}`),
    ofLocation: (locationId, { after, limit }) =>
      read(
        sql`"integrationId" = (select i.id from integration i where i."orgId" = ${orgId} and i."locationId" = ${uuid(locationId)})
          and (${uuid(after)} is null or id > ${uuid(after)})`,
        sql`id`,
        limit,
      ),
    due: (accessGroupId, now, limit) =>
      read(sql`"accessGroupId" = ${uuid(accessGroupId)} and managed and "dueAt" <= ${instant(now)}`, sql`"dueAt", id`, limit),

    async nextDueAt(accessGroupId) {
      const [row] = await scope.rows<{ at: Instant | null }>(sql`
        select least(
          (select min("dueAt") from group_membership where "orgId" = ${orgId} and "accessGroupId" = ${uuid(accessGroupId)} and managed),
          (select min("retryAt") from leaver where "orgId" = ${orgId} and "accessGroupId" = ${uuid(accessGroupId)})) as at`);
      return row?.at ?? null;
    },

    create: (pairs) => create(scope, pairs, ofPairs),
    save: (changes) => save(scope, changes),
    postpone: (integrationId, until) => postpone(scope, integrationId, until),

    ...blockedOnes(orgId, read),

    async markPrepared(ids) {
      await scope.count(sql`
        update group_membership set "preparedFor" = "windowFrom"
        where "orgId" = ${orgId} and id = any(${uuids(ids)})`);
    },

    async markProven(ids) {
      await scope.count(sql`
        update group_membership set "provenFor" = "windowFrom"
        where "orgId" = ${orgId} and id = any(${uuids(ids)})`);
    },

    toProve: (accessGroupId, until, limit) =>
      read(sql`${opening(scope, accessGroupId, until)} and not wanted and "provenFor" is distinct from "windowFrom"`, BY_WINDOW, limit),

    toPrepare: (accessGroupId, until, limit) =>
      read(sql`${opening(scope, accessGroupId, until)} and "preparedFor" is distinct from "windowFrom"`, BY_WINDOW, limit),
  };
}

type Read = (where: Sql, order?: Sql, limit?: number | null) => Promise<Membership[]>;

function blockedOnes(orgId: string, read: Read): Pick<MembershipStore, 'awaitingSeat' | 'seatedMeanwhile' | 'blocked'> {
  const forWantOfASeat = (integrationId: string): Sql =>
    sql`"integrationId" = ${uuid(integrationId)} and state = 'BLOCKED' and "blockedCause" = 'NO_SEAT' and managed and wanted`;
  /** who is known there, and was not created when no seat was free */
  const known = (siteExternalId: string, more: Sql = empty): Sql => sql`exists (
    select 1 from provider_user u
    where u."integrationId" = group_membership."integrationId" and u."siteExternalId" = ${siteExternalId}
      and u."memberId" = group_membership."memberId" and u."orgId" = ${orgId}
      and u."siteUserId" is not null and not u."seatAwaited" ${more})`;
  return {
    awaitingSeat: (integrationId, siteExternalId, limit) =>
      read(sql`${forWantOfASeat(integrationId)} and not ${known(siteExternalId)}`, BY_WINDOW, limit),

    seatedMeanwhile: (integrationId, siteExternalId, limit) => {
      const seated = known(siteExternalId, sql`and u."subscriptionState" is distinct from 'suspended'`);
      return read(sql`${forWantOfASeat(integrationId)} and ${seated}`, BY_WINDOW, limit);
    },

    blocked: (integrationId, cause, limit) =>
      read(
        sql`"integrationId" = ${uuid(integrationId)} and state = 'BLOCKED' and "blockedCause"::text = ${cause} and managed`,
        BY_WINDOW,
        limit,
      ),
  };
}

/**
 * Ours to manage from the start only while the location holds the group's site (C8): who is just connecting or disconnecting it is waited
 * for, or would pass over the new rows. A pair another made meanwhile is answered too.
 */
async function create(scope: Scope, pairs: Pair[], ofPairs: (pairs: Pair[]) => Promise<Membership[]>): Promise<Membership[]> {
  const rows = pairs.map((pair) => ({ ...pair, id: scope.secrets.newId() }));
  const created = await scope.rows<Membership>(sql`
    insert into group_membership (id, "orgId", "locationId", "integrationId", "memberId", "accessGroupId", managed)
    select p.id, ${scope.orgId}, g."locationId", g."integrationId", m.id, g.id,
      i."siteHeld" and i."siteExternalId" is not distinct from g."siteExternalId"
    from ${recordset('p', { id: 'uuid', ...PAIR }, rows)}
    join access_group g on g.id = p."accessGroupId" and g."orgId" = ${scope.orgId}
    join integration i on i.id = g."integrationId" and i."orgId" = ${scope.orgId}
    join member m on m.id = p."memberId" and m."orgId" = ${scope.orgId}
    order by m.id, g.id for share of i
    on conflict ("memberId", "accessGroupId") do nothing
    returning ${MEMBERSHIP.selected}`);
  return created.length === pairs.length ? created : ofPairs(pairs);
}

const SAVED: RecordColumns = {
  id: 'uuid',
  was: 'int4',
  version: 'int4',
  wanted: 'bool',
  state: '"MembershipState"',
  blockedCause: '"BlockedCause"',
  held: 'bool',
  managed: 'bool',
  from: 'timestamptz',
  until: 'timestamptz',
  nextChangeAt: 'timestamptz',
  dueAt: 'timestamptz',
  retryAt: 'timestamptz',
  attempts: 'int4',
  lastError: 'text',
  failing: 'bool',
};

async function save(scope: Scope, changes: Parameters<MembershipStore['save']>[0]): Promise<string[]> {
  if (changes.length === 0) return [];
  const rows = changes.map(({ membership, was, dueAt }) => ({ ...membership, was, dueAt }));
  // Locked in the order of ids first, so that two runs that save the same rows wait for each other instead of deadlocking.
  const written = await scope.rows<{ id: string }>(sql`
    with told as (select * from ${recordset('t', SAVED, rows)}),
    mine as (
      select m.id from group_membership m join told on told.id = m.id and told.was = m.version
      where m."orgId" = ${scope.orgId} order by m.id for no key update of m
    )
    update group_membership m set
      version = told.version, wanted = told.wanted, state = told.state, "blockedCause" = told."blockedCause", held = told.held,
      managed = told.managed, "windowFrom" = told."from", "windowUntil" = told."until", "nextChangeAt" = told."nextChangeAt",
      "dueAt" = told."dueAt", "retryAt" = told."retryAt", attempts = told.attempts, "lastError" = told."lastError", failing = told.failing
    from told, mine
    where m.id = told.id and m.id = mine.id and m."orgId" = ${scope.orgId} and m.version = told.was
    returning m.id`);
  return written.map((row) => row.id);
}

/**
 * What core's `postpone` does, to whatever of the connection owes a step before `until`; what is only waiting for its next change is looked
 * at no earlier than that either.
 */
async function postpone(scope: Scope, integrationId: string, until: Instant): Promise<void> {
  const at = instant(until);
  await scope.count(sql`
    update group_membership m set
      state = case
        when o.owed and m."retryAt" is null and m.state in ('GRANTING', 'REVOKING') then 'UNKNOWN'
        else m.state end,
      "retryAt" = case when o.owed then greatest(m."retryAt", ${at}) else m."retryAt" end,
      "dueAt" = ${at},
      version = m.version + 1
    from (
      select id,
        case
          when state = 'BLOCKED' then "retryAt" is not null
          when wanted then state <> 'ACTIVE'
          else state <> 'ABSENT' end as owed
      from group_membership
      where "orgId" = ${scope.orgId} and managed and "dueAt" < ${at}
        and "accessGroupId" = any(array(
          select g.id from access_group g where g."orgId" = ${scope.orgId} and g."integrationId" = ${uuid(integrationId)}))
      order by id for no key update
    ) o
    where m.id = o.id and m."orgId" = ${scope.orgId} and m.managed and m."dueAt" < ${at}`);
}
