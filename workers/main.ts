// A worker process: takes jobs until it is asked to stop. Any number of them may run.
import process from 'node:process';
import { compose } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { createMetrics } from '../src/server/metrics.ts';
import { serveMetrics } from './serve-metrics.ts';
import { startWorkers } from './start.ts';

const config = readConfig();
const metrics = createMetrics();
const composed = await compose(config, {
  role: 'worker',
  onProviderCall: ({ outcome, ms }) => metrics.observeProviderCall({ provider: 'SALTO_KS', outcome: String(outcome), milliseconds: ms }),
});
const { deps, queues } = composed;
const { log } = deps;
const exporter = await serveMetrics(metrics.registry, config);
const workers = startWorkers({ deps, queues, log, observe: metrics.observeJob });
log.info({ metrics: exporter.url }, 'the worker takes jobs');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'the worker stops');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the worker did not stop cleanly');
        process.exit(1);
      },
    );
  });
}

async function stop(): Promise<void> {
  await workers.close();
  await exporter.close();
  await composed.close();
}
