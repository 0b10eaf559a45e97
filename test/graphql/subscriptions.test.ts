import { parse, subscribe, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src/app/caller.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { DigitalKeyFacts } from '../../src/ports/store.ts';
import { at, globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf, createWorld, NOW, type World } from './world.ts';

let world: World;
let planted: Harbour;
/** what the store would say; null: ask the store */
let facts: DigitalKeyFacts | null = null;
beforeAll(async () => {
  world = await createWorld();
  planted = await plantHarbour(world);
  const { store } = world.deps;
  const ask = store.digitalKeyFacts.bind(store);
  world.deps.store = { ...store, digitalKeyFacts: (...of) => (facts === null ? ask(...of) : Promise.resolve(structuredClone(facts))) };
});
beforeEach(() => {
  facts = null;
});
afterAll(() => world.close());

const admin = callerOf('admin');
const ada = callerOf('member', { subject: 'ada' });

type Stream = AsyncGenerator<ExecutionResult, void, void>;

function open(caller: Caller, document: string): Promise<Stream | ExecutionResult> {
  return subscribe({ schema, document: parse(document), contextValue: world.contextOf(caller) });
}

async function stream(caller: Caller, document: string): Promise<Stream> {
  const opened = await open(caller, document);
  if (Symbol.asyncIterator in opened) return opened;
  throw opened.errors?.[0] ?? new Error('not a stream');
}

async function refusal(caller: Caller, document: string): Promise<unknown> {
  const opened = await open(caller, document);
  return 'errors' in opened ? opened.errors?.[0]?.extensions['code'] : 'a stream';
}

/** The next event's only field. */
async function told(from: Stream): Promise<unknown> {
  const { value } = await from.next();
  if (!value) throw new Error('The stream has ended.');
  if (value.errors) throw new Error(value.errors[0]?.message);
  return Object.values(value.data ?? {})[0];
}

const key = (selection: string): string => `subscription { digitalKeyChanged(location: { externalId: "harbour" }) { ${selection} } }`;
const settled = () => new Promise((resolve) => setImmediate(resolve));

const available: DigitalKeyFacts = {
  location: {
    ...{ id: '0199bbbb-0000-7000-8000-000000000001', externalId: 'harbour', name: 'Harbour' },
    ...{ timeZone: 'Europe/Berlin', graceBeforeMinutes: 30, graceAfterMinutes: 30 },
  },
  member: { id: '0199aaaa-0000-7000-8000-000000000001', role: 'MEMBER' },
  integration: { id: 'i', status: 'CONNECTED', visibility: ['MEMBER'], siteSupportsKeys: true, wasConnected: false },
  firstBegunAt: NOW - 1,
  nextStartsAt: null,
  activations: [],
  keys: [],
};

test('streams are for those who may see what they carry, and about a location they may see', async () => {
  const of = (field: string, location = 'harbour'): string =>
    `subscription { ${field}(location: { externalId: "${location}" }) { __typename } }`;
  for (const caller of [callerOf('service'), admin]) expect(await refusal(caller, of('digitalKeyChanged'))).toBe('FORBIDDEN');
  for (const field of ['integrationChanged', 'activityAdded']) {
    expect(await refusal(ada, of(field))).toBe('FORBIDDEN');
    expect(await refusal(admin, of(field, 'nowhere'))).toBe('NOT_FOUND');
    expect(await refusal(callerOf('admin', { locationExternalIds: ['mill'] }), of(field))).toBe('NOT_FOUND');
    expect(await refusal(callerOf('admin', { orgId: 'stranger' }), of(field))).toBe('NOT_FOUND');
  }
  expect(await refusal(ada, of('digitalKeyChanged', 'nowhere'))).toBe('NOT_FOUND');
});

test('a member is told the state of their key now, and each change of it, whichever thing it comes from', async () => {
  facts = { ...available, firstBegunAt: null };
  const events = await stream(ada, key('status hiddenReason'));
  expect(await told(events)).toEqual({ status: 'HIDDEN', hiddenReason: 'NO_ACCESS_YET' });
  facts = available;
  await world.feed.announce([{ topic: `member:${available.member?.id ?? ''}` }]);
  expect(await told(events)).toEqual({ status: 'AVAILABLE', hiddenReason: null });
  facts = { ...available, member: { id: available.member?.id ?? '', role: 'GUEST' } };
  await world.feed.announce([{ topic: 'subject:acme/ada' }]);
  expect(await told(events)).toEqual({ status: 'HIDDEN', hiddenReason: 'ROLE_NOT_ALLOWED' });
  facts = { ...available, integration: null };
  await world.feed.announce([{ topic: `location:${planted.harbour.location}` }]);
  expect(await told(events)).toEqual({ status: 'HIDDEN', hiddenReason: 'NOT_CONNECTED' });
  await events.return();
  expect(world.feed.total()).toBe(0);
});

test('somebody not told of yet is told when they become a member, under another id of their key, and of what comes after', async () => {
  const newcomer = callerOf('member', { subject: 'newcomer' });
  facts = { ...available, member: null, firstBegunAt: null };
  const events = await stream(newcomer, key('id status'));
  const before = (await told(events)) as { id: string; status: string };
  expect(before.status).toBe('HIDDEN');
  facts = { ...available, firstBegunAt: null };
  await world.feed.announce([{ topic: 'subject:acme/newcomer' }]);
  const after = (await told(events)) as { id: string; status: string };
  expect([after.status, after.id === before.id]).toEqual(['HIDDEN', false]);
  const next = told(events);
  await settled();
  facts = available;
  await world.feed.announce([{ topic: `member:${available.member?.id ?? ''}` }]);
  expect(await next).toEqual({ id: after.id, status: 'AVAILABLE' });
  await events.return();
});

test('what time alone changes is told at its instant, though nothing is announced', async () => {
  world.clock.set(NOW);
  facts = { ...available, firstBegunAt: null, nextStartsAt: NOW + 3_000 };
  const events = await stream(ada, key('status failureMessage'));
  expect(await told(events)).toMatchObject({ status: 'HIDDEN' });
  let next = told(events);
  await settled();
  facts = { ...available, firstBegunAt: NOW + 3_000 };
  world.clock.set(NOW + 3_000);
  expect(await next).toMatchObject({ status: 'AVAILABLE' });

  const activation = { deviceUid: 'phone-1', status: 'ACTIVATING' as const, startedAt: NOW, deadline: NOW + 60_000, failureMessage: null };
  facts = { ...available, activations: [activation] };
  await world.feed.announce([{ topic: 'subject:acme/ada' }]);
  expect(await told(events)).toMatchObject({ status: 'ACTIVATING' });
  next = told(events);
  await settled();
  world.clock.set(NOW + 60_000);
  expect(await next).toEqual({ status: 'FAILED', failureMessage: expect.stringContaining('too long') as string });

  const phone = { deviceUid: 'phone-1', activatedAt: NOW, expiresAt: NOW + 120_000, cancelledAt: null };
  facts = { ...available, keys: [phone] };
  await world.feed.announce([{ topic: 'subject:acme/ada' }]);
  expect(await told(events)).toMatchObject({ status: 'UNLOCK_AVAILABLE' });
  next = told(events);
  await settled();
  world.clock.set(NOW + 120_000);
  expect(await next).toMatchObject({ status: 'AVAILABLE' });
  await events.return();
  world.clock.set(NOW);
});

test('a read that fails is the error of one event', async () => {
  facts = available;
  const events = await stream(ada, key('status'));
  expect(await told(events)).toEqual({ status: 'AVAILABLE' });
  const { store } = world.deps;
  world.deps.store = { ...store, digitalKeyFacts: () => Promise.reject(new Error('out')) };
  await world.feed.announce([{ topic: 'subject:acme/ada' }]);
  await expect(told(events)).rejects.toThrow('out');
  world.deps.store = store;
  await world.feed.announce([{ topic: 'subject:acme/ada' }]);
  expect(await told(events)).toEqual({ status: 'AVAILABLE' });
  await events.return();
});

test('the connection of a location is null before the first connect, then told with each change of what was asked for', async () => {
  const { prisma, feed } = world;
  const location = await prisma.location.create({ data: { orgId: 'acme', externalId: 'new', name: 'New', timeZone: 'UTC' } });
  const announce = () => feed.announce([{ topic: `location:${location.id}` }]);
  const document =
    'subscription { integrationChanged(location: { externalId: "new" }) { status problems { code } ' +
    'accessGroups { edges { node { name } } } } }';
  const events = await stream(admin, document);
  expect(await told(events)).toBe(null);
  const { id } = await prisma.integration.create({ data: { orgId: 'acme', locationId: location.id, status: 'AUTHORIZING' } });
  await announce();
  expect(await told(events)).toEqual({ status: 'AUTHORIZING', problems: [], accessGroups: { edges: [] } });
  // Nothing of this was asked for, so it is no other state.
  const next = told(events);
  await prisma.integration.update({ where: { id }, data: { lastSyncedAt: at(0) } });
  await announce();
  await prisma.accessGroup.create({
    data: { orgId: 'acme', locationId: location.id, integrationId: id, siteExternalId: 's', externalId: 'g', name: 'Group' },
  });
  await announce();
  expect(await next).toEqual({ status: 'AUTHORIZING', problems: [], accessGroups: { edges: [{ node: { name: 'Group' } }] } });
  await prisma.integrationProblem.create({
    data: { orgId: 'acme', integrationId: id, code: 'SEATS_FULL', message: 'Full.', since: at(0) },
  });
  await announce();
  expect(await told(events)).toMatchObject({ problems: [{ code: 'SEATS_FULL' }] });
  await events.return();
  expect(feed.total()).toBe(0);
});

test('activity is told from then on, each row once, in order, and nothing is replayed', async () => {
  const { prisma, feed } = world;
  const topic = `activity:${planted.harbour.location}`;
  const add = async (detail: string): Promise<string> => {
    const data = {
      orgId: 'acme',
      locationId: planted.harbour.location,
      at: at(0),
      type: 'SETTINGS_CHANGED',
      actor: 'system',
      detail,
    } as const;
    return (await prisma.activity.create({ data })).id;
  };
  const events = await stream(admin, 'subscription { activityAdded(location: { externalId: "harbour" }) { id detail } }');
  const first = told(events);
  await settled();
  const ids = [await add('one'), await add('two')];
  await feed.announce([{ topic, ids }]);
  await feed.announce([{ topic, ids }]);
  expect(await first).toEqual({ id: globalId('Activity', ids[0] ?? ''), detail: 'one' });
  expect(await told(events)).toMatchObject({ detail: 'two' });
  await feed.announce([{ topic, ids: [await add('three')] }]);
  expect(await told(events)).toMatchObject({ detail: 'three' });
  await events.return();
  expect(feed.total()).toBe(0);
});

test.each([
  ['key', ada, key('status'), 3],
  ['connection', admin, 'subscription { integrationChanged(location: { externalId: "harbour" }) { status } }', 1],
])('each subscriber of a %s listens to as many topics as the next, and to none once gone', async (_, caller, document, each) => {
  const { feed } = world;
  const streams: Stream[] = [];
  for (const count of [1, 2, 3]) {
    const events = await stream(caller, document);
    await told(events);
    streams.push(events);
    expect(feed.total()).toBe(count * each);
  }
  await Promise.all(streams.map((events) => events.return()));
  expect(feed.total()).toBe(0);
});
