import type { RemovalGuard } from '../../core/guard.ts';
import type { GuardedChange, HeldRemovalRow, HeldRemovalStore, HeldRightRow } from '../../ports/held-removals.ts';
import type { FactsScope, Pair, Store } from '../../ports/store.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { forLock, instant, sql, uuid, uuids } from './sql.ts';
import type { Executor, Sql } from './sql.ts';
import { recordset, refersTo, table } from './table.ts';

const REMOVAL = table<HeldRemovalRow>('held_removal', {
  id: 'uuid',
  locationId: refersTo('location'),
  integrationId: refersTo('integration'),
  accessGroupId: refersTo('access_group'),
  cause: '"RemovalCause"',
  detail: 'text',
  actor: 'text',
  createdAt: 'timestamptz',
  judgedAt: 'timestamptz',
  people: 'int4',
  resolution: '"RemovalResolution"',
  resolvedAt: 'timestamptz',
});

export function heldRemovals(scope: Scope): HeldRemovalStore {
  return { ...guards(scope), ...holding(scope), ...judging(scope), ...deciding(scope) };
}

function guards(scope: Scope): Pick<HeldRemovalStore, 'guard' | 'setGuard'> {
  const { orgId } = scope;
  return {
    guard: async (locationId) =>
      mustExist(
        await scope.rows<RemovalGuard>(sql`
          select "guardSharePercent" as "sharePercent", "guardLeastPeople" as "leastPeople" from location
          where "orgId" = ${orgId} and id = ${uuid(locationId)}`),
        'location',
      ),
    async setGuard(locationId, { sharePercent, leastPeople }) {
      await scope.count(sql`
        update location set "guardSharePercent" = ${sharePercent}::int4, "guardLeastPeople" = ${leastPeople}::int4
        where "orgId" = ${orgId} and id = ${uuid(locationId)}`);
    },
  };
}

/** Of the right `r`. */
const inForce = (now: Sql): Sql => sql`(r."startsAt" <= ${now} and (r."endsAt" is null or r."endsAt" > ${now}))`;

function holding(scope: Scope): Pick<HeldRemovalStore, 'hold' | 'unhold' | 'sources'> {
  const { orgId, now } = scope;
  return {
    async hold(change, rights) {
      const groupIds = [...new Set(rights.map(({ accessGroupId }) => accessGroupId))];
      await beginRemovals(scope, change, groupIds);
      await scope.count(sql`
        update access_right r set "heldRemovalId" = h.id, "heldWhy" = t.why, "heldGiven" = t.given
        from ${recordset('t', { id: 'uuid', why: 'text', given: 'bool' }, rights)}, held_removal h
        where r.id = t.id and r."orgId" = ${orgId} and r."closedAt" is null
          and h."changeId" = ${uuid(change.id)} and h."orgId" = ${orgId} and h."accessGroupId" = r."accessGroupId"`);
    },

    async unhold(rightIds) {
      await scope.count(sql`
        update access_right set "heldRemovalId" = null, "heldWhy" = null, "heldGiven" = null
        where "orgId" = ${orgId} and id = any(${uuids(rightIds)})`);
    },

    async sources(of) {
      const whose = 'memberId' in of ? sql`r."memberId" = ${uuid(of.memberId)}` : sql`r."locationId" = ${uuid(of.locationId)}`;
      const found = await scope.rows<{ bookingId: string | null; subscriptionId: string | null }>(sql`
        select distinct r."bookingId", i."subscriptionId"
        from access_right r left join subscription_item i on i.id = r."subscriptionItemId"
        where r."orgId" = ${orgId} and r."heldRemovalId" is not null and r."closedAt" is null and ${whose}
          and (r."endsAt" is null or r."endsAt" > ${instant(now)})`);
      const scopeOf: FactsScope = { subscriptionIds: [], bookingIds: [] };
      for (const { bookingId, subscriptionId } of found) {
        if (bookingId !== null) scopeOf.bookingIds.push(bookingId);
        if (subscriptionId !== null) scopeOf.subscriptionIds.push(subscriptionId);
      }
      return scopeOf;
    },
  };
}

/** One for each group, in the order of groups: two items of one import that begin the same wait for each other, and do not deadlock. */
async function beginRemovals(scope: Scope, change: GuardedChange, groupIds: string[]): Promise<void> {
  const rows = groupIds.map((accessGroupId) => ({ id: scope.secrets.newId(), accessGroupId }));
  await scope.count(sql`
    insert into held_removal
      (id, "orgId", "locationId", "integrationId", "accessGroupId", "changeId", cause, detail, actor, "startedAt", "createdAt")
    select t.id, ${scope.orgId}, g."locationId", g."integrationId", g.id, ${uuid(change.id)}, ${change.cause}::"RemovalCause",
      ${change.detail}, ${change.actor}, ${instant(change.startedAt ?? scope.now)}, ${instant(scope.now)}
    from ${recordset('t', { id: 'uuid', accessGroupId: 'uuid' }, rows)}
    join access_group g on g.id = t."accessGroupId" and g."orgId" = ${scope.orgId}
    order by g.id
    on conflict ("changeId", "accessGroupId") do nothing`);
}

type Judging = Pick<HeldRemovalStore, 'peopleOf' | 'toJudge' | 'keep' | 'discard' | 'rights' | 'pairs'>;

