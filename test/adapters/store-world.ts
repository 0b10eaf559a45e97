import { randomBytes, randomUUID } from 'node:crypto';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { connect } from '../../src/adapters/prisma/connection.ts';
import type { Connection } from '../../src/adapters/prisma/connection.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import { dueAt, newMembership } from '../../src/core/membership.ts';
import type { Membership } from '../../src/core/membership.ts';
import type { ProviderDirectory } from '../../src/ports/lock-vendor.ts';
import type { BookingRow, ItemRow, MemberRow, SubscriptionRow } from '../../src/ports/rows.ts';
import type { Secrets } from '../../src/ports/secrets.ts';
import type { Store } from '../../src/ports/store.ts';
import { testDatabase } from '../support/database.ts';

export interface World {
  readonly url: string;
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly store: Store;
  /** another store on the same database, as another process has it */
  another(): Store;
  /** runs plain SQL, for what no port shows */
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** how many statements the store has sent so far */
  statements(): number;
  /** resolves once so many sessions wait for a lock */
  someoneWaits(sessions?: number): Promise<void>;
  close(): Promise<void>;
}

export async function storeWorld(): Promise<World> {
  const database = await testDatabase();
  const secrets = createSecrets([randomBytes(32)]);
  const connections: Connection[] = [];
  const open = (): Connection => {
    const connection = connect(database.url);
    connections.push(connection);
    return connection;
  };
  const connection = open();
  let sent = 0;
  connection.pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const counting = (...args: unknown[]): unknown => {
      sent += 1;
      return query(...args);
    };
    Object.assign(client, { query: counting });
  });
  const sql = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await connection.pool.query(text, values)).rows as Row[];
  return {
    url: database.url,
    connection,
    secrets,
    store: createStore({ pool: connection.pool, secrets }),
    another: () => createStore({ pool: open().pool, secrets }),
    sql,
    statements: () => sent,
    async someoneWaits(sessions = 1) {
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await sql(waiting)).length < sessions);
    },
    async close() {
      await Promise.all(connections.map((each) => each.close()));
      await database.drop();
    },
  };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A site of two groups and two locks. */
export function directory(siteExternalId: string, change: Partial<ProviderDirectory> = {}): ProviderDirectory {
  const site = { timeZone: 'Europe/Berlin', digitalKeysSupported: true, released: true, seatsTotal: 10, seatsUsed: 1 };
  const group = (name: string, lockExternalIds: string[]): ProviderDirectory['groups'][number] => ({
    ...{ externalId: `g-${name}`, name, scheduled: true, alwaysOpen: false, schedules: [], lockExternalIds, people: [] },
  });
  return {
    site: { externalId: siteExternalId, name: 'Harbour', ...site },
    groups: [group('Front', ['l-door']), group('Office', ['l-door', 'l-office'])],
    locks: [
      { externalId: 'l-door', name: 'Door', online: true },
      { externalId: 'l-office', name: 'Office', online: null },
    ],
    ...change,
  };
}

/** An organisation with a connected location; every organisation has the same external ids. */
export async function organisation(world: World) {
  const orgId = `org-${randomUUID()}`;
  const siteExternalId = `site-${randomUUID()}`;
  const base = await world.store.transaction(orgId, async (tx) => {
    const location = await tx.locations.insert({
      ...{ externalId: 'loc', name: 'Harbour', timeZone: 'Europe/Berlin', graceBeforeMinutes: 30, graceAfterMinutes: 30, asOf: null },
    });
    const company = await tx.companies.insert({ externalId: 'com', name: 'Anvil', asOf: null });
    const integration = await tx.integrations.insert({ locationId: location.id, status: 'AUTHORIZING', statusBefore: null });
    const change = { status: 'CONNECTED' as const, siteExternalId, siteHeld: true, connectedAt: tx.now };
    await tx.integrations.update(integration.id, change);
    const told = directory(siteExternalId);
    await tx.groups.saveDirectory(integration.id, siteExternalId, told);
    await tx.integrations.saveSite(integration.id, told.site);
    const [front, office] = await tx.groups.ofIntegration(integration.id);
    if (front === undefined || office === undefined) throw new Error('The directory was not stored.');
    const plan = await tx.plans.insert({
      ...{ externalId: 'pla', locationId: location.id, name: 'Flex', dayPassesPerMonth: 2, accessGroupId: front.id, asOf: null },
    });
    const room = await tx.resources.insert({
      ...{ externalId: 'roo', locationId: location.id, name: 'Blue', kind: 'ROOM' as const, accessGroupId: office.id, asOf: null },
    });
    return { location, company, integration: { ...integration, ...change }, front, office, plan, room };
  });
  const { store } = world;
  let made = 0;
  const next = (prefix: string): string => `${prefix}-${(made += 1)}`;
  return {
    ...base,
    orgId,
    siteExternalId,
    member: (change: Partial<MemberRow> = {}): Promise<MemberRow> => {
      const externalId = next('mem');
      const person = { email: `${externalId}@example.com`, firstName: 'Ada', lastName: 'Marsh', role: 'MEMBER' as const };
      const rest = { companyId: null, companySince: null, removedAt: null, asOf: null };
      return store.transaction(orgId, (tx) => tx.members.insert({ externalId, ...person, ...rest, ...change }));
    },
    subscription: (change: Partial<SubscriptionRow>): Promise<SubscriptionRow> => {
      const of = { externalId: next('sub'), locationId: base.location.id, memberId: null, companyId: null };
      const rest = { startsOn: '2026-01-01', endsOn: null, canceledAt: null, asOf: null };
      return store.transaction(orgId, (tx) => tx.subscriptions.insert({ ...of, ...rest, ...change }));
    },
    item: (subscriptionId: string, change: Partial<ItemRow> = {}): Promise<ItemRow> => {
      const of = { externalId: next('ite'), subscriptionId, planId: base.plan.id, resourceId: null };
      return store.transaction(orgId, (tx) => tx.items.insert({ ...of, accessGroupId: base.front.id, endedAt: null, ...change }));
    },
    booking: (memberId: string, startsAt: number, change: Partial<BookingRow> = {}): Promise<BookingRow> => {
      const of = { externalId: next('boo'), locationId: base.location.id, resourceId: base.room.id, memberId };
      const rest = { startsAt, endsAt: startsAt + HOUR, paidWithDayPass: false, canceledAt: null, asOf: null };
      return store.transaction(orgId, (tx) => tx.bookings.insert({ ...of, ...rest, ...change }));
    },
    /** a membership as `change` would have it, stored */
    membership: async (memberId: string, accessGroupId: string, change: Partial<Membership> = {}): Promise<Membership> =>
      store.transaction(orgId, async (tx) => {
        const [row] = await tx.memberships.create([{ memberId, accessGroupId }]);
        if (row === undefined) throw new Error('No membership was made.');
        const membership = { ...newMembership(row.id, memberId, accessGroupId, row.managed), ...change, version: 1 };
        const written = await tx.memberships.save([{ membership, was: row.version, dueAt: dueAt(membership) }]);
        if (written.length !== 1) throw new Error('The membership was not stored.');
        return membership;
      }),
  };
}

export type Organisation = Awaited<ReturnType<typeof organisation>>;

/** Lets `count` parties go on once all of them have come. */
export function barrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  let come = 0;
  return () => {
    come += 1;
    if (come === count) open();
    return all;
  };
}
