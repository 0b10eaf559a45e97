import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Membership } from '../../src/core/membership.ts';
import type { ActivationRow, IntegrationRow, MobileKeyRow } from '../../src/ports/rows.ts';
import type { DueGroup } from '../../src/ports/store.ts';
import { DAY, HOUR, MINUTE, organisation, storeWorld } from './store-world.ts';
import type { Organisation, World } from './store-world.ts';

let world: World;
let org: Organisation;

beforeAll(async () => {
  world = await storeWorld();
});
afterAll(() => world.close());

// The sweep looks at every organisation: each test has the database to itself.
beforeEach(async () => {
  const tables = await world.sql<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'`,
  );
  await world.sql(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  org = await organisation(world);
});

const due = async (groupId: string, change: Partial<Membership>): Promise<Membership> =>
  org.membership((await org.member()).id, groupId, change);
const connection = (change: Partial<IntegrationRow>) =>
  world.store.transaction(org.orgId, (tx) => tx.integrations.update(org.integration.id, change));

test('a group is due at its earliest membership, named after what is due there first', async () => {
  const now = await world.store.now();
  const groups = () => world.store.dueGroups(now + HOUR, null, 10);
  expect(await groups()).toEqual([]);
  await due(org.front.id, { nextChangeAt: now + 30 * MINUTE });
  await due(org.front.id, { nextChangeAt: now + 2 * HOUR });
  await due(org.office.id, { wanted: true, state: 'ACTIVE', nextChangeAt: now + 20 * MINUTE });
  const front: DueGroup = { accessGroupId: org.front.id, at: now + 30 * MINUTE, kind: 'grant' };
  const office: DueGroup = { accessGroupId: org.office.id, at: now + 20 * MINUTE, kind: 'revoke' };
  const byId = (...rows: DueGroup[]) => rows.toSorted((a, b) => (a.accessGroupId < b.accessGroupId ? -1 : 1));
  expect(await groups()).toEqual(byId(front, office));
  await due(org.front.id, { wanted: false, state: 'REVOKING', retryAt: now + MINUTE });
  await due(org.office.id, { wanted: true, state: 'ABSENT' });
  expect(await groups()).toEqual(byId({ ...front, at: now + MINUTE, kind: 'revoke' }, { ...office, at: 0, kind: 'grant' }));
  await due(org.front.id, { wanted: true, managed: false });
  expect(await groups()).toEqual(byId({ ...front, at: now + MINUTE, kind: 'revoke' }, { ...office, at: 0, kind: 'grant' }));
});

test('due groups come in pages that together are all of them', async () => {
  await due(org.front.id, { wanted: true });
  await due(org.office.id, { wanted: true });
  const [first] = await world.store.dueGroups(1, null, 1);
  const [second] = await world.store.dueGroups(1, first?.accessGroupId ?? '', 1);
  expect([first?.accessGroupId, second?.accessGroupId]).toEqual([org.front.id, org.office.id].toSorted());
  expect(await world.store.dueGroups(1, second?.accessGroupId ?? '', 1)).toEqual([]);
});

const callable: [string, Partial<IntegrationRow>, boolean][] = [
  ['connected', {}, true],
  ['being connected again', { status: 'AUTHORIZING', statusBefore: 'CONNECTED' }, true],
  ['being connected again after a refusal', { status: 'AUTHORIZING', statusBefore: 'NEEDS_REAUTHORIZATION' }, false],
  ['in need of a new consent', { status: 'NEEDS_REAUTHORIZATION' }, false],
  ['disconnected', { status: 'DISCONNECTED' }, false],
  ['waiting for a site', { status: 'SELECTING_SITE' }, false],
  ['in a pause', { pausedUntil: Date.UTC(2100, 0, 1) }, false],
  ['past its pause', { pausedUntil: 1_000 }, true],
];

test.each(callable)('a connection that is %s is called or left alone accordingly', async (_name, change, called) => {
  await due(org.front.id, { wanted: true });
  await key({ renewAt: 1_000 });
  await connection(change);
  const connections = called ? [{ orgId: org.orgId, integrationId: org.integration.id }] : [];
  expect(await world.store.connectedIntegrations({ after: null, limit: 10 })).toEqual(connections);
  expect(await world.store.connectedIntegrations({ id: org.integration.id })).toEqual(connections);
  expect(await world.store.dueGroups(1, null, 10)).toHaveLength(called ? 1 : 0);
  expect(await world.store.keysToRenew(2_000, 10)).toHaveLength(called ? 1 : 0);
});

async function device(): Promise<{ id: string; memberId: string }> {
  const memberId = (await org.member()).id;
  return world.store.transaction(org.orgId, (tx) => tx.keys.saveDevice({ memberId, uid: randomUUID(), name: 'Phone', publicKey: 'key' }));
}

