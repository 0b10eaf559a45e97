import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { registerConnectApi } from './connect-api/connect-api.ts';
import { registerControl } from './control/control.ts';
import { exposeToFaults } from './faults.ts';
import { registerIdentityServer } from './identity/identity-server.ts';
import { harbour, scenarioSchema, type Scenario } from './scenario.ts';
import { createState } from './start-state.ts';
import type { SimulatorState } from './state.ts';

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: scenarios/harbour.json. */
  scenario?: Scenario;
  /** Epoch milliseconds; default the machine's clock. */
  now?: () => number;
}

export interface Simulator {
  /** Base address of identity server and Connect API alike, without a slash at the end. */
  url: string;
  port: number;
  state: SimulatorState;
  close(): Promise<void>;
}

/** Where a server that listens on every address is reached from this machine. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') ? `[${host === '::' ? '::1' : host}]` : host;
}

/**
 * Starts identity server, Connect API and control in one HTTP server.
 * @throws ZodError or Error on a wrong scenario, Error when the port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const scenario = options.scenario ? scenarioSchema.parse(options.scenario) : harbour();
  const state = await createState(scenario, options.now ?? Date.now);
  const host = options.host ?? '127.0.0.1';
  const closing = new AbortController();

  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  await app.register(async (scope) => {
    exposeToFaults(scope, state, 'identity');
    registerIdentityServer(scope, state);
  });
  await app.register(async (scope) => {
    exposeToFaults(scope, state, 'api');
    registerConnectApi(scope, state);
  });
  await app.register(async (scope) => registerControl(scope, state, closing.signal));

  await app.listen({ port: options.port ?? 0, host });
  const { port } = app.server.address() as AddressInfo;
  state.url = `http://${reachable(host)}:${port}`;
  return {
    url: state.url,
    port,
    state,
    async close() {
      closing.abort();
      await app.close();
    },
  };
}
