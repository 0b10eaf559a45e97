import type { Sizes } from './fill.ts';

/** Members of a company: the first half of all members belong to one. */
const PER_COMPANY = 10;
const KINDS = `'{ROOM,DESK,OFFICE,EQUIPMENT,PARKING}'::"ResourceKind"[]`;
const ZONES = `'{Europe/Berlin,Europe/London,America/New_York,Asia/Tokyo}'::text[]`;
/** Nobody is told of anything before this. */
const OPENED = `interval '760 days'`;

/**
 * Locations with their connections and groups, people, what can be booked and rented. Temporary tables keep what belongs to whom: each
 * member has one group at one location that all of their reasons lead to, but for a few bookings.
 */
export function workspace(sizes: Sizes): string[] {
  return [...places(sizes), ...people(sizes), ...things()];
}

function places({ org, locations, groupsPerLocation }: Sizes): string[] {
  return [
    `create temp table g_location on commit drop as
     select n, uuidv7(-${OPENED}) as id, uuidv7(-${OPENED}) as integration, 'site-${org}-' || n as site,
       (${ZONES})[1 + n % 4] as zone
     from generate_series(0, ${locations - 1}) n`,
    `create temp table g_group on commit drop as
     select l.n as location, k, uuidv7(-${OPENED}) as id from g_location l, generate_series(0, ${groupsPerLocation - 1}) k`,
    `insert into location (id, "orgId", "externalId", name, "timeZone")
     select id, '${org}', 'loc-' || n, 'Location ' || n, zone from g_location`,
    `insert into integration (id, "orgId", "locationId", status, "siteExternalId", "siteHeld", "connectedAt", "lastSyncedAt")
     select integration, '${org}', id, 'CONNECTED', site, true, now() - ${OPENED}, now() from g_location`,
    `insert into site (id, "orgId", "integrationId", "externalId", name, "timeZone", "digitalKeysSupported", "seatsTotal", "seatsUsed")
     select uuidv7(), '${org}', integration, site, 'Location ' || n, zone, true, 100000, 0 from g_location`,
    `insert into access_group
       (id, "orgId", "locationId", "integrationId", "siteExternalId", "externalId", name, scheduled, "alwaysOpen", "auditedAt")
     select g.id, '${org}', l.id, l.integration, l.site, 'group-' || l.n || '-' || k, 'Group ' || k, true, true, now()
     from g_group g join g_location l on l.n = g.location`,
    `insert into lock (id, "orgId", "integrationId", "siteExternalId", "externalId", name, online)
     select uuidv7(), '${org}', integration, site, 'lock-' || n || '-' || k, 'Door ' || k, true
     from g_location, generate_series(0, ${groupsPerLocation - 1}) k`,
    `insert into access_group_lock ("accessGroupId", "lockId", "orgId")
     select g.id, d.id, '${org}' from g_group g join lock d on d."externalId" = 'lock-' || g.location || '-' || g.k and d."orgId" = '${org}'`,
  ];
}

function people({ org, members, locations, groupsPerLocation }: Sizes): string[] {
  const companies = Math.ceil(members / 2 / PER_COMPANY);
  const home = (n: string) => `${n} % ${locations} as location, (${n} / ${locations}) % ${groupsPerLocation} as k`;
  return [
    `create temp table g_company on commit drop as
     select n, uuidv7(-${OPENED}) as id, ${home('n')} from generate_series(0, ${companies - 1}) n`,
    `insert into company (id, "orgId", "externalId", name, "createdAt")
     select id, '${org}', 'com-' || n, 'Company ' || n, now() - ${OPENED} from g_company`,
    // `r` and `mates`: their place among all who share their group.
    `create temp table g_member on commit drop as
     select m.*, g.id as "group", row_number() over (partition by g.id order by m.n) - 1 as r, count(*) over (partition by g.id) as mates
     from (
       select i as n, uuidv7(-${OPENED}) as id, c.id as company, c.location, c.k
       from generate_series(0, ${members - 1}) i join g_company c on c.n = i / ${PER_COMPANY} where i < ${members / 2}
       union all
       select n, uuidv7(-${OPENED}), null, ${home('n')} from generate_series(0, ${members - 1}) n where n >= ${members / 2}
     ) m join g_group g on g.location = m.location and g.k = m.k`,
    'create unique index on g_member (n)',
    'create index on g_member ("group", r)',
    'analyze g_member',
    `insert into member
       (id, "orgId", "externalId", email, "emailKey", "firstName", "lastName", "companyId", "companySince", "createdAt")
     select id, '${org}', 'mem-' || n, 'mem-' || n || '@example.com', 'mem-' || n || '@example.com', 'Mem', 'Number ' || n, company,
       case when company is not null then now() - ${OPENED} end, now() - ${OPENED}
     from g_member`,
  ];
}

function things(): string[] {
  return [
    `create temp table g_plan on commit drop as select location, k, id as "group", uuidv7(-${OPENED}) as id from g_group`,
    `create temp table g_resource on commit drop as
     select g.location, g.k, g.id as "group", uuidv7(-${OPENED}) as id, kind.n as no, kind.name as kind
     from g_group g, unnest(${KINDS}) with ordinality as kind(name, n)`,
    `insert into plan (id, "orgId", "externalId", "locationId", name, "dayPassesPerMonth", "accessGroupId")
     select p.id, l."orgId", 'pla-' || p.location || '-' || p.k, l.id, 'Plan ' || p.k, 5, p."group"
     from g_plan p join g_location g on g.n = p.location join location l on l.id = g.id`,
    `insert into resource (id, "orgId", "externalId", "locationId", name, kind, "accessGroupId")
     select r.id, l."orgId", 'res-' || r.location || '-' || r.k || '-' || r.no, l.id, 'Resource ' || r.no, r.kind, r."group"
     from g_resource r join g_location g on g.n = r.location join location l on l.id = g.id`,
  ];
}
