import type { Connected, DueGroup, Store } from '../../ports/store.ts';
import { instant, sql, uuid } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

/** Of the integration `i`: what core's `mayCall` says, and that it is not in a pause. */
export const MAY_BE_CALLED: Sql = sql`(
  (i.status = 'CONNECTED' or (i.status = 'AUTHORIZING' and i."statusBefore" = 'CONNECTED'))
  and (i."pausedUntil" is null or i."pausedUntil" <= now()))`;

/** What a due membership `m` owes: one due for its next change becomes what it is not; one that owes a step becomes what is wanted. */
export const OWED: Sql = sql`(case when (m."dueAt" is not distinct from m."nextChangeAt") = m.wanted then 'revoke' else 'grant' end)`;

type Due = Groups & Connections;
type Groups = Pick<Store, 'dueGroups' | 'groupsToProve' | 'groupsToLeave' | 'overdueActivations' | 'signedInActivations' | 'keysToRenew'>;

type Connections = Pick<Store, 'connectedIntegrations' | 'integrationsAwaitingSeats' | 'expiredConsents'>;

/** What the sweep looks for, over all organisations. */
export function due(direct: Executor): Due {
  const idsOf = async (statement: Sql): Promise<string[]> => (await direct.rows<{ id: string }>(statement)).map((row) => row.id);
  return { ...groupsAndKeys(direct, idsOf), ...connections(direct, idsOf) };
}

type IdsOf = (statement: Sql) => Promise<string[]>;

function groupsAndKeys(direct: Executor, idsOf: IdsOf): Groups {
  return {
    dueGroups: (before, after, limit) =>
      // One look into the index for each group, however many people are due in it.
      direct.rows<DueGroup>(sql`
        select g.id as "accessGroupId", first.at, first.kind
        from access_group g
        join integration i on i.id = g."integrationId" and i."orgId" = g."orgId"
        cross join lateral (
          select m."dueAt" as at, ${OWED} as kind
          from group_membership m
          where m."accessGroupId" = g.id and m."orgId" = g."orgId" and m.managed and m."dueAt" < ${instant(before)}
          order by m."dueAt", m.id limit 1
        ) first
        where ${MAY_BE_CALLED} and (${uuid(after)} is null or g.id > ${uuid(after)})
        order by g.id limit ${limit}::int4`),

    // The window to come is what is due next, unless a step is owed as well: then the group's run is looking at it anyway. What opens in a
    // moment is no longer proven: the grant tells soon enough, and needs the calls.
    groupsToProve: (before, limit) =>
      idsOf(sql`
        select g.id from access_group g
        join integration i on i.id = g."integrationId" and i."orgId" = g."orgId"
        cross join lateral (
          select from group_membership m
          where m."accessGroupId" = g.id and m."orgId" = g."orgId" and m.managed and not m.wanted
            and m."dueAt" > now() + interval '30 seconds' and m."dueAt" <= ${instant(before)} and m."dueAt" = m."windowFrom"
            and m."provenFor" is distinct from m."windowFrom" limit 1
        ) first
        where ${MAY_BE_CALLED}
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
        order by k."renewAt", k.id limit ${limit}::int4`),
  };
}

function connections(direct: Executor, idsOf: IdsOf): Connections {
  return {
    connectedIntegrations: (asked) =>
      direct.rows<Connected>(sql`
        select i."orgId", i.id as "integrationId" from integration i
        where ${MAY_BE_CALLED} and ${'id' in asked ? sql`i.id = ${uuid(asked.id)}` : sql`(${uuid(asked.after)} is null or i.id > ${uuid(asked.after)})`}
        order by i.id limit ${'id' in asked ? 1 : asked.limit}::int4`),

    integrationsAwaitingSeats: (limit) =>
      idsOf(sql`
        select i.id from integration i
        cross join lateral (
          select from group_membership m
          where m."integrationId" = i.id and m."orgId" = i."orgId" and m.state = 'BLOCKED' and m."blockedCause" = 'NO_SEAT' and m.managed
          limit 1
        ) first
        where ${MAY_BE_CALLED}
        order by i.id limit ${limit}::int4`),

    expiredConsents: (limit) =>
      idsOf(sql`select "stateHash" as id from consent where "expiresAt" <= now() order by "expiresAt" limit ${limit}::int4`),
  };
}