function judging(scope: Scope): Judging {
  const { orgId } = scope;
  const now = instant(scope.now);
  return {
    async peopleOf(changeId) {
      const rows = await scope.rows<{ memberId: string }>(sql`
        select distinct r."memberId" from held_removal h join access_right r on r."heldRemovalId" = h.id and r."closedAt" is null
        where h."orgId" = ${orgId} and h."changeId" = ${uuid(changeId)} and h."judgedAt" is null order by 1`);
      return rows.map(({ memberId }) => memberId);
    },

    async toJudge(changeId) {
      await scope.rows(sql`
        select id from held_removal where "orgId" = ${orgId} and "changeId" = ${uuid(changeId)} order by id for update`);
      return scope.rows<HeldRemovalRow & { inGroup: number }>(sql`
        select ${REMOVAL.selected}, (
          select count(distinct r."memberId")::int4 from access_right r
          where r."orgId" = ${orgId} and r."accessGroupId" = held_removal."accessGroupId" and r."closedAt" is null and ${inForce(now)}
            and (r."createdAt" < held_removal."startedAt" or r."heldRemovalId" = held_removal.id)) as "inGroup"
        from held_removal
        where "orgId" = ${orgId} and "changeId" = ${uuid(changeId)} and "judgedAt" is null order by id`);
    },

    async keep(id, { people, inGroup }) {
      await scope.count(sql`
        update held_removal set "judgedAt" = ${now}, people = ${people}::int4, "inGroup" = ${inGroup}::int4
        where "orgId" = ${orgId} and id = ${uuid(id)}`);
    },

    async discard(id) {
      // Whatever is left open ran out before it was judged: closed, so that it does not stand beside the right that took its place.
      await scope.count(sql`
        update access_right set "heldRemovalId" = null, "heldWhy" = null, "heldGiven" = null, "closedAt" = coalesce("closedAt", ${now})
        where "orgId" = ${orgId} and "heldRemovalId" = ${uuid(id)}`);
      await scope.count(sql`delete from held_removal where "orgId" = ${orgId} and id = ${uuid(id)}`);
    },

    rights: (id) =>
      scope.rows<HeldRightRow>(sql`
        select h.id, h."memberId", h."accessGroupId", h."heldWhy" as why, not exists (
          select 1 from access_right r
          where r."memberId" = h."memberId" and r."accessGroupId" = h."accessGroupId" and r."orgId" = ${orgId}
            and r."closedAt" is null and ${inForce(now)} and r."heldRemovalId" is distinct from h."heldRemovalId") as leaves
        from access_right h
        where h."orgId" = ${orgId} and h."heldRemovalId" = ${uuid(id)} and h."closedAt" is null
          and (h."endsAt" is null or h."endsAt" > ${now})
        order by h.id`),

    pairs: (ids) =>
      scope.rows<Pair>(sql`
        select distinct "memberId", "accessGroupId" from access_right
        where "orgId" = ${orgId} and "heldRemovalId" = any(${uuids(ids)}) and "closedAt" is null order by 1, 2`),
  };
}

function deciding(scope: Scope): Pick<HeldRemovalStore, 'get' | 'spent' | 'resolve' | 'anyHeld'> {
  const { orgId } = scope;
  const now = instant(scope.now);
  return {
    async get(id, lock) {
      const [row] = await scope.rows<HeldRemovalRow>(sql`
        select ${REMOVAL.selected} from held_removal
        where "orgId" = ${orgId} and id = ${uuid(id)} and "judgedAt" is not null ${forLock(lock)}`);
      return row ?? null;
    },

    async spent(ids) {
      await scope.rows(sql`select id from held_removal where "orgId" = ${orgId} and id = any(${uuids(ids)}) order by id for update`);
      return scope.rows<HeldRemovalRow>(sql`
        select ${REMOVAL.selected} from held_removal
        where "orgId" = ${orgId} and id = any(${uuids(ids)}) and "judgedAt" is not null and "resolvedAt" is null
          and not exists (
            select 1 from access_right r
            where r."heldRemovalId" = held_removal.id and r."closedAt" is null and (r."endsAt" is null or r."endsAt" > ${now}))
        order by id`);
    },

    async resolve(id, resolution, by) {
      await scope.count(sql`
        update held_removal set resolution = ${resolution}::"RemovalResolution", "resolvedAt" = ${now}, "resolvedBy" = ${by}
        where "orgId" = ${orgId} and id = ${uuid(id)} and "resolvedAt" is null`);
    },

    async anyHeld(integrationId) {
      await scope.rows(sql`
        select id from integration_problem
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and code::text = 'REMOVALS_HELD' and "closedAt" is null
        for update`);
      const [row] = await scope.rows<{ any: boolean }>(sql`
        select exists (
          select 1 from held_removal
          where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and "judgedAt" is not null and "resolvedAt" is null) as any`);
      return row?.any === true;
    },
  };
}

/** What the sweep looks after, over all organisations. */
export function removalsDue(direct: Executor): Pick<Store, 'heldRemovalsDue'> {
  return {
    heldRemovalsDue: (before, limit) =>
      direct.rows<{ orgId: string; id: string; changeId: string; unjudged: boolean }>(sql`
        select h."orgId", h.id, h."changeId", h."judgedAt" is null as unjudged
        from held_removal h
        where h."resolvedAt" is null and case
          when h."judgedAt" is null then h."startedAt" < ${instant(before)}
          else not exists (
            select 1 from access_right r
            where r."heldRemovalId" = h.id and r."closedAt" is null and (r."endsAt" is null or r."endsAt" > now())) end
        order by h.id limit ${limit}::int4`),
  };
}
