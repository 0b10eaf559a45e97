import { globalId, type Harbour } from './harbour.ts';

// Who may do what, as data: tested cell by cell in authorisation.test.ts, and printed into docs/authorisation.md.

/** The kinds of token, in the order of the columns. */
export const TOKENS = {
  nobody: 'none',
  service: 'service',
  admin: 'admin',
  elsewhere: 'admin of other locations',
  member: 'member, in the mobile app',
  browser: 'member, in another client',
  unknown: 'member not told of yet',
  stranger: 'admin of another organisation',
} as const;

export type Token = keyof typeof TOKENS;

/** `no`: refused. `nothing`: as if it did not exist, or hidden. `yes`: seen, or done, or refused for another reason than the token. */
export type Verdict = 'yes' | 'nothing' | 'no';

export interface Row {
  /** `Type.field`, or the method and path of an HTTP route */
  readonly operation: string;
  /** which of several rows of one operation */
  readonly of?: string;
  readonly cells: Readonly<Record<Token, Verdict>>;
}

export interface GraphqlRow extends Row {
  readonly document: string;
  /** must be in the answer for `yes`; unless given, anything but null, an empty list and HIDDEN is */
  readonly shows?: string;
}

const KINDS = Object.keys(TOKENS) as Token[];

/** Cells in the order of the columns, in short. */
function cells(short: string): Row['cells'] {
  const words: Record<string, Verdict> = { y: 'yes', '-': 'nothing', n: 'no' };
  const verdicts = short.replaceAll(' ', '').split('');
  if (verdicts.length !== KINDS.length) throw new Error(`${short} has not ${KINDS.length} cells.`);
  return Object.fromEntries(KINDS.map((kind, at) => [kind, words[verdicts[at] ?? '']])) as unknown as Row['cells'];
}

//                        nobody  service admin elsewhere  member browser unknown  stranger
const ORGANISATION = cells('n      y y -                    y y y                   -');
const STAFF_ANYWHERE = cells('n    y y y                    - - -                   -');
const STAFF_HERE = cells('n        y y -                    - - -                   -');
const STAFF_ELSE_REFUSED = cells('n y y -                   n n n                   -');
const OWN = cells('n               y y -                    y y -                   -');
const OWN_ANYWHERE = cells('n      y y y                    y y -                   -');
const EVERYBODY = cells('n         y y y                    y y y                   y');
const SERVICE = cells('n           y n n                    n n n                   n');
const ADMIN = cells('n             n y -                    n n n                   -');
const MEMBER = cells('n            n n n                    y y y                   n');
const MEMBER_KNOWN = cells('n      n n n                    y y -                   n');
const MEMBER_APP = cells('n        n n n                    y n n                   n');
const KEY_SHOWN = cells('n         - - -                    y - -                   -');
const STAFF_OF_ALL = cells('n      y y -                    - - -                   -');
const MENDS_OF_ALL = cells('n      y y n                    n n n                   -');
const MENDS_OF_OWN = cells('n      y y n                    n n n                   y');
const PUBLIC = cells('y            y y y                    y y y                   y');
const OPERATOR = cells('n          n y n                    n n n                   n');

const AT_HARBOUR = '{ externalId: "harbour" }';
const HERE = `location: ${AT_HARBOUR}`;
const edges = 'edges { cursor }';

