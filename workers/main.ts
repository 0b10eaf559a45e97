// A worker process: takes jobs until it is asked to stop. Any number of them may run.
import process from 'node:process';
import { compose } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { startWorkers } from './start.ts';

const composed = await compose(readConfig(), { role: 'worker' });
const { deps, queues } = composed;
const { log } = deps;
const workers = startWorkers({ deps, queues, log });
log.info({}, 'the worker takes jobs');

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
  await composed.close();
}
