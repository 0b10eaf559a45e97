import type { Instant } from '../../core/time.ts';
import type { WebhookFilter, WebhookVerdict } from '../../core/webhooks.ts';
import type { TakenDelivery, WebhookAttempt, WebhookEndpointRow, WebhookLookups, WebhookStore } from '../../ports/webhooks.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { instant, interval, sql, uuid, uuids } from './sql.ts';
import type { Executor } from './sql.ts';
import { insertInto, recordset, table, updateSet } from './table.ts';

const ENDPOINT = table<WebhookEndpointRow>('webhook_endpoint', {
  id: 'uuid',
  url: 'text',
  description: 'text',
  eventTypes: '"WebhookEventType"[]',
  locationIds: '"uuid"[]',
  secret: 'text',
  previousSecret: 'text',
  previousSecretUntil: 'timestamptz',
  failingSince: 'timestamptz',
  disabledAt: 'timestamptz',
  disabledWhy: 'text',
  createdAt: 'timestamptz',
  createdBy: 'text',
  changedAt: 'timestamptz',
  changedBy: 'text',
});

export function webhooks(scope: Scope): WebhookStore {
  return { ...endpoints(scope), ...messages(scope), ...deliveries(scope), ...replays(scope) };
}

type Endpoints = Pick<
  WebhookStore,
  'endpoint' | 'countEndpoints' | 'insertEndpoint' | 'updateEndpoint' | 'deleteEndpoint' | 'listening' | 'nextDueAt'
>;

function endpoints(scope: Scope): Endpoints {
  const { orgId } = scope;
  return {
    async endpoint(id, lock) {
      const [row] = await scope.rows<WebhookEndpointRow>(sql`
        select ${ENDPOINT.selected} from webhook_endpoint where "orgId" = ${orgId} and id = ${uuid(id)}
        ${lock === undefined ? sql`` : sql`for no key update`}`);
      return row ?? null;
    },

    async countEndpoints() {
      const [row] = await scope.rows<{ count: number }>(sql`
        select count(*)::int4 as count from webhook_endpoint where "orgId" = ${orgId}`);
      return row?.count ?? 0;
    },

    async insertEndpoint(row) {
      mustExist(await scope.rows(insertInto(ENDPOINT, orgId, row)), 'webhook endpoint');
    },

    async updateEndpoint(id, change) {
      mustExist(await scope.rows(updateSet(ENDPOINT, orgId, sql`id = ${uuid(id)}`, change)), 'webhook endpoint');
    },

    async deleteEndpoint(id) {
      await scope.count(sql`delete from webhook_endpoint where "orgId" = ${orgId} and id = ${uuid(id)}`);
    },

    listening: () =>
      scope.rows<{ id: string } & WebhookFilter>(sql`
        select id, "eventTypes"::text[] as "eventTypes", "locationIds"::text[] as "locationIds" from webhook_endpoint
        where "orgId" = ${orgId} and "disabledAt" is null order by id for key share`),

    async nextDueAt(endpointId) {
      const [row] = await scope.rows<{ at: Instant | null }>(sql`
        select min("nextAttemptAt") as at from webhook_delivery
        where "orgId" = ${orgId} and "endpointId" = ${uuid(endpointId)} and state = 'PENDING'
          and ("takenUntil" is null or "takenUntil" <= now())`);
      return row?.at ?? null;
    },
  };
}

