import { expect, test } from 'vitest';
import { previewResync } from '../../src/app/preview-resync.ts';
import { doOrRehearse } from '../../src/app/rehearse.ts';
import { resyncAccess } from '../../src/app/resync-access.ts';
import { setPlanAccess } from '../../src/app/set-plan-access.ts';
import { setSubscriptionItemAccess } from '../../src/app/set-subscription-item-access.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { NotFoundError, ProviderUnavailableError } from '../../src/core/errors.ts';
import type { AccessPreview } from '../../src/core/preview.ts';
import type { Deps } from '../../src/app/deps.ts';
import { checksums } from './checksum.ts';
import { crowd, CROWD, FRONT, guard, importBookings, importSubscriptions, settled, singles, subscriptionOf } from './held.ts';
import { done } from './telling.ts';
import { connectedWorld, DAY, type World } from './world.ts';

/** A dry run: that it leaves no trace, and what it foretells. */
async function foretold(world: World, verb: (deps: Deps) => Promise<object>): Promise<string[]> {
  const before = await checksums(world);
  const { preview } = done(await doOrRehearse(world.deps, world.platform, true, verb)) as { preview: AccessPreview };
  expect(await checksums(world)).toEqual(before);
  expect([world.jobs.added, world.announced, world.groupCalls()]).toEqual([[], [], []]);
  return spoken(world, preview);
}

async function spoken(world: World, { effects }: AccessPreview): Promise<string[]> {
  const names = new Map(
    (await world.sql<{ id: string; name: string }>(`select id, "externalId" as name from member`)).map((row) => [row.id, row.name]),
  );
  const groups = new Map(
    (await world.sql<{ id: string; name: string }>(`select id, name from access_group`)).map((row) => [row.id, row.name]),
  );
  return effects
    .map(({ memberId, accessGroupId, change, held }) =>
      [change, names.get(memberId), groups.get(accessGroupId), held ? 'held' : ''].join(' ').trim(),
    )
    .sort();
}

const map = (world: World, resource: string, accessGroup: string | null) => (deps: Deps) =>
  setResourceAccess(deps, world.admin, { resource: world.externalId(resource), accessGroup });

test('a dry run of a mapping foretells who goes, who comes, now and later, and who would be held', async () => {
  const world = await connectedWorld();
  await guard(world, 50, 3);
  await world.room('room', 'Meeting room 1');
  for (const name of CROWD) await world.member(name);
  await world.book('now', { resource: 'room', member: 'ada', invitees: ['ben', 'cyd'], from: '10:00', to: '12:00' });
  await world.book('later', { resource: 'room', member: 'dee', from: '15:00', to: '16:00' });
  await settled(world);
  const office = await world.groupId('Office 12');
  const [room, other] = ['Meeting room 1', 'Office 12'];
  expect(await foretold(world, map(world, 'room', office))).toEqual([
    ...['ada', 'ben', 'cyd'].map((name) => `GRANT ${name} ${other}`),
    ...['ada', 'ben', 'cyd'].map((name) => `REVOKE ${name} ${room} held`),
    `SCHEDULE dee ${other}`,
    `UNSCHEDULE dee ${room}`,
  ]);
  await guard(world, 100, 3);
  await settled(world);
  expect(await foretold(world, map(world, 'room', office))).toContain(`REVOKE ada ${room}`);
  done(await map(world, 'room', office)(world.deps));
  await world.drain();
  expect([await world.whoOpens(room), await world.whoOpens(other)]).toEqual([[], ['ada', 'ben', 'cyd']]);
});

test('a dry run of an item’s or a plan’s group foretells what it does now', async () => {
  const world = await crowd();
  const item = { subscriptionItem: world.externalId('firm-full'), accessGroup: null };
  expect(await foretold(world, (deps) => setSubscriptionItemAccess(deps, world.admin, item))).toEqual(
    CROWD.map((name) => `REVOKE ${name} Members 24/7 held`),
  );
  const plan = { plan: world.externalId('full'), accessGroup: null };
  expect(await foretold(world, (deps) => setPlanAccess(deps, world.admin, plan))).toEqual([]);
  const unknown = { plan: world.externalId('none'), accessGroup: null };
  expect(await doOrRehearse(world.deps, world.admin, true, (deps) => setPlanAccess(deps, world.admin, unknown))).toBeInstanceOf(
    NotFoundError,
  );
});

test('a dry run of an import foretells what it does, each refusal alone, and passes that run out within it', async () => {
  const world = await singles();
  await world.plan('rotating', { passes: 1 });
  await world.desk('desk', 'Office 12');
  await world.subscribe('passes', { member: 'dee', plans: ['rotating'] });
  await settled(world);
  const people = CROWD.map((name) => subscriptionOf(world, name, name === 'ada' ? ['full', 'bare'] : ['bare']));
  expect(await foretold(world, (deps) => importSubscriptions(world, people, deps))).toEqual(
    CROWD.slice(1).map((name) => `REVOKE ${name} Members 24/7 held`),
  );
  const told = { resource: world.externalId('desk'), member: world.externalId('dee'), invitees: [], payWithDayPass: true, asOf: null };
  const hours = (days: number) => ({ startsAt: world.instant('10:00') + days * DAY, endsAt: world.instant('12:00') + days * DAY });
  const bookings = [0, 1].map((days) => ({ externalId: `b${days}`, ...told, ...hours(days) }));
  const answers = await doOrRehearse(world.deps, world.platform, true, (deps) => importBookings(world, bookings, deps));
  expect(answers).toMatchObject({ answers: [{ success: {}, error: null }, { error: { code: 'NO_DAY_PASS_LEFT' } }] });
  expect(await foretold(world, (deps) => importBookings(world, bookings, deps))).toEqual(['GRANT dee Office 12']);
  await importBookings(world, bookings);
  await world.drain();
  expect(await world.whoOpens('Office 12')).toEqual(['dee']);
});

test('a dry run of a resync reads who is in the groups, and foretells what the audit then does', async () => {
  const world = await crowd();
  const scope = { location: world.externalId('harbour'), member: null, accessGroup: null };
  const look = async (): Promise<string[]> => {
    const before = await checksums(world);
    const { preview } = done(await previewResync(world.deps, world.admin, scope));
    expect(await checksums(world)).toEqual(before);
    expect([world.jobs.added, world.announced, world.groupCalls()]).toEqual([[], [], []]);
    return preview === null ? [] : spoken(world, preview);
  };
  expect(await look()).toEqual([]);
  await world.dashboard('DELETE', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  await world.sql(`update access_right set "withdrawnAt" = now(), "closedAt" = now() from member m
    where m.id = "memberId" and m."externalId" = 'ben'`);
  await world.sql(`update group_membership set wanted = false from member m where m.id = "memberId" and m."externalId" = 'ben'`);
  expect(await look()).toEqual(['GRANT ada Members 24/7', 'GRANT ben Members 24/7']);
  done(await resyncAccess(world.deps, world.admin, scope));
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(CROWD);
  await settled(world);
  expect(await look()).toEqual([]);
});

test('a dry run of a resync asks for patience where the lock system does not answer', async () => {
  const world = await crowd();
  const scope = { location: world.externalId('harbour'), member: null, accessGroup: null };
  await world.dashboard('PATCH', '/switches', { apiOutage: true });
  const before = await checksums(world);
  expect(await previewResync(world.deps, world.admin, scope)).toBeInstanceOf(ProviderUnavailableError);
  expect(await checksums(world)).toEqual(before);
});
