import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { makeServer } from 'graphql-ws';
import type { SubscribePayload } from 'graphql-ws';
import { GraphQLError } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult } from 'graphql';
import { WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../app/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MaskError } from './errors.ts';
import { formatted, rateLimited, told } from './errors.ts';
import type { TakeTurn } from './rate-limit.ts';
import { consentCookie } from './sign-in.ts';
import type { VerifyToken } from './tokens.ts';
import { bearer, EXPIRED, NO_TOKEN } from './tokens.ts';
import type { Yoga } from './yoga.ts';

export interface WebSocketOptions {
  yoga: Yoga;
  verify: VerifyToken;
  takeTurn: TakeTurn;
  clock: Clock;
  log: Logger;
  mask: MaskError;
  /** of one message, in bytes */
  maxPayload: number;
  /** milliseconds to bring a token in */
  patience: number;
}

export interface Sockets {
  count: () => number;
  /** sends everybody away with 1001, so that they come back to another process */
  close(): Promise<void>;
}

/** A token that is missing, unusable or over. Clients take it as a reason to come back with a new one. */
const FORBIDDEN = 4403;
/** Come back later: nothing is wrong with the token, it could only not be judged. */
const TRY_AGAIN = 1013;
/** more does not fit into a close frame */
const CLOSE_REASON_BYTES = 123;
/** at once on one socket: each has a listener and a state in memory */
const MAX_OPERATIONS = 100;
const KEEP_ALIVE_MS = 12_000;
const GOODBYE_MS = 2_000;

interface Extra {
  readonly socket: WebSocket;
  readonly closed: AbortSignal;
  readonly browserCookie: string | null;
  token: string;
  caller: Caller | null;
}

type Enveloped = ReturnType<Yoga['getEnveloped']>;
type Operation = ExecutionArgs & { enveloped: Enveloped };
type Result = ExecutionResult | AsyncIterableIterator<ExecutionResult>;
type RunResult = Result | Promise<Result>;

/** GraphQL over `graphql-transport-ws` at /graphql; every other upgrade is answered with 404. */
export function mountWebSocket(server: Server, options: WebSocketOptions): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayload,
    handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  });
  const protocol = createProtocol(options);
  const keepAlive = keepAliveOf(sockets);
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => serve(protocol, socket, request, options.log));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?', 1)[0] !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });
  return {
    count: () => sockets.clients.size,
    close: async () => {
      clearInterval(keepAlive);
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const late = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), GOODBYE_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(late);
    },
  };
}

type Protocol = ReturnType<typeof createProtocol>;

function createProtocol(options: WebSocketOptions) {
  const { mask } = options;
  return makeServer<{ authorization?: unknown }, Extra>({
    connectionInitWaitTimeout: options.patience,
    onConnect: ({ connectionParams, extra }) => admit(extra, connectionParams?.authorization, options),
    onSubscribe: ({ extra, subscriptions }, _id, payload) =>
      Object.keys(subscriptions).length > MAX_OPERATIONS ? [tooManyOperations()] : prepare(extra, payload, options),
    execute: (args) => masked(mask, () => (args as Operation).enveloped.execute(args) as RunResult),
    subscribe: (args) => masked(mask, () => (args as Operation).enveloped.subscribe(args) as RunResult),
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors ? ({ ...result, errors: result.errors.map(formatted) } as FormattedExecutionResult) : undefined,
    onError: (_context, _id, _payload, errors) => errors.map(formatted),
  });
}

async function admit(extra: Extra, authorization: unknown, { verify, clock, log }: WebSocketOptions): Promise<boolean> {
  const refuse = (code: number, reason: string) => {
    extra.socket.close(code, reason.slice(0, CLOSE_REASON_BYTES));
    return false;
  };
  const token = bearer(authorization);
  if (!token) return refuse(FORBIDDEN, NO_TOKEN);
  const verdict = await verify(token).catch((error: unknown) => {
    log.error(told(error), 'a token could not be judged');
    return null;
  });
  if (!verdict) return refuse(TRY_AGAIN, 'Try again later');
  if (!verdict.ok) return refuse(FORBIDDEN, verdict.reason);
  Object.assign(extra, { token, caller: verdict.caller });
  void clock.until(verdict.caller.expiresAt, extra.closed).then(() => extra.socket.close(FORBIDDEN, EXPIRED));
  return true;
}

/** What to run, or why not. A refusal here ends the operation and leaves the socket to the others. */
async function prepare(extra: Extra, payload: SubscribePayload, options: WebSocketOptions): Promise<Operation | GraphQLError[]> {
  if (options.takeTurn(extra.token) > 0) return [rateLimited()];
  try {
    const arrival = { caller: extra.caller, requestId: randomUUID(), browserCookie: extra.browserCookie, onSocket: true, params: payload };
    const enveloped = options.yoga.getEnveloped(arrival);
    const document = enveloped.parse(payload.query) as ExecutionArgs['document'];
    const problems = enveloped.validate(enveloped.schema, document) as readonly GraphQLError[];
    if (problems.length > 0) return [...problems];
    return {
      enveloped,
      schema: enveloped.schema as ExecutionArgs['schema'],
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: await enveloped.contextFactory(),
    };
  } catch (error) {
    return [options.mask(error)];
  }
}

function tooManyOperations(): GraphQLError {
  const message = `At most ${MAX_OPERATIONS} operations may be under way on one socket. Complete some, or open another socket.`;
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } });
}

async function masked(mask: MaskError, run: () => RunResult): Promise<Awaited<RunResult>> {
  try {
    return await run();
  } catch (error) {
    return { errors: [mask(error)] };
  }
}

function serve(protocol: Protocol, socket: WebSocket, request: IncomingMessage, log: Logger): void {
  const closed = new AbortController();
  const browserCookie = consentCookie(request.headers.cookie);
  const end = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => new Promise((resolve) => (socket.readyState === WebSocket.OPEN ? socket.send(text, () => resolve()) : resolve())),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => {
          handle(data.toString()).catch((error: unknown) => {
            log.error(told(error), 'a socket message could not be handled');
            socket.close(4500, 'Internal server error');
          });
        }),
    },
    { socket, closed: closed.signal, browserCookie, token: '', caller: null },
  );
  // Too long a message, a broken frame: `ws` closes the socket with the right code by itself.
  socket.on('error', (error) => log.debug(told(error), 'a socket failed'));
  socket.once('close', (code, reason) => {
    closed.abort();
    end(code, reason.toString()).catch((error: unknown) => log.error(told(error), 'a socket could not be cleaned up'));
  });
}

/** One timer for all: who has not answered the last ping is gone. */
function keepAliveOf(sockets: WebSocketServer): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>();
  sockets.on('connection', (socket: WebSocket) => socket.on('pong', () => silent.delete(socket)));
  return setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.ping();
    }
  }, KEEP_ALIVE_MS).unref();
}
