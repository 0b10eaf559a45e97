import type { Client } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { World } from './server-world.ts';
import { openStream, socketClient, startWorld } from './server-world.ts';

let world: World;
const clients: Client[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.dispose()));
  await world.untilListening(0);
});
afterAll(() => world.server.close());

async function connect(claims: Record<string, unknown> = {}) {
  const opened = socketClient(world, `Bearer ${await world.token(claims)}`);
  clients.push(opened.client);
  await opened.connected;
  return opened;
}

interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

const soon = () => Math.floor(world.clock.now() / 1000) + 60;

/** The first result of an operation, and the rest on asking. */
function run(client: Client, query: string) {
  return client.iterate<Record<string, unknown>>({ query }) as AsyncIterableIterator<Result>;
}

async function first(client: Client, query: string): Promise<Result> {
  const { value } = (await run(client, query).next()) as { value: Result };
  return value;
}

test('a socket carries queries, mutations and subscriptions', async () => {
  const { client } = await connect({ sub: 'grace' });
  expect(await first(client, '{ subject }')).toEqual({ data: { subject: 'grace' } });
  expect(await first(client, 'mutation { act }')).toEqual({ data: { act: 'done' } });
  const ticks = run(client, 'subscription { ticks }');
  const next = ticks.next();
  await world.untilListening(1);
  world.tick(7);
  expect((await next).value).toEqual({ data: { ticks: 7 } });
  await ticks.return?.();
});

test.each([
  ['none', undefined],
  ['no bearer token', 'Basic YTpi'],
  ['rubbish', 'Bearer rubbish'],
])('a socket whose token is %s is closed with 4403', async (_what, authorization) => {
  const { client, closed } = socketClient(world, authorization);
  clients.push(client);
  expect((await closed).code).toBe(4403);
});

test('a socket whose token has expired is closed with 4403 and the reason', async () => {
  const { client, closed } = socketClient(world, `Bearer ${await world.token({ exp: 1_000 })}`);
  clients.push(client);
  expect(await closed).toEqual({ code: 4403, reason: 'The token has expired. Get a new one and connect again.' });
});

test('a socket is closed with 4403 at the instant its token expires, and its sources are let go', async () => {
  const { client, closed } = await connect({ exp: soon() });
  const ticks = run(client, 'subscription { ticks }');
  const ended = ticks.next().catch((error: unknown) => error);
  await world.untilListening(1);
  world.clock.advance(59_999);
  world.tick(1);
  expect(await ended).toMatchObject({ value: { data: { ticks: 1 } } });
  const after = ticks.next().catch((error: unknown) => error);
  world.clock.advance(1);
  expect((await closed).code).toBe(4403);
  expect(await after).toMatchObject({ code: 4403 });
  await world.untilListening(0);
});

test.each([
  ['a syntax error', '{ hello'],
  ['an unknown field', '{ helo }'],
  ['too many aliases', `{ ${Array.from({ length: 16 }, (_, index) => `a${index}: hello`).join(' ')} }`],
  ['too many tokens', `{ ${'hello '.repeat(1_000)} }`],
])('%s ends its own operation and leaves the socket to the others', async (_what, query) => {
  const { client } = await connect();
  const refused = await first(client, query).catch((errors: unknown) => errors);
  expect(refused).toMatchObject([{ message: expect.any(String) as string }]);
  expect(JSON.stringify(refused)).not.toContain('"http"');
  expect(await first(client, '{ hello }')).toEqual({ data: { hello: 'world' } });
});

test('a source that fails, an event that fails and a subscription that cannot begin are masked, and the socket lives', async () => {
  const { client } = await connect();
  const begin = await first(client, 'subscription { refused }').catch((errors: unknown) => errors);
  const ticks = run(client, 'subscription { ticks }');
  const failing = ticks.next();
  await world.untilListening(1);
  world.tick(-1);
  const event = (await failing).value as Result;
  const broken = ticks.next();
  world.tick(new Error('the source at 10.0.0.1 broke'));
  const source = (await broken).value as Result;
  expect(event.errors?.[0]).toMatchObject({ message: 'Unexpected error.', extensions: { errorId: expect.any(String) as string } });
  expect(source.errors?.[0]).toMatchObject({ message: 'Unexpected error.', extensions: { errorId: expect.any(String) as string } });
  expect(JSON.stringify([begin, event, source])).not.toMatch(/10\.0\.0\.1|secret/);
  expect(await first(client, '{ hello }')).toEqual({ data: { hello: 'world' } });
});