function queries({ harbour, ids }: Harbour): GraphqlRow[] {
  const group = globalId('AccessGroup', harbour.group);
  const row = (field: string, given: Row['cells'], query: string, more: Partial<GraphqlRow> = {}): GraphqlRow => ({
    operation: `Query.${field}`,
    cells: given,
    document: `{ ${query} }`,
    ...more,
  });
  const node = (type: string, id: string) => `node(id: "${globalId(type, id)}") { id }`;
  return [
    row('viewer', EVERYBODY, 'viewer { isService }'),
    row('node', ORGANISATION, node('Location', harbour.location), { of: 'a location' }),
    row('node', STAFF_HERE, node('Activity', ids.activity), { of: 'an activity' }),
    row('node', cells('n - - - y y - -'), node('Unlock', ids.unlock), { of: 'an unlock of the member' }),
    row('location', ORGANISATION, `location(ref: ${AT_HARBOUR}) { name }`),
    row('locations', ORGANISATION, 'locations { edges { node { externalId } } }', { shows: 'harbour' }),
    row('company', OWN_ANYWHERE, 'company(ref: { externalId: "analytical" }) { name }'),
    row('member', OWN_ANYWHERE, 'member(ref: { externalId: "ada" }) { firstName }', { of: 'the member' }),
    row('member', STAFF_ANYWHERE, 'member(ref: { externalId: "bea" }) { firstName }', { of: 'somebody else' }),
    row('members', STAFF_ANYWHERE, `members { ${edges} }`),
    row('plan', STAFF_HERE, 'plan(ref: { externalId: "plan-harbour" }) { name }'),
    row('resource', STAFF_HERE, 'resource(ref: { externalId: "room-harbour" }) { name }'),
    row('memberSubscription', OWN, 'memberSubscription(ref: { externalId: "sub-1" }) { startsOn }'),
    row('memberSubscriptions', STAFF_HERE, `memberSubscriptions(${HERE}) { ${edges} }`),
    row('booking', OWN, 'booking(ref: { externalId: "booking-1" }) { startsAt }'),
    row('bookings', STAFF_HERE, `bookings(${HERE}) { ${edges} }`),
    row('accessRights', STAFF_HERE, `accessRights(${HERE}) { ${edges} }`),
    row('activity', STAFF_HERE, `activity(${HERE}) { ${edges} }`),
    row('webhookEndpoint', STAFF_OF_ALL, `webhookEndpoint(id: "${globalId('WebhookEndpoint', ids.endpoint)}") { url }`),
    row('webhookEndpoints', STAFF_OF_ALL, `webhookEndpoints { ${edges} }`),
    row('node', STAFF_HERE, node('HeldRemoval', ids.heldRemoval), { of: 'a held removal' }),
    row('explainAccess', OWN, `explainAccess(member: { externalId: "ada" }, accessGroup: "${group}") { allowed }`, { of: 'the member' }),
    row('explainAccess', STAFF_HERE, `explainAccess(member: { externalId: "bea" }, accessGroup: "${group}") { allowed }`, {
      of: 'somebody else',
    }),
  ];
}

function fields({ harbour }: Harbour): GraphqlRow[] {
  const group = globalId('AccessGroup', harbour.group);
  const atLocation = (selection: string) => `{ location(ref: ${AT_HARBOUR}) { ${selection} } }`;
  const explained = (who: string) => `{ explainAccess(member: { externalId: "${who}" }, accessGroup: "${group}") { staffMessage } }`;
  return [
    { operation: 'Location.integration', cells: STAFF_HERE, document: atLocation('integration { status }'), shows: 'CONNECTED' },
    { operation: 'Location.plans', cells: STAFF_ELSE_REFUSED, document: atLocation(`plans { ${edges} }`), shows: 'cursor' },
    { operation: 'Location.resources', cells: STAFF_ELSE_REFUSED, document: atLocation(`resources { ${edges} }`), shows: 'cursor' },
    { operation: 'Location.digitalKey', cells: KEY_SHOWN, document: atLocation('digitalKey { status }'), shows: 'UNLOCK_AVAILABLE' },
    {
      operation: 'DigitalKey.credential',
      cells: KEY_SHOWN,
      document: atLocation('digitalKey { credential(deviceUid: "phone-1") { mobileKey } }'),
      shows: 'the mobile key',
    },
    {
      operation: 'Member.email',
      of: 'somebody met in a booking',
      cells: cells('n y y - n n - -'),
      document: '{ booking(ref: { externalId: "booking-1" }) { invitees { email } } }',
      shows: 'cas@example.com',
    },
    {
      operation: 'Plan.accessGroup',
      of: 'and who is in it',
      cells: STAFF_HERE,
      document: `{ plan(ref: { externalId: "plan-harbour" }) { accessGroup { memberships { ${edges} } } } }`,
      shows: 'cursor',
    },
    {
      operation: 'GroupMembership.lastError',
      cells: STAFF_HERE,
      document: atLocation('integration { memberships(states: [BLOCKED]) { edges { node { lastError } } } }'),
      shows: 'no seat',
    },
    { operation: 'AccessExplanation.staffMessage', cells: STAFF_HERE, document: explained('ada'), shows: '"staffMessage":"' },
  ];
}

