import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf, createWorld, NOW, type World } from './world.ts';

let world: World;
let planted: Harbour;
beforeAll(async () => {
  world = await createWorld();
  planted = await plantHarbour(world);
});
afterAll(() => world.close());

const admin = callerOf('admin');
const HOUR = 3_600_000;

const code = async (document: string): Promise<unknown> => (await world.answer(admin, document)).errors?.[0]?.extensions['code'];

test('a page goes on where the one before ended, and says whether more follows', async () => {
  await world.prisma.plan.createMany({
    data: [1, 2, 3].map((number) => ({
      orgId: 'acme',
      externalId: `extra-${number}`,
      locationId: planted.harbour.location,
      name: `Extra ${number}`,
    })),
  });
  const page = async (after: string | null) => {
    const document = `query($after: String) { location(ref: { externalId: "harbour" }) { plans(first: 3, after: $after) {
      pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { externalId } } } } }`;
    const answer = await world.ask(admin, document, { after });
    return (answer['location'] as never as { plans: { pageInfo: { endCursor: string }; edges: { node: { externalId: string } }[] } }).plans;
  };
  const first = await page(null);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(first.edges).toHaveLength(3);
  const second = await page(first.pageInfo.endCursor);
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect([...first.edges, ...second.edges].map(({ node }) => node.externalId)).toEqual(['plan-harbour', 'extra-1', 'extra-2', 'extra-3']);
});

test('a page that cannot be had is refused, on whatever level', async () => {
  const inner = (args: string): string => `{ location(ref: { externalId: "harbour" }) { plans(${args}) { edges { cursor } } } }`;
  for (const args of ['first: 101', 'first: -1', 'after: "garbage"', 'after: ""']) {
    expect(await code(`{ locations(${args}) { edges { cursor } } }`)).toBe('BAD_USER_INPUT');
    expect(await code(inner(args))).toBe('BAD_USER_INPUT');
  }
  const notOurs = Buffer.from('GPC:S:not a uuid').toString('base64');
  expect(await code(inner(`after: "${notOurs}"`))).toBe('BAD_USER_INPUT');
  expect(await code(inner('first: 100'))).toBe(undefined);
  expect(await code(inner('first: 0'))).toBe(undefined);
});

test('an operation that would read far too much is refused before it reads', async () => {
  const member = 'member { groupMemberships(first: 100) { edges { node { id state } } } }';
  const group = `accessGroups(first: 100) { edges { node { memberships(first: 100) { edges { node { ${member} } } } } } }`;
  const document = `{ locations(first: 100) { edges { node { integration { ${group} } } } } }`;
  const sent = await world.statements(async () => expect(await code(document)).toBe('QUERY_TOO_LARGE'));
  expect(sent).toEqual([]);
});

test('a node id that names nothing is null and no error', async () => {
  const ids = [
    '',
    'garbage',
    '🗝',
    globalId('Member', 'no-uuid'),
    globalId('Nonsense', planted.ids.ada),
    globalId('Query', planted.ids.ada),
  ];
  ids.push(
    globalId('Plan', planted.ids.ada),
    globalId('DigitalKey', '[]'),
    globalId('DigitalKey', planted.ids.ada),
    globalId('Device', planted.ids.device),
  );
  for (const id of ids) {
    const { data, errors } = await world.answer(admin, 'query($id: ID!) { node(id: $id) { id } }', { id });
    expect({ id, data, errors }).toEqual({ id, data: { node: null }, errors: undefined });
  }
});

test('a reference that names nothing is null and no error', async () => {
  const refs = [
    { id: 'garbage' },
    { id: globalId('Plan', planted.harbour.plan) },
    { externalId: '' },
    { externalId: 'zero \u0000 inside' },
  ];
  for (const ref of refs) {
    const document =
      'query($ref: Ref!) { location(ref: $ref) { id } member(ref: $ref) { id } activity(location: $ref) { edges { cursor } } }';
    expect(await world.ask(admin, document, { ref })).toEqual({ location: null, member: null, activity: null });
  }
});

