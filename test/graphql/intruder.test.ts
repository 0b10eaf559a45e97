// Somebody of another organisation who has everything of their own, and puts one id of ours among theirs: at each place of each input.
import { createClient } from 'graphql-ws';
import { getNamedType, getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputField } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { schema } from '../../src/graphql/schema.ts';
import { startRealServer, type RealServer } from '../flow/real-server.ts';
import { at, globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf } from './world.ts';

const INTRUDER = 'intruder';
let real: RealServer;
let harbour: Harbour;
/** by type */
let theirs: Record<string, string>;
let ours: Record<string, string>;
let untouched: string;

beforeAll(async () => {
  real = await startRealServer({ rateLimit: { perSecond: 1e6, burst: 1e6 } });
  harbour = await plantHarbour(real.world);
  theirs = await plantIntruder();
  const { harbour: here, ids } = harbour;
  ours = {
    ...{ Location: here.location, AccessGroup: here.group, Plan: here.plan, Resource: here.room, Company: ids.company, Member: ids.bea },
    ...{ MemberSubscription: ids.subscription, SubscriptionItem: ids.item, Booking: ids.booking, Unlock: ids.unlock },
    ...{ HeldRemoval: ids.heldRemoval, WebhookEndpoint: ids.endpoint, WebhookDelivery: ids.delivery },
  };
  untouched = await oursAsText();
});
afterAll(() => real.close());

async function plantIntruder(): Promise<Record<string, string>> {
  const { prisma } = real.world;
  const orgId = INTRUDER;
  const location = await prisma.location.create({ data: { orgId, externalId: 'own', name: 'Own', timeZone: 'UTC' } });
  const here = { orgId, locationId: location.id };
  const integration = await prisma.integration.create({ data: { ...here, status: 'CONNECTED', siteExternalId: 'own', siteHeld: true } });
  const group = await prisma.accessGroup.create({
    data: { ...here, integrationId: integration.id, siteExternalId: 'own', externalId: 'own', name: 'Own' },
  });
  const named = { externalId: 'own', name: 'Own' };
  const company = await prisma.company.create({ data: { orgId, ...named } });
  const email = 'own@example.com';
  const person = { orgId, externalId: 'own', email, emailKey: email, firstName: 'Own', lastName: 'Example', companyId: company.id };
  const member = await prisma.member.create({ data: person });
  const plan = await prisma.plan.create({ data: { ...here, ...named } });
  const resource = await prisma.resource.create({ data: { ...here, ...named, kind: 'ROOM' } });
  const subscription = await prisma.memberSubscription.create({
    data: { ...here, externalId: 'own', memberId: member.id, startsOn: new Date(Date.UTC(2030, 0, 1)) },
  });
  const item = await prisma.subscriptionItem.create({
    data: { orgId, externalId: 'own', subscriptionId: subscription.id, planId: plan.id },
  });
  const booking = await prisma.booking.create({
    data: { ...here, externalId: 'own', resourceId: resource.id, memberId: member.id, startsAt: at(0), endsAt: at(3_600_000) },
  });
  const made = { createdAt: at(0), createdBy: 'admin:own', changedAt: at(0), changedBy: 'admin:own' };
  const endpoint = await prisma.webhookEndpoint.create({
    data: { orgId, url: 'https://hooks.example.com/', description: 'Own', secret: 'sealed', ...made },
  });
  return {
    ...{ Location: location.id, AccessGroup: group.id, Plan: plan.id, Resource: resource.id, Company: company.id, Member: member.id },
    ...{ MemberSubscription: subscription.id, SubscriptionItem: item.id, Booking: booking.id, WebhookEndpoint: endpoint.id },
  };
}

const typeOf = (field: string): string => (field === 'invitees' ? 'Member' : `${field.charAt(0).toUpperCase()}${field.slice(1)}`);

/** The places of an input where something is named, as paths; a list is entered once. */
function places(fields: readonly GraphQLInputField[], path: string[] = []): string[][] {
  return fields.flatMap((field) => {
    const type = getNamedType(field.type);
    const here = [...path, field.name];
    if (type.name === 'Ref' || type.name === 'ID') return [here];
    return isInputObjectType(type) ? places(Object.values(type.getFields()), here) : [];
  });
}

const SCALARS: Record<string, unknown> = {
  String: 'new',
  Int: 1,
  Boolean: true,
  DateTime: '2030-01-01T00:00:00Z',
  Date: '2030-01-01',
  TimeZone: 'UTC',
};
const MEANT: Record<string, unknown> = {
  dryRun: false,
  url: 'https://hooks.example.com/',
  email: 'new@example.com',
  endsAt: '2030-01-01T01:00:00Z',
  kind: 'ROOM',
  payWithDayPass: false,
  publicKey: `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${'A'.repeat(86)}==`,
};
/** of these pairs exactly one is given: the first, unless the other is at the place */
const EITHER = [
  ['member', 'company'],
  ['plan', 'resource'],
] as const;

