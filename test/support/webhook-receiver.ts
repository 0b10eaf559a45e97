import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  id: string;
  type: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** the `data` of the body */
  data: Record<string, unknown>;
}

type Answer = number | { status: number; headers: Record<string, string> };

export interface WebhookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** what comes next: the status to answer with, or a listener that answers itself; stays until changed */
  answers(how: Answer | RequestListener): void;
  /** resolves when so many have come */
  has(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A server as somebody who is told of things runs it, on a socket of its own. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const waiting: { count: number; come: () => void }[] = [];
  let how: Answer | RequestListener = 204;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>;
      received.push({ id: String(request.headers['webhook-id']), type, data, headers: request.headers, body });
      if (typeof how === 'function') how(request, response);
      else if (typeof how === 'number') response.writeHead(how).end();
      else response.writeHead(how.status, how.headers).end();
      for (const { come } of waiting.filter(({ count }) => received.length >= count)) come();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    answers: (answer) => {
      how = answer;
    },
    has: (count) =>
      new Promise((come) => {
        if (received.length >= count) come();
        else waiting.push({ count, come });
      }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