async function activation(change: Partial<ActivationRow>): Promise<string> {
  const { id: deviceId, memberId } = await device();
  const row: ActivationRow = {
    ...{ id: world.secrets.newId(), memberId, locationId: org.location.id, integrationId: org.integration.id, deviceId },
    ...{ status: 'ACTIVATING', ticketHash: randomUUID(), ticketExpiresAt: 0, ticketUsedAt: null, stateHash: null, verifier: null },
    ...{ sealedTokens: null, tokensExpireAt: null, startedAt: 0, deadline: 0, finishedAt: null, failureMessage: null },
    ...change,
  };
  await world.store.transaction(org.orgId, (tx) => tx.keys.beginActivation(row, 'Replaced.', 0));
  return row.id;
}

async function key(change: Partial<MobileKeyRow>): Promise<string> {
  const { id: deviceId, memberId } = await device();
  const row: MobileKeyRow = {
    ...{ id: world.secrets.newId(), memberId, locationId: org.location.id, integrationId: org.integration.id, deviceId },
    ...{ siteExternalId: org.siteExternalId, providerDeviceId: 'pd', providerKeyId: null, sealedKey: 'sealed', issuedAt: 0, expiresAt: 0 },
    ...{ renewAt: Date.UTC(2100, 0, 1), cancelledAt: null, sealedTokens: 'tokens', tokensExpireAt: null, activatedAt: 0 },
    ...change,
  };
  await world.store.transaction(org.orgId, (tx) => tx.keys.saveMobileKey(row));
  return row.id;
}

test('activations past their deadline and those signed in are found until they are finished', async () => {
  const now = await world.store.now();
  const overdue = [await activation({ deadline: now - 1 }), await activation({ deadline: now - 1, status: 'SIGNED_IN' })];
  const signedIn = await activation({ deadline: now + MINUTE, status: 'SIGNED_IN' });
  await activation({ deadline: now + MINUTE });
  await activation({ deadline: now - 1, status: 'DONE' });
  await activation({ deadline: now - 1, status: 'FAILED' });
  expect(await world.store.overdueActivations(10)).toEqual(overdue.toSorted());
  expect(await world.store.overdueActivations(1)).toHaveLength(1);
  expect(await world.store.signedInActivations(10)).toEqual([signedIn]);
});

test('keys near their end or cancelled are renewed, unless the member’s tokens are lost or the site is another', async () => {
  const now = await world.store.now();
  // An access token that ran out is no hindrance: the refresh token is sealed with it.
  const near = await key({ renewAt: now, tokensExpireAt: now - DAY });
  const cancelled = await key({ renewAt: now, cancelledAt: now });
  // Refused lately: it waits for its next try like any other.
  await key({ cancelledAt: now });
  await key({});
  await key({ renewAt: now, sealedTokens: null });
  await key({ renewAt: now, siteExternalId: 'site of before' });
  expect(await world.store.keysToRenew(now + 1, 10)).toEqual([near, cancelled].toSorted());
  expect(await world.store.keysToRenew(now + 1, 1)).toEqual([[near, cancelled].toSorted()[0]]);
});

test('what the OpenID provider no longer needs is deleted, and nothing else', async () => {
  await world.sql(
    `insert into oidc_record (model, id, payload, "expiresAt")
     values ('Grant', 'old', '{}', now() - interval '1 s'), ('Grant', 'new', '{}', now() + interval '1 min')`,
  );
  const consent = {
    stateHash: 'state',
    locationId: org.location.id,
    startedBy: 'admin:ada',
    cookieHash: null,
    verifier: 'v',
    expiresAt: 0,
  };
  await world.store.transaction(org.orgId, (tx) => tx.integrations.addConsent(consent));
  expect(await world.store.deleteExpired(10)).toBe(1);
  expect(await world.sql('select id from oidc_record')).toEqual([{ id: 'new' }]);
  expect(await world.store.expiredConsents(10)).toEqual(['state']);
});

test('whose data it is comes with the id', async () => {
  const activationId = await activation({});
  const mobileKeyId = await key({});
  expect([
    await world.store.orgOfActivation(activationId),
    await world.store.orgOfMobileKey(mobileKeyId),
    await world.store.orgOfIntegration(org.integration.id),
    await world.store.orgOfIntegration(activationId),
    await world.store.orgOfActivation('nonsense'),
  ]).toEqual([org.orgId, org.orgId, org.orgId, null, null]);
  const context = await world.store.groupOf(org.front.id);
  expect(context).toMatchObject({ orgId: org.orgId, group: org.front, timeZone: 'Europe/Berlin' });
  expect(context?.integration).toEqual(await world.store.transaction(org.orgId, (tx) => tx.integrations.get(org.integration.id)));
});

test('of twenty runs that claim a group at once, over two processes, one holds it', async () => {
  const stores = [world.store, world.another()];
  const claims = await Promise.all(stores.flatMap((store) => Array.from({ length: 10 }, () => store.claimGroup(org.front.id, MINUTE))));
  expect(claims.filter((token) => token !== null)).toHaveLength(1);
  expect(await world.store.claimGroup(org.office.id, MINUTE)).not.toBeNull();
});

