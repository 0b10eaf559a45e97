import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  /** the JSON or form of the body as text, '' without one */
  text: string;
  json: unknown;
}

/** `cut`: the call is taken and the connection broken; `hang`: no answer until the server closes */
export type ScriptedAnswer = { status: number; json?: unknown; text?: string; headers?: Record<string, string> } | 'cut' | 'hang';

export interface ScriptedServer extends AsyncDisposable {
  url: string;
  calls: ScriptedCall[];
  /** "METHOD /path" of each call, in order of arrival */
  log(): string[];
  /** resolves when so many calls have arrived */
  arrived(count: number): Promise<void>;
}

/** A server on a free port that answers as a test says, for what no well-behaved server does. */
export async function scriptedServer(answer: (call: ScriptedCall) => ScriptedAnswer | Promise<ScriptedAnswer>): Promise<ScriptedServer> {
  const calls: ScriptedCall[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const part of request) text += String(part);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
    const call = { method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, text, json: jsonIn(text) };
    calls.push(call);
    for (const { resolve } of waiting.filter(({ count }) => count <= calls.length)) resolve();
    waiting = waiting.filter(({ count }) => count > calls.length);
    const said = await answer(call);
    if (said === 'cut') request.socket.destroy();
    if (said === 'cut' || said === 'hang') return;
    const body = said.text ?? (said.json === undefined ? '' : JSON.stringify(said.json));
    const type = said.text === undefined ? 'application/json' : 'text/html';
    response.writeHead(said.status, { ...(body === '' ? {} : { 'content-type': type }), ...said.headers }).end(body);
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    log: () => calls.map(({ method, path }) => `${method} ${path}`),
    arrived: (count) => (calls.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
