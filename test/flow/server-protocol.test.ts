// Every MUST of the graphql-transport-ws protocol (PROTOCOL.md of the graphql-ws repository), over a socket without a client library.
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { World } from './server-world.ts';
import { startWorld } from './server-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.server.close());

interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

interface Conversation {
  protocol: string;
  say(message: unknown): void;
  next(): Promise<Message>;
  /** as the server ended it */
  closed: Promise<{ code: number; reason: string }>;
  end(): void;
}

async function open(protocols: string[] = ['graphql-transport-ws'], of = world): Promise<Conversation> {
  const socket = new WebSocket(`${of.server.url.replace('http', 'ws')}/graphql`, protocols);
  const heard: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    const hear = waiting.shift();
    if (hear) hear(message);
    else heard.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  // A client that offers what the server does not choose fails by itself, and would tell no code.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    protocol: socket.protocol,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => new Promise((resolve) => (heard.length > 0 ? resolve(heard.shift() as Message) : waiting.push(resolve))),
    closed,
    end: () => socket.close(),
  };
}

const init = async () => ({ type: 'connection_init', payload: { authorization: `Bearer ${await world.token()}` } });

async function acknowledged(): Promise<Conversation> {
  const talk = await open();
  talk.say(await init());
  expect(await talk.next()).toMatchObject({ type: 'connection_ack' });
  return talk;
}

const subscribe = (id: string, query: string, more: object = {}) => ({ id, type: 'subscribe', payload: { query, ...more } });

test('the server chooses graphql-transport-ws of several subprotocols', async () => {
  const talk = await open(['graphql-ws', 'graphql-transport-ws']);
  expect(talk.protocol).toBe('graphql-transport-ws');
  talk.end();
});

test('a socket without the subprotocol is closed with 4406', async () => {
  expect(await (await open([])).closed).toMatchObject({ code: 4406 });
});