test('a reference with both ids, or none, or null, is refused before anything is done', async () => {
  const id = globalId('Location', planted.harbour.location);
  for (const ref of [{ id, externalId: 'harbour' }, {}, { id: null }]) {
    const { errors } = await world.answer(admin, 'query($ref: Ref!) { location(ref: $ref) { id } }', { ref });
    expect(errors).toHaveLength(1);
  }
});

test('a booking gives access from before its start until after its end, by the grace of its location', async () => {
  await world.prisma.location.update({ where: { id: planted.harbour.location }, data: { graceBeforeMinutes: 10, graceAfterMinutes: 0 } });
  const document = '{ booking(ref: { externalId: "booking-1" }) { status startsAt accessStartsAt endsAt accessEndsAt } }';
  const iso = (offset: number): string => at(offset).toISOString().replace('.000', '');
  expect((await world.ask(admin, document))['booking']).toEqual({
    status: 'CONFIRMED',
    startsAt: iso(2 * HOUR),
    accessStartsAt: iso(2 * HOUR - 600_000),
    endsAt: iso(4 * HOUR),
    accessEndsAt: iso(4 * HOUR),
  });
});

test('rights and subscriptions are judged by the clock', async () => {
  const document = `{ subscription: memberSubscription(ref: { externalId: "sub-2" }) { status }
    member(ref: { externalId: "ada" }) { accessRights { edges { node { status } } } } }`;
  expect(await world.ask(admin, document)).toEqual({
    subscription: { status: 'SCHEDULED' },
    member: { accessRights: { edges: [{ node: { status: 'ENDED' } }, { node: { status: 'ACTIVE' } }] } },
  });
  world.clock.set(NOW + 50 * 24 * HOUR);
  expect((await world.ask(admin, document))['subscription']).toEqual({ status: 'ACTIVE' });
  world.clock.set(NOW);
});

test('rights are found by where they stand', async () => {
  const found = async (statuses: string): Promise<number> => {
    const document = `{ accessRights(location: { externalId: "harbour" }, statuses: ${statuses}) { edges { node { status } } } }`;
    const { edges } = (await world.ask(admin, document))['accessRights'] as never as { edges: { node: { status: string } }[] };
    expect(edges.filter(({ node }) => !statuses.includes(node.status))).toEqual([]);
    return edges.length;
  };
  expect(await found('[ACTIVE]')).toBe(2);
  expect(await found('[ENDED]')).toBe(1);
  expect(await found('[SCHEDULED, WITHDRAWN]')).toBe(0);
  expect(await found('[ACTIVE, ENDED]')).toBe(3);
});

test('a membership has the rights that hold or are to come, and not those of the past', async () => {
  const document =
    '{ member(ref: { externalId: "ada" }) { groupMemberships(location: { externalId: "harbour" }) { edges { node { rights { id } } } } } }';
  const rights = [{ id: globalId('AccessRight', planted.ids.presentRight) }];
  expect((await world.ask(admin, document))['member']).toEqual({ groupMemberships: { edges: [{ node: { rights } }] } });
});

test('a connection shows its site, its open problems and the failures of its memberships', async () => {
  const document = `{ location(ref: { externalId: "harbour" }) { integration {
    site { name seatsUsed } availableSites { name } problems { code }
    memberships(states: [BLOCKED, UNKNOWN]) { edges { node { state } } } } } }`;
  expect((await world.ask(admin, document))['location']).toEqual({
    integration: {
      site: { name: 'Site', seatsUsed: 9 },
      availableSites: [{ name: 'Another' }, { name: 'Site' }],
      problems: [{ code: 'SEATS_ALMOST_FULL' }],
      memberships: { edges: [{ node: { state: 'BLOCKED' } }] },
    },
  });
});

