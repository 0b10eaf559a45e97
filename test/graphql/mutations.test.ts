import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObjectType } from 'graphql';
import type { Caller } from '../../src/app/caller.ts';
import { schema } from '../../src/graphql/schema.ts';
import { day, globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf, createWorld, NOW, type World } from './world.ts';

let world: World;
let planted: Harbour;
beforeAll(async () => {
  world = await createWorld();
  planted = await plantHarbour(world);
});
afterAll(() => world.close());

const service = callerOf('service');
const admin = callerOf('admin');
const member = callerOf('member', { subject: 'ada' });

const WHO: Record<'service' | 'admin' | 'staff' | 'member', string[]> = {
  service: [
    'upsertLocation',
    'upsertCompany',
    'upsertMember',
    'upsertPlan',
    'upsertResource',
    'upsertMemberSubscription',
    'upsertMemberSubscriptions',
    'cancelMemberSubscription',
    'upsertBooking',
    'upsertBookings',
    'cancelBooking',
    'removeMember',
  ],
  admin: [
    'connectIntegration',
    'selectSite',
    'setDigitalKeyVisibility',
    'disconnectIntegration',
    'syncAccessGroups',
    'setPlanAccess',
    'setResourceAccess',
    'setSubscriptionItemAccess',
    'setBookingGrace',
    'resyncAccess',
    'setRemovalGuard',
    'releaseHeldRemoval',
    'dropHeldRemoval',
  ],
  /** the platform and administrators */
  staff: [
    'createWebhookEndpoint',
    'updateWebhookEndpoint',
    'deleteWebhookEndpoint',
    'rotateWebhookSecret',
    'sendTestWebhook',
    'replayWebhook',
    'replayFailedWebhooks',
  ],
  member: ['activateDigitalKey', 'startUnlock', 'reportUnlock'],
};

