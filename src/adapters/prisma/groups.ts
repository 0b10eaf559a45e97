import type { ProviderDirectory, ProviderGroup } from '../../ports/lock-vendor.ts';
import type { AccessGroupRow } from '../../ports/rows.ts';
import type { GroupStore } from '../../ports/store.ts';
import { ACCESS_GROUP } from './records.ts';
import type { Scope } from './scope.ts';
import { instant, sql, uuid } from './sql.ts';
import type { Sql } from './sql.ts';
import { recordset, takenOver } from './table.ts';
import type { RecordColumns } from './table.ts';

export function groups(scope: Scope): GroupStore {
  const { orgId } = scope;
  const read = (where: Sql): Promise<AccessGroupRow[]> =>
    scope.rows<AccessGroupRow>(sql`
      select ${ACCESS_GROUP.selected} from access_group where "orgId" = ${orgId} and ${where} order by name, id`);
  return {
    async get(id) {
      const [row] = await read(sql`id = ${uuid(id)}`);
      return row ?? null;
    },
    ofIntegration: (integrationId) => read(sql`"integrationId" = ${uuid(integrationId)}`),

    locks: (accessGroupId) =>
      scope.rows<{ externalId: string; name: string }>(sql`
        select l."externalId", l.name from access_group_lock gl join lock l on l.id = gl."lockId" and l."orgId" = ${orgId}
        where gl."orgId" = ${orgId} and gl."accessGroupId" = ${uuid(accessGroupId)} order by l.name, l.id`),

    async saveDirectory(integrationId, siteExternalId, directory) {
      const at = { integrationId, siteExternalId };
      await saveGroups(scope, at, directory.groups);
      await markMissing(scope, at, directory.groups);
      await saveLocks(scope, at, directory);
      await saveGroupLocks(scope, at, directory.groups, sql`true`);
    },

    async saveGroup(integrationId, siteExternalId, group) {
      const at = { integrationId, siteExternalId };
      await saveGroups(scope, at, [group]);
      await saveGroupLocks(scope, at, [group], sql`g."externalId" = ${group.externalId}`);
    },

    async setStrangers(counts) {
      await scope.count(sql`
        update access_group g set strangers = c.strangers, "auditedAt" = ${instant(scope.now)}
        from ${recordset('c', { accessGroupId: 'uuid', strangers: 'int4' }, counts)}
        where g.id = c."accessGroupId" and g."orgId" = ${orgId}`);
    },

    async setMissing(accessGroupId, since) {
      await scope.count(sql`
        update access_group set "missingSince" = ${instant(since)} where "orgId" = ${orgId} and id = ${uuid(accessGroupId)}`);
    },

    async saveStrangers(accessGroupId, strangers) {
      const ids = strangers.map(({ platformUserId }) => platformUserId);
      await scope.count(sql`
        delete from stranger
        where "orgId" = ${orgId} and "accessGroupId" = ${uuid(accessGroupId)} and "platformUserId" <> all(${ids}::text[])`);
      const rows = strangers.map((stranger) => ({ ...stranger, id: scope.secrets.newId() }));
      await scope.count(sql`
        insert into stranger (id, "orgId", "accessGroupId", "platformUserId", "memberId", since)
        select t.id, ${orgId}, g.id, t."platformUserId", m.id, ${instant(scope.now)}
        from ${recordset('t', { id: 'uuid', platformUserId: 'text', memberId: 'uuid' }, rows)}
        join access_group g on g.id = ${uuid(accessGroupId)} and g."orgId" = ${orgId}
        left join member m on m.id = t."memberId" and m."orgId" = ${orgId}
        order by t."platformUserId"
        on conflict ("accessGroupId", "platformUserId") do update set "memberId" = excluded."memberId"`);
    },

    async tellStrangers(accessGroupId, before) {
      const rows = await scope.rows<{ memberId: string }>(sql`
        update stranger set "toldAt" = ${instant(scope.now)}
        where "orgId" = ${orgId} and "accessGroupId" = ${uuid(accessGroupId)} and "memberId" is not null and "toldAt" is null
          and since <= ${instant(before)}
        returning "memberId"`);
      return rows.map(({ memberId }) => memberId);
    },

    clearMappings: (locationId, keepSiteExternalId) => clearMappings(scope, locationId, keepSiteExternalId),
  };
}

interface SiteOf {
  readonly integrationId: string;
  readonly siteExternalId: string;
}

