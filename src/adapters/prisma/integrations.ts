import type { Seats } from '../../core/seats.ts';
import type { Instant } from '../../core/time.ts';
import type { ProviderSite, ProviderTokens } from '../../ports/lock-vendor.ts';
import type { IntegrationRow, ProblemRow } from '../../ports/rows.ts';
import type { IntegrationStore, LockMode } from '../../ports/store.ts';
import { CONSENT, INTEGRATION, SITE } from './records.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { forLock, instant, sql, uuid } from './sql.ts';
import type { Sql } from './sql.ts';
import { insertInto, recordset, takenOver, updateSet } from './table.ts';
import type { RecordColumns } from './table.ts';
import { sealTokens } from './tokens.ts';

export function integrations(scope: Scope): IntegrationStore {
  return { ...connections(scope), ...tokensAndConsents(scope), ...sites(scope), ...problems(scope) };
}

function connections(scope: Scope): Pick<IntegrationStore, 'ofLocation' | 'get' | 'insert' | 'update' | 'delete'> {
  const { orgId } = scope;
  const find = async (where: Sql, lock?: LockMode): Promise<IntegrationRow | null> => {
    const [row] = await scope.rows<IntegrationRow>(sql`
      select ${INTEGRATION.selected} from integration where "orgId" = ${orgId} and ${where} ${forLock(lock)}`);
    return row ?? null;
  };
  return {
    ofLocation: (locationId, lock) => find(sql`"locationId" = ${uuid(locationId)}`, lock),
    get: (id, lock) => find(sql`id = ${uuid(id)}`, lock),

    async insert(row) {
      const values = { id: scope.secrets.newId(), ...row };
      return mustExist(await scope.rows<IntegrationRow>(insertInto(INTEGRATION, orgId, values)), 'location');
    },

    async update(id, change) {
      const [row] = await scope.rows<IntegrationRow>(
        updateSet(INTEGRATION, orgId, sql`id = ${uuid(id)} and ${siteIsFree(change)}`, change),
      );
      if (row !== undefined) return row;
      mustExist(
        [await find(sql`id = ${uuid(id)}`)].filter((known) => known !== null),
        'integration',
      );
      return 'site-taken';
    },

    async delete(id) {
      const ofIt = sql`"orgId" = ${orgId} and "integrationId" = ${uuid(id)}`;
      await scope.count(sql`delete from integration_token where ${ofIt}`);
      await scope.count(sql`delete from integration_problem where ${ofIt}`);
      await scope.count(sql`delete from site where ${ofIt}`);
      await scope.count(sql`delete from integration where "orgId" = ${orgId} and id = ${uuid(id)}`);
    },
  };
}

/**
 * That nobody else, of whichever organisation, holds the site that the integration would hold after the change. Two that take it at the
 * same instant collide on the unique index; the one refused runs again and then finds it taken.
 */
function siteIsFree(change: Partial<IntegrationRow>): Sql {
  if (change.siteHeld === false) return sql`true`;
  const site = change.siteExternalId === undefined ? sql`integration."siteExternalId"` : sql`${change.siteExternalId}::text`;
  const held = change.siteHeld === true ? sql`true` : sql`integration."siteHeld"`;
  return sql`not (${held} and exists (
    select 1 from integration other
    where other."siteHeld" and other.provider = integration.provider and other."siteExternalId" = ${site} and other.id <> integration.id))`;
}

type TokensAndConsents = Pick<IntegrationStore, 'saveTokens' | 'dropTokens' | 'addConsent' | 'dropConsents'>;

function tokensAndConsents(scope: Scope): TokensAndConsents {
  const { orgId } = scope;
  return {
    async saveTokens(integrationId, tokens: ProviderTokens) {
      const sealed = sealTokens(scope.secrets, integrationId, tokens);
      const written = await scope.rows(sql`
        insert into integration_token ("integrationId", "orgId", "accessToken", "refreshToken", "expiresAt", "updatedAt")
        select i.id, ${orgId}, ${sealed.accessToken}, ${sealed.refreshToken}::text, ${instant(tokens.expiresAt)}, ${instant(scope.now)}
        from integration i where i.id = ${uuid(integrationId)} and i."orgId" = ${orgId}
        on conflict ("integrationId") do update set
          "accessToken" = excluded."accessToken",
          "refreshToken" = coalesce(excluded."refreshToken", integration_token."refreshToken"),
          "expiresAt" = excluded."expiresAt", "updatedAt" = excluded."updatedAt", "refusedAt" = null
        returning "integrationId"`);
      mustExist(written, 'integration');
    },

    async dropTokens(integrationId) {
      await scope.count(sql`delete from integration_token where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)}`);
    },

    async addConsent(consent) {
      mustExist(await scope.rows(insertInto(CONSENT, orgId, consent)), 'location');
    },

    async dropConsents(locationId) {
      await scope.count(sql`delete from consent where "orgId" = ${orgId} and "locationId" = ${uuid(locationId)}`);
    },
  };
}

