import { graphql } from 'graphql';
import { createLocalFeed } from '../../src/adapters/feed-local.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { cancelBooking } from '../../src/app/cancel-booking.ts';
import type { Caller } from '../../src/app/caller.ts';
import { dayPassesLeft } from '../../src/app/day-passes-left.ts';
import type { Deps } from '../../src/app/deps.ts';
import { explainAccess } from '../../src/app/explain-access.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import { upsertMember } from '../../src/app/upsert-member.ts';
import { upsertMemberSubscription } from '../../src/app/upsert-member-subscription.ts';
import { encodeNodeId } from '../../src/core/ids.ts';
import type { Store, Tx } from '../../src/ports/store.ts';
import { createContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Grown } from './grown.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Rows of the generated operator to work on. */
export interface Subject {
  locationId: string;
  location: string;
  groupId: string;
  integrationId: string;
  site: string;
  memberId: string;
  member: string;
  company: string;
  companySubscription: string;
  personalSubscription: string;
  room: string;
  desk: string;
  bookingAhead: string;
  activityOfOld: string;
}

/** A person of a company with a booking to come, and what belongs to them. */
export async function subjectOf(world: Grown): Promise<Subject> {
  const [row] = await world.sql<Subject>(`
    select l.id as "locationId", l."externalId" as location, g.id as "groupId", i.id as "integrationId", i."siteExternalId" as site,
      m.id as "memberId", m."externalId" as member, c."externalId" as company, s."externalId" as "companySubscription",
      (select id from member_subscription p where p."locationId" = l.id and p."memberId" is not null limit 1) as "personalSubscription",
      (select "externalId" from resource where "accessGroupId" = g.id and kind = 'ROOM') as room,
      (select "externalId" from resource where "accessGroupId" = g.id and kind = 'DESK') as desk,
      b."externalId" as "bookingAhead",
      (select id from activity a where a."locationId" = l.id order by at desc, id desc offset 1500 limit 1) as "activityOfOld"
    from member m join company c on c.id = m."companyId" join member_subscription s on s."companyId" = c.id and s."endsOn" is null
    join booking b on b."memberId" = m.id and b."startsAt" > now() + interval '1 day' and b."canceledAt" is null
    join resource r on r.id = b."resourceId" join access_group g on g.id = r."accessGroupId" join location l on l.id = b."locationId"
    join integration i on i."locationId" = l.id
    order by m.id limit 1`);
  if (row === undefined) throw new Error('Nobody is in a company and has a booking to come.');
  return row;
}

export interface Work {
  name: string;
  /** all that is open at one location is looked at, and nothing of what is past */
  ofLocation?: boolean;
  /** planned for the values at hand each time: how many rows they find differs a thousandfold */
  ofSomeKinds?: boolean;
  run(): Promise<unknown>;
}

export function depsOver(world: Grown): Deps {
  const silent: Deps['log'] = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };
  return {
    store: world.store,
    vendor: {} as Deps['vendor'],
    webhooks: {} as Deps['webhooks'],
    jobs: { add: () => Promise.resolve(true) },
    feed: createLocalFeed(silent),
    clock: systemClock,
    secrets: world.secrets,
    log: silent,
    settings: {
      publicUrl: 'http://127.0.0.1',
      scheduleHorizonMs: 2 * DAY,
      activityRetentionMs: null,
      operatorOrgIds: [],
      federated: false,
    },
  };
}

const nothing = (): void => undefined;

export function callerIn(world: Grown): Caller {
  return { orgId: world.org, kind: 'service', subject: 'platform', inMemberApp: false, locationExternalIds: null, expiresAt: Infinity };
}

const ref = (externalId: string) => ({ externalId });

/** What the sweep asks, page by page. */
export function ofTheSweep({ store }: Grown): Work[] {
  const soon = Date.now() + 2 * DAY;
  const asked: [string, (store: Store) => Promise<unknown>][] = [
    ['groups due', ({ dueGroups }) => dueGroups(soon, null, 500)],
    ['activations overdue', ({ overdueActivations }) => overdueActivations(500)],
    ['activations signed in', ({ signedInActivations }) => signedInActivations(500)],
    ['keys to renew', ({ keysToRenew }) => keysToRenew(Date.now(), 500)],
    ['groups to prove', ({ groupsToProve }) => groupsToProve(Date.now() + HOUR, 500)],
    ['groups with people to leave', ({ groupsToLeave }) => groupsToLeave(500)],
    ['connections where somebody waits for a seat', ({ integrationsAwaitingSeats }) => integrationsAwaitingSeats(500)],
    ['held removals due', ({ heldRemovalsDue }) => heldRemovalsDue(Date.now(), 500)],
    ['consents that ran out', ({ expiredConsents }) => expiredConsents(100)],
    ['records of the OpenID provider that ran out', ({ deleteExpired }) => deleteExpired(20)],
    ['rights to close', ({ closeEnded }) => closeEnded(Date.now() - HOUR, 20)],
    ['activity to archive', ({ archiveActivity }) => archiveActivity(Date.now() - 300 * DAY, 20)],
    ['a page of connections', ({ connectedIntegrations }) => connectedIntegrations({ after: null, limit: 20 })],
  ];
  return asked.map(([name, run]) => ({ name, run: () => run(store) }));
}

