import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

// Each query with the statements it costs, by the table each begins at. What is not alone in its statement is joined into it: one more
// row, or one more level, must not be one more statement.

let world: World;
let planted: Harbour;
beforeAll(async () => {
  world = await createWorld();
  planted = await plantHarbour(world);
});
afterAll(() => world.close());

const service = callerOf('service');
const ada = callerOf('member', { subject: 'ada' });
const PUBLIC_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

async function tables(caller: typeof service, document: string): Promise<string[]> {
  const sent = await world.statements(() => world.ask(caller, document));
  return sent.map((sql) => (sql.includes('newest as') ? 'digital key facts' : (/from\s+(?:"public"\.)?"?(\w+)"?/i.exec(sql)?.[1] ?? sql)));
}

const nodes = (field: string, selection: string): string => `${field} { pageInfo { hasNextPage } edges { cursor node { ${selection} } } }`;
const group = 'name alwaysOpenSchedule warnings { code } locks { name online }';

const at = (selection: string, externalId = 'harbour'): string => `{ location(ref: { externalId: "${externalId}" }) { ${selection} } }`;
const KEYS = 'fragment Keys on Location { name timeZone any: digitalKey { status } mine: digitalKey(deviceUid: "phone-1") { label } }';

test('a member’s digital key: one statement finds the location and what every phone of theirs is judged by', async () => {
  expect(await tables(ada, at('digitalKey(deviceUid: "phone-1") { status label }'))).toEqual(['digital key facts']);
  expect(await tables(ada, `${at('...Keys')} ${KEYS}`)).toEqual(['digital key facts']);
  expect(await tables(ada, at('digitalKey { status }', 'nowhere'))).toEqual(['digital key facts']);
});

test('a member’s digital key with more of its location: the location, and the facts it is judged by', async () => {
  expect(await tables(ada, at('name dashboardUrl removalGuard { sharePercent } digitalKey { status }'))).toEqual([
    'location',
    'digital key facts',
  ]);
  expect(await tables(ada, at('name'))).toEqual(['location']);
  expect(await tables(ada, at('name digitalKey @skip(if: true) { status }'))).toEqual(['location']);
});

test('a location and its key are answered the same, whether they are read together or one after the other', async () => {
  const together = await world.ask(
    ada,
    at('id externalId name bookingGraceBeforeMinutes bookingGraceAfterMinutes timeZone digitalKey { id label }'),
  );
  const apart = await world.ask(
    ada,
    at(
      'id externalId name bookingGraceBeforeMinutes bookingGraceAfterMinutes timeZone digitalKey { id label } removalGuard { sharePercent }',
    ),
  );
  expect(apart).toEqual({ location: { ...(together['location'] as unknown as object), removalGuard: null } });
  const nowhere = { location: null };
  expect(await world.ask(ada, at('digitalKey { status }', 'nowhere'))).toEqual(nowhere);
  expect(await world.ask(callerOf('member', { subject: 'ada', orgId: 'elsewhere' }), at('digitalKey { status }'))).toEqual(nowhere);
});

test('whoever is no member is answered of a key where they may see the location', async () => {
  expect(await tables(service, at('digitalKey { status }'))).toEqual(['location', 'digital key facts']);
  const limited = callerOf('admin', { locationExternalIds: ['mill'] });
  expect(await tables(limited, at('digitalKey { status }'))).toEqual(['location']);
});

test('locations with their connections, sites, problems and groups', async () => {
  const strangers = 'strangers { platformUserId since member { firstName } }';
  const integration = `integration { status site { name } availableSites { name } problems { code action accessGroup { name } } ${nodes('accessGroups', `${group} ${strangers}`)} }`;
  expect(await tables(service, `{ ${nodes('locations', `name ${integration}`)} }`)).toEqual(['location']);
});

test('plans and resources with their groups', async () => {
  const plans = nodes('plans', `name accessGroup { ${group} }`);
  const desks = nodes('resources(kind: DESK)', `kind accessGroup { ${group} }`);
  const document = `{ ${nodes('locations', `${plans} ${desks}`)} }`;
  expect(await tables(service, document)).toEqual(['location']);
});

test('members with their companies and rights', async () => {
  const rights = nodes('accessRights', 'status accessGroup { name } subscriptionItem { plan { name } } booking { externalId }');
  expect(await tables(service, `{ ${nodes('members', `email company { name } ${rights}`)} }`)).toEqual(['member']);
});

test('memberships with their rights: all rights of the page in one statement', async () => {
  const rights = 'rights { status startsAt accessGroup { name } subscriptionItem { externalId plan { name } } }';
  const memberships = nodes('memberships', `state member { email } accessGroup { name } ${rights}`);
  const document = `{ location(ref: { externalId: "harbour" }) { integration { ${memberships} } } }`;
  expect(await tables(service, document)).toEqual(['location', 'access_right']);
  const answer = await world.ask(service, document);
  expect(JSON.stringify(answer).match(/"status":"ACTIVE"/g)).toHaveLength(2);
});

