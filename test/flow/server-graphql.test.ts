import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from './server-world.ts';
import { startWorld } from './server-world.ts';

let world: World;
let production: World;
beforeAll(async () => {
  [world, production] = await Promise.all([startWorld(), startWorld({ config: { production: true } })]);
});
afterAll(() => Promise.all([world.server.close(), production.server.close()]));

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

const STRICT = { accept: 'application/graphql-response+json' };
const read = async (response: Response) => (await response.json()) as Answer;
const codeOf = (answer: Answer) => answer.errors?.[0]?.extensions?.['code'];

test('a request without a token is answered with 401 and UNAUTHENTICATED before its body is read', async () => {
  const response = await fetch(`${world.server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{ not even JSON',
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(codeOf(await read(response))).toBe('UNAUTHENTICATED');
});

test('the caller of the token is the caller of the resolvers', async () => {
  const token = await world.token({ sub: 'grace' });
  const answer = await read(await world.post('{ subject }', { authorization: `Bearer ${token}` }));
  expect(answer).toEqual({ data: { subject: 'grace' } });
});

test('an unexpected error shows an errorId and nothing else, and the log has the error under it', async () => {
  const answer = await read(await world.post('{ hello broken }'));
  const [error] = answer.errors ?? [];
  expect(error).toMatchObject({ message: 'Unexpected error.', path: ['broken'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  expect(JSON.stringify(answer)).not.toContain('password');
  const line = world.lines.find(({ fields }) => fields['errorId'] === error?.extensions?.['errorId']);
  expect(line).toMatchObject({ level: 'error', fields: { path: 'broken', error: 'Error: postgres://user:password@db said no' } });
});

test('what a resolver refuses on purpose passes with its code', async () => {
  const answer = await read(await world.post('{ hello refused }'));
  expect(answer.data).toEqual({ hello: 'world', refused: null });
  expect(answer.errors?.[0]).toMatchObject({ message: 'At most 100.', extensions: { code: 'BAD_USER_INPUT' } });
});

test('variables of the wrong form are BAD_USER_INPUT and 400', async () => {
  const response = await world.post('query ($of: Int!) { twice(of: $of) }', STRICT, { of: 'many' });
  expect(response.status).toBe(400);
  expect(codeOf(await read(response))).toBe('BAD_USER_INPUT');
});

test('a document that does not fit the schema is GRAPHQL_VALIDATION_FAILED and 400', async () => {
  const response = await world.post('{ helo }', STRICT);
  expect(response.status).toBe(400);
  expect(codeOf(await read(response))).toBe('GRAPHQL_VALIDATION_FAILED');
});

const deep = (levels: number) => `{ person ${'{ friend '.repeat(levels - 2)}{ name }${' }'.repeat(levels - 2)} }`;
const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, index) => `a${index}: hello`).join(' ')} }`;

test.each([
  ['16 aliases', aliases(16)],
  ['more than 1,000 tokens', `{ ${'hello '.repeat(1_000)} }`],
  ['a depth of 16', deep(16)],
])('%s are refused with QUERY_TOO_LARGE and 400', async (_what, query) => {
  for (const { post } of [world, production]) {
    const response = await post(query, STRICT);
    expect(response.status).toBe(400);
    expect(codeOf(await read(response))).toBe('QUERY_TOO_LARGE');
  }
});

test.each([
  ['15 aliases', aliases(15)],
  ['a depth of 15', deep(15)],
  ['a depth of 15 with a fragment in it', `{ ...f } fragment f on Query ${deep(15)}`],
])('%s are let through', async (_what, query) => {
  expect((await read(await world.post(query))).errors).toBeUndefined();
});

test('a document of exactly 1,000 tokens is let through', async () => {
  const query = Array.from({ length: 200 }, (_, index) => `query Q${index} { hello }`).join(' ');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await world.token()}` };
  const body = JSON.stringify({ query, operationName: 'Q7' });
  const response = await fetch(`${world.server.url}/graphql`, { method: 'POST', headers, body });
  expect(await read(response)).toEqual({ data: { hello: 'world' } });
});

test('the standard introspection query is answered in development, and none in production', async () => {
  expect((await read(await world.post(getIntrospectionQuery()))).errors).toBeUndefined();
  for (const query of [getIntrospectionQuery(), '{ __type(name: "Query") { name } }']) {
    expect(codeOf(await read(await production.post(query)))).toBe('GRAPHQL_VALIDATION_FAILED');
  }
});

test('production tells no name that was not asked for, and has no GraphiQL', async () => {
  const answer = await read(await production.post('{ helo }'));
  expect(answer.errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".');
  const page = await fetch(`${production.server.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(401);
});

test('GraphiQL is there in development without a token, and loads nothing from elsewhere', async () => {
  const page = await fetch(`${world.server.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(await page.text()).not.toMatch(/(src|href)="https?:/);
});

test('a page of another site can make a browser send nothing that is run', async () => {
  const authorization = `Bearer ${await world.token()}`;
  const address = `${world.server.url}/graphql`;
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
    const headers = { 'content-type': type, authorization };
    const response = await fetch(address, { method: 'POST', headers, body: 'query=mutation{act}' });
    expect(response.status).toBe(415);
  }
  const simple = await fetch(`${address}?query=${encodeURIComponent('{ hello }')}`);
  expect(simple.status).toBe(401);
  const withHeader = await fetch(`${address}?query=${encodeURIComponent('{ hello }')}`, { headers: { authorization } });
  expect(await read(withHeader)).toEqual({ data: { hello: 'world' } });
});

test('no other site may read an answer: there are no CORS headers, not even for a preflight', async () => {
  const headers = { origin: 'https://elsewhere.example.com', 'access-control-request-method': 'POST' };
  const preflight = await fetch(`${world.server.url}/graphql`, { method: 'OPTIONS', headers });
  const answer = await world.post('{ hello }', headers);
  for (const response of [preflight, answer]) {
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('a body beyond 256 KiB is answered with 413, with its length told or not', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await world.token()}` };
  const text = JSON.stringify({ query: '{ hello }', variables: { x: 'x'.repeat(256 * 1024) } });
  const whole = await fetch(`${world.server.url}/graphql`, { method: 'POST', headers, body: text });
  const chunks = { method: 'POST', headers, body: new Blob([text]).stream(), duplex: 'half' } as RequestInit;
  const chunked = await fetch(`${world.server.url}/graphql`, chunks);
  expect([whole.status, chunked.status]).toEqual([413, 413]);
  const below = JSON.stringify({ query: '{ hello }', variables: { x: 'x'.repeat(255 * 1024) } });
  expect((await fetch(`${world.server.url}/graphql`, { method: 'POST', headers, body: below })).status).toBe(200);
});

test('a caller keeps its request id where that is harmless, else is given one', async () => {
  const kept = await world.post('{ hello }', { 'x-request-id': 'web-17.4' });
  expect(kept.headers.get('x-request-id')).toBe('web-17.4');
  const replaced = await world.post('{ hello }', { 'x-request-id': 'a b' });
  expect(replaced.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  await expect.poll(() => world.lines.find(({ fields }) => fields['requestId'] === 'web-17.4')?.fields['route']).toBe('/graphql');
});

test('a token may ask 400 times at once and 200 times a second, and others are not hindered by it', async () => {
  const limited = await startWorld({ config: { rateLimit: { perSecond: 2, burst: 3 } } });
  const authorization = `Bearer ${await limited.token({ sub: 'eager' })}`;
  const ask = () => limited.post('{ hello }', { authorization });
  for (let turn = 0; turn < 3; turn++) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(codeOf(await read(refused))).toBe('RATE_LIMITED');
  expect((await limited.post('{ hello }')).status).toBe(200);
  limited.clock.advance(500);
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(429);
  await limited.server.close();
});

test('the log holds neither tokens nor query strings', async () => {
  const token = await world.token({ sub: 'logged' });
  await fetch(`${world.server.url}/graphql?query=${encodeURIComponent('{ hello }')}`, { headers: { authorization: `Bearer ${token}` } });
  await fetch(`${world.server.url}/digital-key/start?ticket=short`);
  const text = JSON.stringify(world.lines);
  expect(text).not.toContain(token);
  expect(text).not.toContain('ticket=');
  expect(text).not.toContain('query=');
});