const NEW = 'externalId: "new"';
const WHO = 'member: { externalId: "cas" }';

/** One service's, admin's or member's mutation each; those that end something come last. */
function mutations({ harbour, ids }: Harbour): GraphqlRow[] {
  const group = `accessGroup: "${globalId('AccessGroup', harbour.group)}"`;
  const when = 'startsAt: "2030-01-01T10:00:00Z", endsAt: "2030-01-01T11:00:00Z"';
  const booking = `{ ${NEW}, resource: { externalId: "room-harbour" }, ${WHO}, ${when} }`;
  const subscription = `{ ${NEW}, ${HERE}, ${WHO}, startsOn: "2030-01-01", items: [] }`;
  const removal = `{ heldRemoval: "${globalId('HeldRemoval', ids.heldRemoval)}" }`;
  const phone = 'device: { uid: "phone-1", name: "Phone", publicKey: "$KEY" }';
  const service: [string, string][] = [
    ['upsertLocation', `{ ${NEW}, name: "New", timeZone: "UTC" }`],
    ['upsertCompany', `{ ${NEW}, name: "New" }`],
    ['upsertMember', `{ ${NEW}, email: "new@example.com", firstName: "New", lastName: "Example" }`],
    ['upsertPlan', `{ ${NEW}, ${HERE}, name: "New" }`],
    ['upsertResource', `{ ${NEW}, ${HERE}, name: "New", kind: ROOM }`],
    ['upsertMemberSubscription', subscription],
    ['upsertMemberSubscriptions', `{ memberSubscriptions: [${subscription}] }`],
    ['upsertBooking', booking],
    ['upsertBookings', `{ bookings: [${booking}] }`],
    ['cancelMemberSubscription', `{ memberSubscription: { ${NEW} } }`],
    ['cancelBooking', `{ booking: { ${NEW} } }`],
    ['removeMember', '{ member: { externalId: "new" } }'],
  ];
  const member: [string, string, Row['cells']][] = [
    ['startUnlock', `{ ${HERE}, deviceUid: "phone-1" }`, MEMBER_APP],
    ['reportUnlock', `{ unlock: "${globalId('Unlock', ids.unlock)}", outcome: SIGNAL_SENT }`, MEMBER_KNOWN],
    ['activateDigitalKey', `{ ${HERE}, ${phone} }`, MEMBER_APP],
  ];
  const admin: [string, string][] = [
    ['setDigitalKeyVisibility', `{ ${HERE}, roles: [ADMIN, MEMBER, GUEST] }`],
    ['setPlanAccess', `{ plan: { externalId: "plan-harbour" }, ${group} }`],
    ['setResourceAccess', `{ resource: { externalId: "room-harbour" }, ${group} }`],
    ['setSubscriptionItemAccess', `{ subscriptionItem: { externalId: "item-1" }, ${group} }`],
    ['setBookingGrace', `{ ${HERE}, beforeMinutes: 30, afterMinutes: 30 }`],
    ['setRemovalGuard', `{ ${HERE}, sharePercent: 50, leastPeople: 20 }`],
    ['resyncAccess', `{ ${HERE} }`],
    ['releaseHeldRemoval', removal],
    ['dropHeldRemoval', removal],
    ['selectSite', `{ ${HERE}, siteExternalId: "another" }`],
    ['syncAccessGroups', `{ ${HERE} }`],
    ['connectIntegration', `{ ${HERE}, provider: SALTO_KS }`],
    ['disconnectIntegration', `{ ${HERE}, confirm: true }`],
  ];
  const endpoint = `webhookEndpoint: "${globalId('WebhookEndpoint', ids.endpoint)}"`;
  const webhooks: [string, string, Row['cells']][] = [
    ['createWebhookEndpoint', '{ url: "https://hooks.example.com/" }', MENDS_OF_OWN],
    ['updateWebhookEndpoint', `{ ${endpoint}, description: "New" }`, MENDS_OF_ALL],
    ['rotateWebhookSecret', `{ ${endpoint} }`, MENDS_OF_ALL],
    ['sendTestWebhook', `{ ${endpoint} }`, MENDS_OF_ALL],
    ['replayWebhook', `{ webhookDelivery: "${globalId('WebhookDelivery', ids.delivery)}" }`, MENDS_OF_ALL],
    ['replayFailedWebhooks', `{ ${endpoint}, since: "2026-01-01T00:00:00Z" }`, MENDS_OF_ALL],
    ['deleteWebhookEndpoint', '{ webhookEndpoint: "$ENDPOINT" }', MENDS_OF_ALL],
  ];
  const row = (name: string, input: string, given: Row['cells']): GraphqlRow => ({
    operation: `Mutation.${name}`,
    cells: given,
    document: `mutation { ${name}(input: ${input}) { __typename } }`,
  });
  return [
    ...service.map(([name, input]) => row(name, input, SERVICE)),
    ...[...member, ...webhooks].map(([name, input, given]) => row(name, input, given)),
    ...admin.map(([name, input]) => row(name, input, ADMIN)),
  ];
}

