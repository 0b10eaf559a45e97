import type { Sizes } from './fill.ts';

/** What the lock side holds: memberships as the rights make them, people known at the provider, phones with keys, and what was told of it. */
export function lockSide(sizes: Sizes): string[] {
  return [memberships(sizes), ...phones(sizes), ...activity(sizes)];
}

/** The union of the open rights (core's `coverage`), settled: whoever is wanted is there. */
function memberships({ org }: Sizes): string {
  return `
    insert into group_membership
      (id, "orgId", "locationId", "integrationId", "memberId", "accessGroupId", wanted, state, held, "windowFrom", "windowUntil",
       "nextChangeAt", "dueAt", version, "createdAt")
    with pair as (
      select "memberId", "accessGroupId", "locationId", min("createdAt") as told from access_right where "orgId" = '${org}' group by 1, 2, 3
    ), opened as (
      select "memberId", "accessGroupId", "startsAt" as s, coalesce("endsAt", 'infinity') as e,
        max(coalesce("endsAt", 'infinity')) over (
          partition by "memberId", "accessGroupId" order by "startsAt", "endsAt" rows between unbounded preceding and 1 preceding) as before
      from access_right where "orgId" = '${org}' and "closedAt" is null
    ), numbered as (
      select *, count(*) filter (where before is null or before < s) over (partition by "memberId", "accessGroupId" order by s, e) as island
      from opened
    ), merged as (
      select "memberId", "accessGroupId", min(s) as s, max(e) as e from numbered group by "memberId", "accessGroupId", island
    ), present as (
      select distinct on ("memberId", "accessGroupId") "memberId", "accessGroupId", s, nullif(e, 'infinity') as e, s <= now() as wanted
      from merged where e > now() order by "memberId", "accessGroupId", s
    )
    select uuidv7(p.told - now()), '${org}', p."locationId", l.integration, p."memberId", p."accessGroupId", coalesce(c.wanted, false),
      (case when c.wanted then 'ACTIVE' else 'ABSENT' end)::"MembershipState", coalesce(c.wanted, false), c.s, c.e,
      case when c.wanted then c.e else c.s end, case when c.wanted then c.e else c.s end, 3, p.told
    from pair p join g_location l on l.id = p."locationId" left join present c using ("memberId", "accessGroupId")`;
}

/** Two in five have a phone with a key, got a while ago; one in three of them needed a second try. */
function phones({ org }: Sizes): string[] {
  return [
    `insert into provider_user
       (id, "orgId", "integrationId", "siteExternalId", "memberId", email, "siteUserId", "platformUserId", "subscriptionState", "settledAt")
     select uuidv7(), '${org}', l.integration, l.site, m.id, 'mem-' || m.n || '@example.com', 'su-' || m.n, 'pu-' || m.n, 'subscribed', now()
     from g_member m join g_location l on l.n = m.location`,
    `create temp table g_phone on commit drop as
     select m.id as member, l.id as location, l.integration, l.site, uuidv7(-interval '300 days') as id,
       date_trunc('second', now() - interval '1 day' * (1 + random() * 150)) as got, random() < 0.33 as again
     from g_member m join g_location l on l.n = m.location where m.n % 5 < 2`,
    `insert into device (id, "orgId", "memberId", uid, name, "publicKey")
     select id, '${org}', member, 'phone-' || id, 'Phone', repeat('k', 124) from g_phone`,
    `insert into activation
       (id, "orgId", "memberId", "locationId", "integrationId", "deviceId", status, "ticketHash", "ticketExpiresAt", "startedAt", deadline,
        "finishedAt", "failureMessage")
     select uuidv7(got - now()), '${org}', member, location, integration, id,
       (case when tried then 'FAILED' else 'DONE' end)::"ActivationStatus", md5(id::text || tried), got + interval '1 minute', got,
       got + interval '1 minute', got + interval '20 seconds', case when tried then 'It took too long.' end
     from (select *, false as tried from g_phone union all select *, true from g_phone where again) p`,
    // One in ten has lost the tokens a renewal needs, and its key runs out.
    `insert into mobile_key
       (id, "orgId", "memberId", "locationId", "integrationId", "siteExternalId", "deviceId", "providerDeviceId", "sealedKey",
        "issuedAt", "expiresAt", "renewAt", "sealedTokens", "activatedAt")
     select uuidv7(got - now()), '${org}', member, location, integration, site, id, 'pd-' || id, repeat('s', 400), got,
       case when lost then got + interval '30 days' else now() + interval '30 days' end,
       case when lost then got + interval '24 days' else now() + interval '24 days' end,
       case when not lost then repeat('t', 900) end, got
     from (select *, random() < 0.1 as lost from g_phone) p`,
  ];
}

/** In and out once for each right that began, one entry of the lock's log for each booking, and the first access of each person. */
function activity({ org }: Sizes): string[] {
  const into = 'insert into activity (id, "orgId", "locationId", at, type, "memberId", "accessGroupId", actor, detail, "onceKey")';
  const begun = `r."orgId" = '${org}' and r."startsAt" <= now() and (r."withdrawnAt" is null or r."withdrawnAt" > r."startsAt")`;
  return [
    `${into}
     select uuidv7(x.at - now()), '${org}', r."locationId", x.at, x.type::"ActivityType", r."memberId", r."accessGroupId", 'system', x.detail,
       case when x.type = 'UNLOCK_REPORTED' then 'entry:' || gen_random_uuid() end
     from access_right r join access_group g on g.id = r."accessGroupId" cross join lateral (values
       (r."startsAt", 'ACCESS_GRANTED', 'Was put into the access group ' || g.name || '.'),
       (coalesce(r."withdrawnAt", r."endsAt"), 'ACCESS_REVOKED', 'Was taken out of the access group ' || g.name || '.'),
       (case when r."bookingId" is not null then r."startsAt" + interval '31 minutes' end, 'UNLOCK_REPORTED', 'Front door was opened by mobile key.')
     ) x(at, type, detail)
     where ${begun} and x.at <= now()`,
    `${into}
     select uuidv7(r.at - now()), '${org}', r."locationId", r.at, 'KEY_AVAILABLE', r."memberId", null, 'system',
       'Has access here now or has had it: the digital key can be activated.', 'key-available:' || r."memberId"
     from (select r."locationId", r."memberId", min(r."startsAt") as at from access_right r where ${begun} group by 1, 2) r`,
    `${into}
     select uuidv7(-interval '1 day' * x.days), '${org}', l.id, now() - interval '1 day' * x.days, x.type::"ActivityType", null, null, x.actor,
       x.detail, null
     from g_location l cross join lateral (values
       (700, 'INTEGRATION_CONNECTED', 'admin:grace', 'The lock system was connected.'),
       (700, 'SITE_SELECTED', 'admin:grace', 'The site was selected.'),
       (200, 'INTEGRATION_PROBLEM', 'system', 'Four in five seats are taken.')) x(days, type, actor, detail)`,
    `insert into unlock (id, "orgId", "memberId", "locationId", "deviceId", status, outcome, "startedAt", "finishedAt")
     select uuidv7(p.got - now()), '${org}', p.member, p.location, p.id, 'SIGNAL_SENT', 'SIGNAL_SENT', p.got, p.got + interval '5 seconds'
     from g_phone p, generate_series(1, 3)`,
  ];
}
