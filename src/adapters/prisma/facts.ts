import type { BookingFacts, Facts, SubscriptionFacts } from '../../core/rights.ts';
import type { FactsScope } from '../../ports/store.ts';
import type { Scope } from './scope.ts';
import { ms, sql, uuids } from './sql.ts';

/** What rights are founded on, in two statements whatever the number of ids. Removed members are nobody's people. */
export async function factsOf(scope: Scope, { subscriptionIds, bookingIds }: FactsScope): Promise<Facts> {
  return {
    subscriptions: subscriptionIds.length === 0 ? [] : await subscriptionFacts(scope, subscriptionIds),
    bookings: bookingIds.length === 0 ? [] : await bookingFacts(scope, bookingIds),
  };
}

async function subscriptionFacts(scope: Scope, ids: string[]): Promise<SubscriptionFacts[]> {
  return scope.rows<SubscriptionFacts>(sql`
    select l."timeZone" as zone, s."startsOn"::text as "startsOn", s."endsOn"::text as "endsOn", s."canceledAt",
      (
        select coalesce(json_agg(json_build_object('memberId', m.id, 'since', ${ms(sql`m.since`)}) order by m.id), '[]')
        from (
          select id, null::timestamptz as since from member
          where id = s."memberId" and "orgId" = ${scope.orgId} and "removedAt" is null
          union all
          select id, "companySince" from member
          where "companyId" = s."companyId" and "orgId" = ${scope.orgId} and "removedAt" is null
        ) m
      ) as people,
      (
        select coalesce(
          json_agg(json_build_object('id', i.id, 'accessGroupId', i."accessGroupId", 'endedAt', ${ms(sql`i."endedAt"`)}) order by i.id),
          '[]')
        from subscription_item i where i."subscriptionId" = s.id and i."orgId" = ${scope.orgId}
      ) as items
    from member_subscription s
    join location l on l.id = s."locationId" and l."orgId" = ${scope.orgId}
    where s."orgId" = ${scope.orgId} and s.id = any(${uuids(ids)})
    order by s.id`);
}

async function bookingFacts(scope: Scope, ids: string[]): Promise<BookingFacts[]> {
  return scope.rows<BookingFacts>(sql`
    select b.id, r.kind, r."accessGroupId", b."startsAt", b."endsAt", b."canceledAt", l."graceBeforeMinutes", l."graceAfterMinutes",
      booker.id as "memberId",
      (
        select coalesce(json_agg(json_build_object('memberId', m.id, 'since', ${ms(sql`i."invitedAt"`)}) order by m.id), '[]')
        from booking_invitee i join member m on m.id = i."memberId" and m."orgId" = ${scope.orgId} and m."removedAt" is null
        where i."bookingId" = b.id and i."orgId" = ${scope.orgId}
      ) as invitees
    from booking b
    left join member booker on booker.id = b."memberId" and booker."orgId" = ${scope.orgId} and booker."removedAt" is null
    join resource r on r.id = b."resourceId" and r."orgId" = ${scope.orgId}
    join location l on l.id = b."locationId" and l."orgId" = ${scope.orgId}
    where b."orgId" = ${scope.orgId} and b.id = any(${uuids(ids)})
    order by b.id`);
}
