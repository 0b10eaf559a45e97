import { encodeNodeId } from '../../src/core/ids.ts';
import { NOW, type World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const at = (offset: number): Date => new Date(NOW + offset);
/** midnight in UTC, so many days from today */
export const day = (offset: number): Date => new Date(Math.floor(NOW / 86_400_000) * 86_400_000 + offset * 86_400_000);
export const globalId = encodeNodeId;

/**
 * Two locations of one organisation, each with a group, a plan, a desk, a booking, and a stranger's organisation beside. Ada works for
 * Analytical with Bea; Cas is on his own. Ada booked the desk and invited nobody; she invited Cas to the room.
 */
export async function plantHarbour({ prisma }: World): Promise<Harbour> {
  const harbour = await plantLocation(prisma, 'acme', 'harbour');
  const mill = await plantLocation(prisma, 'acme', 'mill');
  const foreign = await plantLocation(prisma, 'rival', 'harbour');
  const company = await prisma.company.create({ data: { orgId: 'acme', externalId: 'analytical', name: 'Analytical Engines' } });
  const person = (externalId: string, name: string, orgId = 'acme', companyId: string | null = null) =>
    prisma.member.create({
      data: {
        orgId,
        externalId,
        email: `${externalId}@example.com`,
        emailKey: `${externalId}@example.com`,
        firstName: name,
        lastName: 'Example',
        companyId,
        companySince: companyId && at(-HOUR),
      },
    });
  const [ada, bea, cas, stranger] = [
    await person('ada', 'Ada', 'acme', company.id),
    await person('bea', 'Bea', 'acme', company.id),
    await person('cas', 'Cas'),
    await person('ada', 'Ada', 'rival'),
  ];
  const subscription = await prisma.memberSubscription.create({
    data: {
      orgId: 'acme',
      externalId: 'sub-1',
      locationId: harbour.location,
      companyId: company.id,
      startsOn: day(-40),
      items: { create: [{ orgId: 'acme', externalId: 'item-1', planId: harbour.plan, accessGroupId: harbour.group }] },
    },
    include: { items: true },
  });
  const [item] = subscription.items;
  if (!item) throw new Error('unreachable');
  const millSubscription = await prisma.memberSubscription.create({
    data: { orgId: 'acme', externalId: 'sub-2', locationId: mill.location, memberId: cas.id, startsOn: day(40) },
  });
  const booking = await prisma.booking.create({
    data: {
      orgId: 'acme',
      externalId: 'booking-1',
      locationId: harbour.location,
      resourceId: harbour.room,
      memberId: ada.id,
      startsAt: at(2 * HOUR),
      endsAt: at(4 * HOUR),
      invitees: { create: [{ orgId: 'acme', memberId: cas.id, invitedAt: at(-HOUR) }] },
    },
  });
  const right = (memberId: string, start: number, end: number | null) =>
    prisma.accessRight.create({
      data: {
        orgId: 'acme',
        locationId: harbour.location,
        memberId,
        accessGroupId: harbour.group,
        reason: 'SUBSCRIPTION',
        subscriptionItemId: item.id,
        startsAt: at(start),
        endsAt: end === null ? null : at(end),
        createdAt: at(start - HOUR),
        ...(end !== null && end < 0 && { closedAt: at(end) }),
      },
    });
  const [past, present] = [await right(ada.id, -48 * HOUR, -24 * HOUR), await right(ada.id, -HOUR, null)];
  await right(bea.id, -HOUR, null);
  const membership = (memberId: string, of: Planted, state: 'ACTIVE' | 'BLOCKED') =>
    prisma.groupMembership.create({
      data: {
        orgId: 'acme',
        locationId: of.location,
        integrationId: of.integration,
        memberId,
        accessGroupId: of.group,
        wanted: true,
        state,
        lastError: state === 'BLOCKED' ? 'no seat' : null,
      },
    });
  const [adaInGroup, beaInGroup] = [await membership(ada.id, harbour, 'ACTIVE'), await membership(bea.id, harbour, 'BLOCKED')];
  await membership(ada.id, mill, 'ACTIVE');
  const activity = await prisma.activity.create({
    data: { orgId: 'acme', locationId: harbour.location, at: at(-HOUR), type: 'ACCESS_GRANTED', memberId: ada.id, actor: 'system', detail: 'Let in.' },
  });
  const device = await prisma.device.create({
    data: { orgId: 'acme', memberId: ada.id, uid: 'phone-1', name: 'Phone', publicKey: 'key' },
  });
  const unlock = await prisma.unlock.create({
    data: { orgId: 'acme', memberId: ada.id, locationId: harbour.location, deviceId: device.id, status: 'READY', startedAt: at(0) },
  });
  return {
    harbour,
    mill,
    foreign,
    ids: {
      company: company.id,
      ada: ada.id,
      bea: bea.id,
      cas: cas.id,
      stranger: stranger.id,
      subscription: subscription.id,
      millSubscription: millSubscription.id,
      item: item.id,
      booking: booking.id,
      pastRight: past.id,
      presentRight: present.id,
      adaInGroup: adaInGroup.id,
      beaInGroup: beaInGroup.id,
      activity: activity.id,
      device: device.id,
      unlock: unlock.id,
    },
  };
}

export interface Harbour {
  harbour: Planted;
  mill: Planted;
  foreign: Planted;
  ids: Record<
    | 'company'
    | 'ada'
    | 'bea'
    | 'cas'
    | 'stranger'
    | 'subscription'
    | 'millSubscription'
    | 'item'
    | 'booking'
    | 'pastRight'
    | 'presentRight'
    | 'adaInGroup'
    | 'beaInGroup'
    | 'activity'
    | 'device'
    | 'unlock',
    string
  >;
}

export type Planted = Record<'location' | 'integration' | 'group' | 'lock' | 'plan' | 'room' | 'desk', string>;

async function plantLocation(prisma: World['prisma'], orgId: string, externalId: string): Promise<Planted> {
  const location = await prisma.location.create({ data: { orgId, externalId, name: externalId, timeZone: 'Europe/Berlin' } });
  const integration = await prisma.integration.create({
    data: {
      orgId,
      locationId: location.id,
      status: 'CONNECTED',
      siteExternalId: `site-${externalId}-${orgId}`,
      siteHeld: true,
      sites: {
        create: [
          { orgId, externalId: `site-${externalId}-${orgId}`, name: 'Site', digitalKeysSupported: true, seatsTotal: 10, seatsUsed: 9 },
          { orgId, externalId: 'another', name: 'Another', digitalKeysSupported: false },
        ],
      },
      problems: {
        create: [
          { orgId, code: 'SEATS_ALMOST_FULL', message: 'Almost full.', since: at(-HOUR) },
          { orgId, code: 'PROVIDER_UNAVAILABLE', message: 'Out.', since: at(-3 * HOUR), closedAt: at(-2 * HOUR) },
        ],
      },
    },
  });
  const lock = await prisma.lock.create({
    data: { orgId, integrationId: integration.id, siteExternalId: 'site', externalId: 'lock-1', name: 'Front door', online: true },
  });
  const group = await prisma.accessGroup.create({
    data: {
      orgId,
      locationId: location.id,
      integrationId: integration.id,
      siteExternalId: `site-${externalId}-${orgId}`,
      externalId: 'group-1',
      name: 'Front door',
      scheduled: true,
      locks: { create: [{ orgId, lockId: lock.id }] },
    },
  });
  const plan = await prisma.plan.create({
    data: { orgId, externalId: `plan-${externalId}`, locationId: location.id, name: 'Full time', dayPassesPerMonth: 3, accessGroupId: group.id },
  });
  const resource = (kind: 'ROOM' | 'DESK') =>
    prisma.resource.create({
      data: { orgId, externalId: `${kind.toLowerCase()}-${externalId}`, locationId: location.id, name: kind, kind, accessGroupId: group.id },
    });
  const [room, desk] = [await resource('ROOM'), await resource('DESK')];
  return {
    location: location.id,
    integration: integration.id,
    group: group.id,
    lock: lock.id,
    plan: plan.id,
    room: room.id,
    desk: desk.id,
  };
}
