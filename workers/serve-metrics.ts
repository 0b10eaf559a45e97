import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Prometheus reads, as its client library makes it. */
export interface MetricsRegistry {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface MetricsServer {
  /** null where no port was given: then nothing is served */
  url: string | null;
  close(): Promise<void>;
}

/** `/metrics` and `/healthz` of a worker process, which answers nothing else. */
export async function serveMetrics(
  registry: MetricsRegistry,
  { host, workerMetricsPort: port }: { host: string; workerMetricsPort: number | undefined },
): Promise<MetricsServer> {
  if (port === undefined) return { url: null, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || (request.url !== '/metrics' && request.url !== '/healthz')) {
      response.writeHead(404).end();
      return;
    }
    if (request.url === '/healthz') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"alive"}');
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/metrics`, close };
}