async function run(caller: Caller, name: string, input: object, selection = ''): Promise<Record<string, unknown>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const errors = '... on Error { code message } ... on InvalidInputError { issues { path message } }';
  const success = selection && `... on ${type}Success { ${selection} }`;
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename ${errors} ${success} } }`;
  return (await world.ask(caller, document, { input }))[name] as never;
}

const ref = (externalId: string) => ({ externalId });

test('every mutation is for one kind of token, and answers the others with NotAllowedError', async () => {
  expect(Object.values(WHO).flat().sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
  for (const [kind, names] of Object.entries(WHO)) {
    const may = kind === 'staff' ? ['service', 'admin'] : [kind];
    for (const caller of [service, admin, member].filter((other) => !may.includes(other.kind))) {
      for (const name of names)
        expect(await run(caller, name, inputFor(name))).toMatchObject({ __typename: 'NotAllowedError', code: 'NOT_ALLOWED' });
    }
  }
});

test('a success reads anew what was changed, with whatever of it is asked for', async () => {
  const location = await run(
    service,
    'upsertLocation',
    { externalId: 'dock', name: 'Dock', timeZone: 'Europe/Kyiv' },
    'location { id name timeZone }',
  );
  expect(location).toMatchObject({ location: { name: 'Dock', timeZone: 'Europe/Kyiv' } });
  await run(service, 'upsertCompany', { externalId: 'co', name: 'Co' });
  const person = { externalId: 'dee', email: 'dee@example.com', firstName: 'Dee', lastName: 'Example', company: ref('co') };
  expect(await run(service, 'upsertMember', person, 'member { role company { name } }')).toMatchObject({
    member: { role: 'MEMBER', company: { name: 'Co' } },
  });
  await run(service, 'upsertPlan', { externalId: 'dock-plan', location: ref('dock'), name: 'Plan', dayPassesPerMonth: 2 });
  await run(service, 'upsertResource', { externalId: 'dock-desk', location: ref('dock'), name: 'Desk', kind: 'DESK' });
  const startsOn = day(-40).toISOString().slice(0, 10);
  const subscription = {
    externalId: 'dock-sub',
    location: ref('dock'),
    company: ref('co'),
    startsOn,
    items: [{ externalId: 'dock-item', plan: ref('dock-plan') }],
  };
  expect(
    await run(
      service,
      'upsertMemberSubscription',
      subscription,
      'memberSubscription { status startsOn endsOn dayPassesLeft items { plan { name } } }',
    ),
  ).toMatchObject({
    memberSubscription: { status: 'ACTIVE', startsOn, endsOn: null, dayPassesLeft: 2, items: [{ plan: { name: 'Plan' } }] },
  });
  const booking = {
    externalId: 'dock-booking',
    resource: ref('dock-desk'),
    member: ref('dee'),
    startsAt: new Date(NOW + 3_600_000).toISOString(),
    endsAt: new Date(NOW + 7_200_000).toISOString(),
  };
  expect(
    await run(service, 'upsertBooking', booking, 'booking { status paidWithDayPass invitees { id } resource { kind } }'),
  ).toMatchObject({
    booking: { status: 'CONFIRMED', paidWithDayPass: false, invitees: [], resource: { kind: 'DESK' } },
  });
  expect(await run(service, 'cancelBooking', { booking: ref('dock-booking') }, 'booking { status }')).toMatchObject({
    booking: { status: 'CANCELED' },
  });
  expect(await run(service, 'removeMember', { member: ref('dee') }, 'member { firstName }')).toMatchObject({
    member: { firstName: 'Dee' },
  });
});

test('many at once are answered one by one, and read anew in one statement', async () => {
  const booking = (externalId: string, member: string) => ({
    externalId,
    resource: ref('room-harbour'),
    member: ref(member),
    startsAt: new Date(NOW + 3_600_000).toISOString(),
    endsAt: new Date(NOW + 7_200_000).toISOString(),
  });
  const bookings = [booking('bulk-1', 'ada'), booking('bulk-2', 'nobody'), booking('bulk-3', 'cas')];
  const results = 'results { externalId booking { status } error { code } }';
  const sent = await world.statements(async () => {
    expect(await run(service, 'upsertBookings', { bookings }, results)).toMatchObject({
      results: [
        { externalId: 'bulk-1', booking: { status: 'CONFIRMED' }, error: null },
        { externalId: 'bulk-2', booking: null, error: { code: 'NOT_FOUND' } },
        { externalId: 'bulk-3', booking: { status: 'CONFIRMED' }, error: null },
      ],
    });
  });
  expect(sent.filter((sql) => sql.includes('"public"."booking" AS "t0"'))).toHaveLength(1);
});

test('the administrator sets what gives access, and by how much', async () => {
  const accessGroup = globalId('AccessGroup', planted.harbour.group);
  const plan = { id: globalId('Plan', planted.harbour.plan) };
  expect(await run(admin, 'setPlanAccess', { plan }, 'plan { accessGroup { id } }')).toMatchObject({ plan: { accessGroup: null } });
  expect(await run(admin, 'setPlanAccess', { plan, accessGroup }, 'plan { accessGroup { id } }')).toMatchObject({
    plan: { accessGroup: { id: accessGroup } },
  });
  expect(await run(admin, 'setResourceAccess', { resource: ref('desk-harbour'), accessGroup }, 'resource { name }')).toMatchObject({
    resource: { name: 'DESK' },
  });
  expect(
    await run(admin, 'setSubscriptionItemAccess', { subscriptionItem: ref('item-1') }, 'subscriptionItem { accessGroup { id } }'),
  ).toMatchObject({
    subscriptionItem: { accessGroup: null },
  });
  const grace = { location: ref('harbour'), beforeMinutes: 5, afterMinutes: 0 };
  expect(await run(admin, 'setBookingGrace', grace, 'location { bookingGraceBeforeMinutes bookingGraceAfterMinutes }')).toMatchObject({
    location: { bookingGraceBeforeMinutes: 5, bookingGraceAfterMinutes: 0 },
  });
  expect(
    await run(admin, 'setDigitalKeyVisibility', { location: ref('harbour'), roles: ['ADMIN'] }, 'integration { digitalKeyVisibility }'),
  ).toMatchObject({ integration: { digitalKeyVisibility: ['ADMIN'] } });
  await run(admin, 'setDigitalKeyVisibility', { location: ref('harbour'), roles: ['ADMIN', 'MEMBER', 'GUEST'] });
  expect(await run(admin, 'resyncAccess', { location: ref('harbour') }, 'queued')).toMatchObject({ queued: expect.any(Number) as number });
  expect(await run(admin, 'disconnectIntegration', { location: ref('mill'), confirm: false })).toMatchObject({
    code: 'CONFIRMATION_REQUIRED',
  });
});

test('an unlock is begun and reported by the member whose it is', async () => {
  const unlock = globalId('Unlock', planted.ids.unlock);
  const report = (caller: Caller) => run(caller, 'reportUnlock', { unlock, outcome: 'SIGNAL_SENT' }, 'unlock { status message }');
  expect(await report(callerOf('member', { subject: 'cas' }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await report(member)).toMatchObject({ unlock: { status: 'SIGNAL_SENT', message: 'Signal sent. Try opening the door.' } });
});

test('what is well-formed and has no meaning is told all at once, at its place in the input', async () => {
  const answer = await run(service, 'upsertLocation', {
    externalId: '',
    name: 'x',
    timeZone: 'Nowhere/Land',
    asOf: '2101-01-01T00:00:00Z',
  });
  expect(answer).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
  expect((answer['issues'] as { path: string[] }[]).map(({ path }) => path)).toEqual([['externalId'], ['timeZone'], ['asOf']]);
});

test('what has the wrong form is refused before anything is done', async () => {
  const document = 'mutation($input: UpsertLocationInput!) { upsertLocation(input: $input) { __typename } }';
  for (const wrong of [{ timeZone: 5 }, { timeZone: '' }, { asOf: 'yesterday' }, { name: null }]) {
    const input = { externalId: 'wrong', name: 'Wrong', timeZone: 'UTC', ...wrong };
    expect((await world.answer(service, document, { input })).errors).toHaveLength(1);
  }
  expect(await world.prisma.location.count({ where: { externalId: 'wrong' } })).toBe(0);
});

test('a global id of another type, or none, is not found', async () => {
  for (const id of ['garbage', globalId('Plan', planted.harbour.location), globalId('Location', 'x')]) {
    const answer = await run(admin, 'setBookingGrace', { location: { id }, beforeMinutes: 1, afterMinutes: 1 });
    expect(answer).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  }
});

test('every result is one success, and errors', () => {
  for (const name of Object.keys(schema.getMutationType()?.getFields() ?? {})) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const union = schema.getType(`${type}Result`) as { getTypes(): { name: string }[] } | undefined;
    const members = union?.getTypes() ?? [];
    expect(members.filter(({ name: member }) => member.endsWith('Success')).map(({ name: member }) => member)).toEqual([`${type}Success`]);
    for (const error of members.filter(({ name: member }) => !member.endsWith('Success')))
      expect(isObjectType(error) && error.getInterfaces().map((face) => face.name)).toEqual(['Error']);
  }
});

/** Something of the right form: the scope is judged before it is looked at. */
test('a webhook endpoint is made, narrowed, widened, tried out, replayed, given a new secret and deleted', async () => {
  const made = await run(
    service,
    'createWebhookEndpoint',
    { url: 'https://hooks.example.com/', eventTypes: ['KEY_ACTIVATED'], locations: [ref('harbour')] },
    'secret webhookEndpoint { id eventTypes locations { externalId } status createdBy }',
  );
  const { webhookEndpoint: stored, secret } = made as { webhookEndpoint: { id: string }; secret: string };
  expect(secret).toMatch(/^whsec_/);
  expect(stored).toMatchObject({
    eventTypes: ['KEY_ACTIVATED'],
    locations: [{ externalId: 'harbour' }],
    status: 'ENABLED',
    createdBy: 'service:service',
  });
  const webhookEndpoint = stored.id;
  const shown = 'webhookEndpoint { url eventTypes locations { externalId } status changedBy }';
  expect(await run(admin, 'updateWebhookEndpoint', { webhookEndpoint, eventTypes: null, enabled: false }, shown)).toMatchObject({
    webhookEndpoint: { eventTypes: null, locations: [{ externalId: 'harbour' }], status: 'DISABLED', changedBy: 'admin:admin' },
  });
  expect(await run(admin, 'updateWebhookEndpoint', { webhookEndpoint, locations: null, enabled: true }, shown)).toMatchObject({
    webhookEndpoint: { locations: null, status: 'ENABLED' },
  });
  expect(await run(admin, 'rotateWebhookSecret', { webhookEndpoint }, 'secret')).not.toMatchObject({ secret });
  const tried = await run(admin, 'sendTestWebhook', { webhookEndpoint }, 'webhookDelivery { id eventType state attempts { at } }');
  expect(tried).toMatchObject({ webhookDelivery: { eventType: 'WEBHOOK_TEST', state: 'PENDING', attempts: [] } });
  const { id: webhookDelivery } = tried['webhookDelivery'] as { id: string };
  expect(await run(admin, 'replayWebhook', { webhookDelivery }, 'webhookDelivery { id }')).toMatchObject({
    webhookDelivery: { id: webhookDelivery },
  });
  const since = new Date(NOW).toISOString();
  expect(await run(admin, 'replayFailedWebhooks', { webhookEndpoint, since }, 'replayed')).toMatchObject({ replayed: 0 });
  expect(await run(admin, 'createWebhookEndpoint', { url: 'http://10.0.0.1/' })).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['url'] }],
  });
  expect(await run(admin, 'deleteWebhookEndpoint', { webhookEndpoint }, 'deletedId')).toMatchObject({ deletedId: webhookEndpoint });
  expect(await world.ask(admin, `{ node(id: "${webhookEndpoint}") { id } }`)).toEqual({ node: null });
});

function inputFor(name: string): object {
  const location = ref('harbour');
  const inputs: Record<string, object> = {
    upsertLocation: { externalId: 'x', name: 'x', timeZone: 'UTC' },
    upsertCompany: { externalId: 'x', name: 'x' },
    upsertMember: { externalId: 'x', email: 'x@example.com', firstName: 'x', lastName: 'x' },
    upsertPlan: { externalId: 'x', location, name: 'x' },
    upsertResource: { externalId: 'x', location, name: 'x', kind: 'DESK' },
    upsertMemberSubscription: { externalId: 'x', location, startsOn: '2026-01-01', items: [] },
    cancelMemberSubscription: { memberSubscription: ref('x') },
    upsertBooking: {
      externalId: 'x',
      resource: ref('x'),
      member: ref('x'),
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T00:00:00Z',
    },
    upsertBookings: { bookings: [] },
    upsertMemberSubscriptions: { memberSubscriptions: [] },
    cancelBooking: { booking: ref('x') },
    removeMember: { member: ref('x') },
    connectIntegration: { location },
    selectSite: { location, siteExternalId: 'x' },
    setDigitalKeyVisibility: { location, roles: [] },
    disconnectIntegration: { location, confirm: true },
    syncAccessGroups: { location },
    setPlanAccess: { plan: ref('x') },
    setResourceAccess: { resource: ref('x') },
    setSubscriptionItemAccess: { subscriptionItem: ref('x') },
    setBookingGrace: { location, beforeMinutes: 1, afterMinutes: 1 },
    resyncAccess: { location },
    createWebhookEndpoint: { url: 'https://hooks.example.com/' },
    updateWebhookEndpoint: { webhookEndpoint: 'x' },
    deleteWebhookEndpoint: { webhookEndpoint: 'x' },
    rotateWebhookSecret: { webhookEndpoint: 'x' },
    sendTestWebhook: { webhookEndpoint: 'x' },
    replayWebhook: { webhookDelivery: 'x' },
    replayFailedWebhooks: { webhookEndpoint: 'x', since: '2026-01-01T00:00:00Z' },
    activateDigitalKey: { location, device: { uid: 'x', name: 'x', publicKey: 'x' } },
    startUnlock: { location, deviceUid: 'x' },
    reportUnlock: { unlock: 'x', outcome: 'REFUSED' },
  };
  return inputs[name] ?? {};
}
