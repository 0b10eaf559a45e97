import type { Sizes } from './fill.ts';

/**
 * Instants of bookings lie on a grid of half hours, seven minutes off the present minute: nothing begins or ends while somebody looks.
 */
const BASE = `date_trunc('minute', now()) + interval '7 minutes'`;
const GRACE = `interval '30 minutes'`;
/** Rights that ended this long ago have been closed by the sweep. */
const CLOSED_AFTER = `interval '15 minutes'`;
const DAYS_BACK = 365;
const DAYS_AHEAD = 30;
const DAY_PASSES = 5;

/** Subscriptions and bookings with the rights they found: most are over and closed. */
export function reasons(sizes: Sizes): string[] {
  return [...subscriptions(sizes), ...bookings(sizes), ...bookingRights(sizes)];
}

/** Each company has one, and three in five of those without a company. Two in five have ended. */
function subscriptions({ org }: Sizes): string[] {
  return [
    `create temp table g_subscription on commit drop as
     select row_number() over () as n, s.*, p.id as plan, p."group", uuidv7(-interval '700 days') as id,
       uuidv7(-interval '700 days') as item, case when random() < 0.4 then starts + (random() * (current_date - 2 - starts))::int end as ends
     from (
       select null::uuid as member, id as company, location, k, current_date - 30 - (random() * 600)::int as starts from g_company
       union all
       select id, null, location, k, current_date - 30 - (random() * 600)::int from g_member where company is null and random() < 0.6
     ) s join g_plan p on p.location = s.location and p.k = s.k`,
    `insert into member_subscription (id, "orgId", "externalId", "locationId", "memberId", "companyId", "startsOn", "endsOn", "createdAt")
     select s.id, '${org}', 'sub-' || s.n, l.id, s.member, s.company, s.starts, s.ends, s.starts - interval '3 days'
     from g_subscription s join g_location l on l.n = s.location`,
    `insert into subscription_item (id, "orgId", "externalId", "subscriptionId", "planId", "accessGroupId", "createdAt")
     select item, '${org}', 'ite-' || n, id, plan, "group", starts - interval '3 days' from g_subscription`,
    `create temp table g_subscriber on commit drop as
     select s.n, m.id as member from g_subscription s join g_member m on m.company = s.company
     union all select n, member from g_subscription where member is not null`,
    `insert into access_right
       (id, "orgId", "locationId", "memberId", "accessGroupId", reason, "subscriptionItemId", "startsAt", "endsAt", "createdAt", "closedAt")
     select uuidv7(told - now()), '${org}', location, member, "group", 'SUBSCRIPTION', item, "from", until, told,
       case when until < now() - ${CLOSED_AFTER} then until + ${CLOSED_AFTER} end
     from (
       select p.member, l.id as location, s."group", s.item, s.starts::timestamp at time zone l.zone as "from",
         (s.ends + 1)::timestamp at time zone l.zone as until, s.starts - interval '3 days' as told
       from g_subscription s join g_location l on l.n = s.location join g_subscriber p on p.n = s.n
     ) w`,
  ];
}

/** As many as the rights asked for leave room for; one in five is of a room, and has an invitee. Desks are paid with day passes, as far as they go. */
function bookings({ org, rights, ahead, members, groupsPerLocation }: Sizes): string[] {
  return [
    `create temp table g_booking on commit drop as
     select b.*, m.id as member, m.location, m.r, m.mates, m."group" as home, x.id as resource, x.kind, x."group",
       b.starts + b.halves * interval '30 minutes' as ends,
       least(b.starts - interval '1 day' * (1 + random() * 14), now() - interval '1 hour') as told, random() < 0.05 as canceled,
       uuidv7(b.starts - interval '3 days' - now()) as id
     from (
       select n, floor(random() * ${members})::int as who, 1 + floor(random() * 5)::int as no, 1 + floor(random() * 8)::int as halves,
         case when random() < 0.05 then 1 else 0 end as elsewhere,
         case when n < ${ahead}
           then ${BASE} + floor(random() * ${DAYS_AHEAD * 48}) * interval '30 minutes'
           else ${BASE} - (8 + floor(random() * ${DAYS_BACK * 48})) * interval '30 minutes' end as starts
       from generate_series(0, ((${rights} - (select count(*) from access_right where "orgId" = '${org}')) / 1.2)::int - 1) n
     ) b
     join g_member m on m.n = b.who
     join g_resource x on x.location = m.location and x.k = (m.k + b.elsewhere) % ${groupsPerLocation} and x.no = b.no`,
    `create temp table g_pass on commit drop as
     select * from (
       select b.n, b.member, l.id as location, (b.starts at time zone l.zone)::date as day,
         row_number() over (partition by l.id, b.member, to_char(b.starts at time zone l.zone, 'YYYY-MM') order by b.n) as slot
       from g_booking b join g_location l on l.n = b.location
       where b.kind = 'DESK' and not b.canceled and (b.starts at time zone l.zone)::date = (b.ends at time zone l.zone)::date
     ) p where slot <= ${DAY_PASSES}`,
    `insert into booking
       (id, "orgId", "externalId", "locationId", "resourceId", "memberId", "startsAt", "endsAt", "paidWithDayPass", "canceledAt", "createdAt")
     select b.id, '${org}', 'boo-' || b.n, l.id, b.resource, b.member, b.starts, b.ends, p.n is not null,
       case when b.canceled then b.told + interval '30 minutes' end, b.told
     from g_booking b join g_location l on l.n = b.location left join g_pass p on p.n = b.n`,
    `insert into day_pass_use (id, "orgId", "locationId", "bookingId", "memberId", pool, month, day, slot)
     select uuidv7(), '${org}', p.location, b.id, p.member, 'member:' || p.member, to_char(p.day, 'YYYY-MM'), p.day, p.slot
     from g_pass p join g_booking b on b.n = p.n`,
    `create temp table g_invitee on commit drop as
     select b.n, m.id as member from g_booking b join g_member m on m."group" = b.home and m.r = (b.r + 1) % b.mates
     where b.kind = 'ROOM' and b.mates > 1`,
    `insert into booking_invitee ("bookingId", "memberId", "orgId", "invitedAt")
     select b.id, i.member, '${org}', b.told from g_invitee i join g_booking b on b.n = i.n`,
  ];
}

function bookingRights({ org }: Sizes): string[] {
  return [
    `insert into access_right
       (id, "orgId", "locationId", "memberId", "accessGroupId", reason, "bookingId", "startsAt", "endsAt", "createdAt",
        "withdrawnAt", "withdrawnWhy", "closedAt")
     select uuidv7(told - now()), '${org}', location, member, "group", reason, id, "from", until, told, withdrawn,
       case when withdrawn is not null then 'The booking was cancelled, or its resource has no access group any more.' end,
       coalesce(withdrawn, case when until < now() - ${CLOSED_AFTER} then until + ${CLOSED_AFTER} end)
     from (
       select b.id, l.id as location, p.member, b."group", b.starts - ${GRACE} as "from", b.ends + ${GRACE} as until, b.told,
         case when b.canceled then b.told + interval '30 minutes' end as withdrawn,
         (case when p.member = b.member then b.kind || '_BOOKING' else 'ROOM_INVITATION' end)::"AccessReason" as reason
       from (select n, member from g_booking union all select n, member from g_invitee) p
       join g_booking b on b.n = p.n join g_location l on l.n = b.location
     ) w`,
  ];
}
