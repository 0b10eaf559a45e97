// The real schema behind the real server, asked by somebody who means ill, or whose program is broken.
import { getNamedType, getNullableType, isInputObjectType, isListType, type GraphQLArgument, type GraphQLInputField } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { plantHarbour } from '../graphql/harbour.ts';
import { callerOf } from '../graphql/world.ts';
import { startRealServer, type RealServer } from './real-server.ts';

let real: RealServer;
beforeAll(async () => {
  real = await startRealServer({ rateLimit: { perSecond: 1e6, burst: 1e6 } });
  await plantHarbour(real.world);
});
afterAll(() => real.close());

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

type Claims = Record<string, unknown>;
const MEMBER: Claims = { roles: ['member'], sub: 'ada', client_id: 'member-mobile-app' };
const SERVICE: Claims = { roles: ['service'] };

async function ask(body: unknown, claims: Claims = {}): Promise<Answer> {
  const response = await real.post(body, { authorization: `Bearer ${await real.token(claims)}` });
  return (await response.json()) as Answer;
}

const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions['code'];
const chain = (count: number, spreads: number) =>
  Array.from({ length: count }, (_, at) => `fragment f${at} on Query { ${`...f${at + 1} `.repeat(spreads)}}`).join(' ');

test.each([
  ['fragments that each spread the next one twice', `{ ...f0 } ${chain(60, 2)} fragment f60 on Query { viewer { isService } }`],
  [
    'such fragments below a field',
    `{ viewer { ...g } ...f0 } fragment g on Viewer { isService } ${chain(30, 3)} fragment f30 on Query { __typename }`,
  ],
  ['many levels', `{ viewer { member { ${'company { members { edges { node { '.repeat(6)} id ${'} } } }'.repeat(6)} } } }`],
  ['many aliases', `{ ${Array.from({ length: 16 }, (_, at) => `a${at}: viewer { isService }`).join(' ')} }`],
  ['many tokens', `{ ${'viewer { isService } '.repeat(300)} }`],
  [
    'lists in lists',
    `{ locations(first: 100) { edges { node { plans(first: 100) { edges { node { accessGroup { memberships(first: 100) { edges { node {
      member { accessRights(first: 100) { edges { cursor } } } } } } } } } } } } } }`,
  ],
])('%s are refused with QUERY_TOO_LARGE, at once and whoever asks', async (_what, query) => {
  expect(codeOf(await ask({ query }))).toBe('QUERY_TOO_LARGE');
});

test.each([
  ['a fragment that spreads itself', '{ ...f } fragment f on Query { ...f }'],
  ['two that spread each other', '{ ...f } fragment f on Query { ...g } fragment g on Query { ...f }'],
  ['400 directives', `{ viewer ${'@x '.repeat(400)} { isService } }`],
  ['one directive 100 times', `{ viewer { isService ${'@skip(if: false) '.repeat(100)} } }`],
  ['what the schema says of itself', '{ __schema { types { name } } }'],
  ['a query string that is none', '{ viewer { '],
])('%s: refused, in a hundred errors at most', async (_what, query) => {
  const { data, errors = [] } = await ask({ query });
  expect(data ?? null).toBeNull();
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.length).toBeLessThanOrEqual(101);
});

test('no answer offers a name that was not asked for: of a field, a type, an argument, an enum value, an input field', async () => {
  const upsert = 'mutation($i: UpsertMemberInput!) { upsertMember(input: $i) { __typename } }';
  const person = { externalId: 'x', email: 'x@example.com', firstName: 'x', lastName: 'x' };
  const answers = [
    await ask({ query: '{ viewr { isService } }' }),
    await ask({ query: '{ ... on Quer { viewer { isService } } }' }),
    await ask({ query: '{ locations(frst: 1) { edges { cursor } } }' }),
    await ask({ query: 'mutation { setDigitalKeyVisibility(input: { location: { externalId: "x" }, roles: [ADMN] }) { __typename } }' }),
    await ask({ query: upsert, variables: { i: { ...person, role: 'ADMN' } } }, SERVICE),
    await ask({ query: upsert, variables: { i: { ...person, emial: 'x' } } }, SERVICE),
    await ask({ query: 'subscription($r: Ref!) { activityAdded(location: $r) { id } }', variables: { r: { externalID: 'x' } } }),
  ];
  expect(answers.every(({ errors }) => errors !== undefined)).toBe(true);
  const messages = answers.flatMap(({ errors = [] }) => errors.map(({ message }) => message));
  expect(messages.filter((message) => /did you mean/i.test(message))).toEqual([]);
});

