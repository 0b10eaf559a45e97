import type { DayPassUseRow } from '../../ports/rows.ts';
import type { DayPassStore, PassPoolFacts } from '../../ports/store.ts';
import { DAY_PASS_USE } from './records.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { ms, sql, uuid, uuids } from './sql.ts';
import { refersWithin } from './table.ts';

type Pool = { memberId: string } | { companyId: string };

function poolKey(pool: Pool): string {
  return 'memberId' in pool ? `member:${pool.memberId}` : `company:${pool.companyId}`;
}

function poolOf(use: DayPassUseRow): Pool {
  if (use.memberId !== null) return { memberId: use.memberId };
  if (use.companyId !== null) return { companyId: use.companyId };
  throw new Error('A day pass is taken from the pool of a member or of a company.');
}

/** The subscription `s` with what its items' plans bring, as JSON. */
const PASS_SUBSCRIPTION = sql`
  json_build_object(
    'startsOn', s."startsOn", 'endsOn', s."endsOn", 'canceledAt', ${ms(sql`s."canceledAt"`)},
    'items', (
      select coalesce(json_agg(json_build_object('passes', p."dayPassesPerMonth", 'endedAt', ${ms(sql`i."endedAt"`)}) order by i.id), '[]')
      from subscription_item i join plan p on p.id = i."planId" and p."orgId" = i."orgId"
      where i."subscriptionId" = s.id and i."orgId" = s."orgId"
    )
  )`;

export function dayPasses(scope: Scope): DayPassStore {
  const { orgId } = scope;
  return {
    ofBooking: (bookingId) =>
      scope.rows<DayPassUseRow>(sql`
        select ${DAY_PASS_USE.selected} from day_pass_use where "orgId" = ${orgId} and "bookingId" = ${uuid(bookingId)} order by day`),

    async used(locationId, pool, month) {
      const [row] = await scope.rows<{ used: number }>(sql`
        select count(*)::int4 as used from day_pass_use
        where "orgId" = ${orgId} and "locationId" = ${uuid(locationId)} and pool = ${poolKey(pool)} and month = ${month}`);
      return row?.used ?? 0;
    },

    async allowances(locationId, pool) {
      const subscriber = 'memberId' in pool ? sql`s."memberId" = ${uuid(pool.memberId)}` : sql`s."companyId" = ${uuid(pool.companyId)}`;
      const rows = await scope.rows<{ subscription: PassPoolFacts['subscriptions'][number] }>(sql`
        select ${PASS_SUBSCRIPTION} as subscription from member_subscription s
        where s."orgId" = ${orgId} and s."locationId" = ${uuid(locationId)} and ${subscriber} order by s.id`);
      return rows.map((row) => row.subscription);
    },

    take: (use, allowance) => take(scope, use, allowance),

    async giveBack(bookingId, days) {
      await scope.count(sql`
        delete from day_pass_use
        where "orgId" = ${orgId} and "bookingId" = ${uuid(bookingId)} and day = any(${days}::text[]::date[])`);
    },

    poolsOf: (subscriptionIds) => poolsOf(scope, subscriptionIds),
  };
}

/**
 * Takes the lowest free slot. Whoever wants a slot that another transaction is just taking waits for it to end (the unique index of pool,
 * month and slot); then that slot is taken and the next free one is tried.
 */
async function take(scope: Scope, use: DayPassUseRow, allowance: number): Promise<boolean> {
  const pool = poolKey(poolOf(use));
  for (;;) {
    const tried = await scope.rows<{ free: number | null; taken: number | null }>(sql`
      with known as (select 1 where ${refersWithin(DAY_PASS_USE, scope.orgId, use)}),
      free as (
        select min(s.slot) as slot from generate_series(1, ${allowance}::int4) as s(slot)
        where not exists (
          select 1 from day_pass_use u
          where u."orgId" = ${scope.orgId} and u."locationId" = ${uuid(use.locationId)} and u.pool = ${pool} and u.month = ${use.month}
            and u.slot = s.slot)
      ), taken as (
        insert into day_pass_use (id, "orgId", "locationId", "bookingId", "memberId", "companyId", pool, month, day, slot)
        select ${uuid(scope.secrets.newId())}, ${scope.orgId}, ${uuid(use.locationId)}, ${uuid(use.bookingId)}, ${uuid(use.memberId)},
          ${uuid(use.companyId)}, ${pool}, ${use.month}, ${use.day}::date, free.slot
        from free, known where free.slot is not null
        on conflict ("locationId", pool, month, slot) do nothing
        returning slot
      )
      select (select slot from free) as free, (select slot from taken) as taken from known`);
    const { free, taken } = mustExist(tried, 'booking or subscriber of a day pass');
    if (free === null) return false;
    if (taken !== null) return true;
  }
}

async function poolsOf(scope: Scope, subscriptionIds: string[]): Promise<PassPoolFacts[]> {
  const rows = await scope.rows<Omit<PassPoolFacts, 'usedByMonth'> & { used: Record<string, number> }>(sql`
    with asked as (
      select "locationId", "memberId", "companyId", array_agg(id::text order by id) as ids from member_subscription
      where "orgId" = ${scope.orgId} and id = any(${uuids(subscriptionIds)})
      group by "locationId", "memberId", "companyId"
    )
    select asked.ids as "subscriptionIds", l."timeZone" as zone,
      (
        select json_agg(${PASS_SUBSCRIPTION} order by s.id) from member_subscription s
        where s."orgId" = ${scope.orgId} and s."locationId" = asked."locationId"
          and (s."memberId" = asked."memberId" or s."companyId" = asked."companyId")
      ) as subscriptions,
      (
        select coalesce(json_object_agg(u.month, u.taken), '{}') from (
          select month, count(*) as taken from day_pass_use
          where "orgId" = ${scope.orgId} and "locationId" = asked."locationId"
            and pool = coalesce('member:' || asked."memberId", 'company:' || asked."companyId")
          group by month
        ) u
      ) as used
    from asked join location l on l.id = asked."locationId" and l."orgId" = ${scope.orgId}
    order by asked.ids`);
  return rows.map(({ used, ...facts }) => ({ ...facts, usedByMonth: new Map(Object.entries(used)) }));
}
