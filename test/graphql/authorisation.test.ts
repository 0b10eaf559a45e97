import { generateKeyPairSync } from 'node:crypto';
import { graphql, parse, subscribe } from 'graphql';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/app/caller.ts';
import { schema } from '../../src/graphql/schema.ts';
import { startRealServer, type RealServer } from '../flow/real-server.ts';
import { testRedis, type TestRedisSpace } from '../support/redis.ts';
import { graphqlRows, HTTP_ROWS, printed, TOKENS, type GraphqlRow, type Row, type Token, type Verdict } from './authorisation.ts';
import { at, globalId, plantHarbour, type Harbour } from './harbour.ts';
import { callerOf } from './world.ts';

let real: RealServer;
let planted: Harbour;
let rows: GraphqlRow[];
let space: TestRedisSpace;
let redis: Redis;
let queue: Queue;
beforeAll(async () => {
  space = await testRedis();
  redis = new Redis(space.url, { maxRetriesPerRequest: null });
  queue = new Queue('access', { connection: redis, prefix: space.prefix });
  const unlimited = { perSecond: 1e6, burst: 1e6 };
  real = await startRealServer({ operatorOrgIds: ['acme'], rateLimit: unlimited, strangerRateLimit: unlimited }, { queues: [queue] });
  planted = await plantHarbour(real.world);
  await plantKey();
  const unavailable = { ok: false, problem: { kind: 'unavailable', why: 'It is out.', retryAt: null } };
  Object.assign(real.world.deps.vendor, { directory: () => Promise.resolve(unavailable) });
  rows = graphqlRows(planted);
});
afterAll(async () => {
  await real.close();
  await queue.close();
  redis.disconnect();
  await space.drop();
});

async function plantKey(): Promise<void> {
  const { prisma, deps } = real.world;
  const id = deps.secrets.newId();
  const { harbour, ids } = planted;
  const where = { orgId: 'acme', memberId: ids.ada, locationId: harbour.location, integrationId: harbour.integration };
  const until = { expiresAt: at(3_600_000), renewAt: at(3_000_000), tokensExpireAt: null };
  const sealedKey = deps.secrets.seal('the mobile key', `mobile_key:${id}`);
  const issued = { siteExternalId: 'site-harbour-acme', deviceId: ids.device, providerDeviceId: 'd', issuedAt: at(0), activatedAt: at(0) };
  await prisma.mobileKey.create({ data: { id, ...where, ...issued, ...until, sealedKey } });
}

/** What a row deletes is there for each token. */
async function newEndpoint(): Promise<string> {
  const made = { createdAt: at(0), createdBy: 'admin:grace', changedAt: at(0), changedBy: 'admin:grace' };
  const told = { orgId: 'acme', url: 'https://hooks.example.com/', description: '', secret: 'sealed' };
  return globalId('WebhookEndpoint', (await real.world.prisma.webhookEndpoint.create({ data: { ...told, ...made } })).id);
}

const CLAIMS: Record<Exclude<Token, 'nobody'>, Partial<Caller> & Pick<Caller, 'kind'>> = {
  service: { kind: 'service' },
  admin: { kind: 'admin' },
  elsewhere: { kind: 'admin', locationExternalIds: ['mill'] },
  member: { kind: 'member', subject: 'ada', inMemberApp: true },
  browser: { kind: 'member', subject: 'ada', inMemberApp: false },
  unknown: { kind: 'member', subject: 'nobody-yet', inMemberApp: true },
  stranger: { kind: 'admin', orgId: 'stranger' },
};
const callerFor = (token: Exclude<Token, 'nobody'>): Caller => callerOf(CLAIMS[token].kind, CLAIMS[token]);

function bearerOf(token: Token): Promise<Record<string, string>> {
  if (token === 'nobody') return Promise.resolve({});
  const { kind, subject, orgId, inMemberApp, locationExternalIds } = callerFor(token);
  const limited = locationExternalIds === null ? {} : { location_ids: locationExternalIds };
  const client_id = inMemberApp ? 'member-mobile-app' : 'web';
  return real
    .token({ sub: subject, org_id: orgId, roles: [kind], client_id, ...limited })
    .then((text) => ({ authorization: `Bearer ${text}` }));
}

