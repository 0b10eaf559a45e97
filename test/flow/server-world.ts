// A server on a real socket with a schema of its own, a clock that the test moves and a log that it reads.
import { GraphQLError, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { Caller } from '../../src/app/caller.ts';
import type { Deps } from '../../src/app/deps.ts';
import { signToken } from '../../src/dev/token.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { RunningServer, ServerConfig, ServerParts } from '../../src/server/http.ts';
import { startServer } from '../../src/server/http.ts';
import { movableClock } from '../support/clock.ts';

export const SECRET = 'a secret of thirty-two characters!';
export const START = Date.UTC(2026, 2, 2, 12);

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export interface World {
  server: RunningServer;
  clock: ReturnType<typeof movableClock>;
  lines: LogLine[];
  /** hands an event to everybody who listens to `ticks` */
  tick(value: number | Error): void;
  /** how many sources of `ticks` are open now */
  listening(): number;
  /** resolves as soon as that many are */
  untilListening(count: number): Promise<void>;
  token(claims?: Record<string, unknown>): Promise<string>;
  post(query: string, headers?: Record<string, string>, variables?: unknown): Promise<Response>;
}

type Changes = Omit<Partial<ServerParts<null>>, 'config'> & { config?: Partial<ServerConfig> };

export async function startWorld(changes: Changes = {}): Promise<World> {
  const clock = movableClock(START);
  const lines: LogLine[] = [];
  const ticks = createTicks();
  const server = await startServer({ ...parts(clock, lines, ticks), ...changes, config: { ...config(), ...changes.config } });
  const token = (claims: Record<string, unknown> = {}) => signToken({ ...claimsAt(clock.now()), ...claims }, SECRET);
  const post: World['post'] = async (query, headers = {}, variables) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
  return { server, clock, lines, tick: ticks.tell, listening: ticks.count, untilListening: ticks.untilCount, token, post };
}

/** Of an administrator, for an hour. */
function claimsAt(now: number): Record<string, unknown> {
  return { sub: 'ada', org_id: 'harbour', roles: ['admin'], client_id: 'back-office', exp: Math.floor(now / 1000) + 3600 };
}

export function config(): ServerConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://doors.example.com',
    production: false,
    jwt: { secret: SECRET },
    operatorOrgIds: 'any',
    mobileClientIds: ['member-mobile-app'],
  };
}

function parts(clock: Deps['clock'], lines: LogLine[], ticks: Ticks): ServerParts<null> {
  const never = () => Promise.reject(new Error('not expected here'));
  const alive = () => Promise.resolve();
  return {
    config: config(),
    deps: { clock, log: createLog(lines) } as unknown as Deps,
    database: null,
    schema: createSchema(ticks),
    createContext: ({ caller, requestId }) => ({ caller, requestId, cache: { seen: 0 } }),
    freshCaches: () => ({ cache: { seen: 0 } }),
    signIn: { finishConsent: never, startSignIn: never, finishSignIn: never, redeemTicket: never },
    queues: [],
    probes: { database: alive, queue: alive, feed: alive },
    oidcStore: {} as ServerParts<null>['oidcStore'],
    operatorView: { counts: never } as unknown as ServerParts<null>['operatorView'],
  };
}

export function createLog(lines: LogLine[]): Logger {
  const write = (level: string) => (fields: Record<string, unknown>, message: string) => void lines.push({ level, message, fields });
  const log: Logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: () => log };
  return log;
}

interface Ticks {
  tell(value: number | Error): void;
  count(): number;
  untilCount(count: number): Promise<void>;
  source(): AsyncIterableIterator<{ tick: number }>;
}

function createTicks(): Ticks {
  const open = new Set<(value: number | Error) => void>();
  let waiting: { count: number; resolve: () => void }[] = [];
  const check = () => {
    for (const { resolve } of waiting.filter(({ count }) => count === open.size)) resolve();
    waiting = waiting.filter(({ count }) => count !== open.size);
  };
  return {
    tell: (value) => open.forEach((hear) => hear(value)),
    count: () => open.size,
    untilCount: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        check();
      }),
    source: () => createSource(open, check),
  };
}