test('a claim given back is free at once; one whose lease is over is free, and lost to whoever had it', async () => {
  const claim = (leaseMs: number) => world.store.claimGroup(org.front.id, leaseMs);
  const first = (await claim(MINUTE)) ?? '';
  await world.store.releaseClaim(org.front.id, randomUUID());
  expect(await claim(MINUTE)).toBeNull();
  await world.store.releaseClaim(org.front.id, first);
  expect(await world.store.renewClaim(org.front.id, first, MINUTE)).toBe(false);
  const second = (await claim(-1)) ?? '';
  expect(second).not.toBe('');
  const third = (await claim(MINUTE)) ?? '';
  expect(third).not.toBe('');
  expect(await world.store.renewClaim(org.front.id, second, MINUTE)).toBe(false);
  await world.store.releaseClaim(org.front.id, second);
  expect(await claim(MINUTE)).toBeNull();
  expect(await world.store.renewClaim(org.front.id, third, MINUTE)).toBe(true);
});

test('connections come in pages that together are all of them', async () => {
  const other = await organisation(world);
  const both = [org.integration.id, other.integration.id].toSorted();
  const [first] = await world.store.connectedIntegrations({ after: null, limit: 1 });
  const rest = await world.store.connectedIntegrations({ after: first?.integrationId ?? '', limit: 10 });
  expect([first, ...rest].map((one) => one?.integrationId)).toEqual(both);
  expect(await world.store.connectedIntegrations({ id: randomUUID() })).toEqual([]);
});

test('rights that ended are closed in pages, the earliest first, and stay what they were', async () => {
  const member = await org.member();
  const founded = { memberId: member.id, accessGroupId: org.front.id, reason: 'ROOM_BOOKING' as const, startsAt: 0 };
  const bookings = await Promise.all([2_000, 1_000, null].map(async (endsAt) => ({ endsAt, id: (await org.booking(member.id, 0)).id })));
  const add = bookings.map(({ endsAt, id }) => ({ ...founded, endsAt, source: { kind: 'booking' as const, id } }));
  const inOrg = world.store.transaction.bind(world.store, org.orgId);
  await inOrg((tx) => tx.rights.apply({ close: [], withdraw: [], move: [], add }));
  const ends = async () => {
    const open = (await inOrg((tx) => tx.rights.openOfMember(member.id))) as { endsAt: number | null }[];
    return open.map(({ endsAt }) => endsAt);
  };
  expect(await world.store.closeEnded(2_001, 1)).toBe(1);
  expect(await ends()).toEqual([2_000, null]);
  expect([await world.store.closeEnded(2_001, 10), await world.store.closeEnded(2_001, 10)]).toEqual([1, 0]);
  expect(await ends()).toEqual([null]);
  const rows = await world.sql('select 1 from access_right where "withdrawnAt" is null');
  expect(rows).toHaveLength(3);
});

test('activity is moved to the archive row for row, the oldest first, and never in two places; what is told once in a life stays', async () => {
  const activity = (at: number, type: 'ACCESS_GRANTED' | 'KEY_AVAILABLE') => ({
    ...{ locationId: org.location.id, at, type, actor: 'system', detail: `At ${at}.`, onceKey: `once:${at}` },
  });
  await world.store.transaction(org.orgId, (tx) =>
    tx.activity.add([activity(1, 'KEY_AVAILABLE'), ...[5, 3, 4, 9].map((at) => activity(at, 'ACCESS_GRANTED'))]),
  );
  const all = `"orgId", "locationId", at, type, "memberId", "accessGroupId", actor, detail, "onceKey", id`;
  const before = await world.sql<{ id: string }>(`select ${all} from activity order by id`);
  const details = async (table: string) =>
    (await world.sql<{ detail: string }>(`select detail from ${table} order by at`)).map(({ detail }) => detail);
  expect(await world.store.archiveActivity(9, 2)).toBe(2);
  expect(await details('activity_archive')).toEqual(['At 3.', 'At 4.']);
  expect(await details('activity')).toEqual(['At 1.', 'At 5.', 'At 9.']);
  expect(await world.store.archiveActivity(9, 2)).toBe(1);
  expect(await details('activity')).toEqual(['At 1.', 'At 9.']);
  expect(await world.sql(`select ${all} from activity union all select ${all} from activity_archive order by id`)).toEqual(before);
});

test('of two processes that archive at once none waits for the other, and each row is moved once', async () => {
  const row = { locationId: org.location.id, type: 'ACCESS_GRANTED' as const, actor: 'system', detail: 'Was let in.' };
  await world.store.transaction(org.orgId, (tx) => tx.activity.add(Array.from({ length: 40 }, (_, at) => ({ ...row, at }))));
  const stores = [world.store, world.another()];
  const moved = await Promise.all(stores.flatMap((store) => [1, 2, 3].map(() => store.archiveActivity(1_000, 10))));
  const [counted] = await world.sql<{ n: number }>('select count(*)::int as n from activity_archive');
  expect(moved.reduce((sum, count) => sum + count, 0)).toBe(counted?.n);
});