/** What a run of a group, an audit and the door log ask. */
export function ofTheWorkers(world: Grown, of: Subject): Work[] {
  const { store, org } = world;
  const within = (name: string, work: (tx: Tx) => Promise<unknown>): Work => ({ name, run: () => store.transaction(org, work) });
  const sources = (kind: 'booking' | 'subscription'): Work => ({
    ...within(`each ${kind} an audit derives anew`, (tx) => tx.rights.sourcesAt(of.locationId, kind, { after: null, limit: 20 })),
    ofLocation: true,
  });
  const pair = { memberId: of.memberId, accessGroupId: of.groupId };
  return [
    within('memberships due in a group', (tx) => tx.memberships.due(of.groupId, Date.now() + 30 * DAY, 20)),
    within('the next due in a group', (tx) => tx.memberships.nextDueAt(of.groupId)),
    within('whom to prepare for', (tx) => tx.memberships.toPrepare(of.groupId, Date.now() + HOUR, 200)),
    within('whose opening to prove', (tx) => tx.memberships.toProve(of.groupId, Date.now() + HOUR, 200)),
    within('who waits for a seat', (tx) => tx.memberships.awaitingSeat(of.integrationId, of.site, 50)),
    within('who has had one since', (tx) => tx.memberships.seatedMeanwhile(of.integrationId, of.site, 50)),
    sources('booking'),
    sources('subscription'),
    within('whom a seat would help', (tx) => tx.memberships.blocked(of.integrationId, 'NO_SEAT', 50)),
    within('a pause of a connection', (tx) => tx.memberships.postpone(of.integrationId, Date.now() + HOUR)),
    within('a page of a location', (tx) => tx.memberships.ofLocation(of.locationId, { after: null, limit: 20 })),
    within('the rights of a pair', (tx) => tx.rights.windows([pair])),
    within('the open rights of a person', (tx) => tx.rights.openOfMember(of.memberId)),
    within('people by the ids of the lock system', (tx) => tx.providerUsers.byPlatformIds(of.integrationId, ['pu-1', 'pu-2', 'nobody'])),
    within('people known there', (tx) => tx.providerUsers.ofMembers(of.integrationId, of.site, [of.memberId])),
    within('a look at a whole group', (tx) => tx.memberships.ofGroup(of.groupId)),
    within('a digital key asked for', async (tx) => {
      const { memberId, locationId, integrationId } = of;
      const { id: deviceId } = await tx.keys.saveDevice({ memberId, uid: 'new', name: 'Phone', publicKey: 'key' });
      const row = {
        ...{ id: world.secrets.newId(), memberId, locationId, integrationId, deviceId, status: 'ACTIVATING' as const },
        ...{
          ticketHash: world.secrets.newToken(),
          ticketExpiresAt: 0,
          ticketUsedAt: null,
          stateHash: null,
          verifier: null,
          sealedTokens: null,
        },
        ...{ tokensExpireAt: null, startedAt: 0, deadline: 0, finishedAt: null, failureMessage: null },
      };
      await tx.keys.beginActivation(row, 'Replaced.', Date.now());
    }),
    within('unlocks of long ago', (tx) => tx.keys.forgetUnlocks(of.memberId, Date.now())),
    within('an entry of the door log', (tx) => {
      const entry = { locationId: of.locationId, at: Date.now(), type: 'UNLOCK_REPORTED' as const, memberId: of.memberId };
      return tx.activity.add([{ ...entry, actor: 'lock', detail: 'Door was opened.', onceKey: 'entry:1' }]);
    }),
  ];
}

