import { generateKeyPairSync } from 'node:crypto';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
  subscribe,
  type GraphQLArgument,
  type GraphQLInputField,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { globalId, plantHarbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

// Walks every way into the schema with what belongs to another organisation. A new field, argument or mutation is walked by itself; one
// whose references cannot be told from its name stops the test until it is named here.

let world: World;
let owned: Map<string, { id: string; externalId: string | null }[]>;
/** of each type, one that a stranger would love to have */
const victim = (type: string) => {
  const found = owned.get(type)?.[0];
  if (!found) throw new Error(`Nothing is planted of ${type}.`);
  return found;
};
const MODELS = [
  'accessGroup',
  'accessRight',
  'activity',
  'booking',
  'company',
  'groupMembership',
  'heldRemoval',
  'integration',
  'location',
  'lock',
  'member',
  'memberSubscription',
  'plan',
  'resource',
  'subscriptionItem',
  'unlock',
  'webhookDelivery',
  'webhookEndpoint',
] as const;

beforeAll(async () => {
  world = await createWorld();
  await plantHarbour(world);
  owned = await snapshotIds();
});
afterAll(() => world.close());

const strangers = (['service', 'admin', 'member'] as const).map((kind) => callerOf(kind, { orgId: 'stranger', subject: 'ada' }));

const PLURAL: Record<string, string> = { invitees: 'Member', locations: 'Location' };
const typeNamed = (field: string): string => PLURAL[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1)}`;

/** What a verb looks at before it looks anything up. */
const MEANINGFUL: Record<string, unknown> = {
  // In earnest.
  dryRun: false,
  email: 'x@example.com',
  endsAt: '2030-01-02T00:00:00Z',
  url: 'https://hooks.example.com/',
  publicKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
};

type Reference = 'id' | 'externalId';

/** A value of the right form that names the victim wherever something is named. */
function valueFor({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField, by: Reference): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const [of, item] = [getNamedType(bare), bare.ofType];
    return isEnumType(of) ? [of.getValues()[0]?.name] : [valueFor({ name, type: item, defaultValue } as GraphQLArgument, by)];
  }
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (named.name === 'Ref') return referTo(typeNamed(name), by);
  if (named.name === 'ID') return globalId(typeNamed(name), victim(typeNamed(name)).id);
  if (isInputObjectType(named)) return inputFor(Object.values(named.getFields()), by);
  const scalars: Record<string, unknown> = {
    String: 'x',
    Int: 1,
    Boolean: true,
    DateTime: '2030-01-01T00:00:00Z',
    Date: '2030-01-01',
    TimeZone: 'UTC',
  };
  if (!(named.name in scalars)) throw new Error(`No value for ${name}: ${named.name}.`);
  return MEANINGFUL[name] ?? scalars[named.name];
}

/** `owner`: the type that an argument called `ref` or `id` names. */
function inputFor(fields: (GraphQLArgument | GraphQLInputField)[], by: Reference, owner = ''): Record<string, unknown> {
  // `first` and `after` page a list; exactly one of two may be given, and the first is.
  const left = fields.filter(({ name }) => name !== 'first' && name !== 'after' && name !== 'search');
  const value = (field: GraphQLArgument | GraphQLInputField): unknown => {
    if (field.name === 'ref') return referTo(owner, by);
    return field.name === 'id' && owner !== '' ? globalId(owner, victim(owner).id) : valueFor(field, by);
  };
  const given = Object.fromEntries(left.map((field) => [field.name, value(field)]));
  if ('member' in given && 'company' in given && 'items' in given) delete given['company'];
  if ('plan' in given && 'resource' in given) delete given['resource'];
  return given;
}

function referTo(type: string, by: Reference): { id: string } | { externalId: string } {
  const { id, externalId } = victim(type);
  return by === 'id' || externalId === null ? { id: globalId(type, id) } : { externalId };
}

const references = (argument: GraphQLArgument): boolean => ['Ref', 'ID'].includes(getNamedType(argument.type).name);

function document(kind: string, name: string, args: readonly GraphQLArgument[], selection: string): string {
  const variables = args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return `${kind}(${variables}) { ${name}(${passed}) { ${selection} } }`;
}

test('no query field finds what belongs to another organisation', async () => {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ args }) => args.some(references) && args.length > 0);
  expect(fields.length).toBeGreaterThan(10);
  for (const caller of strangers) {
    for (const field of fields.filter(({ name }) => name !== 'node')) {
      const { name, args } = field;
      for (const by of ['id', 'externalId'] as const) {
        const needed = args.filter((argument) => isNonNullType(argument.type) || (name === 'members' && argument.name === 'company'));
        const selection = name.endsWith('s') || name === 'activity' ? 'edges { cursor }' : '__typename';
        const { data, errors } = await world.answer(
          caller,
          document('query', name, needed, name === 'explainAccess' ? 'allowed' : selection),
          inputFor(needed, by, getNamedType(field.type).name),
        );
        expect({ name, errors }).toEqual({ name, errors: undefined });
        expect({ name, found: data?.[name] ?? null }).toSatisfy(({ found }) => found === null || JSON.stringify(found) === '{"edges":[]}');
      }
    }
  }
});

test('no node of another organisation is fetched by its id', async () => {
  for (const caller of strangers) {
    for (const [type, rows] of owned) {
      for (const { id } of rows) {
        const answer = await world.ask(caller, 'query($id: ID!) { node(id: $id) { id } }', { id: globalId(type, id) });
        expect({ type, answer }).toEqual({ type, answer: { node: null } });
      }
    }
  }
});

test('every type with a global id is walked', () => {
  const nodes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name);
  expect(new Set(nodes)).toEqual(new Set([...owned.keys(), 'DigitalKey']));
});

test('lists of the whole organisation have nothing of another in them', async () => {
  for (const caller of strangers) {
    const answer = await world.ask(
      caller,
      '{ locations { edges { cursor } } members { edges { cursor } } webhookEndpoints { edges { cursor } } }',
    );
    expect(answer['locations']).toEqual({ edges: [] });
    for (const list of ['members', 'webhookEndpoints']) expect(answer[list] ?? { edges: [] }).toEqual({ edges: [] });
  }
});

test('no stream is opened on what belongs to another organisation', async () => {
  for (const caller of strangers) {
    for (const { name, args } of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
      for (const by of ['id', 'externalId'] as const) {
        const needed = args.filter(({ type }) => isNonNullType(type));
        const opened = await subscribe({
          schema,
          document: parse(document('subscription', name, needed, '__typename')),
          variableValues: inputFor(needed, by),
          contextValue: world.contextOf(caller),
        });
        const codes = 'errors' in opened ? opened.errors?.map(({ extensions }) => extensions['code']) : 'a stream';
        expect([['NOT_FOUND'], ['FORBIDDEN']]).toContainEqual(codes);
      }
    }
  }
});

test('no mutation touches what belongs to another organisation, or tells that it exists', async () => {
  const before = await snapshot();
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  for (const caller of strangers) {
    for (const { name, args } of fields) {
      const input = getNamedType(args[0]?.type);
      if (!isInputObjectType(input)) throw new Error(`${name} takes no input.`);
      const names = Object.values(input.getFields()).some(({ type }) => ['Ref', 'ID'].includes(getNamedType(type).name));
      for (const by of ['id', 'externalId'] as const) {
        const given = inputFor(Object.values(input.getFields()), by);
        const answer = (await world.ask(caller, document('mutation', name, args, '__typename ... on Error { message }'), { input: given }))[
          name
        ] as never;
        const { __typename: became } = answer as { __typename: string };
        const allowed = names
          ? ['NotFoundError', 'NotAllowedError']
          : [`${name.charAt(0).toUpperCase()}${name.slice(1)}Success`, 'NotAllowedError'];
        expect({ name, became, allowed }).toSatisfy(() => allowed.includes(became));
      }
    }
  }
  expect(await snapshot()).toEqual(before);
});

type Rows = { id: string; externalId?: string | null; orgId: string }[];

async function snapshot(): Promise<Map<string, Rows>> {
  const found = new Map<string, Rows>();
  for (const model of MODELS) {
    const delegate = world.prisma[model] as unknown as { findMany(args: object): Promise<Rows> };
    found.set(typeNamed(model), await delegate.findMany({ where: { orgId: { not: 'stranger' } }, orderBy: { id: 'asc' } }));
  }
  return found;
}

async function snapshotIds(): Promise<typeof owned> {
  const rows = await snapshot();
  return new Map(
    [...rows].map(([type, found]) => [
      type,
      found.filter(({ orgId }) => orgId === 'acme').map(({ id, externalId = null }) => ({ id, externalId })),
    ]),
  );
}