const SITE_COLUMNS: RecordColumns = {
  id: 'uuid',
  externalId: 'text',
  name: 'text',
  timeZone: 'text',
  digitalKeysSupported: 'bool',
  released: 'bool',
  seatsTotal: 'int4',
  seatsUsed: 'int4',
};

function sites(scope: Scope): Pick<IntegrationStore, 'sites' | 'saveSites' | 'saveSite' | 'seats'> {
  const { orgId } = scope;
  const save = async (integrationId: string, told: ProviderSite[]): Promise<void> => {
    const rows = told.map((site) => ({ ...site, id: scope.secrets.newId() }));
    await scope.count(sql`
      insert into site
        (id, "orgId", "integrationId", "externalId", name, "timeZone", "digitalKeysSupported", released, "seatsTotal", "seatsUsed",
          "seatsReadAt")
      select t.id, ${orgId}, i.id, t."externalId", t.name, t."timeZone", t."digitalKeysSupported", t.released, t."seatsTotal",
        t."seatsUsed", ${instant(scope.now)}
      from ${recordset('t', SITE_COLUMNS, rows)}
      join integration i on i.id = ${uuid(integrationId)} and i."orgId" = ${orgId}
      order by t."externalId"
      on conflict ("integrationId", "externalId") do update set
        ${takenOver(SITE, ['name', 'timeZone', 'digitalKeysSupported', 'released', 'seatsTotal', 'seatsUsed'])}, "seatsReadAt" = excluded."seatsReadAt"`);
  };
  return {
    sites: (integrationId) =>
      scope.rows<ProviderSite>(sql`
        select ${SITE.selected} from site where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)}
        order by name, "externalId"`),

    async saveSites(integrationId, told) {
      const kept = told.map((site) => site.externalId);
      await scope.count(sql`
        delete from site
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and "externalId" <> all(${kept}::text[])`);
      await save(integrationId, told);
    },

    saveSite: (integrationId, site) => save(integrationId, [site]),

    async seats(integrationId, siteExternalId) {
      const [row] = await scope.rows<Seats & { readAt: Instant | null }>(sql`
        select "seatsTotal", "seatsUsed", "seatsReadAt" as "readAt" from site
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and "externalId" = ${siteExternalId}`);
      return row ?? null;
    },
  };
}

function problems(scope: Scope): Pick<IntegrationStore, 'openProblem' | 'closeProblem' | 'problems'> {
  const { orgId, now } = scope;
  return {
    async openProblem(integrationId, { code, accessGroupId, message }) {
      const [row] = await scope.rows<{ opened: boolean; reworded: boolean }>(sql`
        insert into integration_problem (id, "orgId", "integrationId", code, "accessGroupId", message, since, "checkedAt")
        select ${uuid(scope.secrets.newId())}, ${orgId}, i.id, ${code}::"IntegrationProblemCode", g.id, ${message}, ${instant(now)},
          ${instant(now)}
        from integration i left join access_group g on g.id = ${uuid(accessGroupId)} and g."orgId" = ${orgId}
        where i.id = ${uuid(integrationId)} and i."orgId" = ${orgId}
        on conflict ("integrationId", code, coalesce("accessGroupId", ${NO_GROUP})) where "closedAt" is null
        do update set "checkedAt" = excluded."checkedAt", message = excluded.message
        returning (xmax = 0) as opened, message is distinct from ${BEFORE(orgId, integrationId, code, accessGroupId)} as reworded`);
      if (row === undefined) return 'same';
      return row.opened ? 'opened' : row.reworded ? 'told-anew' : 'same';
    },

    async closeProblem(integrationId, { code, accessGroupId }) {
      const closed = await scope.count(sql`
        update integration_problem set "closedAt" = ${instant(now)}
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and code = ${code}::"IntegrationProblemCode"
          and "accessGroupId" is not distinct from ${uuid(accessGroupId)} and "closedAt" is null`);
      return closed > 0;
    },

    problems: (integrationId) =>
      scope.rows<ProblemRow>(sql`
        select code::text, "accessGroupId", message, since, "checkedAt" from integration_problem
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and "closedAt" is null
        order by since, id`),
  };
}

/** What the unique index of open problems has in place of a group where a problem is about none. */
const NO_GROUP = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** The words it had: within the statement the row is still as it was. */
const BEFORE = (orgId: string, integrationId: string, code: string, accessGroupId: string | null): Sql => sql`(
  select p.message from integration_problem p
  where p."orgId" = ${orgId} and p."integrationId" = ${uuid(integrationId)} and p.code = ${code}::"IntegrationProblemCode"
    and p."accessGroupId" is not distinct from ${uuid(accessGroupId)} and p."closedAt" is null)`;
