import type { Instant } from '../../core/time.ts';
import type { Connected, DueGroup, Store } from '../../ports/store.ts';
import { instant, raw, sql, uuid } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

/** Of the integration `i`: what core's `mayCall` says, and that it is not in a pause. */
export const MAY_BE_CALLED: Sql = sql`(
  (i.status = 'CONNECTED' or (i.status = 'AUTHORIZING' and i."statusBefore" = 'CONNECTED'))
  and (i."pausedUntil" is null or i."pausedUntil" <= now()))`;

/** What a due membership `m` owes: one due for its next change becomes what it is not; one that owes a step becomes what is wanted. */
export const OWED: Sql = sql`(case when (m."dueAt" is not distinct from m."nextChangeAt") = m.wanted then 'revoke' else 'grant' end)`;

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
  | 'heldRemovalsDue'
  | 'deleteExpired'
  | 'closeEnded'
  | 'archiveActivity'
>;

/** What the sweep looks for, over all organisations. */
export function due(direct: Executor): Due {
  const idsOf = async (statement: Sql): Promise<string[]> => (await direct.rows<{ id: string }>(statement)).map((row) => row.id);
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

    // The window to come is what is due next, unless a step is owed as well: then the group's run is looking at it anyway.
    groupsToProve: (before, limit) =>
      idsOf(sql`
        select m."accessGroupId" as id from group_membership m
        join integration i on i.id = m."integrationId" and i."orgId" = m."orgId"
        where m.managed and not m.wanted and m."dueAt" > now() and m."dueAt" <= ${instant(before)} and m."dueAt" = m."windowFrom"
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

    connectedIntegrations: (asked) =>
      direct.rows<Connected>(sql`
        select i."orgId", i.id as "integrationId" from integration i
        where ${MAY_BE_CALLED} and ${'id' in asked ? sql`i.id = ${uuid(asked.id)}` : sql`(${uuid(asked.after)} is null or i.id > ${uuid(asked.after)})`}
        order by i.id limit ${'id' in asked ? 1 : asked.limit}::int4`),

    integrationsAwaitingSeats: (limit) =>
      idsOf(sql`
        select i.id from integration i
        where ${MAY_BE_CALLED} and exists (
          select 1 from group_membership m
          where m."integrationId" = i.id and m."orgId" = i."orgId" and m.state = 'BLOCKED' and m."blockedCause" = 'NO_SEAT' and m.managed)
        order by i.id limit ${limit}::int4`),

    expiredConsents: (limit) =>
      idsOf(sql`select "stateHash" as id from consent where "expiresAt" <= now() order by "expiresAt" limit ${limit}::int4`),

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

    // Whoever is at a row already does what is to be done: nobody waits.
    deleteExpired: (limit) =>
      direct.count(sql`
        delete from oidc_record where (model, id) in (
          select model, id from oidc_record where "expiresAt" <= now() order by "expiresAt" limit ${limit}::int4 for update skip locked)`),

    closeEnded: (before, limit) =>
      direct.count(sql`
        update access_right set "closedAt" = now() where id = any(array(
          select id from access_right where "closedAt" is null and "endsAt" < ${instant(before)}
          order by "endsAt" limit ${limit}::int4 for update skip locked))`),

    archiveActivity: (before, limit) => archive(direct, before, limit),
  };
}

const ARCHIVED = raw('id, "orgId", "locationId", at, type, "memberId", "accessGroupId", actor, detail, "onceKey"');

/**
 * Out of one table and into the other in one statement: a row is in exactly one of them, whatever happens. That a person's key became
 * available is told once in a life (K1), and its row is how that is known.
 */
function archive(direct: Executor, before: Instant, limit: number): Promise<number> {
  return direct.count(sql`
    with gone as (
      delete from activity where id = any(array(
        select id from activity where at < ${instant(before)} and type <> 'KEY_AVAILABLE' order by at limit ${limit}::int4 for update skip locked))
      returning ${ARCHIVED}
    )
    insert into activity_archive (${ARCHIVED}) select ${ARCHIVED} from gone`);
}
