import { expect, test } from 'vitest';
import { beginSteps } from '../../src/app/begin-steps.ts';
import { performSteps } from '../../src/app/perform-steps.ts';
import { reconcileGroup } from '../../src/app/reconcile-group.ts';
import { settleSteps } from '../../src/app/settle-steps.ts';
import type { GroupContext } from '../../src/ports/store.ts';
import { MILLER } from './telling.ts';
import { connectedWorld, HOUR, MINUTE, SECOND, type World } from './world.ts';

const ROOM = 'Meeting room 1';
const GROUP_PEOPLE = '/access_groups/[^/]+/users';

/** A room, and people who book it from now until the afternoon. */
async function roomWorld(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  for (const name of ['ada', 'ben', 'cyd', 'dee']) await world.member(name);
  return world;
}

const bookNow = (world: World, invitees: string[] = []) =>
  world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '16:00', invitees });

const set = (world: World, switches: Record<string, unknown>) => world.dashboard('PATCH', '/switches', switches);
const healed = (world: World) => world.dashboard('POST', '/reset', {});

/** what was told of access, by person, in order */
async function told(world: World): Promise<string[]> {
  const rows = await world.activity('ACCESS_GRANTED', 'ACCESS_REVOKED', 'ACCESS_FAILED', 'ACCESS_DRIFT_FOUND');
  return rows.map(({ type, member }) => `${member ?? ''} ${type.slice('ACCESS_'.length)}`);
}

async function context(world: World): Promise<GroupContext> {
  const found = await world.deps.store.groupOf(await world.groupId('Meeting room 1'));
  if (found === null) throw new Error('the group is known');
  return found;
}

const FAULTS: [string, Record<string, unknown>][] = [
  ['the answer of a change is lost', { loseAnswers: { value: { next: 1 }, path: GROUP_PEOPLE } }],
  ['every third answer is lost', { loseAnswers: { rate: 0.3 }, seed: 7 }],
  ['a change breaks down after it was made', { errors: { value: { next: 1, status: 500, performed: true }, path: GROUP_PEOPLE } }],
  ['a change breaks down before it was made', { errors: { value: { next: 1, status: 500 }, path: GROUP_PEOPLE } }],
  ['every third call breaks down', { errors: { rate: 0.3, status: 502 }, seed: 3 }],
  ['SALTO KS asks to wait', { rateLimit: { next: 2, retryAfterSeconds: 20 } }],
  ['a batch is refused', { batch: 'refused_400' }],
  ['there are no batches', { batch: 'refused_405' }],
  ['lists of members lag behind', { lateGroupReadsMs: 20 * SECOND, loseAnswers: { value: { next: 1 }, method: 'PATCH' } }],
];

