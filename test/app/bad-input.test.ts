import { beforeAll, expect, test } from 'vitest';
import { activateDigitalKey } from '../../src/app/activate-digital-key.ts';
import type { Caller } from '../../src/app/caller.ts';
import { cancelBooking } from '../../src/app/cancel-booking.ts';
import { cancelMemberSubscription } from '../../src/app/cancel-member-subscription.ts';
import { connectIntegration } from '../../src/app/connect-integration.ts';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { reportUnlock } from '../../src/app/report-unlock.ts';
import { resyncAccess } from '../../src/app/resync-access.ts';
import { selectSite } from '../../src/app/select-site.ts';
import { setBookingGrace } from '../../src/app/set-booking-grace.ts';
import { setDigitalKeyVisibility } from '../../src/app/set-digital-key-visibility.ts';
import { setPlanAccess } from '../../src/app/set-plan-access.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { setSubscriptionItemAccess } from '../../src/app/set-subscription-item-access.ts';
import { startUnlock } from '../../src/app/start-unlock.ts';
import { syncAccessGroups } from '../../src/app/sync-access-groups.ts';
import { upsertBooking, type UpsertBookingInput } from '../../src/app/upsert-booking.ts';
import { upsertCompany } from '../../src/app/upsert-company.ts';
import { upsertLocation } from '../../src/app/upsert-location.ts';
import { upsertMany } from '../../src/app/upsert-many.ts';
import { upsertMember, type UpsertMemberInput } from '../../src/app/upsert-member.ts';
import { upsertMemberSubscription, type UpsertMemberSubscriptionInput } from '../../src/app/upsert-member-subscription.ts';
import { upsertPlan } from '../../src/app/upsert-plan.ts';
import { upsertResource } from '../../src/app/upsert-resource.ts';
import type { Ref } from '../../src/ports/rows.ts';
import { checksums } from './checksum.ts';
import { connectedWorld, DAY, HOUR, type World } from './world.ts';

// Nothing of what follows may change anything, so one world serves all of it.
let world: World;
/** an id of another organisation's */
let strangerId: string;