function messages(scope: Scope): Pick<WebhookStore, 'names' | 'add'> {
  const { orgId, now } = scope;
  return {
    async names({ locationIds, memberIds, accessGroupIds }) {
      const rows = await scope.rows<{ id: string; externalId: string; integrationId: string | null }>(sql`
        select l.id::text, l."externalId", i.id::text as "integrationId"
        from location l left join integration i on i."locationId" = l.id
        where l."orgId" = ${orgId} and l.id = any(${uuids(locationIds)})
        union all
        select id::text, "externalId", null from member where "orgId" = ${orgId} and id = any(${uuids(memberIds)})
        union all
        select id::text, "externalId", null from access_group where "orgId" = ${orgId} and id = any(${uuids(accessGroupIds)})`);
      return {
        externalIds: new Map(rows.map(({ id, externalId }) => [id, externalId])),
        integrationIds: new Map(rows.flatMap(({ id, integrationId }) => (integrationId === null ? [] : [[id, integrationId] as const]))),
      };
    },

    async add(told) {
      const stored = told.map((message) => ({ ...message, id: scope.secrets.newId() }));
      const sent = stored.flatMap(({ id, endpointIds }) =>
        endpointIds.map((endpointId) => ({ id: scope.secrets.newId(), messageId: id, endpointId })),
      );
      const columns = { id: 'uuid', locationId: 'uuid', type: '"WebhookEventType"', activityId: 'uuid', body: 'text' } as const;
      const links = { id: 'uuid', messageId: 'uuid', endpointId: 'uuid' } as const;
      await scope.count(sql`
        with message as (
          insert into webhook_message (id, "orgId", "locationId", type, "activityId", body, "createdAt")
          select m.id, ${orgId}, m."locationId", m.type, m."activityId", m.body, ${instant(now)}
          from ${recordset('m', columns, stored)}
        )
        insert into webhook_delivery (id, "orgId", "endpointId", "messageId", "startedAt", "nextAttemptAt", "createdAt")
        select d.id, ${orgId}, e.id, d."messageId", ${instant(now)}, ${instant(now)}, ${instant(now)}
        from ${recordset('d', links, sent)}
        join webhook_endpoint e on e.id = d."endpointId" and e."orgId" = ${orgId}`);
      return sent.map(({ id }) => id);
    },
  };
}

function deliveries(scope: Scope): Pick<WebhookStore, 'take' | 'settle'> {
  const { orgId } = scope;
  return {
    async take(endpointId, atATime, leaseMs) {
      // The lock makes the count below hold: who takes for this endpoint takes alone.
      const [endpoint] = await scope.rows<WebhookEndpointRow>(sql`
        select ${ENDPOINT.selected} from webhook_endpoint
        where "orgId" = ${orgId} and id = ${uuid(endpointId)} and "disabledAt" is null for no key update`);
      if (endpoint === undefined) return null;
      const taken = await scope.rows<TakenDelivery>(sql`
        with busy as (
          select count(*)::int4 as count from webhook_delivery
          where "endpointId" = ${uuid(endpointId)} and state = 'PENDING' and "takenUntil" > now()
        ), due as (
          select id from webhook_delivery
          where "endpointId" = ${uuid(endpointId)} and state = 'PENDING' and "nextAttemptAt" <= now()
            and ("takenUntil" is null or "takenUntil" <= now())
          order by "nextAttemptAt", id limit (select greatest(0, ${atATime}::int4 - count) from busy)
          for update
        )
        update webhook_delivery d
        set "takenUntil" = now() + ${interval(leaseMs)}, attempts = d.attempts + 1, version = d.version + 1
        from due, webhook_message m where d.id = due.id and m.id = d."messageId"
        returning d.id, d."messageId", m.body, d.attempts, d."startedAt", d.version`);
      return { endpoint, deliveries: taken };
    },

    async settle(endpointId, delivery, verdict, attempt) {
      const settled = await store(scope, delivery, verdict, attempt);
      if (settled) await markEndpoint(scope, endpointId, verdict);
      return settled;
    },
  };
}

/** How many attempts of a delivery are kept to be looked at. */
const LOGGED = 20;

