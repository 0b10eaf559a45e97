import type { DueGroup, Store } from '../../ports/store.ts';
import { instant, sql, uuid } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

/** Of the integration `i`: what core's `mayCall` says, and that it is not in a pause. */
const MAY_BE_CALLED: Sql = sql`(
  (i.status = 'CONNECTED' or (i.status = 'AUTHORIZING' and i."statusBefore" = 'CONNECTED'))
  and (i."pausedUntil" is null or i."pausedUntil" <= now()))`;

type Due = Pick<
  Store,
  | 'dueGroups'
  | 'groupsToProve'
  | 'groupsToLeave'
  | 'overdueActivations'
  | 'signedInActivations'
  | 'keysToRenew'
  | 'integrationsAwaitingSeats'
  | 'connectedIntegrations'
  | 'expiredConsents'
  | 'deleteExpired'
>;

/** What the sweep looks for, over all organisations. */
export function due(direct: Executor): Due {
  const idsOf = async (statement: Sql): Promise<string[]> => (await direct.rows<{ id: string }>(statement)).map((row) => row.id);
  return {
    dueGroups: (before, after, limit) =>
      direct.rows<DueGroup>(sql`
        select m."accessGroupId", min(m."dueAt") as at,
          -- A row due for its next change becomes what it is not; one that owes a step becomes what is wanted.
          (array_agg(
            case when (m."dueAt" is not distinct from m."nextChangeAt") = m.wanted then 'revoke' else 'grant' end
            order by m."dueAt", m.id))[1] as kind
        from group_membership m
        join integration i on i.id = m."integrationId" and i."orgId" = m."orgId"
        where m.managed and m."dueAt" < ${instant(before)} and ${MAY_BE_CALLED}
          and (${uuid(after)} is null or m."accessGroupId" > ${uuid(after)})
        group by m."accessGroupId" order by m."accessGroupId" limit ${limit}::int4`),

    // The window to come is what is due next, unless a step is owed as well: then the group's run is looking at it anyway. What opens in a
    // moment is no longer proven: the grant tells soon enough, and needs the calls.
    groupsToProve: (before, limit) =>
      idsOf(sql`
        select m."accessGroupId" as id from group_membership m
        join integration i on i.id = m."integrationId" and i."orgId" = m."orgId"
        where m.managed and not m.wanted and m."dueAt" > now() + interval '30 seconds' and m."dueAt" <= ${instant(before)} and m."dueAt" = m."windowFrom"
          and m."provenFor" is distinct from m."windowFrom" and ${MAY_BE_CALLED}
        union
        select p."accessGroupId" from integration_problem p
        join integration i on i.id = p."integrationId" and i."orgId" = p."orgId"
        where p.code = 'ACCESS_AT_RISK' and p."closedAt" is null and p."checkedAt" <= now() - interval '1 minute' and ${MAY_BE_CALLED}
        order by id limit ${limit}::int4`),

    groupsToLeave: (limit) =>
      idsOf(sql`
        select distinct g.id from leaver l
        join access_group g on g.id = l."accessGroupId" and g."orgId" = l."orgId"
        join integration i on i.id = g."integrationId" and i."orgId" = l."orgId" and i."siteExternalId" = g."siteExternalId"
        where l."retryAt" <= now() and ${MAY_BE_CALLED}
        order by g.id limit ${limit}::int4`),

    overdueActivations: (limit) =>
      idsOf(sql`
        select id from activation where status in ('ACTIVATING', 'SIGNED_IN') and deadline <= now() order by id limit ${limit}::int4`),

    signedInActivations: (limit) =>
      idsOf(sql`select id from activation where status = 'SIGNED_IN' and deadline > now() order by id limit ${limit}::int4`),

    // A key whose member's tokens were lost cannot be renewed without the member; access tokens that ran out are refreshed.
    keysToRenew: (before, limit) =>
      idsOf(sql`
        select k.id from mobile_key k
        join integration i on i.id = k."integrationId" and i."orgId" = k."orgId"
        where k."renewAt" <= ${instant(before)}
          and k."sealedTokens" is not null
          and k."siteExternalId" = i."siteExternalId" and ${MAY_BE_CALLED}
        order by k.id limit ${limit}::int4`),

    integrationsAwaitingSeats: (limit) =>
      idsOf(sql`
        select i.id from integration i
        where ${MAY_BE_CALLED} and exists (
          select 1 from group_membership m
          where m."integrationId" = i.id and m."orgId" = i."orgId" and m.state = 'BLOCKED' and m."blockedCause" = 'NO_SEAT' and m.managed)
        order by i.id limit ${limit}::int4`),

    connectedIntegrations: () =>
      direct.rows<{ orgId: string; integrationId: string }>(sql`
        select i."orgId", i.id as "integrationId" from integration i where ${MAY_BE_CALLED} order by i.id`),

    expiredConsents: (limit) =>
      idsOf(sql`select "stateHash" as id from consent where "expiresAt" <= now() order by "expiresAt" limit ${limit}::int4`),

    async deleteExpired() {
      await direct.count(sql`delete from oidc_record where "expiresAt" <= now()`);
    },
  };
}