test.each(FAULTS)('when %s, the doors end as they should, and each grant and revoke is told of once (X2, X3)', async (_, switches) => {
  const world = await roomWorld();
  await set(world, switches);
  await bookNow(world, ['ben', 'cyd']);
  await world.advance(10 * MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben', 'cyd']);
  await healed(world);
  await set(world, switches);
  await world.cancel('one');
  await world.advance(10 * MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual([]);
  expect((await told(world)).sort()).toEqual(['ada', 'ben', 'cyd'].flatMap((name) => [`${name} GRANTED`, `${name} REVOKED`]));
});

test('an outage delays what is due and loses nothing; one that lasts is told of, and so is its end (X2, X3)', async () => {
  const world = await roomWorld();
  await bookNow(world);
  await world.drain();
  await world.book('two', { resource: 'room', member: 'ben', from: '12:00', to: '13:00' });
  await world.at('11:29');
  await set(world, { apiOutage: true });
  await world.cancel('one');
  await world.at('11:40');
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
  await healed(world);
  await world.advance(MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual(['ben']);
  expect(await told(world)).toEqual(['ada GRANTED', 'ada REVOKED', 'ben GRANTED']);
  expect((await world.activity('INTEGRATION_PROBLEM')).map(({ detail }) => detail)).toEqual([
    expect.stringContaining('does not answer') as string,
    expect.stringContaining('answers again') as string,
  ]);
});

test('an outage of the identity server is none of the connection’s: it stays connected and works when it is over (C7, X2)', async () => {
  const world = await roomWorld();
  await world.jump(world.clock.now() + 2 * HOUR);
  await set(world, { identityOutage: true });
  await bookNow(world);
  await world.advance(2 * MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual([]);
  await healed(world);
  await world.advance(2 * MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
  expect(await told(world)).toEqual(['ada GRANTED']);
  expect((await world.sql<{ status: string }>('select status from integration'))[0]?.status).toBe('CONNECTED');
});

test('nothing is sent before the instant that SALTO KS asked to wait for (X2)', async () => {
  const world = await roomWorld();
  await set(world, { rateLimit: { next: 1, retryAfterSeconds: 45 } });
  await bookNow(world);
  await world.drain();
  const calls = world.simulator.state.calls.find({}).length;
  await world.advance(45 * SECOND - 1);
  expect(world.simulator.state.calls.find({})).toHaveLength(calls);
  await world.advance(1);
  expect(await world.opens('ada', ROOM)).toBe(true);
});

test('an outage of one connection never delays another’s (X2)', async () => {
  const world = await roomWorld();
  await world.location('mill');
  await world.connect('mill', { account: MILLER, site: 'Old Mill' });
  await world.resource('loft', 'ROOM', null, 'mill');
  await world.sql('update resource set "accessGroupId" = $1 where "externalId" = $2', [
    await world.groupId('Mill members', 'mill'),
    'loft',
  ]);
  const site = [...world.simulator.state.sites.values()].find(({ name }) => name === 'Harbour Campus')?.id;
  await set(world, { apiOutage: { value: true, site } });
  await bookNow(world);
  await world.book('two', { resource: 'loft', member: 'ben', from: '10:00', to: '11:00' });
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  expect(await world.opens('ben', 'Mill gate')).toBe(true);
});

test('without a free seat a grant is blocked and told of once, and made good when a seat is free (X2, X3)', async () => {
  const world = await roomWorld();
  await set(world, { seats: 4 });
  await bookNow(world, ['ben']);
  await world.advance(5 * MINUTE);
  const [inside, outside] = (await world.opens('ada', ROOM)) ? ['ada', 'ben'] : ['ben', 'ada'];
  expect(await world.whoOpens(ROOM)).toEqual([inside]);
  const [row] = await world.sql<{ cause: string }>(`select "blockedCause" as cause from group_membership where state = 'BLOCKED'`);
  expect(row?.cause).toBe('NO_SEAT');
  await set(world, { seats: 10 });
  await world.dashboard('PATCH', `/users/${outside ?? ''}@example.com`, { site: 'Harbour Campus', suspended: false });
  await world.advance(2 * MINUTE);
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  expect((await told(world)).sort()).toEqual([`${inside ?? ''} GRANTED`, `${outside ?? ''} FAILED`, `${outside ?? ''} GRANTED`].sort());
});

test('somebody blocked at SALTO KS is shown as such, let in once unblocked, and taken out even while blocked (X2)', async () => {
  const world = await roomWorld();
  await world.dashboard('POST', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  const block = (blocked: boolean) => world.dashboard('PATCH', '/users/ada@example.com', { site: 'Harbour Campus', blocked });
  await block(true);
  await bookNow(world);
  await world.drain();
  expect(await world.sql(`select id from group_membership where "blockedCause" = 'PERSON_BLOCKED'`)).toHaveLength(1);
  await block(false);
  await world.advance(2 * MINUTE);
  expect(await world.opens('ada', ROOM)).toBe(true);
  await block(true);
  await world.cancel('one');
  await world.advance(MINUTE);
  await block(false);
  expect(await world.opens('ada', ROOM)).toBe(false);
  expect(await told(world)).toEqual(['ada FAILED', 'ada GRANTED', 'ada REVOKED']);
});

test('somebody new whom SALTO KS does not know everywhere yet is let in as soon as it does, and no failure is told of (X2)', async () => {
  const world = await roomWorld();
  await set(world, { consistencyDelayMs: 45 * SECOND });
  await bookNow(world, ['ben']);
  await world.advance(45 * SECOND - 1);
  expect(await world.whoOpens(ROOM)).toEqual([]);
  await world.advance(10 * SECOND);
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  expect((await told(world)).sort()).toEqual(['ada GRANTED', 'ben GRANTED']);
});

test('somebody new has settled when their window opens, so that the first grant is on time (X2)', async () => {
  const world = await roomWorld();
  await set(world, { consistencyDelayMs: 45 * SECOND });
  await world.book('one', { resource: 'room', member: 'ada', from: '14:00', to: '15:00' });
  await world.at('13:30');
  expect(await world.opens('ada', ROOM)).toBe(true);
});

test('a lost answer to the creation of a person never makes two of them (X2)', async () => {
  const world = await roomWorld();
  await set(world, { loseAnswers: { value: { next: 1 }, method: 'POST', path: '/users$' } });
  await bookNow(world);
  await world.advance(MINUTE);
  expect(await world.opens('ada', ROOM)).toBe(true);
  const people = [...world.simulator.state.siteUsers.values()].map(
    ({ platformUserId }) => world.simulator.state.platformUsers.get(platformUserId)?.email,
  );
  expect(people.filter((email) => email === 'ada@example.com')).toHaveLength(1);
});

test.each([
  ['before its call', false],
  ['after its call', true],
])('a worker killed %s leaves a look to be had, and what it began is neither lost nor done twice (X2, X3)', async (_, called) => {
  const world = await roomWorld();
  const die = async (): Promise<void> => {
    world.loseJobs();
    const found = await context(world);
    const { store } = world.deps;
    await store.claimGroup(found.group.id, 30 * SECOND);
    const begun = await beginSteps(world.deps, found);
    expect(begun).not.toBeNull();
    if (called && begun !== null) await performSteps(world.deps, found, begun);
  };
  await bookNow(world);
  await die();
  await world.sweep();
  // The claim of the dead holds until its lease is over.
  expect(await told(world)).toEqual([]);
  await world.jump(world.clock.now() + 31 * SECOND);
  await world.sweep();
  expect(await world.opens('ada', ROOM)).toBe(true);
  await world.cancel('one');
  await die();
  await world.jump(world.clock.now() + 31 * SECOND);
  await world.sweep();
  expect(await world.opens('ada', ROOM)).toBe(false);
  expect(await told(world)).toEqual(['ada GRANTED', 'ada REVOKED']);
  expect(world.groupCalls()).toHaveLength(2);
});

test('jobs that are lost are found again by the sweep, each at its instant (X2)', async () => {
  const world = await roomWorld();
  await bookNow(world);
  await world.book('two', { resource: 'room', member: 'ben', from: '12:00', to: '12:30' });
  world.loseJobs();
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
  world.loseJobs();
  await world.jump('11:29:50');
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual(['ada']);
  await world.at('11:30');
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  world.loseJobs();
  await world.jump('16:31');
  await world.sweep();
  expect(await world.whoOpens(ROOM)).toEqual([]);
});

test('an outcome of before a change is dropped: what the change wants is what is done (X2, X3)', async () => {
  const world = await roomWorld();
  await bookNow(world);
  const found = await context(world);
  const begun = await beginSteps(world.deps, found);
  if (begun === null) throw new Error('the grant is due');
  const { settled } = await performSteps(world.deps, found, begun);
  await world.cancel('one');
  await settleSteps(world.deps, found, settled);
  expect(await told(world)).toEqual([]);
  await world.drain();
  expect(await world.opens('ada', ROOM)).toBe(false);
  expect(await told(world)).toEqual(['ada GRANTED', 'ada REVOKED']);
});

test('two workers on one group at once send each change once (X2)', async () => {
  const world = await roomWorld();
  await bookNow(world, ['ben']);
  const accessGroupId = await world.groupId('Meeting room 1');
  await Promise.all([1, 2, 3].map(() => reconcileGroup(world.deps, { accessGroupId })));
  expect(await world.whoOpens(ROOM)).toEqual(['ada', 'ben']);
  expect(world.groupCalls()).toHaveLength(1);
});

test('a worker whose clock is ahead queues what is due next for its instant, which is one of the database’s (X1)', async () => {
  const world = await roomWorld();
  await bookNow(world);
  await world.drain();
  world.loseJobs();
  const { clock } = world;
  const ahead = { now: () => clock.now() + MINUTE, until: clock.until.bind(clock) };
  await reconcileGroup({ ...world.deps, clock: ahead }, { accessGroupId: await world.groupId('Meeting room 1') });
  const end = world.instant('16:30');
  expect(world.jobs.waiting()).toMatchObject([{ payload: { at: end }, at: end }]);
});
