import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/app/caller.ts';
import { globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

let world: World;
let planted: Harbour;
beforeAll(async () => {
  world = await createWorld();
  planted = await plantHarbour(world);
});
afterAll(() => world.close());

const service = callerOf('service');
const admin = callerOf('admin');
const millAdmin = callerOf('admin', { locationExternalIds: ['mill'] });
const ada = callerOf('member', { subject: 'ada' });
const cas = callerOf('member', { subject: 'cas' });
const nobodyYet = callerOf('member', { subject: 'nobody-yet' });

/** What the caller gets at the end of the path: its value, or the code of the error in its stead. */
async function seen(caller: Caller, document: string): Promise<unknown> {
  const { data, errors } = await world.answer(caller, document);
  if (errors) return errors[0]?.extensions['code'] ?? errors[0];
  let value: unknown = data;
  while (value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 1) {
    value = (Object.values(value) as unknown[])[0];
  }
  return value;
}

const of = (location: string, selection: string): string => `{ location(ref: { externalId: "${location}" }) { ${selection} } }`;
const nodes = (field: string, selection = 'name'): string => `${field} { edges { node { ${selection} } } }`;

describe('locations', () => {
  test('everybody sees the plain facts of every location of the organisation, an administrator those of the token', async () => {
    const all = [{ node: { name: 'harbour' } }, { node: { name: 'mill' } }];
    const document = `{ locations { edges { node { name } } } }`;
    for (const caller of [service, admin, ada, nobodyYet]) expect(await seen(caller, document)).toEqual(all);
    expect(await seen(millAdmin, document)).toEqual([{ node: { name: 'mill' } }]);
    expect(await seen(millAdmin, of('harbour', 'name'))).toBe(null);
    expect(await seen(ada, of('harbour', 'timeZone'))).toBe('Europe/Berlin');
    expect(await seen(ada, of('harbour', 'bookingGraceBeforeMinutes'))).toBe(30);
  });

  test('the connection of a location is null for members', async () => {
    for (const caller of [service, admin]) expect(await seen(caller, of('harbour', 'integration { status }'))).toBe('CONNECTED');
    expect(await seen(ada, of('harbour', 'integration { status }'))).toBe(null);
  });

  test('plans and resources of a location are forbidden to members', async () => {
    for (const field of ['plans', 'resources']) {
      expect(await seen(service, of('harbour', nodes(field)))).toHaveLength(field === 'plans' ? 1 : 2);
      expect(await seen(admin, of('harbour', nodes(field)))).toHaveLength(field === 'plans' ? 1 : 2);
      expect(await seen(ada, of('harbour', nodes(field)))).toBe('FORBIDDEN');
    }
  });
});

describe('digital keys', () => {
  test('are hidden from service and administrator, and their own for a member', async () => {
    for (const caller of [service, admin]) {
      expect(await seen(caller, of('harbour', 'digitalKey { status }'))).toBe('HIDDEN');
      expect(await seen(caller, of('harbour', 'digitalKey { credential(deviceUid: "phone-1") { mobileKey } }'))).toBe(null);
    }
    expect(await seen(ada, of('harbour', 'digitalKey { status }'))).toBe('AVAILABLE');
    expect(await seen(cas, of('harbour', 'digitalKey { hiddenReason }'))).toBe('NO_ACCESS_YET');
    expect(await seen(nobodyYet, of('harbour', 'digitalKey { hiddenReason }'))).toBe('NO_ACCESS_YET');
  });

  test('are hidden outside the member app', async () => {
    const elsewhere = { ...ada, inMemberApp: false };
    expect(await seen(elsewhere, of('harbour', 'digitalKey { hiddenReason }'))).toBe('MOBILE_APP_ONLY');
  });

  test('give the mobile key to its owner alone, on the phone it was made for, in the member app, while it lasts', async () => {
    const { prisma } = world;
    const key = await prisma.mobileKey.create({
      data: {
        orgId: 'acme',
        memberId: planted.ids.ada,
        locationId: planted.harbour.location,
        integrationId: planted.harbour.integration,
        siteExternalId: 'site-harbour-acme',
        deviceId: planted.ids.device,
        providerDeviceId: 'd',
        sealedKey: '',
        issuedAt: new Date(),
        expiresAt: new Date(Date.now() + 86_400_000),
        renewAt: new Date(Date.now() + 80_000_000),
        activatedAt: new Date(),
      },
    });
    await prisma.mobileKey.update({ where: { id: key.id }, data: { sealedKey: `mobile_key:${key.id}|secret of ada` } });
    const credential = (uid: string) => of('harbour', `digitalKey { credential(deviceUid: "${uid}") { mobileKey } }`);
    expect(await seen(ada, credential('phone-1'))).toBe('secret of ada');
    expect(await seen(ada, credential('phone-2'))).toBe(null);
    expect(await seen({ ...ada, inMemberApp: false }, credential('phone-1'))).toBe(null);
    for (const caller of [service, admin, cas, nobodyYet, callerOf('member', { subject: 'ada', orgId: 'rival' })]) {
      expect(await seen(caller, credential('phone-1'))).toBe(null);
    }
    await prisma.integration.update({ where: { id: planted.harbour.integration }, data: { digitalKeyVisibility: ['GUEST'] } });
    expect(await seen(ada, credential('phone-1'))).toBe(null);
    await prisma.integration.update({
      where: { id: planted.harbour.integration },
      data: { digitalKeyVisibility: ['ADMIN', 'MEMBER', 'GUEST'] },
    });
    await prisma.mobileKey.delete({ where: { id: key.id } });
  });
});

describe('people', () => {
  const member = (externalId: string, selection: string): string => `{ member(ref: { externalId: "${externalId}" }) { ${selection} } }`;

  test('are seen whole by service and administrator, and by themselves alone', async () => {
    for (const caller of [service, admin, millAdmin, ada]) expect(await seen(caller, member('ada', 'email'))).toBe('ada@example.com');
    expect(await seen(cas, member('ada', 'email'))).toBe(null);
    expect(await seen(nobodyYet, member('ada', 'email'))).toBe(null);
  });

  test('who were removed are seen by staff and not by themselves', async () => {
    await world.prisma.member.update({ where: { id: planted.ids.bea }, data: { removedAt: new Date() } });
    const bea = callerOf('member', { subject: 'bea' });
    expect(await seen(bea, member('bea', 'email'))).toBe(null);
    expect(await seen(bea, '{ viewer { member { id } } }')).toBe(null);
    expect(await seen(bea, '{ memberSubscription(ref: { externalId: "sub-1" }) { externalId } }')).toBe(null);
    expect(await seen(service, member('bea', 'email'))).toBe('bea@example.com');
    expect(await seen(admin, '{ company(ref: { externalId: "analytical" }) { members { edges { node { firstName } } } } }')).toEqual([
      { node: { firstName: 'Ada' } },
    ]);
    await world.prisma.member.update({ where: { id: planted.ids.bea }, data: { removedAt: null } });
  });

  test('rights and memberships of a person are those of the locations of an administrator', async () => {
    expect(await seen(admin, member('ada', nodes('groupMemberships', 'state')))).toHaveLength(2);
    expect(await seen(millAdmin, member('ada', nodes('groupMemberships', 'state')))).toHaveLength(1);
    expect(await seen(admin, member('ada', nodes('accessRights', 'reason')))).toHaveLength(2);
    expect(await seen(millAdmin, member('ada', nodes('accessRights', 'reason')))).toHaveLength(0);
    expect(await seen(ada, member('ada', nodes('accessRights', 'reason')))).toHaveLength(2);
  });

  test('reached by a booking are shown to a member by id and names alone', async () => {
    const booking = (selection: string): string => `{ booking(ref: { externalId: "booking-1" }) { member { ${selection} } } }`;
    expect(await seen(cas, booking('firstName'))).toBe('Ada');
    expect(await seen(cas, booking('id'))).toBe(globalId('Member', planted.ids.ada));
    for (const secret of ['email', 'role', 'externalId', nodes('accessRights', 'id'), nodes('groupMemberships', 'id')]) {
      expect(await seen(cas, booking(secret))).toBe('FORBIDDEN');
      expect(await seen(ada, booking(secret))).not.toBe('FORBIDDEN');
    }
    expect(await seen(cas, booking('company { name }'))).toBe(null);
    expect(await seen(ada, booking('company { name }'))).toBe('Analytical Engines');
    expect(await seen(ada, '{ booking(ref: { externalId: "booking-1" }) { invitees { email } } }')).toBe('FORBIDDEN');
    expect(await seen(ada, '{ booking(ref: { externalId: "booking-1" }) { invitees { firstName } } }')).toEqual([{ firstName: 'Cas' }]);
  });

  test('lists of people are for staff', async () => {
    expect(await seen(admin, '{ members { edges { node { firstName } } } }')).toHaveLength(3);
    expect(await seen(ada, '{ members { edges { node { firstName } } } }')).toBe(null);
    expect(await seen(ada, '{ company(ref: { externalId: "analytical" }) { name } }')).toBe('Analytical Engines');
    expect(await seen(cas, '{ company(ref: { externalId: "analytical" }) { name } }')).toBe(null);
    expect(await seen(ada, '{ company(ref: { externalId: "analytical" }) { members { edges { node { id } } } } }')).toBe('FORBIDDEN');
  });
});

describe('bookings and subscriptions', () => {
  test('a booking is seen by who made it and who is invited', async () => {
    const document = '{ booking(ref: { externalId: "booking-1" }) { externalId } }';
    for (const caller of [service, admin, ada, cas]) expect(await seen(caller, document)).toBe('booking-1');
    for (const caller of [millAdmin, callerOf('member', { subject: 'bea' }), nobodyYet]) expect(await seen(caller, document)).toBe(null);
  });

  test('a subscription is seen by its member, and by every member of its company', async () => {
    const document = '{ memberSubscription(ref: { externalId: "sub-1" }) { externalId } }';
    for (const caller of [service, admin, ada, callerOf('member', { subject: 'bea' })]) expect(await seen(caller, document)).toBe('sub-1');
    for (const caller of [millAdmin, cas, nobodyYet]) expect(await seen(caller, document)).toBe(null);
    const own = '{ memberSubscription(ref: { externalId: "sub-2" }) { externalId } }';
    for (const caller of [millAdmin, cas]) expect(await seen(caller, own)).toBe('sub-2');
    expect(await seen(ada, own)).toBe(null);
  });

  test('plans, resources and groups reached that way are shown to a member by id and name alone', async () => {
    const item = (selection: string): string => `{ memberSubscription(ref: { externalId: "sub-1" }) { items { ${selection} } } }`;
    expect(await seen(ada, item('plan { name } accessGroup { name }'))).toEqual([
      { plan: { name: 'Full time' }, accessGroup: { name: 'Front door' } },
    ]);
    for (const secret of [
      'plan { externalId }',
      'plan { dayPassesPerMonth }',
      'accessGroup { externalId }',
      'accessGroup { locks { id } }',
    ]) {
      expect(await seen(ada, item(secret))).toBe('FORBIDDEN');
      expect(await seen(admin, item(secret))).not.toBe('FORBIDDEN');
    }
    for (const secret of ['alwaysOpenSchedule', 'warnings { code }', nodes('memberships', 'id')]) {
      expect(await seen(ada, item(`accessGroup { ${secret} }`))).toBe('FORBIDDEN');
    }
    expect(await seen(ada, item('plan { accessGroup { name } }'))).toEqual([{ plan: { accessGroup: null } }]);
    const room = (selection: string): string => `{ booking(ref: { externalId: "booking-1" }) { resource { ${selection} } } }`;
    expect(await seen(cas, room('name'))).toBe('ROOM');
    for (const secret of ['externalId', 'kind']) expect(await seen(cas, room(secret))).toBe('FORBIDDEN');
    expect(await seen(cas, room('accessGroup { name }'))).toBe(null);
  });

  test('plans and resources by themselves are for staff, of the locations of an administrator', async () => {
    const documents = [
      '{ plan(ref: { externalId: "plan-harbour" }) { name } }',
      '{ resource(ref: { externalId: "room-harbour" }) { name } }',
    ];
    for (const document of documents) {
      for (const caller of [service, admin]) expect(await seen(caller, document)).toEqual(expect.any(String));
      for (const caller of [millAdmin, ada]) expect(await seen(caller, document)).toBe(null);
    }
  });

  test('lists by location are null for members, and for a location an administrator is not limited to', async () => {
    for (const field of ['bookings', 'memberSubscriptions', 'accessRights', 'activity']) {
      const document = `{ ${field}(location: { externalId: "harbour" }) { edges { node { id } } } }`;
      for (const caller of [service, admin]) expect(await seen(caller, document)).not.toHaveLength(0);
      for (const caller of [millAdmin, ada]) expect(await seen(caller, document)).toBe(null);
    }
  });
});

describe('the lock side', () => {
  test('why a grant failed is for staff', async () => {
    const document = '{ member(ref: { externalId: "bea" }) { groupMemberships { edges { node { lastError } } } } }';
    expect(await seen(admin, document)).toEqual([{ node: { lastError: 'no seat' } }]);
    expect(await seen(callerOf('member', { subject: 'bea' }), document)).toEqual([{ node: { lastError: null } }]);
  });

  test('members may ask why of themselves, and are told in words for members', async () => {
    const group = globalId('AccessGroup', planted.harbour.group);
    const ask = (who: string, selection: string): string =>
      `{ explainAccess(member: { externalId: "${who}" }, accessGroup: "${group}") { ${selection} } }`;
    expect(await seen(ada, ask('ada', 'memberMessage'))).toEqual(expect.any(String));
    expect(await seen(ada, ask('ada', 'staffMessage'))).toBe(null);
    expect(await seen(admin, ask('ada', 'staffMessage'))).toEqual(expect.any(String));
    expect(await seen(ada, ask('cas', 'memberMessage'))).toBe(null);
    expect(await seen(millAdmin, ask('ada', 'memberMessage'))).toBe(null);
  });
});

test('a node is fetched by those who may see it, and is null for everybody else', async () => {
  const { ids, harbour } = planted;
  const everybody = [service, admin, millAdmin, ada, cas];
  const visibleTo = async (type: string, id: string): Promise<Caller[]> => {
    const document = `{ node(id: "${globalId(type, id)}") { __typename } }`;
    const answers = await Promise.all(everybody.map((caller) => seen(caller, document)));
    expect(answers.filter((answer) => answer !== null && answer !== type)).toEqual([]);
    return everybody.filter((_, position) => answers[position] === type);
  };
  expect(await visibleTo('Location', harbour.location)).toEqual([service, admin, ada, cas]);
  expect(await visibleTo('Company', ids.company)).toEqual([service, admin, millAdmin, ada]);
  expect(await visibleTo('Member', ids.ada)).toEqual([service, admin, millAdmin, ada]);
  expect(await visibleTo('MemberSubscription', ids.subscription)).toEqual([service, admin, ada]);
  expect(await visibleTo('SubscriptionItem', ids.item)).toEqual([service, admin, ada]);
  expect(await visibleTo('Booking', ids.booking)).toEqual([service, admin, ada, cas]);
  expect(await visibleTo('AccessRight', ids.presentRight)).toEqual([service, admin, ada]);
  expect(await visibleTo('GroupMembership', ids.adaInGroup)).toEqual([service, admin, ada]);
  expect(await visibleTo('Unlock', ids.unlock)).toEqual([ada]);
  const staffOnly = { Plan: harbour.plan, Resource: harbour.room, AccessGroup: harbour.group, Lock: harbour.lock, Activity: ids.activity };
  for (const [type, id] of Object.entries(staffOnly)) expect(await visibleTo(type, id)).toEqual([service, admin]);
  expect(await visibleTo('Integration', harbour.integration)).toEqual([service, admin]);
  // Of the whole organisation, so not for the administrator of one location.
  expect(await visibleTo('WebhookEndpoint', ids.endpoint)).toEqual([service, admin]);
  expect(await visibleTo('WebhookDelivery', ids.delivery)).toEqual([service, admin]);
});

test('webhook endpoints with their log are for the platform and administrators of the whole organisation, and their secrets for nobody', async () => {
  const document = '{ webhookEndpoints { edges { node { url deliveries { edges { node { state } } } } } } }';
  for (const caller of [service, admin]) expect(await seen(caller, document)).toHaveLength(1);
  expect(await seen(millAdmin, document)).toEqual([]);
  expect(await seen(ada, document)).toBe(null);
  expect(await seen(millAdmin, `{ webhookEndpoint(id: "${globalId('WebhookEndpoint', planted.ids.endpoint)}") { url } }`)).toBe(null);
  expect(await seen(service, '{ __type(name: "WebhookEndpoint") { fields { name } } }')).not.toContainEqual({ name: 'secret' });
});

test('the key of a member is fetched by its id by that member alone', async () => {
  const id = await seen(ada, of('harbour', 'digitalKey(deviceUid: "phone-1") { id }'));
  const document = `{ node(id: "${String(id)}") { ... on DigitalKey { status } } }`;
  expect(await seen(ada, document)).toBe('AVAILABLE');
  for (const caller of [service, admin, cas, nobodyYet, callerOf('member', { subject: 'ada', orgId: 'rival' })]) {
    expect(await seen(caller, document)).toBe(null);
  }
});

test('a viewer is told who they are', async () => {
  const document = '{ viewer { role isService member { firstName } } }';
  expect(await seen(service, document)).toEqual({ role: null, isService: true, member: null });
  expect(await seen(admin, document)).toEqual({ role: 'ADMIN', isService: false, member: null });
  expect(await seen(ada, document)).toEqual({ role: 'MEMBER', isService: false, member: { firstName: 'Ada' } });
  expect(await seen(nobodyYet, document)).toEqual({ role: null, isService: false, member: null });
});
