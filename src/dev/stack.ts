import { rm } from 'node:fs/promises';
import pg from 'pg';
import { deploy } from '../../prisma/migrate.ts';
import { startWorkers } from '../../workers/start.ts';
import { createLogger } from '../adapters/logger.ts';
import { compose } from '../compose.ts';
import { readConfig, type Config } from '../config.ts';
import { createMetrics } from '../server/metrics.ts';
import { serve } from '../server/serve.ts';
import { harbour, type Scenario } from '../vendors/salto-ks/simulator/scenario.ts';
import { startSimulator, type Simulator } from '../vendors/salto-ks/simulator/server.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';

/** Everything in one process: embedded PostgreSQL, the SALTO KS simulator, the API, a worker. */
export interface Stack {
  config: Config;
  url: string;
  simulator: Simulator;
  databaseUrl: string;
  close(): Promise<void>;
}

export interface StackOptions {
  /** the database's folder; kept unless `fresh` */
  dir: string;
  fresh?: boolean;
  port?: number;
  simulatorPort?: number;
  logLevel?: string;
  /** Redis for queues and live events; without it both stay with PostgreSQL and the process */
  redisUrl?: string | undefined;
}

const DATABASE = 'latchkey';

/** Starts the stack; whatever was started is closed again when a later part does not start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (options.fresh === true) await rm(options.dir, { recursive: true, force: true });
    const postgres = await startPostgres({ dir: options.dir });
    closers.push(() => postgres.stop());
    await ensureDatabase(postgres.url('postgres'));
    const databaseUrl = postgres.url(DATABASE);
    await deploy(databaseUrl);
    const port = options.port ?? (await freePort());
    const publicUrl = `http://127.0.0.1:${port}`;
    const simulator = await startSimulator({ scenario: scenarioFor(publicUrl), port: options.simulatorPort ?? 0 });
    closers.push(() => simulator.close());
    const config = readConfig(environment({ databaseUrl, port, publicUrl, simulator, options }));
    const metrics = createMetrics();
    const log = createLogger({ level: config.logLevel });
    const composed = await compose(config, {
      role: 'both',
      log,
      onProviderCall: ({ outcome, ms }) =>
        metrics.observeProviderCall({ provider: 'SALTO_KS', outcome: String(outcome), milliseconds: ms }),
    });
    closers.push(() => composed.close());
    const { deps, database, queues, probes, oidcStore, operatorView } = composed;
    const server = await serve({ config, deps, database, queues: queues.queues, probes, oidcStore, operatorView, metrics });
    closers.push(() => server.close());
    const workers = startWorkers({ deps, queues, log, observe: metrics.observeJob });
    closers.push(() => workers.close());
    return { config, url: publicUrl, simulator, databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** SALTO's identity server, as the simulator plays it, trusts our OpenID provider at this address. */
function scenarioFor(publicUrl: string): Scenario {
  const scenario = harbour();
  return { ...scenario, partners: scenario.partners.map((partner) => ({ ...partner, issuer: `${publicUrl}/oidc` })) };
}

function environment(of: { databaseUrl: string; port: number; publicUrl: string; simulator: Simulator; options: StackOptions }) {
  const { databaseUrl, port, publicUrl, simulator, options } = of;
  const [partner] = harbour().partners;
  const [client] = harbour().clients;
  if (partner === undefined || client === undefined) throw new Error('The scenario has no partner or no client.');
  return {
    JWT_SECRET: process.env['JWT_SECRET'],
    ENCRYPTION_KEYS: process.env['ENCRYPTION_KEYS'],
    DATABASE_URL: databaseUrl,
    REDIS_URL: options.redisUrl,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: options.logLevel ?? 'warn',
    SALTO_KS_API_URL: simulator.url,
    SALTO_KS_IDENTITY_URL: simulator.url,
    SALTO_KS_CLIENT_ID: client.id,
    SALTO_KS_CLIENT_SECRET: client.secret,
    SALTO_KS_IDP_CLIENT_ID: partner.clientId,
    SALTO_KS_IDP_CLIENT_SECRET: partner.clientSecret,
    SALTO_KS_IDP_REDIRECT_URI: `${simulator.url}/signin-partner`,
    SALTO_KS_IDP_HINT: partner.hint,
  };
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