test.each([
  ['null', 'null'],
  ['a text', '"{ viewer { isService } }"'],
  ['a list of operations', '[{"query":"{ viewer { isService } }"}]'],
  ['a list of lists', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['variables that are a list', '{"query":"{ viewer { isService } }","variables":[]}'],
  ['an operation name that is no text', '{"query":"{ viewer { isService } }","operationName":{"a":1}}'],
  ['a query that is no text', '{"query":{"a":1}}'],
])('a body that is %s is a bad request', async (_what, body) => {
  const response = await real.post(body);
  expect(response.status).toBe(400);
});

test('keys that name what every object has are nothing but unknown keys', async () => {
  const query = 'query($r: Ref!) { location(ref: $r) { id } }';
  const own = `"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}`;
  const asked = `{"query":${JSON.stringify(query)},"variables":{"r":{"__proto__":{"externalId":"harbour"}},${own}}`;
  expect(codeOf(await ask(`${asked}}`))).toBe('BAD_USER_INPUT');
  expect(codeOf(await ask(`${asked},${own}}`))).toBe('BAD_REQUEST');
  expect(({} as Record<string, unknown>)['x'] ?? ({} as Record<string, unknown>)['y']).toBeUndefined();
});

// ── every text that the schema takes, without the way over HTTP

const CALLERS = [callerOf('service'), callerOf('admin'), callerOf('member', { subject: 'ada' })];

const HOSTILE = {
  'a zero character': 'a\u0000b',
  'half a character': 'a\ud800b',
  'ten thousand characters': 'x'.repeat(10_000),
  'a turned direction': 'a\u202eb',
};

/** The texts below an argument, each as a path of field names; a list is entered once. */
function textsBelow(field: GraphQLArgument | GraphQLInputField, path: string[] = []): string[][] {
  const at = [...path, field.name];
  const type = getNamedType(field.type);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((inner) => textsBelow(inner, at));
  return ['String', 'ID'].includes(type.name) ? [at] : [];
}

const GOOD: Record<string, unknown> = {
  Int: 1,
  Boolean: true,
  DateTime: '2030-01-01T00:00:00Z',
  Date: '2030-01-01',
  TimeZone: 'UTC',
  ID: 'x',
};
const TEXTS: Record<string, string> = { email: 'x@example.com', publicKey: `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${'A'.repeat(86)}==` };

/** A value of the right form, with `text` at the path. */
function valueOf(field: GraphQLArgument | GraphQLInputField, path: readonly string[], text: string): unknown {
  const bare = getNullableType(field.type);
  const type = getNamedType(field.type);
  const isOnPath = path[0] === field.name;
  const below = isOnPath ? path.slice(1) : [];
  if (isListType(bare)) return isInputObjectType(type) ? [valueOf({ ...field, type }, path, text)] : [];
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) return { [below[0] ?? 'externalId']: below.length > 0 ? text : 'harbour' };
    const needed = fields.filter(({ name, type: of }) => name === below[0] || String(of).endsWith('!'));
    return Object.fromEntries(needed.map((inner) => [inner.name, valueOf(inner, below, text)]));
  }
  if (isOnPath && below.length === 0 && ['String', 'ID'].includes(type.name)) return text;
  return type.name === 'String' ? (TEXTS[field.name] ?? 'x') : (GOOD[type.name] ?? enumValue(type.name));
}

function enumValue(name: string): string {
  const type = schema.getType(name) as { getValues?: () => { name: string }[] };
  return type.getValues?.()[0]?.name ?? '';
}

