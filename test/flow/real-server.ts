// The real schema over a database of its own, behind the real HTTP server.
import { createOperatorView } from '../../src/adapters/prisma/operator-view.ts';
import { createContext, freshCaches } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { signToken } from '../../src/dev/token.ts';
import { signInVerbs } from '../../src/server/serve.ts';
import { startServer, type RunningServer, type ServerConfig, type ServerParts } from '../../src/server/http.ts';
import { createWorld, type World } from '../graphql/world.ts';
import { config, createLog, SECRET, type LogLine } from './server-world.ts';

export interface RealServer {
  readonly world: World;
  readonly server: RunningServer;
  readonly lines: LogLine[];
  token(claims?: Record<string, unknown>): Promise<string>;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function startRealServer(
  changes: Partial<ServerConfig> = {},
  parts: Partial<Pick<ServerParts<World['database']>, 'queues'>> = {},
): Promise<RealServer> {
  const world = await createWorld();
  const lines: LogLine[] = [];
  const deps = { ...world.deps, log: createLog(lines) };
  const alive = () => Promise.resolve();
  const server = await startServer({
    config: { ...config(), production: true, ...changes },
    deps,
    database: world.database,
    schema,
    createContext,
    freshCaches,
    signIn: signInVerbs(deps),
    queues: [],
    probes: { database: alive, queue: alive, feed: alive },
    oidcStore: {} as never,
    operatorView: createOperatorView({ pool: world.pool }),
    ...parts,
  });
  const token = (claims: Record<string, unknown> = {}) => {
    const exp = Math.floor(world.clock.now() / 1000) + 3_600;
    return signToken({ sub: 'admin', org_id: 'acme', roles: ['admin'], client_id: 'back-office', exp, ...claims }, SECRET);
  };
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${await token()}`;
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, ...headers },
      body: sent,
    });
  };
  return {
    world,
    server,
    lines,
    token,
    post,
    close: async () => {
      await server.close();
      await world.close();
    },
  };
}