function createSource(open: Set<(value: number | Error) => void>, changed: () => void): AsyncIterableIterator<{ tick: number }> {
  const queue: (number | Error)[] = [];
  let wake: () => void = () => undefined;
  const hear = (value: number | Error) => {
    queue.push(value);
    wake();
  };
  open.add(hear);
  changed();
  const source: AsyncIterableIterator<{ tick: number }> = {
    async next() {
      while (queue.length === 0) {
        if (!open.has(hear)) return { done: true, value: undefined };
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const value = queue.shift();
      if (value instanceof Error) throw value;
      return { done: false, value: { tick: value ?? 0 } };
    },
    return() {
      open.delete(hear);
      wake();
      changed();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => source,
  };
  return source;
}

interface TestContext {
  caller: Caller;
  requestId: string;
  cache: { seen: number };
}

function createSchema(ticks: Ticks): GraphQLSchema {
  const person: GraphQLObjectType = new GraphQLObjectType({
    name: 'Person',
    fields: () => ({ name: { type: GraphQLString, resolve: () => 'Ada' }, friend: { type: person, resolve: () => ({}) } }),
  });
  const query = new GraphQLObjectType<unknown, TestContext>({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, resolve: () => 'world' },
      subject: { type: GraphQLString, resolve: (_root, _args, context) => context.caller.subject },
      person: { type: person, resolve: () => ({}) },
      twice: {
        type: GraphQLInt,
        args: { of: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_root, args: { of: number }) => args.of * 2,
      },
      broken: { type: GraphQLString, resolve: () => fail('postgres://user:password@db said no') },
      refused: { type: GraphQLString, resolve: () => failWith('At most 100.', 'BAD_USER_INPUT') },
    },
  });
  const mutation = new GraphQLObjectType({ name: 'Mutation', fields: { act: { type: GraphQLString, resolve: () => 'done' } } });
  const subscription = new GraphQLObjectType<{ tick: number }, TestContext>({
    name: 'Subscription',
    fields: {
      ticks: {
        type: GraphQLInt,
        subscribe: () => ticks.source(),
        resolve: ({ tick }) => (tick < 0 ? fail('a negative secret') : tick),
      },
      seen: { type: GraphQLInt, subscribe: () => ticks.source(), resolve: (_event, _args, { cache }) => ++cache.seen },
      refused: { type: GraphQLInt, subscribe: () => fail('the feed at 10.0.0.1 is out') },
      names: { type: new GraphQLList(GraphQLString), subscribe: () => ticks.source(), resolve: () => ['Ada'] },
    },
  });
  return new GraphQLSchema({ query, mutation, subscription });
}

function fail(message: string): never {
  throw new Error(message);
}

function failWith(message: string, code: string): never {
  throw new GraphQLError(message, { extensions: { code } });
}

export interface ClosedSocket {
  code: number;
  reason: string;
}

export interface OpenedClient {
  client: Client;
  closed: Promise<ClosedSocket>;
  connected: Promise<void>;
}

/** A client of the widely used library; `closed` tells how the server ended the first connection. */
export function socketClient(world: World, authorization: unknown): OpenedClient {
  let tellClosed: (event: ClosedSocket) => void;
  let tellConnected: () => void;
  const closed = new Promise<ClosedSocket>((resolve) => (tellClosed = resolve));
  const connected = new Promise<void>((resolve) => (tellConnected = resolve));
  const client = createClient({
    url: `${world.server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    connectionParams: { authorization },
    on: {
      connected: () => tellConnected(),
      closed: (event) => {
        const { code, reason } = event as ClosedSocket;
        tellClosed({ code, reason: String(reason) });
      },
    },
  });
  return { client, closed, connected };
}

export interface SseStream {
  status: number;
  /** the next event's name and data; null when the server ended the stream */
  next(): Promise<{ event: string; data: unknown } | null>;
  abort(): void;
}

export async function openStream(world: World, query: string, headers: Record<string, string> = {}): Promise<SseStream> {
  const stop = new AbortController();
  const authorization = `Bearer ${await world.token()}`;
  const response = await fetch(`${world.server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization, ...headers },
    body: JSON.stringify({ query }),
    signal: stop.signal,
  });
  const events = readEvents(response);
  return {
    status: response.status,
    next: async () => (await events.next()).value ?? null,
    abort: () => stop.abort(),
  };
}

async function* readEvents(response: Response): AsyncGenerator<{ event: string; data: unknown }, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const event = field('event');
      const data = field('data');
      if (event) yield { event, data: data ? (JSON.parse(data) as unknown) : null };
    }
  }
  return undefined;
}
