import { expect, test } from 'vitest';
import { explainAccess } from '../../src/app/explain-access.ts';
import { reconcileGroup } from '../../src/app/reconcile-group.ts';
import { retain } from '../../src/app/retain.ts';
import { syncDirectories } from '../../src/app/sync-directories.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import type { Deps } from '../../src/app/deps.ts';
import { catalog } from '../../src/jobs/catalog.ts';
import type { JobToAdd } from '../../src/ports/job-queue.ts';
import { gate } from '../adapters/queue-backends.ts';
import { done } from './telling.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

const ROOM = 'Meeting room 1';
const openRights = async (world: World): Promise<number> => (await world.sql('select 1 from access_right where "closedAt" is null')).length;

test('a right that ends inside a longer stay is closed by the sweep, and no door notices', async () => {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.plan('full', { group: ROOM });
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.drain();
  const calls = world.groupCalls().length;
  await world.at('13:31');
  await world.sweep();
  expect(await openRights(world)).toBe(2);
  await world.at('13:41');
  await world.sweep();
  expect(await openRights(world)).toBe(1);
  expect(await world.opens('ada', ROOM)).toBe(true);
  expect(world.groupCalls()).toHaveLength(calls);
});

test('a booking that is extended while its end is just being worked off keeps the door open (B4, X2)', async () => {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.member('ada');
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('13:29:59');
  const [begun, ended] = [gate(), gate()];
  const slow = withRights(world.deps, async () => {
    begun.open();
    await ended.opened;
  });
  const extended = upsertBooking(slow, world.platform, {
    ...{ externalId: 'one', resource: world.externalId('room'), member: world.externalId('ada'), invitees: [] },
    ...{ startsAt: world.instant('12:00'), endsAt: world.instant('15:00'), payWithDayPass: false, asOf: null },
  });
  await begun.opened;
  await world.jump('13:30:01');
  await reconcileGroup(world.deps, { accessGroupId: await world.groupId(ROOM) });
  expect(await world.opens('ada', ROOM)).toBe(false);
  ended.open();
  done(await extended);
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.at('15:31');
  expect(await world.opens('ada', ROOM)).toBe(false);
});

/** The same, but that changes of the ledger wait. */
function withRights(deps: Deps, before: () => Promise<void>): Deps {
  const transaction: Deps['store']['transaction'] = (orgId, work) =>
    deps.store.transaction(orgId, (tx) => {
      const apply: typeof tx.rights.apply = async (diff) => {
        await before();
        await tx.rights.apply(diff);
      };
      return work({ ...tx, rights: { ...tx.rights, apply } });
    });
  return { ...deps, store: { ...deps.store, transaction } };
}

test('activity older than the retention goes to the archive, all of it; nothing is told twice and every explanation stays', async () => {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.member('ada');
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.at('14:00');
  const group = await world.groupId(ROOM);
  const asked = { member: world.externalId('ada'), accessGroupId: group, at: world.instant('12:30') };
  const explained = done(await explainAccess(world.deps, world.platform, asked));
  await world.sql(`update activity set at = at - interval '731 days'`);
  await world.sql(`
    insert into activity (id, "orgId", "locationId", at, type, actor, detail)
    select gen_random_uuid(), "orgId", "locationId", at, 'UNLOCK_REPORTED', 'lock', 'Front door was opened.'
    from (select * from activity limit 1) a, generate_series(1, 2500)`);
  const [before] = await world.sql<{ n: number }>('select count(*)::int as n from activity');
  await world.jobs.add([{ name: 'retain', payload: {}, at: null }]);
  await world.drain();
  expect((await world.activity()).map(({ type }) => type)).toEqual(['KEY_AVAILABLE']);
  expect(await world.sql('select count(*)::int + 1 as n from activity_archive')).toEqual([before]);
  await world.book('two', { resource: 'room', member: 'ada', from: '16:00', to: '17:00' });
  await world.at('16:01');
  expect((await world.activity()).map(({ type }) => type)).toEqual(['KEY_AVAILABLE', 'ACCESS_GRANTED']);
  expect(done(await explainAccess(world.deps, world.platform, asked))).toEqual(explained);
});

test('without a retention everything is kept, and a run whose time is up leaves the rest to the next', async () => {
  const asked: number[] = [];
  const store = { now: () => Promise.resolve(1_000), archiveActivity: async (_: number, limit: number) => asked.push(limit) && limit };
  const deps = (activityRetentionMs: number | null) => ({ store, settings: { activityRetentionMs } }) as unknown as Deps;
  expect(await retain(deps(null))).toEqual({ archived: 0 });
  expect(await retain(deps(500), AbortSignal.abort())).toEqual({ archived: 0 });
  expect(asked).toEqual([]);
});

test('the upkeep of many connections is a job for each, spread over its period and never lost in a page', async () => {
  const ids = Array.from({ length: 1_200 }, () => crypto.randomUUID()).sort();
  const added: JobToAdd[] = [];
  const store = {
    now: () => Promise.resolve(0),
    connectedIntegrations: async ({ after, limit }: { after: string | null; limit: number }) =>
      ids
        .filter((id) => after === null || id > after)
        .slice(0, limit)
        .map((integrationId) => ({ orgId: 'acme', integrationId })),
  };
  const jobs = { add: async (some: JobToAdd[]) => added.push(...some) > 0 };
  const deps = { store, jobs } as unknown as Deps;
  expect(await syncDirectories(deps, {})).toEqual({ connections: 1_200 });
  expect(added.map(({ payload }) => payload)).toEqual(ids.map((integrationId) => ({ integrationId, scheduled: true })));
  const starts = added.map(({ at }) => at ?? 0);
  expect(starts.slice(1).map((at, index) => at - (starts[index] ?? 0))).toEqual(Array.from({ length: 1_199 }, () => 500));
  expect(starts.at(-1)).toBeLessThan(10 * MINUTE);
});

test('what is asked for at once does not wait for its turn among all connections', () => {
  const integrationId = crypto.randomUUID();
  for (const name of ['sync-directory', 'audit-memberships', 'follow-entries'] as const) {
    const key = catalog[name].deduplicate as (payload: object) => string;
    expect(new Set([key({}), key({ integrationId }), key({ integrationId, scheduled: true })]).size).toBe(3);
  }
});
