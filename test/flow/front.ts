import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several API processes in production: the one public address, which sends each request to one of them. */
export interface Front {
  url: string;
  /** the processes to choose from, known once they listen */
  targets: string[];
  /** which target was asked for which path, in order */
  readonly taken: { path: string; target: number }[];
  close(): Promise<void>;
}

export async function startFront(choose: (path: string) => number): Promise<Front> {
  const taken: Front['taken'] = [];
  const targets: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://front').pathname;
    const target = choose(path) % Math.max(1, targets.length);
    taken.push({ path, target });
    const { method, headers } = incoming;
    // A connection each: a kept one may be of a process that is gone.
    const forwarded = ask(new URL(incoming.url ?? '/', targets[target]), { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, targets, taken, close };
}