test('a group is warned of by everything that is wrong with it', async () => {
  const { prisma } = world;
  const warnings = async (): Promise<unknown> => {
    const document = `{ node(id: "${globalId('AccessGroup', planted.mill.group)}") { ... on AccessGroup { warnings { code } } } }`;
    const { node } = (await world.ask(admin, document)) as never as { node: { warnings: { code: string }[] } };
    return node.warnings.map((warning) => warning.code);
  };
  expect(await warnings()).toEqual([]);
  await prisma.integration.update({ where: { id: planted.mill.integration }, data: { siteExternalId: 'another', siteHeld: false } });
  expect(await warnings()).toEqual(['MISSING_AT_PROVIDER']);
  await prisma.accessGroupLock.deleteMany({ where: { accessGroupId: planted.mill.group } });
  await prisma.accessGroup.update({ where: { id: planted.mill.group }, data: { scheduled: false, strangers: 2, missingSince: at(0) } });
  expect(await warnings()).toEqual(['MISSING_AT_PROVIDER', 'NO_TIME_SCHEDULE', 'NO_LOCKS', 'FOREIGN_MEMBERS']);
});

test('people are found by a part of their name, address or id', async () => {
  const found = async (search: string): Promise<unknown> => {
    const answer = await world.ask(admin, 'query($search: String) { members(search: $search) { edges { node { firstName } } } }', {
      search,
    });
    return (answer['members'] as never as { edges: { node: { firstName: string } }[] }).edges.map(({ node }) => node.firstName);
  };
  expect(await found('aDa')).toEqual(['Ada']);
  expect(await found('cas@')).toEqual(['Cas']);
  expect(await found('  ')).toEqual(['Ada', 'Bea', 'Cas']);
  expect(await found('%')).toEqual([]);
  expect(await found('\u0000')).toEqual([]);
});

test('bookings are found by when they are and how they stand', async () => {
  const found = async (args: string): Promise<unknown> =>
    (await world.ask(admin, `{ bookings(location: { externalId: "harbour" }, ${args}) { edges { node { externalId } } } }`))['bookings'];
  const [one, none] = [{ edges: [{ node: { externalId: 'booking-1' } }] }, { edges: [] }];
  expect(await found(`from: "${at(3 * HOUR).toISOString()}"`)).toEqual(one);
  expect(await found(`from: "${at(4 * HOUR).toISOString()}"`)).toEqual(none);
  expect(await found(`until: "${at(2 * HOUR).toISOString()}"`)).toEqual(none);
  expect(await found('status: CONFIRMED')).toEqual(one);
  expect(await found('status: CANCELED')).toEqual(none);
  expect(await code('{ bookings(location: { externalId: "harbour" }, from: "2026-02-30T00:00:00Z") { edges { cursor } } }')).toBe(
    'BAD_USER_INPUT',
  );
});

test('activity is told newest first, and found by type and by whom it is about', async () => {
  await world.prisma.activity.create({
    data: {
      orgId: 'acme',
      locationId: planted.harbour.location,
      at: at(0),
      type: 'SETTINGS_CHANGED',
      actor: 'admin:admin',
      detail: 'Changed.',
    },
  });
  const types = async (args: string): Promise<unknown> => {
    const answer = await world.ask(admin, `{ activity(location: { externalId: "harbour" }${args}) { edges { node { type } } } }`);
    return (answer['activity'] as never as { edges: { node: { type: string } }[] }).edges.map(({ node }) => node.type);
  };
  expect(await types('')).toEqual(['SETTINGS_CHANGED', 'ACCESS_GRANTED']);
  expect(await types(', types: [ACCESS_GRANTED]')).toEqual(['ACCESS_GRANTED']);
  expect(await types(', member: { externalId: "ada" }')).toEqual(['ACCESS_GRANTED']);
  expect(await types(', member: { externalId: "nobody" }')).toEqual([]);
});

test('what a client reads twice in a row is read anew', async () => {
  const document = `{ node(id: "${globalId('Location', planted.mill.location)}") { ... on Location { name } } }`;
  await world.ask(admin, document);
  await world.prisma.location.update({ where: { id: planted.mill.location }, data: { name: 'The Mill' } });
  expect(await world.ask(admin, document)).toEqual({ node: { name: 'The Mill' } });
});
