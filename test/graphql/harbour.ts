import { encodeNodeId } from '../../src/core/ids.ts';
import { NOW, type World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const at = (offset: number): Date => new Date(NOW + offset);
/** midnight in UTC, so many days from today */
export const day = (offset: number): Date => new Date(Math.floor(NOW / 86_400_000) * 86_400_000 + offset * 86_400_000);
export const globalId = encodeNodeId;

export type Planted = Record<'location' | 'integration' | 'group' | 'lock' | 'plan' | 'room' | 'desk', string>;
type People = Record<'company' | 'ada' | 'bea' | 'cas', string>;
type Facts = Record<'subscription' | 'item' | 'booking', string>;
type Told = Record<'endpoint' | 'delivery', string>;
type Consequences = Record<'presentRight' | 'heldRemoval' | 'adaInGroup' | 'activity' | 'device' | 'unlock', string>;

export interface Harbour {
  harbour: Planted;
  mill: Planted;
  ids: People & Facts & Consequences & Told;
}

/**
 * Two locations of one organisation, each with a group, a plan, a room and a desk; another organisation with the same names. Ada and Bea
 * work for a company that subscribes at the harbour; Cas will subscribe at the mill. Ada booked the room of the harbour and invited Cas.
 */
export async function plantHarbour({ prisma }: World): Promise<Harbour> {
  const harbour = await plantLocation(prisma, 'acme', 'harbour');
  const mill = await plantLocation(prisma, 'acme', 'mill');
  await plantLocation(prisma, 'rival', 'harbour');
  const people = await plantPeople(prisma);
  const facts = await plantFacts(prisma, people, { harbour, mill });
  const consequences = await plantConsequences(prisma, people, facts.item, { harbour, mill });
  return { harbour, mill, ids: { ...people, ...facts, ...consequences, ...(await plantWebhooks(prisma, harbour)) } };
}

async function plantWebhooks(prisma: World['prisma'], { location }: Planted): Promise<Told> {
  const made = { createdAt: at(-HOUR), createdBy: 'admin:grace', changedAt: at(-HOUR), changedBy: 'admin:grace' };
  const endpoint = await prisma.webhookEndpoint.create({
    data: { orgId: 'acme', url: 'https://hooks.example.com/', description: 'Desk', locationIds: [location], secret: 'sealed', ...made },
  });
  const { deliveries } = await prisma.webhookMessage.create({
    data: {
      orgId: 'acme',
      locationId: location,
      type: 'ACCESS_GRANTED',
      body: '{}',
      createdAt: at(-HOUR),
      deliveries: {
        create: [
          {
            orgId: 'acme',
            endpointId: endpoint.id,
            attempts: 1,
            startedAt: at(-HOUR),
            nextAttemptAt: at(HOUR),
            lastStatus: 500,
            lastError: 'The receiver answered 500.',
            log: [{ at: NOW, ms: 12, status: 500, error: 'The receiver answered 500.' }],
            createdAt: at(-HOUR),
          },
        ],
      },
    },
    select: { deliveries: true },
  });
  return { endpoint: endpoint.id, delivery: deliveries[0]?.id ?? '' };
}

async function plantPeople(prisma: World['prisma']): Promise<People> {
  const company = await prisma.company.create({ data: { orgId: 'acme', externalId: 'analytical', name: 'Analytical Engines' } });
  const person = async (firstName: string, orgId: string, companyId: string | null): Promise<string> => {
    const externalId = firstName.toLowerCase();
    const email = `${externalId}@example.com`;
    const told = { orgId, externalId, email, emailKey: email, firstName, lastName: 'Example' };
    return (await prisma.member.create({ data: { ...told, companyId, companySince: companyId && at(-HOUR) } })).id;
  };
  await person('Ada', 'rival', null);
  return {
    company: company.id,
    ada: await person('Ada', 'acme', company.id),
    bea: await person('Bea', 'acme', company.id),
    cas: await person('Cas', 'acme', null),
  };
}

async function plantFacts(prisma: World['prisma'], people: People, { harbour, mill }: Pick<Harbour, 'harbour' | 'mill'>): Promise<Facts> {
  const subscription = await prisma.memberSubscription.create({
    data: { orgId: 'acme', externalId: 'sub-1', locationId: harbour.location, companyId: people.company, startsOn: day(-40) },
  });
  const item = await prisma.subscriptionItem.create({
    data: {
      orgId: 'acme',
      externalId: 'item-1',
      subscriptionId: subscription.id,
      planId: harbour.plan,
      accessGroupId: harbour.group,
    },
  });
  await prisma.memberSubscription.create({
    data: { orgId: 'acme', externalId: 'sub-2', locationId: mill.location, memberId: people.cas, startsOn: day(40) },
  });
  const booking = await prisma.booking.create({
    data: {
      orgId: 'acme',
      externalId: 'booking-1',
      locationId: harbour.location,
      resourceId: harbour.room,
      memberId: people.ada,
      startsAt: at(2 * HOUR),
      endsAt: at(4 * HOUR),
      invitees: { create: [{ orgId: 'acme', memberId: people.cas, invitedAt: at(-HOUR) }] },
    },
  });
  return { subscription: subscription.id, item: item.id, booking: booking.id };
}

async function plantConsequences(
  prisma: World['prisma'],
  { ada, bea }: People,
  subscriptionItemId: string,
  { harbour, mill }: Pick<Harbour, 'harbour' | 'mill'>,
): Promise<Consequences> {
  const orgId = 'acme';
  const here = { orgId, locationId: harbour.location };
  const right = (memberId: string, start: number, endsAt: Date | null) =>
    prisma.accessRight.create({
      data: {
        ...here,
        memberId,
        accessGroupId: harbour.group,
        reason: 'SUBSCRIPTION',
        subscriptionItemId,
        startsAt: at(start),
        endsAt,
        createdAt: at(start - HOUR),
        closedAt: endsAt,
      },
    });
  await right(ada, -48 * HOUR, at(-24 * HOUR));
  const present = await right(ada, -HOUR, null);
  const ofBea = await right(bea, -HOUR, null);
  const membership = (memberId: string, { location, integration, group }: Planted, state: 'ACTIVE' | 'BLOCKED', lastError: string | null) =>
    prisma.groupMembership.create({
      data: { orgId, locationId: location, integrationId: integration, memberId, accessGroupId: group, wanted: true, state, lastError },
    });
  const inGroup = await membership(ada, harbour, 'ACTIVE', null);
  await membership(bea, harbour, 'BLOCKED', 'no seat');
  await membership(ada, mill, 'ACTIVE', null);
  const held = await prisma.heldRemoval.create({
    data: {
      ...{ ...here, integrationId: harbour.integration, accessGroupId: harbour.group, changeId: ofBea.id },
      ...{ cause: 'MAPPING', detail: 'the new mapping of a room', actor: 'admin:grace', people: 1, inGroup: 2 },
      ...{ startedAt: at(-HOUR), createdAt: at(-HOUR), judgedAt: at(-HOUR) },
    },
  });
  const holding = { heldRemovalId: held.id, heldWhy: 'The access group was changed.', heldGiven: true };
  await prisma.accessRight.update({ where: { id: ofBea.id }, data: holding });
  const activity = await prisma.activity.create({
    data: { ...here, at: at(-HOUR), type: 'ACCESS_GRANTED', memberId: ada, actor: 'system', detail: 'Let in.' },
  });
  const device = await prisma.device.create({ data: { orgId, memberId: ada, uid: 'phone-1', name: 'Phone', publicKey: 'key' } });
  const unlock = await prisma.unlock.create({
    data: { ...here, memberId: ada, deviceId: device.id, status: 'READY', startedAt: at(0) },
  });
  return {
    presentRight: present.id,
    heldRemoval: held.id,
    adaInGroup: inGroup.id,
    activity: activity.id,
    device: device.id,
    unlock: unlock.id,
  };
}

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
    data: {
      orgId,
      externalId: `plan-${externalId}`,
      locationId: location.id,
      name: 'Full time',
      dayPassesPerMonth: 3,
      accessGroupId: group.id,
    },
  });
  const resource = (kind: 'ROOM' | 'DESK') =>
    prisma.resource.create({
      data: {
        orgId,
        externalId: `${kind.toLowerCase()}-${externalId}`,
        locationId: location.id,
        name: kind,
        kind,
        accessGroupId: group.id,
      },
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