const SUBSCRIPTIONS: GraphqlRow[] = (
  [
    ['digitalKeyChanged', MEMBER, '{ status }'],
    ['integrationChanged', STAFF_ELSE_REFUSED, '{ status }'],
    ['activityAdded', STAFF_ELSE_REFUSED, '{ detail }'],
  ] as const
).map(([name, given, selection]) => ({
  operation: `Subscription.${name}`,
  cells: given,
  document: `subscription { ${name}(${HERE}) ${selection} }`,
}));

export function graphqlRows(planted: Harbour): GraphqlRow[] {
  return [...queries(planted), ...fields(planted), ...SUBSCRIPTIONS, ...mutations(planted)];
}

/** What a browser or a machine may ask besides GraphQL, with the token as a bearer's. */
export const HTTP_ROWS: Row[] = [
  { operation: 'GET /healthz', cells: PUBLIC },
  { operation: 'GET /readyz', cells: PUBLIC },
  { operation: 'GET /metrics', cells: PUBLIC },
  { operation: 'GET /integrations/salto-ks/callback', cells: PUBLIC },
  { operation: 'GET /digital-key/start', cells: PUBLIC },
  { operation: 'GET /digital-key/callback', cells: PUBLIC },
  { operation: 'GET /admin/queues/login', cells: PUBLIC },
  { operation: 'GET /admin', cells: OPERATOR },
  { operation: 'GET /admin/find', cells: OPERATOR },
  { operation: 'GET /admin/queues/', cells: OPERATOR },
  { operation: 'GET /admin/queues/api/queues', cells: OPERATOR },
  { operation: 'PUT /admin/queues/api/queues/access/pause', cells: OPERATOR },
];

const SIGN: Record<Verdict, string> = { yes: '●', nothing: '∅', no: '' };

/** As Markdown. */
export function printed(rows: readonly Row[]): string {
  const line = (first: string, rest: readonly string[]) => `| ${[first, ...rest].join(' | ')} |`;
  const title = ({ operation, of }: Row) => `\`${operation}\`${of === undefined ? '' : ` (${of})`}`;
  return [
    '# Who may do what',
    '',
    'Written by `npx vitest run test/graphql/authorisation.test.ts -u` from `test/graphql/authorisation.ts`, and tested there cell by cell.',
    '',
    '● seen or done · ∅ as if it did not exist, or hidden · empty: refused',
    '',
    'The things asked for are those of one location of one organisation. "Member" is the person whom the row is about, where it is about one;',
    'in the rows of the queue dashboard the organisation is one of `OPERATOR_ORG_IDS`. The addresses that anybody may ask show nothing but',
    'the health of the process, or do nothing without a state or ticket that is good once; keep `/metrics` from the outside at the proxy.',
    '',
    line('', Object.values(TOKENS)),
    line(
      '---',
      KINDS.map(() => ':-:'),
    ),
    ...rows.map((row) =>
      line(
        title(row),
        KINDS.map((kind) => SIGN[row.cells[kind]]),
      ),
    ),
    '',
  ].join('\n');
}
