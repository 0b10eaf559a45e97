// The API process. Any number of them may run.
import process from 'node:process';
import { compose } from './compose.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createMetrics } from './server/metrics.ts';
import { serve } from './server/serve.ts';

const metrics = createMetrics();
const config = configOrExit();
const composed = await compose(config, {
  role: 'api',
  onProviderCall: ({ outcome, ms }) => metrics.observeProviderCall({ provider: 'SALTO_KS', outcome: String(outcome), milliseconds: ms }),
});
const { deps, database, queues, probes, oidcStore, operatorView } = composed;
const { log } = deps;
const server = await serve({ config, deps, database, queues: queues.queues, probes, oidcStore, operatorView, metrics });
log.info({ url: server.url, publicUrl: config.publicUrl }, 'the API answers');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'the API stops');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: String(error) }, 'the API did not stop cleanly');
        process.exit(1);
      },
    );
  });
}

async function stop(): Promise<void> {
  await server.close();
  await composed.close();
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