interface Errors {
  errors?: readonly { extensions?: Record<string, unknown> }[];
}

function refused({ errors = [] }: Errors): Verdict | null {
  const codes = errors.map(({ extensions }) => extensions?.['code']);
  if (codes.length === 0) return null;
  if (codes.every((code) => code === 'NOT_FOUND')) return 'nothing';
  if (codes.every((code) => code === 'FORBIDDEN' || code === 'UNAUTHENTICATED')) return 'no';
  throw new Error(`Not expected: ${JSON.stringify(errors)}`);
}

const EMPTY = /:(null|\{"edges":\[\]\}|\{"status":"HIDDEN"\})\}$/;
const REFUSED = ['NotAllowedError', 'KeyNotAvailableError'];

async function verdictOf(row: GraphqlRow, token: Token): Promise<Verdict> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  let source = row.document.replace('$KEY', key);
  if (source.includes('$ENDPOINT')) source = source.replace('$ENDPOINT', await newEndpoint());
  if (token === 'nobody') {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${real.server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: source }) });
    return response.status === 401 ? 'no' : 'yes';
  }
  const contextValue = real.world.contextOf(callerFor(token));
  if (row.operation.startsWith('Subscription.')) {
    const opened = await subscribe({ schema, document: parse(source), contextValue });
    if ('errors' in opened) return refused(opened) ?? 'yes';
    await (opened as AsyncGenerator).return(undefined);
    return 'yes';
  }
  const answer = await graphql({ schema, source, contextValue });
  const known = refused(answer);
  if (known !== null) return known;
  if (row.operation.startsWith('Mutation.')) {
    const [{ __typename: became } = { __typename: '' }] = Object.values(answer.data ?? {}) as { __typename: string }[];
    return REFUSED.includes(became) ? 'no' : became === 'NotFoundError' ? 'nothing' : 'yes';
  }
  const text = JSON.stringify(answer.data);
  return (row.shows === undefined ? !EMPTY.test(text) : text.includes(row.shows)) ? 'yes' : 'nothing';
}

const KINDS = Object.keys(TOKENS) as Token[];

/** Every cell as it is, beside how it should be: all that differ show at once. */
async function expectCells<R extends Row>(of: readonly R[], verdict: (row: R, token: Token) => Promise<Verdict>): Promise<void> {
  const found: unknown[] = [];
  for (const row of of) {
    const cells: Partial<Record<Token, Verdict>> = {};
    // The one who may comes last: what they end would be ended for the others too.
    const order = [...KINDS].sort((a, b) => Number(row.cells[a] === 'yes') - Number(row.cells[b] === 'yes'));
    for (const token of order) cells[token] = await verdict(row, token);
    found.push({ operation: row.operation, of: row.of, cells });
  }
  expect(found).toEqual(of.map(({ operation, of: which, cells }) => ({ operation, of: which, cells })));
}

test('each operation and each sensitive field answers each kind of token as the table says', async () => {
  await expectCells(rows, verdictOf);
});

test('each address besides GraphQL answers each kind of token as the table says', async () => {
  await expectCells(HTTP_ROWS, async ({ operation }, token) => {
    const [method = '', path = ''] = operation.split(' ');
    const response = await fetch(`${real.server.url}${path}`, { method, headers: await bearerOf(token), redirect: 'manual' });
    await response.arrayBuffer();
    return [401, 403].includes(response.status) ? 'no' : 'yes';
  });
});

test('every operation of the schema stands in the table', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const operations = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`));
  expect(new Set(rows.map(({ operation }) => operation))).toEqual(
    new Set([...operations, ...rows.map((row) => row.operation).filter(isField)]),
  );
});

const isField = (operation: string): boolean => !/^(Query|Mutation|Subscription)\./.test(operation);

// Mend: npx vitest run test/graphql/authorisation.test.ts -u
test('docs/authorisation.md is the table', async () => {
  await expect(printed([...rows, ...HTTP_ROWS])).toMatchFileSnapshot('../../docs/authorisation.md');
});
