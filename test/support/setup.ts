// One PostgreSQL and one Redis for a whole run of the tests, each started when the first test asks for it: a run that needs none starts
// none. The runner's main process owns them; test files, which run in other processes, ask it over HTTP.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startSharedPostgres } from './postgres.ts';
import { startSharedRedis } from './redis.ts';
import type { SharedServers } from './shared-server.ts';

interface Running {
  stop(): Promise<void>;
}

const starters: { readonly [Name in keyof SharedServers]: () => Promise<SharedServers[Name] & Running> } = {
  postgres: startSharedPostgres,
  redis: startSharedRedis,
};

/** Vitest's global setup: answers its teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<Running>>();
  const server = createServer((request, response) => void answer(started, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('sharedServersUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    const outcomes = await Promise.allSettled(started.values());
    const running = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    await Promise.all(running.map((outcome) => outcome.value.stop()));
  };
}

async function answer(started: Map<string, Promise<Running>>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = request.url?.slice(1) as keyof SharedServers;
  const starting = started.get(name) ?? starters[name]();
  started.set(name, starting);
  try {
    response.end(JSON.stringify(await starting));
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.message : String(error));
  }
}