test('each event of a stream is executed with fresh caches', async () => {
  const { client } = await connect();
  const seen = run(client, 'subscription { seen }');
  const results: unknown[] = [];
  let next = seen.next();
  await world.untilListening(1);
  for (const value of [1, 2]) {
    world.tick(value);
    results.push((await next).value);
    next = seen.next();
  }
  expect(results).toEqual([{ data: { seen: 1 } }, { data: { seen: 1 } }]);
  await Promise.all([seen.return?.(), next]);
});

test('a client that unsubscribes leaves no source open although nothing happens there', async () => {
  const { client } = await connect();
  const ticks = run(client, 'subscription { ticks }');
  void ticks.next();
  await world.untilListening(1);
  await ticks.return?.();
  await world.untilListening(0);
  expect(world.listening()).toBe(0);
});

test('operations on a socket count against the rate limit of its token', async () => {
  const limited = await startWorld({ config: { rateLimit: { perSecond: 1, burst: 1 } } });
  const { client, connected } = socketClient(limited, `Bearer ${await limited.token()}`);
  await connected;
  expect(await first(client, '{ hello }')).toEqual({ data: { hello: 'world' } });
  const refused = await first(client, '{ hello }').catch((errors: unknown) => errors);
  expect(refused).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  limited.clock.advance(1_000);
  expect(await first(client, '{ hello }')).toEqual({ data: { hello: 'world' } });
  await client.dispose();
  await limited.server.close();
});

function rawSocket(path = '/graphql', protocol = 'graphql-transport-ws'): WebSocket {
  return new WebSocket(`${world.server.url.replace('http', 'ws')}${path}`, protocol);
}

const closeCode = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));

test('an upgrade of another path is answered with 404', async () => {
  const refused = await new Promise<Error>((resolve) => rawSocket('/elsewhere').once('error', resolve));
  expect(refused.message).toBe('Unexpected server response: 404');
});

test.each([
  ['no JSON', 4400, ['{']],
  ['an operation before the token', 4401, [JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } })]],
  ['more than 256 KiB', 1009, [JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(256 * 1024) } })]],
])('a message with %s closes the socket with %i', async (_what, code, messages) => {
  const socket = rawSocket();
  const closed = closeCode(socket);
  await opened(socket);
  for (const message of messages) socket.send(message);
  expect(await closed).toBe(code);
});

test('an event stream has the state of each event at once, and its source is let go when the client leaves', async () => {
  const stream = await openStream(world, 'subscription { ticks }');
  await world.untilListening(1);
  for (const value of [1, 2]) {
    world.tick(value);
    expect(await stream.next()).toEqual({ event: 'next', data: { data: { ticks: value } } });
  }
  stream.abort();
  await world.untilListening(0);
  expect(world.listening()).toBe(0);
});

test('an event stream ends with its token, says why, and lets its source go', async () => {
  const authorization = `Bearer ${await world.token({ exp: soon() })}`;
  const stream = await openStream(world, 'subscription { ticks }', { authorization });
  await world.untilListening(1);
  world.clock.advance(60_000);
  expect(await stream.next()).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  expect(await stream.next()).toEqual({ event: 'complete', data: null });
  expect(await stream.next()).toBeNull();
  await world.untilListening(0);
});

test('a source that fails is a last masked event of its event stream', async () => {
  const stream = await openStream(world, 'subscription { ticks }');
  await world.untilListening(1);
  world.tick(new Error('the source at 10.0.0.1 broke'));
  const last = await stream.next();
  expect(last).toMatchObject({ event: 'next', data: { errors: [{ message: 'Unexpected error.' }] } });
  expect(await stream.next()).toEqual({ event: 'complete', data: null });
});