test('a socket that asks for another subprotocol only is not served', async () => {
  const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/graphql`, 'graphql-ws');
  expect(await new Promise((resolve) => socket.once('error', (error) => resolve(error.message)))).toBe('Server sent no subprotocol');
});

test('who does not say who they are in time is closed with 4408', async () => {
  const hasty = await startWorld({ config: { patience: { request: 30_000, headers: 10_000, init: 20 } } });
  expect(await (await open(undefined, hasty)).closed).toMatchObject({ code: 4408, reason: 'Connection initialisation timeout' });
  await hasty.server.close();
});

test('a second connection_init is closed with 4429, whether or not the first was acknowledged', async () => {
  const talk = await acknowledged();
  talk.say(await init());
  expect(await talk.closed).toMatchObject({ code: 4429, reason: 'Too many initialisation requests' });
  const hasty = await open();
  const twice = await init();
  hasty.say(twice);
  hasty.say(twice);
  expect((await hasty.closed).code).toBe(4429);
});

test('an operation before the acknowledgement is closed with 4401', async () => {
  const talk = await open();
  talk.say(subscribe('1', '{ hello }'));
  expect(await talk.closed).toMatchObject({ code: 4401, reason: 'Unauthorized' });
});

test('an id that is in use is closed with 4409, and one that is free again may be used again', async () => {
  const talk = await acknowledged();
  talk.say(subscribe('1', '{ hello }'));
  expect(await talk.next()).toEqual({ id: '1', type: 'next', payload: { data: { hello: 'world' } } });
  expect(await talk.next()).toEqual({ id: '1', type: 'complete' });
  talk.say(subscribe('1', 'subscription { ticks }'));
  await world.untilListening(1);
  talk.say(subscribe('1', '{ hello }'));
  expect(await talk.closed).toMatchObject({ code: 4409, reason: 'Subscriber for 1 already exists' });
  await world.untilListening(0);
});

test.each<[string, unknown]>([
  ['no JSON', '{'],
  ['JSON that is no object', '7'],
  ['null', 'null'],
  ['a list', '[]'],
  ['no type', {}],
  ['an unknown type', { type: 'start' }],
  ['a type that is no text', { type: 1 }],
  ['an operation without an id', { type: 'subscribe', payload: { query: '{ hello }' } }],
  ['an operation whose id is empty', subscribe('', '{ hello }')],
  ['an operation whose id is no text', { id: 1, type: 'subscribe', payload: { query: '{ hello }' } }],
  ['an operation without a payload', { id: '1', type: 'subscribe' }],
  ['an operation without a query', { id: '1', type: 'subscribe', payload: {} }],
  ['an operation whose query is no text', { id: '1', type: 'subscribe', payload: { query: 1 } }],
  ['variables that are no object', subscribe('1', '{ hello }', { variables: 'x' })],
  ['an operation name that is no text', subscribe('1', '{ hello }', { operationName: 1 })],
  ['extensions that are no object', subscribe('1', '{ hello }', { extensions: 'x' })],
  ['a complete without an id', { type: 'complete' }],
  ['a ping whose payload is no object', { type: 'ping', payload: 'x' }],
  ['a pong whose payload is no object', { type: 'pong', payload: 1 }],
])('a message with %s is closed with 4400', async (_what, message) => {
  const talk = await acknowledged();
  talk.say(message);
  expect((await talk.closed).code).toBe(4400);
});

test('a ping is answered with a pong that has its payload, before and after the acknowledgement; a pong nobody asked for is taken', async () => {
  const talk = await open();
  talk.say({ type: 'ping', payload: { at: 1 } });
  expect(await talk.next()).toEqual({ type: 'pong', payload: { at: 1 } });
  talk.say({ type: 'pong' });
  talk.say(await init());
  expect((await talk.next()).type).toBe('connection_ack');
  talk.say({ type: 'ping' });
  expect(await talk.next()).toEqual({ type: 'pong' });
  talk.end();
});

test.each([
  ['does not parse', '{ hello', undefined],
  ['does not fit the schema', '{ helo }', undefined],
  ['names no operation of its document', 'query A { hello } query B { hello }', { operationName: 'C' }],
])('an operation that %s ends with one error message and no complete, and the socket serves on', async (_what, query, more) => {
  const talk = await acknowledged();
  talk.say(subscribe('1', query, more));
  const refused = await talk.next();
  expect(refused).toMatchObject({ id: '1', type: 'error', payload: [{ message: expect.any(String) as string }] });
  talk.say(subscribe('1', '{ hello }'));
  expect(await talk.next()).toMatchObject({ id: '1', type: 'next' });
  expect(await talk.next()).toEqual({ id: '1', type: 'complete' });
  talk.end();
});

test('operations run side by side, each under its id', async () => {
  const talk = await acknowledged();
  talk.say(subscribe('a', 'subscription { ticks }'));
  talk.say(subscribe('b', 'subscription { names }'));
  await world.untilListening(2);
  world.tick(7);
  const messages = [await talk.next(), await talk.next()].sort((x, y) => String(x.id).localeCompare(String(y.id)));
  expect(messages).toEqual([
    { id: 'a', type: 'next', payload: { data: { ticks: 7 } } },
    { id: 'b', type: 'next', payload: { data: { names: ['Ada'] } } },
  ]);
  talk.end();
  await world.untilListening(0);
});

test('a complete ends the operation at once and is not answered; one for an unknown id is ignored', async () => {
  const talk = await acknowledged();
  talk.say(subscribe('a', 'subscription { ticks }'));
  await world.untilListening(1);
  talk.say({ id: 'a', type: 'complete' });
  talk.say({ id: 'unknown', type: 'complete' });
  await world.untilListening(0);
  world.tick(1);
  talk.say({ type: 'ping' });
  expect(await talk.next()).toEqual({ type: 'pong' });
  talk.end();
});

test('a socket carries a hundred operations at a time; one more is refused and the others live on', async () => {
  const talk = await acknowledged();
  for (let at = 0; at < 100; at++) talk.say(subscribe(`${at}`, 'subscription { ticks }'));
  await world.untilListening(100);
  talk.say(subscribe('more', '{ hello }'));
  expect(await talk.next()).toMatchObject({ id: 'more', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
  talk.say({ id: '0', type: 'complete' });
  await world.untilListening(99);
  talk.say(subscribe('more', '{ hello }'));
  expect(await talk.next()).toMatchObject({ id: 'more', type: 'next' });
  talk.end();
  await world.untilListening(0);
});