/** A whole input of the intruder's own things, but for the one at `place`. */
function inputOf(fields: readonly GraphQLInputField[], place: readonly string[]): Record<string, unknown> {
  const [head, ...rest] = place;
  const names = new Set(fields.map(({ name }) => name));
  const left = EITHER.flatMap(([one, other]) =>
    names.has(one) && names.has(other) && names.has('externalId') ? [head === other ? one : other] : [],
  );
  const given = fields.filter(({ name }) => !left.includes(name as never));
  return Object.fromEntries(given.map((field) => [field.name, valueOf(field, head === field.name ? rest : null)]));
}

function valueOf(field: GraphQLInputField, below: readonly string[] | null): unknown {
  const bare = getNullableType(field.type);
  const type = getNamedType(field.type);
  if (isListType(bare)) {
    if (isEnumType(type)) return [type.getValues()[0]?.name];
    if (below === null && type.name === 'Ref') return isNonNullType(field.type) ? [] : null;
    return [valueOf({ ...field, type }, below)];
  }
  const id = () => globalId(typeOf(field.name), (below === null ? theirs : ours)[typeOf(field.name)] ?? globalId('x', 'x'));
  if (type.name === 'Ref') return { id: id() };
  if (type.name === 'ID') return id();
  if (isInputObjectType(type)) return inputOf(Object.values(type.getFields()), below ?? []);
  if (isEnumType(type)) return MEANT[field.name] ?? type.getValues()[0]?.name;
  return MEANT[field.name] ?? SCALARS[type.name];
}

type Case = [mutation: string, place: string[]];
const fieldsOf = (mutation: string): GraphQLInputField[] => {
  const input = getNamedType(schema.getMutationType()?.getFields()[mutation]?.args[0]?.type);
  return isInputObjectType(input) ? Object.values(input.getFields()) : [];
};
const CASES: Case[] = Object.keys(schema.getMutationType()?.getFields() ?? {}).flatMap((mutation) =>
  places(fieldsOf(mutation)).map((place): Case => [mutation, place]),
);

const TABLES = [
  'location',
  'company',
  'member',
  'plan',
  'resource',
  'member_subscription',
  'subscription_item',
  'booking',
  'booking_invitee',
];
const MORE = ['integration', 'consent', 'access_group', 'access_right', 'group_membership', 'activation', 'device', 'unlock', 'activity'];
const AND_MORE = ['integration_problem', 'held_removal', 'webhook_endpoint', 'webhook_message', 'webhook_delivery'];

/** Everything that is not the intruder's. */
async function oursAsText(): Promise<string> {
  const parts = [...TABLES, ...MORE, ...AND_MORE].map(
    (table) => `select '${table}' || t::text as row from "${table}" t where "orgId" <> '${INTRUDER}'`,
  );
  const rows = await real.world.prisma.$queryRawUnsafe<{ row: string }[]>(`${parts.join(' union all ')} order by 1`);
  return rows.map(({ row }) => row).join('\n');
}

test('there are places to try', () => expect(CASES.length).toBeGreaterThan(35));

test.each(CASES)('%s: an id of ours at %j is as if it did not exist, and nothing of ours is touched', async (mutation, place) => {
  const input = inputOf(fieldsOf(mutation), place);
  const type = String(schema.getMutationType()?.getFields()[mutation]?.args[0]?.type);
  const document = `mutation($input: ${type}) { ${mutation}(input: $input) { __typename ... on Error { message } ...Each } }
    fragment Each on ${capitalized(mutation)}Result { ${/^upsert.*s$/.test(mutation) ? `... on ${capitalized(mutation)}Success { results { error { code } } }` : '__typename'} }`;
  for (const kind of ['service', 'admin', 'member'] as const) {
    const caller = callerOf(kind, { orgId: INTRUDER, subject: kind === 'member' ? 'own' : kind });
    const answer = await real.world.ask(caller, document, { input });
    const became = answer[mutation] as unknown as { __typename: string; results?: { error: { code: string } | null }[] };
    const codes = became.results?.map(({ error }) => error?.code) ?? [became.__typename];
    expect({ input, kind, codes }).toSatisfy(() =>
      codes.every((code) => ['NotFoundError', 'NOT_FOUND', 'NotAllowedError'].includes(code ?? '')),
    );
  }
  expect(await oursAsText()).toBe(untouched);
});

const capitalized = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

test.each(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}))(
  '%s: no socket and no event stream of theirs opens on a location of ours',
  async (name) => {
    const query = `subscription($id: ID!) { ${name}(location: { id: $id }) { __typename } }`;
    const variables = { id: globalId('Location', harbour.harbour.location) };
    for (const role of ['service', 'admin', 'member']) {
      const authorization = `Bearer ${await real.token({ org_id: INTRUDER, roles: [role], sub: 'own', client_id: 'member-mobile-app' })}`;
      const stream = await real.post({ query, variables }, { authorization, accept: 'text/event-stream' });
      expect(await stream.text()).toMatch(/"code":"(NOT_FOUND|FORBIDDEN)"/);
      const client = createClient({
        url: `${real.server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization },
      });
      const first = await client
        .iterate({ query, variables })
        .next()
        .catch((errors: unknown) => ({ value: { errors } }));
      expect(JSON.stringify(first.value)).toMatch(/"code":"(NOT_FOUND|FORBIDDEN)"/);
      await client.dispose();
    }
  },
);
