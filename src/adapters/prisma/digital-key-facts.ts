import type { Instant } from '../../core/time.ts';
import type { DigitalKeyFacts, Store } from '../../ports/store.ts';
import { LOCATION } from './records.ts';
import { firstBegins } from './rights.ts';
import { ms, sql } from './sql.ts';
import type { Executor } from './sql.ts';
import { named } from './table.ts';

type Found = Pick<DigitalKeyFacts, 'location' | 'member' | 'integration' | 'activations' | 'keys'> & {
  begins: { firstBegunAt: Instant | null; nextStartsAt: Instant | null };
};

/** One statement: it is asked with every query and every event of a subscriber. Instants inside JSON are milliseconds. */
export function digitalKeyFacts(direct: Executor): Store['digitalKeyFacts'] {
  return async (orgId, memberExternalId, location) => {
    const [found] = await direct.rows<Found>(sql`
      with
      l as (select * from location where "orgId" = ${orgId} and ${named(LOCATION, location)}),
      m as (select id, role from member where "orgId" = ${orgId} and "externalId" = ${memberExternalId}::text and "removedAt" is null),
      i as (select integration.* from integration join l on l.id = integration."locationId" where integration."orgId" = ${orgId}),
      begins as (
        select ${firstBegins({ orgId, memberId: sql`m.id`, locationId: sql`l.id`, now: sql`now()` })} from l left join m on true
      ),
      newest as (
        select distinct on (a."deviceId") d.uid, a.*
        from activation a join m on m.id = a."memberId" join l on l.id = a."locationId"
        join device d on d.id = a."deviceId" and d."orgId" = ${orgId}
        where a."orgId" = ${orgId}
        order by a."deviceId", a."startedAt" desc, a.id desc
      )
      select
        json_build_object(
          'id', l.id, 'externalId', l."externalId", 'name', l.name, 'timeZone', l."timeZone",
          'graceBeforeMinutes', l."graceBeforeMinutes", 'graceAfterMinutes', l."graceAfterMinutes") as location,
        (select json_build_object('id', m.id, 'role', m.role) from m) as member,
        (
          select json_build_object(
            'id', i.id, 'status', i.status, 'visibility', i."digitalKeyVisibility",
            'siteSupportsKeys', coalesce((
              select s."digitalKeysSupported" from site s
              where s."orgId" = ${orgId} and s."integrationId" = i.id and s."externalId" = i."siteExternalId"), false),
            'wasConnected', coalesce(i."statusBefore" in ('CONNECTED', 'NEEDS_REAUTHORIZATION'), false))
          from i
        ) as integration,
        (
          select json_build_object('firstBegunAt', ${ms(sql`b."firstBegunAt"`)}, 'nextStartsAt', ${ms(sql`b."nextStartsAt"`)}) from begins b
        ) as begins,
        (
          select coalesce(json_agg(json_build_object(
            'deviceUid', n.uid, 'status', n.status, 'startedAt', ${ms(sql`n."startedAt"`)}, 'deadline', ${ms(sql`n.deadline`)},
            'failureMessage', n."failureMessage") order by n."startedAt" desc, n.id desc), '[]')
          from newest n
        ) as activations,
        (
          select coalesce(json_agg(json_build_object(
            'deviceUid', d.uid, 'activatedAt', ${ms(sql`k."activatedAt"`)}, 'expiresAt', ${ms(sql`k."expiresAt"`)},
            'cancelledAt', ${ms(sql`k."cancelledAt"`)}) order by k.id), '[]')
          from mobile_key k join m on m.id = k."memberId" join i on i.id = k."integrationId" and i."siteExternalId" = k."siteExternalId"
          join device d on d.id = k."deviceId" and d."orgId" = ${orgId}
          where k."orgId" = ${orgId}
        ) as keys
      from l`);
    if (found === undefined) return null;
    const { begins, ...facts } = found;
    return { ...facts, ...begins };
  };
}