beforeAll(async () => {
  world = await connectedWorld();
  await world.company('anvil');
  await world.plan('full', { group: 'Members 24/7' });
  await world.room('room', 'Meeting room 1');
  await world.desk('desk', 'Members 24/7');
  await world.location('annex');
  await world.resource('annex-room', 'ROOM', null, 'annex');
  for (const name of ['ada', 'ben']) await world.member(name);
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await world.subscribe('other', { member: 'ben', plans: ['full'] });
  await world.book('booking', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.book('canceled', { resource: 'room', member: 'ada', from: '14:00', to: '15:00' });
  await world.cancel('canceled');
  await world.subscribe('over', { member: 'ben', plans: ['full'] });
  await world.cancelSubscription('over');
  await world.drain();
  const asStranger: Caller = { ...world.platform, orgId: 'another-organisation' };
  const told = await upsertLocation(world.deps, asStranger, { externalId: 'far', name: 'Far', timeZone: 'UTC', asOf: null });
  strangerId = told instanceof Error ? '' : told.locationId;
  // The annex waits for its site to be selected.
  await world.consent('annex');
});

const IMPORT = { field: 'bookings', of: 'bookings' };

const ref = (externalId: string): Ref => ({ externalId });
const far = Date.UTC(2101, 0, 1);
const tooEarly = Date.UTC(1899, 11, 31);
const long = 'x'.repeat(201);

/** well-formed inputs, each of which would change something */
const member = (change: Partial<UpsertMemberInput>) => {
  const person = { externalId: 'cyd', email: 'cyd@example.com', firstName: 'Cyd', lastName: 'Marsh', role: 'MEMBER' as const };
  return upsertMember(world.deps, world.platform, { ...person, company: null, asOf: null, ...change });
};
const booking = (change: Partial<UpsertBookingInput>) => {
  const told = { externalId: 'new', resource: ref('room'), member: ref('ada'), invitees: [], payWithDayPass: false, asOf: null };
  const startsAt = world.clock.now() + HOUR;
  return upsertBooking(world.deps, world.platform, { ...told, startsAt, endsAt: startsAt + HOUR, ...change });
};
const item = { externalId: 'new-full', plan: ref('full'), resource: null };
const subscription = (change: Partial<UpsertMemberSubscriptionInput>) => {
  const told = { externalId: 'new', location: ref('harbour'), member: ref('ada'), company: null, startsOn: '2026-05-06', endsOn: null };
  return upsertMemberSubscription(world.deps, world.platform, { ...told, items: [item], asOf: null, ...change });
};
const place = (change: object) =>
  upsertLocation(world.deps, world.platform, { externalId: 'new', name: 'New', timeZone: 'Europe/Berlin', asOf: null, ...change });
const plan = (change: object) =>
  upsertPlan(world.deps, world.platform, {
    externalId: 'new',
    location: ref('harbour'),
    name: 'New',
    dayPassesPerMonth: 0,
    asOf: null,
    ...change,
  });
const thing = (change: object) =>
  upsertResource(world.deps, world.platform, {
    ...{ externalId: 'new', location: ref('harbour'), name: 'New', kind: 'ROOM' as const, asOf: null },
    ...change,
  });
const grace = (change: object) =>
  setBookingGrace(world.deps, world.admin, { location: ref('harbour'), beforeMinutes: 10, afterMinutes: 10, ...change });
const here = { location: ref('harbour') };
const phone = { uid: 'phone', name: 'Phone', publicKey: 'none' };

type Case = [what: string, told: () => Promise<unknown>, paths: string[][]];

const MEANINGLESS: Case[] = [
  ['location: unknown zone', () => place({ timeZone: 'Mars/Olympus' }), [['timeZone']]],
  ['location: an offset for a zone', () => place({ timeZone: '+02:00' }), [['timeZone']]],
  ['location: several things at once', () => place({ externalId: ' ', name: '', timeZone: '' }), [['externalId'], ['name'], ['timeZone']]],
  [
    'company: blank and too long',
    () => upsertCompany(world.deps, world.platform, { externalId: '', name: long, asOf: null }),
    [['externalId'], ['name']],
  ],
  ['company: asOf beyond 2100', () => upsertCompany(world.deps, world.platform, { externalId: 'c', name: 'C', asOf: far }), [['asOf']]],
  ['member: an e-mail that is none', () => member({ email: 'cyd at example.com' }), [['email']]],
  ['member: control characters', () => member({ firstName: 'C\u0000d' }), [['firstName']]],
  ['member: no name', () => member({ lastName: '' }), [['lastName']]],
  ['plan: negative day passes', () => plan({ dayPassesPerMonth: -1 }), [['dayPassesPerMonth']]],
  ['plan: half a day pass', () => plan({ dayPassesPerMonth: 0.5 }), [['dayPassesPerMonth']]],
  ['resource: no name', () => thing({ name: '' }), [['name']]],
  ['booking: ends before it starts', () => booking({ endsAt: world.clock.now() }), [['endsAt']]],
  ['booking: of no length', () => booking({ startsAt: 5 * DAY, endsAt: 5 * DAY }), [['endsAt']]],
  ['booking: beyond 366 days', () => booking({ endsAt: world.clock.now() + 368 * DAY }), [['endsAt']]],
  ['booking: before 1900, after 2100', () => booking({ startsAt: tooEarly, endsAt: far }), [['startsAt'], ['endsAt']]],
  ['booking: an instant that is none', () => booking({ startsAt: Number.NaN }), [['startsAt']]],
  ['booking: too many invitees', () => booking({ invitees: Array.from({ length: 101 }, () => ref('ben')) }), [['invitees']]],
  ['booking: invitees at a desk', () => booking({ resource: ref('desk'), invitees: [ref('ben')] }), [['invitees']]],
  ['booking: a room on a day pass', () => booking({ payWithDayPass: true }), [['payWithDayPass']]],
  ['subscription: neither member nor company', () => subscription({ member: null }), [['member']]],
  ['subscription: both member and company', () => subscription({ company: ref('anvil') }), [['member']]],
  ['subscription: ends before it starts', () => subscription({ endsOn: '2026-05-05' }), [['endsOn']]],
  ['subscription: a day that is none', () => subscription({ startsOn: '2026-02-30' }), [['startsOn']]],
  ['subscription: a day beyond 2100', () => subscription({ startsOn: '2101-01-01' }), [['startsOn']]],
  ['subscription: an item for nothing', () => subscription({ items: [{ ...item, plan: null }] }), [['items', '0']]],
  [
    'subscription: an item for two things',
    () => subscription({ items: [item, { ...item, externalId: 'b', resource: ref('room') }] }),
    [['items', '1']],
  ],
  ['subscription: one item twice', () => subscription({ items: [item, item] }), [['items', '1', 'externalId']]],
  [
    'subscription: another location’s resource',
    () => subscription({ items: [{ ...item, plan: null, resource: ref('annex-room') }] }),
    [['items', '0', 'resource']],
  ],
  [
    'subscription: cancelled at an instant that is none',
    () => cancelMemberSubscription(world.deps, world.platform, { memberSubscription: ref('sub'), at: far, asOf: null }),
    [['at']],
  ],
  [
    'booking: cancelled as of an instant that is none',
    () => cancelBooking(world.deps, world.platform, { booking: ref('booking'), asOf: far }),
    [['asOf']],
  ],
  [
    'member: removed as of an instant that is none',
    () => removeMember(world.deps, world.platform, { member: ref('ada'), asOf: far }),
    [['asOf']],
  ],
  [
    'grace: negative, and longer than a day',
    () => grace({ beforeMinutes: -1, afterMinutes: 1_441 }),
    [['beforeMinutes'], ['afterMinutes']],
  ],
  [
    'digital key: a public key that is none, of a phone without a name',
    () => activateDigitalKey(world.deps, world.platform, { ...here, device: { ...phone, uid: '', name: '' } }),
    [
      ['device', 'uid'],
      ['device', 'name'],
      ['device', 'publicKey'],
    ],
  ],
  [
    'site: none of those offered',
    () => selectSite(world.deps, world.admin, { location: ref('annex'), siteExternalId: 'no-such-site' }),
    [['siteExternalId']],
  ],
  [
    'many: one twice',
    () => upsertMany(world.deps, world.platform, IMPORT, [{ externalId: 'a' }, { externalId: 'a' }], async () => ({})),
    [['bookings', '1', 'externalId']],
  ],
  [
    'many: too many',
    () =>
      upsertMany(
        world.deps,
        world.platform,
        IMPORT,
        Array.from({ length: 501 }, (_, i) => ({ externalId: `${i}` })),
        async () => ({}),
      ),
    [['bookings']],
  ],
];

const UNKNOWN: [what: string, told: (unknown: Ref) => Promise<unknown>][] = [
  ['plan of a location', (location) => plan({ location })],
  ['resource of a location', (location) => thing({ location })],
  ['member of a company', (company) => member({ company })],
  ['booking of a resource', (resource) => booking({ resource })],
  ['booking by a member', (unknown) => booking({ member: unknown })],
  ['booking with an invitee', (unknown) => booking({ invitees: [ref('ben'), unknown] })],
  ['subscription at a location', (location) => subscription({ location })],
  ['subscription of a member', (unknown) => subscription({ member: unknown })],
  ['subscription of a company', (company) => subscription({ member: null, company })],
  ['subscription to a plan', (unknown) => subscription({ items: [{ ...item, plan: unknown }] })],
  ['subscription to a resource', (resource) => subscription({ items: [{ ...item, plan: null, resource }] })],
  ['removal of a member', (unknown) => removeMember(world.deps, world.platform, { member: unknown, asOf: null })],
  ['cancelled booking', (unknown) => cancelBooking(world.deps, world.platform, { booking: unknown, asOf: null })],
  [
    'cancelled subscription',
    (memberSubscription) => cancelMemberSubscription(world.deps, world.platform, { memberSubscription, at: null, asOf: null }),
  ],
  ['connection of a location', (location) => connectIntegration(world.deps, world.admin, { location, provider: 'SALTO_KS' })],
  ['site of a location', (location) => selectSite(world.deps, world.admin, { location, siteExternalId: 'any' })],
  ['pull of a location', (location) => syncAccessGroups(world.deps, world.admin, { location })],
  ['disconnected location', (location) => disconnectIntegration(world.deps, world.admin, { location, confirm: true })],
  ['visibility of a location', (location) => setDigitalKeyVisibility(world.deps, world.admin, { location, roles: ['ADMIN'] })],
  ['grace of a location', (location) => grace({ location })],
  ['resync of a location', (location) => resyncAccess(world.deps, world.admin, { location, member: null, accessGroup: null })],
  ['resync of a member', (unknown) => resyncAccess(world.deps, world.admin, { ...here, member: unknown, accessGroup: null })],
  ['access of a plan', (unknown) => setPlanAccess(world.deps, world.admin, { plan: unknown, accessGroup: null })],
  ['access of a resource', (resource) => setResourceAccess(world.deps, world.admin, { resource, accessGroup: null })],
  ['access of an item', (subscriptionItem) => setSubscriptionItemAccess(world.deps, world.admin, { subscriptionItem, accessGroup: null })],
  ['key at a location', (location) => activateDigitalKey(world.deps, world.platform, { location, device: { ...phone, publicKey: KEY } })],
  ['unlock at a location', (location) => startUnlock(world.deps, world.platform, { location, deviceUid: 'phone' })],
  [
    'report of an unlock',
    (unlock) => reportUnlock(world.deps, world.platform, { unlock: 'id' in unlock ? unlock.id : 'no-uuid', outcome: 'SIGNAL_SENT' }),
  ],
];
const KEY = `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${'A'.repeat(86)}==`;

const CONFLICTING: [what: string, told: () => Promise<unknown>][] = [
  ['another member’s address, in other letters', () => member({ email: 'ADA@example.com' })],
  ['a plan at another location', () => plan({ externalId: 'full', location: ref('annex') })],
  ['a resource at another location', () => thing({ externalId: 'room', location: ref('annex') })],
  ['a resource of another kind', () => thing({ externalId: 'room', kind: 'DESK' })],
  ['a booking at another location', () => booking({ externalId: 'booking', resource: ref('annex-room') })],
  ['a booking that is cancelled', () => booking({ externalId: 'canceled' })],
  ['a subscription of somebody else', () => subscription({ externalId: 'sub', member: ref('ben') })],
  ['a subscription that is cancelled', () => subscription({ externalId: 'over', member: ref('ben') })],
  ['an item of another subscription', () => subscription({ items: [{ ...item, externalId: 'other-full' }] })],
  [
    'an item for something else',
    () => subscription({ externalId: 'sub', items: [{ externalId: 'sub-full', plan: null, resource: ref('room') }] }),
  ],
];

async function changesNothing(told: () => Promise<unknown>, answer: object): Promise<void> {
  const before = await checksums(world);
  world.jobs.added.splice(0);
  world.announced.splice(0);
  expect(await told()).toMatchObject(answer);
  expect(world.jobs.added).toEqual([]);
  expect(world.announced).toEqual([]);
  expect(await checksums(world)).toEqual(before);
}

test.each(MEANINGLESS)('what has no meaning is refused by its path, and changes nothing: %s', async (_, told, paths) => {
  await changesNothing(told, { name: 'InvalidInputError', issues: paths.map((path) => ({ path })) });
});

test.each(UNKNOWN)('what is not known is not found, and changes nothing: %s', async (_, told) => {
  await changesNothing(() => told(ref('nowhere')), { name: 'NotFoundError' });
});

test.each(UNKNOWN)('what belongs to another organisation is as if it did not exist: %s', async (_, told) => {
  await changesNothing(() => told({ id: strangerId }), { name: 'NotFoundError' });
});

test.each(UNKNOWN)('an id that is no uuid names nothing: %s', async (_, told) => {
  await changesNothing(() => told({ id: 'no-uuid' }), { name: 'NotFoundError' });
});

test.each(CONFLICTING)('what contradicts what is known is a conflict, and changes nothing: %s', async (_, told) => {
  await changesNothing(told, { name: 'ConflictError' });
});

const LIMITED: [what: string, told: (admin: Caller) => Promise<unknown>][] = [
  ['connect', (admin) => connectIntegration(world.deps, admin, { ...here, provider: 'SALTO_KS' })],
  ['select a site', (admin) => selectSite(world.deps, admin, { ...here, siteExternalId: 'any' })],
  ['pull', (admin) => syncAccessGroups(world.deps, admin, here)],
  ['disconnect', (admin) => disconnectIntegration(world.deps, admin, { ...here, confirm: true })],
  ['visibility', (admin) => setDigitalKeyVisibility(world.deps, admin, { ...here, roles: [] })],
  ['grace', (admin) => setBookingGrace(world.deps, admin, { ...here, beforeMinutes: 1, afterMinutes: 1 })],
  ['resync', (admin) => resyncAccess(world.deps, admin, { ...here, member: null, accessGroup: null })],
  ['plan', (admin) => setPlanAccess(world.deps, admin, { plan: ref('full'), accessGroup: null })],
  ['resource', (admin) => setResourceAccess(world.deps, admin, { resource: ref('room'), accessGroup: null })],
  ['item', (admin) => setSubscriptionItemAccess(world.deps, admin, { subscriptionItem: ref('sub-full'), accessGroup: null })],
];

test.each(LIMITED)('an administrator of other locations finds nothing here, and changes nothing: %s', async (_, told) => {
  await changesNothing(() => told({ ...world.admin, locationExternalIds: ['annex'] }), { name: 'NotFoundError' });
});

test('a location that was never connected has no access to arrange', async () => {
  await world.location('cellar');
  const cellar = { location: ref('cellar') };
  for (const told of [
    () => syncAccessGroups(world.deps, world.admin, cellar),
    () => disconnectIntegration(world.deps, world.admin, { ...cellar, confirm: true }),
    () => setDigitalKeyVisibility(world.deps, world.admin, { ...cellar, roles: [] }),
    () => resyncAccess(world.deps, world.admin, { ...cellar, member: null, accessGroup: null }),
    () => selectSite(world.deps, world.admin, { ...cellar, siteExternalId: 'any' }),
  ]) {
    await changesNothing(told, { name: 'IntegrationNotConnectedError' });
  }
});
