import { expect, test } from 'vitest';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { selectSite } from '../../src/app/select-site.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { cameBack, siteId, status } from './consenting.ts';
import { done, MILLER, OWNER } from './telling.ts';
import { connectedWorld, createWorld, DAY, MINUTE, SECOND, type World } from './world.ts';

const FRONT = 'Front door';
const ROOM = 'Meeting room 1';

const harbour = { location: { externalId: 'harbour' } };

async function problems(world: World): Promise<string[]> {
  const rows = await world.sql<{ code: string }>('select code from integration_problem where "closedAt" is null order by code');
  return rows.map(({ code }) => code);
}

const disconnect = (world: World, confirm = true, location = 'harbour') =>
  disconnectIntegration(world.deps, world.admin, { location: { externalId: location }, confirm });

/** ada by subscription since the start; a room for bookings */
async function inhabited(): Promise<World> {
  const world = await connectedWorld();
  await world.plan('full', { group: 'Members 24/7' });
  await world.room('room', 'Meeting room 1');
  for (const name of ['ada', 'ben', 'cyd']) await world.member(name);
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(true);
  return world;
}

test('each location has a connection of its own, to an account of its own (C1)', async () => {
  const world = await connectedWorld();
  await world.location('mill');
  await world.connect('mill', { account: MILLER, site: 'Old Mill' });
  await world.member('ada');
  await world.resource('loft', 'ROOM', null, 'mill');
  const accessGroup = await world.groupId('Mill members', 'mill');
  done(await setResourceAccess(world.deps, world.admin, { resource: { externalId: 'loft' }, accessGroup }));
  await world.book('one', { resource: 'loft', member: 'ada', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ada', 'Mill gate')).toBe(true);
  expect(await world.opens('ada', FRONT)).toBe(false);
  done(await disconnect(world, true, 'mill'));
  expect([await status(world), await status(world, 'mill')]).toEqual(['CONNECTED', 'DISCONNECTED']);
});

test('groups made, renamed and deleted at SALTO KS are taken over by a job, and those that open nothing are known (C4, C6)', async () => {
  const world = await connectedWorld();
  await world.dashboard('POST', '/groups', { site: 'Harbour Campus', name: 'Evening', locks: [FRONT], schedules: ['always'] });
  await world.dashboard('PATCH', '/groups/Office%2012', { name: 'Office twelve' });
  await world.dashboard('DELETE', '/groups/Weekdays');
  await world.jobs.add([{ name: 'sync-directory', payload: {}, at: null }]);
  await world.drain();
  const groups = await world.sql<{ name: string; scheduled: boolean; strangers: number; missing: boolean; locks: string }>(
    `select name, scheduled, strangers, "missingSince" is not null as missing, (select count(*) from access_group_lock l where l."accessGroupId" = g.id) as locks
     from access_group g order by name`,
  );
  const byName = new Map(groups.map((group) => [group.name, group]));
  expect(byName.get('Evening')).toMatchObject({ scheduled: true, locks: '1', missing: false });
  expect(byName.get('Office twelve')).toMatchObject({ locks: '2' });
  expect(byName.has('Office 12')).toBe(false);
  expect(byName.get('Weekdays')).toMatchObject({ missing: true });
  expect(byName.get('No schedule')).toMatchObject({ scheduled: false });
  expect(byName.get('No locks')).toMatchObject({ locks: '0' });
  expect(byName.get('Reception (theirs)')).toMatchObject({ strangers: 2 });
});

test('people we did not put into a group are never touched, whatever becomes of ours (C6)', async () => {
  const world = await inhabited();
  await world.resourceAccess('room', 'Reception (theirs)');
  await world.book('one', { resource: 'room', member: 'ben', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ben', 'Loading bay')).toBe(true);
  await world.at('11:30');
  await world.jobs.add([{ name: 'audit-memberships', payload: {}, at: null }]);
  await world.drain();
  expect(await world.opens('ben', 'Loading bay')).toBe(false);
  for (const theirs of ['desk@example.com', 'cleaner@example.com']) expect(await world.opens(theirs, 'Loading bay')).toBe(true);
});

test('who was put in by hand before a right of theirs begins is adopted, and leaves with the right (C6)', async () => {
  const world = await inhabited();
  await world.dashboard('POST', '/members', { group: 'Meeting room 1', email: 'ben@example.com' });
  await world.book('one', { resource: 'room', member: 'ben', from: '12:00', to: '13:00' });
  await world.at('11:00');
  expect(await world.opens('ben', ROOM)).toBe(true);
  await world.at('13:30');
  expect(await world.opens('ben', ROOM)).toBe(false);
  expect((await world.activity('ACCESS_GRANTED', 'ACCESS_REVOKED')).filter(({ member }) => member === 'ben')).toHaveLength(2);
});

test('who is taken out by hand while a right holds is put in again, with a word about it (C6, X2, X3)', async () => {
  const world = await inhabited();
  await world.dashboard('DELETE', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.jobs.add([{ name: 'audit-memberships', payload: {}, at: null }]);
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(true);
  const types = (await world.activity()).filter(({ member }) => member === 'ada').map(({ type }) => type);
  expect(types).toEqual(['KEY_AVAILABLE', 'ACCESS_GRANTED', 'ACCESS_DRIFT_FOUND', 'ACCESS_GRANTED']);
});

test('a refused refresh token asks for a new consent, loses nothing, and the same site carries on (C7)', async () => {
  const world = await inhabited();
  await world.book('one', { resource: 'room', member: 'ben', from: '12:00', to: '16:00' });
  await world.book('two', { resource: 'room', member: 'cyd', from: '10:00', to: '11:00' });
  await world.drain();
  await world.dashboard('POST', '/tokens/revoke', { accountEmail: OWNER.email, accessTokens: true });
  await world.at('12:00');
  expect(await status(world)).toBe('NEEDS_REAUTHORIZATION');
  expect(await problems(world)).toEqual(['REAUTHORIZATION_NEEDED']);
  // Nothing is lost meanwhile, and nothing can be done.
  expect(await world.whoOpens(ROOM)).toEqual(['cyd']);
  await world.book('three', { resource: 'room', member: 'ada', from: '12:00', to: '16:00' });
  await world.drain();
  // An account without the site does not do.
  expect(await world.consent('harbour', MILLER)).toMatchObject({ ok: false });
  expect(await status(world)).toBe('NEEDS_REAUTHORIZATION');
  expect(await world.consent('harbour')).toMatchObject({ ok: true });
  expect(await status(world)).toBe('CONNECTED');
  await world.advance(MINUTE);
  expect(await problems(world)).toEqual([]);
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  expect(await world.opens('ada', FRONT)).toBe(true);
  const told = await world.activity('ACCESS_GRANTED', 'ACCESS_REVOKED', 'INTEGRATION_PROBLEM');
  expect(told.map(({ type, member }) => [type, member]).sort()).toEqual([
    ['ACCESS_GRANTED', 'ada'],
    ['ACCESS_GRANTED', 'ada'],
    ['ACCESS_GRANTED', 'ben'],
    ['ACCESS_GRANTED', 'cyd'],
    ['ACCESS_REVOKED', 'cyd'],
    ['INTEGRATION_PROBLEM', null],
    ['INTEGRATION_PROBLEM', null],
  ]);
});

test('while connecting again is under way the old connection works on (C7)', async () => {
  const world = await inhabited();
  await cameBack(world);
  expect(await status(world)).toBe('AUTHORIZING');
  await world.book('one', { resource: 'room', member: 'ben', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ben', ROOM)).toBe(true);
});

test('an access token that ran out is refreshed unseen, however long nothing was done (C7)', async () => {
  const world = await inhabited();
  await world.jump(world.clock.now() + 3 * DAY);
  await world.cancelSubscription('sub');
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
  expect(await status(world)).toBe('CONNECTED');
});

test('disconnecting needs a confirmation (C8)', async () => {
  const world = await inhabited();
  expect(await disconnect(world, false)).toMatchObject({ name: 'ConfirmationRequiredError' });
  expect(await status(world)).toBe('CONNECTED');
  expect(await disconnect(world, true, 'nowhere')).toMatchObject({ name: 'NotFoundError' });
});

test('after a disconnect nothing is granted and nothing revoked: what was granted stays and is shown as no longer ours (C8)', async () => {
  const world = await inhabited();
  await world.book('running', { resource: 'room', member: 'ben', from: '10:00', to: '11:00' });
  await world.book('coming', { resource: 'room', member: 'cyd', from: '12:00', to: '13:00' });
  await world.drain();
  done(await disconnect(world));
  const calls = world.groupCalls().length;
  await world.cancelSubscription('sub');
  await world.at('14:00');
  expect(await world.whoOpens(ROOM)).toEqual(['ben']);
  expect(await world.opens('ada', FRONT)).toBe(true);
  expect(world.groupCalls()).toHaveLength(calls);
  const shown = await world.sql<{ externalId: string; state: string; managed: boolean }>(
    `select m."externalId", g.state, g.managed from group_membership g join member m on m.id = g."memberId" order by 1`,
  );
  expect(shown).toEqual([
    { externalId: 'ada', state: 'ACTIVE', managed: false },
    { externalId: 'ben', state: 'ACTIVE', managed: false },
    { externalId: 'cyd', state: 'ABSENT', managed: false },
  ]);
  expect(await disconnect(world)).toMatchObject({ name: 'IntegrationNotConnectedError' });
});

test('the same site connected again takes up everything: who should be out goes, who should be in comes, mappings hold (C8)', async () => {
  const world = await inhabited();
  await world.book('running', { resource: 'room', member: 'ben', from: '10:00', to: '11:00' });
  await world.drain();
  done(await disconnect(world));
  await world.cancelSubscription('sub');
  await world.at('12:00');
  await world.book('now', { resource: 'room', member: 'cyd', from: '12:00', to: '13:00' });
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['ben']);
  await world.connect('harbour');
  await world.drain();
  expect(await world.whoOpens(ROOM)).toEqual(['cyd']);
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.at('13:30');
  expect(await world.whoOpens(ROOM)).toEqual([]);
});

test('another site connected in its place clears the mappings, and touches nobody at the old one (C8)', async () => {
  const world = await inhabited();
  done(await disconnect(world));
  await world.advance(SECOND);
  await world.connect('harbour', { site: 'Harbour Annex' });
  await world.drain();
  const mapped = await world.sql(`
    select "externalId" from plan where "accessGroupId" is not null union all select "externalId" from resource where "accessGroupId" is not null
    union all select "externalId" from subscription_item where "accessGroupId" is not null`);
  expect(mapped).toEqual([]);
  expect(await world.opens('ada', FRONT)).toBe(true);
  await world.planAccess('full', 'Annex members');
  await world.itemAccess('sub-full', 'Annex members');
  await world.drain();
  expect(await world.opens('ada', 'Annex entrance')).toBe(true);
  // And back: the first site's people are ours again, and have no right any more.
  done(await disconnect(world));
  await world.connect('harbour', { site: 'Harbour Campus' });
  await world.drain();
  expect(await world.opens('ada', FRONT)).toBe(false);
});

test('a site that another location holds is refused until it is free (C1)', async () => {
  const world = await connectedWorld();
  await world.location('annex');
  expect(await world.consent('annex')).toMatchObject({ ok: true });
  const choose = () =>
    selectSite(world.deps, world.admin, { location: { externalId: 'annex' }, siteExternalId: siteId(world, 'Harbour Campus') });
  expect(await choose()).toMatchObject({ name: 'ConflictError' });
  expect(await status(world, 'annex')).toBe('SELECTING_SITE');
  done(await disconnect(world));
  expect(await choose()).toMatchObject({ integrationId: expect.any(String) as string });
});

test('a site is selected once: without a consent there is nothing to select, and another site needs a disconnect first (C4)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  const choose = () => selectSite(world.deps, world.admin, { ...harbour, siteExternalId: siteId(world, 'Harbour Annex') });
  expect(await choose()).toMatchObject({ name: 'IntegrationNotConnectedError' });
  await cameBack(world);
  expect(await choose()).toMatchObject({ name: 'ConflictError' });
  await world.connect('harbour');
  expect(await choose()).toMatchObject({ name: 'ConflictError' });
});