/** What the booking platform tells, and what is explained to people. */
export function ofTheVerbs(world: Grown, of: Subject): Work[] {
  const [deps, caller] = [depsOver(world), callerIn(world)];
  const booking = (externalId: string, resource: string, payWithDayPass = false) => ({
    externalId,
    ...{ resource: ref(resource), member: ref(of.member), invitees: [], payWithDayPass, asOf: null },
    ...{ startsAt: Date.now() + 9 * DAY, endsAt: Date.now() + 9 * DAY + HOUR },
  });
  const person = { email: `${of.member}@example.com`, firstName: 'Mem', lastName: 'Ber', role: 'MEMBER' as const, asOf: null };
  const subscription = { location: ref(of.location), startsOn: '2026-01-01', endsOn: null, asOf: null };
  return [
    { name: 'a new booking', run: () => upsertBooking(deps, caller, booking('new', of.room)) },
    {
      name: 'the same booking moved',
      run: () => upsertBooking(deps, caller, { ...booking('new', of.room), endsAt: Date.now() + 9 * DAY + 2 * HOUR }),
    },
    { name: 'a desk paid with a day pass', run: () => upsertBooking(deps, caller, booking('desk', of.desk, true)) },
    {
      name: 'a booking cancelled',
      run: () => cancelBooking(deps, caller, { booking: ref(of.bookingAhead) } as Parameters<typeof cancelBooking>[2]),
    },
    { name: 'a person leaves the company', run: () => upsertMember(deps, caller, { externalId: of.member, company: null, ...person }) },
    {
      name: 'a person joins the company',
      run: () => upsertMember(deps, caller, { externalId: of.member, company: ref(of.company), ...person }),
    },
    {
      name: 'a new subscription of a company',
      run: () =>
        upsertMemberSubscription(deps, caller, {
          ...subscription,
          ...{ externalId: 'new', company: ref(of.company), member: null },
          items: [{ externalId: 'new', plan: null, resource: ref(of.room) }],
        }),
    },
    {
      name: 'a resource’s group',
      run: () => setResourceAccess(deps, caller, { resource: ref(of.room), accessGroup: null }),
    },
    { name: 'day passes left', run: () => dayPassesLeft(deps, world.org, [of.personalSubscription]) },
    { name: 'an explanation', run: () => explainAccess(deps, caller, { member: ref(of.member), accessGroupId: of.groupId, at: null }) },
    { name: 'a digital key', run: () => world.store.digitalKeyFacts(world.org, of.member, { id: of.locationId }) },
    { name: 'a person removed', run: () => removeMember(deps, caller, { member: ref(of.member) } as Parameters<typeof removeMember>[2]) },
  ];
}

/** The lists of the API, first pages and a page far down. */
export function ofTheLists(world: Grown, of: Subject): Work[] {
  const deps = depsOver(world);
  const at = `location: { externalId: "${of.location}" }`;
  const list = (field: string, args: string, node = 'id') =>
    `${field}(first: 20, ${args}) { pageInfo { endCursor } edges { node { ${node} } } }`;
  const asked: Record<string, string> = {
    members: list('members', ''),
    'members of a company': list('members', `company: { externalId: "${of.company}" }`),
    activity: list('activity', at),
    'activity, far down': list('activity', `${at}, after: "${Buffer.from(`GPC:S:${of.activityOfOld}`).toString('base64')}"`),
    'activity of a person': list('activity', `${at}, member: { externalId: "${of.member}" }`),
    'activity of a rare type': list('activity', `${at}, types: [SETTINGS_CHANGED]`),
    'activity of two rare types': list('activity', `${at}, types: [INTEGRATION_PROBLEM, SITE_SELECTED]`),
    'activity of a frequent type': list('activity', `${at}, types: [UNLOCK_REPORTED]`),
    bookings: list('bookings', at),
    'bookings to come': list('bookings', `${at}, from: "${new Date().toISOString()}", status: CONFIRMED`),
    'bookings of a person': list('bookings', `${at}, member: { externalId: "${of.member}" }`),
    'bookings of a room': list('bookings', `${at}, resource: { externalId: "${of.room}" }, from: "${new Date().toISOString()}"`),
    rights: list('accessRights', at),
    'rights that hold': list('accessRights', `${at}, statuses: [ACTIVE]`),
    'rights to come': list('accessRights', `${at}, statuses: [SCHEDULED, ACTIVE]`),
    'rights of a person': `member(ref: { externalId: "${of.member}" }) { ${list('accessRights', at)} ${list('groupMemberships', at)} }`,
    subscriptions: list('memberSubscriptions', at),
    'subscriptions of a company': list('memberSubscriptions', `${at}, company: { externalId: "${of.company}" }`),
    memberships: `location(ref: { externalId: "${of.location}" }) { integration { ${list('memberships', '', 'rights { id }')} } }`,
    'memberships that failed': `location(ref: { externalId: "${of.location}" }) { integration { ${list('memberships', 'states: [BLOCKED, UNKNOWN]')} } }`,
    'memberships of a group': `node(id: "${encodeNodeId('AccessGroup', of.groupId)}") { ... on AccessGroup { ${list('memberships', '')} } }`,
  };
  return Object.entries(asked).map(([name, query]) => ({
    name,
    ofSomeKinds: /types: |states: /.test(query),
    run: async () => {
      const contextValue = createContext({ deps, database: world.connection, caller: callerIn(world), requestId: 'test' });
      const { errors } = await graphql({ schema, source: `{ ${query.replace('(first: 20, )', '(first: 20)')} }`, contextValue });
      if (errors) throw new Error(`${name}: ${String(errors[0])}`);
    },
  }));
}