async function saveGroups(scope: Scope, { integrationId, siteExternalId }: SiteOf, groups: ProviderGroup[]): Promise<void> {
  const rows = groups.map(({ externalId, name, scheduled, alwaysOpen, schedules }) => ({
    id: scope.secrets.newId(),
    ...{ externalId, name, scheduled, alwaysOpen, schedules },
  }));
  const columns: RecordColumns = {
    id: 'uuid',
    externalId: 'text',
    name: 'text',
    scheduled: 'bool',
    alwaysOpen: 'bool',
    schedules: 'jsonb',
  };
  const told = recordset('t', columns, rows);
  await scope.count(sql`
    insert into access_group (id, "orgId", "locationId", "integrationId", "siteExternalId", "externalId", name, scheduled, "alwaysOpen",
      schedules)
    select t.id, ${scope.orgId}, i."locationId", i.id, ${siteExternalId}, t."externalId", t.name, t.scheduled, t."alwaysOpen", t.schedules
    from ${told} join integration i on i.id = ${uuid(integrationId)} and i."orgId" = ${scope.orgId}
    order by t."externalId"
    on conflict ("integrationId", "siteExternalId", "externalId") do update set
      ${takenOver(ACCESS_GROUP, ['name', 'scheduled', 'alwaysOpen', 'schedules'])}, "missingSince" = null`);
}

async function markMissing(scope: Scope, { integrationId, siteExternalId }: SiteOf, groups: ProviderGroup[]): Promise<void> {
  await scope.count(sql`
    update access_group set "missingSince" = ${instant(scope.now)}
    where "orgId" = ${scope.orgId} and "integrationId" = ${uuid(integrationId)} and "siteExternalId" = ${siteExternalId}
      and "missingSince" is null and "externalId" <> all(${groups.map((group) => group.externalId)}::text[])`);
}

async function saveLocks(scope: Scope, { integrationId, siteExternalId }: SiteOf, directory: ProviderDirectory): Promise<void> {
  const rows = directory.locks.map((lock) => ({ ...lock, id: scope.secrets.newId() }));
  const told = recordset('t', { id: 'uuid', externalId: 'text', name: 'text', online: 'bool' }, rows);
  await scope.count(sql`
    insert into lock (id, "orgId", "integrationId", "siteExternalId", "externalId", name, online)
    select t.id, ${scope.orgId}, i.id, ${siteExternalId}, t."externalId", t.name, t.online
    from ${told} join integration i on i.id = ${uuid(integrationId)} and i."orgId" = ${scope.orgId}
    order by t."externalId"
    on conflict ("integrationId", "siteExternalId", "externalId") do update set name = excluded.name, online = excluded.online`);
  await scope.count(sql`
    delete from lock
    where "orgId" = ${scope.orgId} and "integrationId" = ${uuid(integrationId)} and "siteExternalId" = ${siteExternalId}
      and "externalId" <> all(${directory.locks.map((lock) => lock.externalId)}::text[])`);
}

/** Which lock is in which of the groups `which` names: pairs no longer told go, new ones come. */
async function saveGroupLocks(scope: Scope, { integrationId, siteExternalId }: SiteOf, groups: ProviderGroup[], which: Sql): Promise<void> {
  const pairs = groups.flatMap((group) => group.lockExternalIds.map((lock) => ({ group: group.externalId, lock })));
  await scope.count(sql`
    with told as (
      select distinct g.id as "accessGroupId", l.id as "lockId"
      from ${recordset('t', { group: 'text', lock: 'text' }, pairs)}
      join access_group g on g."externalId" = t."group" and g."siteExternalId" = ${siteExternalId}
        and g."integrationId" = ${uuid(integrationId)} and g."orgId" = ${scope.orgId}
      join lock l on l."externalId" = t."lock" and l."siteExternalId" = ${siteExternalId}
        and l."integrationId" = ${uuid(integrationId)} and l."orgId" = ${scope.orgId}
    ), gone as (
      delete from access_group_lock gl using access_group g
      where gl."orgId" = ${scope.orgId} and g.id = gl."accessGroupId" and g."integrationId" = ${uuid(integrationId)}
        and g."siteExternalId" = ${siteExternalId} and ${which}
        and not exists (select 1 from told where told."accessGroupId" = gl."accessGroupId" and told."lockId" = gl."lockId")
    )
    insert into access_group_lock ("accessGroupId", "lockId", "orgId")
    select "accessGroupId", "lockId", ${scope.orgId} from told order by 1, 2
    on conflict do nothing`);
}

async function clearMappings(scope: Scope, locationId: string, keepSiteExternalId: string): ReturnType<GroupStore['clearMappings']> {
  const ofAnotherSite = sql`"accessGroupId" in (
    select id from access_group
    where "orgId" = ${scope.orgId} and "locationId" = ${uuid(locationId)} and "siteExternalId" <> ${keepSiteExternalId})`;
  await scope.count(sql`update plan set "accessGroupId" = null where "orgId" = ${scope.orgId} and ${ofAnotherSite}`);
  const resources = await scope.rows<{ id: string }>(sql`
    update resource set "accessGroupId" = null where "orgId" = ${scope.orgId} and ${ofAnotherSite} returning id`);
  const items = await scope.rows<{ subscriptionId: string }>(sql`
    update subscription_item set "accessGroupId" = null where "orgId" = ${scope.orgId} and ${ofAnotherSite} returning "subscriptionId"`);
  return {
    subscriptionIds: [...new Set(items.map((item) => item.subscriptionId))].sort(),
    resourceIds: resources.map((resource) => resource.id).sort(),
  };
}