async function store(scope: Scope, delivery: TakenDelivery, verdict: WebhookVerdict, attempt: WebhookAttempt): Promise<boolean> {
  const state = { delivered: 'DELIVERED', retry: 'PENDING', failed: 'FAILED' }[verdict.kind];
  const logged = JSON.stringify(attempt);
  const written = await scope.count(sql`
    update webhook_delivery
    set state = ${state}::"WebhookDeliveryState", "takenUntil" = null,
      "nextAttemptAt" = ${instant(verdict.kind === 'retry' ? verdict.at : null)},
      "deliveredAt" = ${instant(verdict.kind === 'delivered' ? scope.now : null)},
      "lastStatus" = ${attempt.status}::int4, "lastError" = ${attempt.error}::text,
      log = jsonb_path_query_array(log || ${logged}::jsonb, ${`$[last - ${LOGGED - 1} to last]`}::jsonpath)
    where "orgId" = ${scope.orgId} and id = ${uuid(delivery.id)} and version = ${delivery.version} and state = 'PENDING'`);
  return written > 0;
}

async function markEndpoint(scope: Scope, endpointId: string, verdict: WebhookVerdict): Promise<void> {
  const { orgId, now } = scope;
  const here = sql`"orgId" = ${orgId} and id = ${uuid(endpointId)}`;
  if (verdict.kind === 'delivered') {
    await scope.count(sql`update webhook_endpoint set "failingSince" = null where ${here} and "failingSince" is not null`);
    return;
  }
  await scope.count(sql`update webhook_endpoint set "failingSince" = ${instant(now)} where ${here} and "failingSince" is null`);
  if (verdict.kind === 'retry' || !verdict.gone) return;
  await scope.count(sql`
    update webhook_endpoint set "disabledAt" = ${instant(now)}, "disabledWhy" = 'The receiver answered 410: it wants nothing any more.'
    where ${here} and "disabledAt" is null`);
}

function replays(scope: Scope): Pick<WebhookStore, 'delivery' | 'replay' | 'replayFailed'> {
  const { orgId, now } = scope;
  const anew = sql`
    state = 'PENDING', attempts = 0, "startedAt" = ${instant(now)}, "nextAttemptAt" = ${instant(now)}, "takenUntil" = null,
    "deliveredAt" = null, version = version + 1`;
  return {
    async delivery(id) {
      const [row] = await scope.rows<{ id: string; endpointId: string }>(sql`
        select id, "endpointId" from webhook_delivery where "orgId" = ${orgId} and id = ${uuid(id)}`);
      return row ?? null;
    },

    async replay(deliveryId) {
      await scope.count(sql`update webhook_delivery set ${anew} where "orgId" = ${orgId} and id = ${uuid(deliveryId)}`);
    },

    replayFailed: (endpointId, since, limit) =>
      scope.count(sql`
        update webhook_delivery set ${anew}
        where id in (
          select id from webhook_delivery
          where "orgId" = ${orgId} and "endpointId" = ${uuid(endpointId)} and state = 'FAILED' and "createdAt" >= ${instant(since)}
          order by id limit ${limit}::int4 for update)`),
  };
}

export function webhookLookups(direct: Executor): WebhookLookups {
  return {
    async orgOfWebhookEndpoint(endpointId) {
      const [row] = await direct.rows<{ orgId: string }>(sql`select "orgId" from webhook_endpoint where id = ${uuid(endpointId)}`);
      return row?.orgId ?? null;
    },

    async dueWebhookEndpoints(limit) {
      const rows = await direct.rows<{ id: string }>(sql`
        select e.id from webhook_endpoint e
        where e."disabledAt" is null and exists (
          select 1 from webhook_delivery d
          where d."endpointId" = e.id and d.state = 'PENDING' and d."nextAttemptAt" <= now()
            and (d."takenUntil" is null or d."takenUntil" <= now()))
        order by e.id limit ${limit}::int4`);
      return rows.map(({ id }) => id);
    },

    deleteOldWebhooks: (limit) =>
      direct.count(sql`
        delete from webhook_message where id in (
          select id from webhook_message where "createdAt" < now() - interval '30 days' order by "createdAt" limit ${limit}::int4)`),
  };
}