type Case = [operation: string, name: string, path: string[]];
const CASES: Case[] = (['Query', 'Mutation'] as const).flatMap((root) =>
  Object.values((root === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {}).flatMap(({ name, args }) =>
    args.flatMap((argument) => textsBelow(argument).map((path): Case => [root.toLowerCase(), name, path])),
  ),
);

test('there are texts to try', () => expect(CASES.length).toBeGreaterThan(60));

test.each(CASES)('%s %s: a text that nothing can hold at %j is refused by name, or names nothing', async (operation, name, path) => {
  const field = (operation === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields()[name];
  const args = (field?.args ?? []).filter((argument) => argument.name === path[0] || String(argument.type).endsWith('!'));
  const declared = args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const success = `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;
  // Of many each is answered by itself.
  const each = /^upsert.*s$/.test(name) ? `... on ${success} { results { error { code } } }` : '';
  // Two of the four for each place: one rule judges them all.
  for (const what of ['a zero character', 'ten thousand characters'] as const) {
    const text = HOSTILE[what];
    const variables = Object.fromEntries(args.map((argument) => [argument.name, valueOf(argument, path, text)]));
    for (const caller of CALLERS) {
      const answer = await real.world.answer(caller, `${operation}(${declared}) { ${name}(${passed}) { __typename ${each} } }`, variables);
      // What is not expected has no code before the server hides it.
      expect({ what, errors: answer.errors?.filter(({ extensions }) => extensions['code'] === undefined) ?? [] }).toEqual({
        what,
        errors: [],
      });
      const found = answer.data?.[name] as { __typename?: string; results?: { error: object | null }[] } | null | undefined;
      const became = found?.results?.every(({ error }) => error !== null) ? 'Refused' : (found?.__typename ?? '');
      // A page without items is a page; whatever else is found by such a text would be stored with it.
      if (!became.endsWith('Connection'))
        expect({ what, became }).not.toMatchObject({ became: expect.stringMatching(/Success$/) as string });
    }
  }
});

const KEY = '{ locations { edges { node { digitalKey(deviceUid: $d) { status credential(deviceUid: $d) { mobileKey } } } } } }';

test.each(Object.entries(HOSTILE))('a phone named by %s is BAD_USER_INPUT, also where a stream is opened', async (_what, d) => {
  expect(codeOf(await ask({ query: `query($d: String!) ${KEY}`, variables: { d } }, MEMBER))).toBe('BAD_USER_INPUT');
  const query = 'subscription($d: String) { digitalKeyChanged(location: { externalId: "harbour" }, deviceUid: $d) { status } }';
  expect(codeOf(await ask({ query, variables: { d } }, MEMBER))).toBe('BAD_USER_INPUT');
});

test.each<[string, Claims]>([
  ['an organisation with a zero character', { org_id: 'a\u0000' }],
  ['a subject with a zero character', { sub: 'a\u0000', roles: ['member'] }],
  ['a subject of 300 characters', { sub: 'x'.repeat(300), roles: ['member'] }],
  ['a location with half a character', { location_ids: ['a\ud800'] }],
])('a token that names %s is refused as a whole', async (_what, claims) => {
  expect(codeOf(await ask({ query: '{ viewer { member { id } } locations { edges { cursor } } }' }, claims))).toBe('UNAUTHENTICATED');
});

test.each([
  ['first: -1', '{ locations(first: -1) { edges { cursor } } }', 'BAD_USER_INPUT'],
  ['first: 101', '{ locations(first: 101) { edges { cursor } } }', 'BAD_USER_INPUT'],
  ['first beyond 32 bits', '{ locations(first: 99999999999) { edges { cursor } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['first beyond every number', '{ locations(first: 1e400) { edges { cursor } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a cursor that is none', '{ locations(after: "zz") { edges { cursor } } }', 'BAD_USER_INPUT'],
  [
    'a cursor of something else',
    `{ locations(after: "${Buffer.from("GPC:S:' or 1=1").toString('base64')}") { edges { cursor } } }`,
    'BAD_USER_INPUT',
  ],
])('a page with %s is %s', async (_what, query, code) => {
  expect(codeOf(await ask({ query }))).toBe(code);
});

test('an id of another type, or made by hand, names nothing', async () => {
  const location = await real.world.prisma.location.findFirstOrThrow({ where: { orgId: 'acme' } });
  const ids = [
    `Member:${location.id}`,
    `Location:${location.id}' or '1'='1`,
    'Location:',
    `IntegrationToken:${location.id}`,
    ':',
    'Location:constructor',
  ];
  for (const id of ids.map((plain) => Buffer.from(plain).toString('base64url'))) {
    const query = 'query($id: ID!) { node(id: $id) { __typename } location(ref: { id: $id }) { id } }';
    expect(await ask({ query, variables: { id } })).toEqual({ data: { node: null, location: null } });
  }
});

test('a mutation is not run by GET, whatever the token', async () => {
  const query = 'mutation { upsertCompany(input: { externalId: "got", name: "Got" }) { __typename } }';
  const headers = { authorization: `Bearer ${await real.token(SERVICE)}` };
  const response = await fetch(`${real.server.url}/graphql?query=${encodeURIComponent(query)}`, { headers });
  expect(response.status).toBe(405);
  expect(await real.world.prisma.company.findFirst({ where: { externalId: 'got' } })).toBeNull();
});