test('bookings with everything about them', async () => {
  const booking =
    'externalId status accessStartsAt accessEndsAt resource { name kind } member { email } invitees { email company { name } }';
  expect(await tables(service, `{ booking(ref: { externalId: "booking-1" }) { ${booking} } }`)).toEqual(['booking']);
  expect(await tables(service, `{ ${nodes('bookings(location: { externalId: "harbour" })', booking)} }`)).toEqual(['location', 'booking']);
});

test('subscriptions with what is left of their day passes: all pools of the page in one statement', async () => {
  const subscription =
    'status startsOn member { email } company { name } items { externalId plan { name } resource { name } accessGroup { name } }';
  const one = `{ memberSubscription(ref: { externalId: "sub-1" }) { ${subscription} } }`;
  expect(await tables(service, one)).toEqual(['member_subscription']);
  const list = `{ ${nodes('memberSubscriptions(location: { externalId: "harbour" })', `${subscription} dayPassesLeft`)} }`;
  await world.prisma.memberSubscription.createMany({
    data: ['sub-3', 'sub-4'].map((externalId) => ({
      orgId: 'acme',
      externalId,
      locationId: planted.harbour.location,
      memberId: planted.ids.cas,
      startsOn: new Date('2026-01-01'),
    })),
  });
  const sent = await world.statements(() => world.ask(service, list));
  expect(sent.filter((sql) => sql.includes('day_pass_use'))).toHaveLength(1);
  expect(sent.filter((sql) => sql.includes('"public"."member_subscription" AS "t0"'))).toHaveLength(1);
});

test('the activity with whom and what it is about', async () => {
  const activity = 'at type detail member { firstName } accessGroup { name }';
  const document = `{ ${nodes('activity(location: { externalId: "harbour" })', activity)} }`;
  expect(await tables(service, document)).toEqual(['location', 'activity']);
});

test('webhook endpoints with their locations and their delivery logs', async () => {
  const log = nodes('deliveries(states: [PENDING])', 'eventType webhookId body state attemptCount attempts { at status error }');
  const document = `{ ${nodes('webhookEndpoints', `url status locations { name } ${log}`)} }`;
  expect(await tables(service, document)).toEqual(['webhook_endpoint', 'location']);
});

test('a node, whatever it is', async () => {
  const id = globalId('Booking', planted.ids.booking);
  const document = `{ node(id: "${id}") { ... on Booking { resource { name } invitees { email } } } }`;
  expect(await tables(service, document)).toEqual(['booking']);
});

test('lists below a list are limited by the database, and not after they have been read', async () => {
  const document = `{ ${nodes('locations', nodes('resources(first: 1)', 'name'))} }`;
  const [sql = ''] = await world.statements(() => world.ask(service, document));
  expect(sql.match(/LIMIT \$\d+/g)?.length).toBeGreaterThanOrEqual(2);
});

/** What a mutation costs: what each statement writes, else what it reads, and locks. The transaction's begin and end are not told. */
async function changes(caller: typeof service, document: string): Promise<string[]> {
  const sent = await world.statements(() => world.ask(caller, document));
  return sent.map((statement) => {
    const sql = statement.replace(/extract\([^)]*\)/g, '');
    if (sql.includes('newest as')) return 'digital key facts';
    if (sql.includes('json_agg')) return 'facts';
    if (/^\s*from (\(select \* from )?access_right/m.test(sql)) return 'access_right';
    const [, write, written] = /\b(insert into|update|delete from) (?!of )"?(\w+)/i.exec(sql) ?? [];
    if (write !== undefined) return `${write} ${written}`;
    const [, read] = /\bfrom (?!jsonb)(?:"public"\.)?"?(\w+)/i.exec(sql) ?? /\bjoin (\w+)/i.exec(sql) ?? [];
    const [lock] = /for (share|no key update)/i.exec(sql) ?? [];
    return lock === undefined ? `${read}` : `${read} ${lock}`;
  });
}

const told = (externalId: string): string => `mutation { upsertBooking(input: {
  externalId: "${externalId}", resource: { externalId: "room-harbour" }, member: { externalId: "cas" }, invitees: [{ externalId: "bea" }, { externalId: "ada" }],
  startsAt: "2031-03-01T12:00:00Z", endsAt: "2031-03-01T16:00:00Z"
}) { __typename ... on UpsertBookingSuccess { booking { externalId } } } }`;

test('a booking, new and told again: the same statements however many are invited', async () => {
  const parties = ['resource for share', 'booking for no key update', 'member for no key update'];
  const rights = ['facts', 'access_right'];
  const memberships = ['access_right', 'group_membership', 'insert into group_membership', 'update group_membership'];
  expect(await changes(service, told('counted'))).toEqual([
    ...[...parties, 'insert into booking', 'delete from booking_invitee'],
    ...[...rights, 'insert into access_right', ...memberships],
    'booking',
  ]);
  expect(await changes(service, told('counted'))).toEqual([...parties, ...rights, 'booking']);
});

test('asking for a digital key: what it is judged by, the activation, and what is told of it', async () => {
  const document = `mutation { activateDigitalKey(input: { location: { externalId: "harbour" }, device: {
    uid: "counted", name: "Phone", publicKey: "${PUBLIC_KEY}" } }) { __typename } }`;
  expect(await changes(ada, document)).toEqual([
    'digital key facts',
    'insert into device',
    'delete from activation',
    'insert into activity',
  ]);
});
