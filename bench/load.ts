import { Agent, request } from 'node:http';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Requests on a bounded number of kept connections. */
export interface Load {
  post<Data>(url: string, of: { token?: string; query: string; variables?: object }): Promise<Data>;
  close(): void;
}

export function createLoad(connections: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    post: async <Data>(url: string, { token, query, variables }: { token?: string; query: string; variables?: object }) => {
      const text = await send(agent, `${url}/graphql`, token, JSON.stringify({ query, variables }));
      const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown };
      if (errors !== undefined || data === undefined) throw new Error(`${url} answered ${text.slice(0, 500)}`);
      return data;
    },
    close: () => agent.destroy(),
  };
}

function send(agent: Agent, url: string, token: string | undefined, body: string): Promise<string> {
  const headers: Record<string, string | number> = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString()));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** `count` runs of `act`, at most `concurrency` at a time; milliseconds of each. */
export async function timed(count: number, concurrency: number, act: (index: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const from = performance.now();
      await act(index);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return took;
}

/** `act` on each of the connections again and again for so long; how often per second it was done. */
export async function rate(milliseconds: number, connections: number, act: (connection: number) => Promise<unknown>): Promise<number> {
  const from = performance.now();
  let done = 0;
  const one = async (_: unknown, connection: number): Promise<void> => {
    while (performance.now() - from < milliseconds) {
      await act(connection);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  return done / ((performance.now() - from) / 1_000);
}

export function socketClient(url: string, connectionParams: Record<string, unknown>): Client {
  return createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, lazy: true });
}
