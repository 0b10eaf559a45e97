// npm run demo: the journey of one space, its doors and its people, against the SALTO KS simulator, in real time. Exits non-zero at the
// first step that does not hold.
import { performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { bookingChapters } from './demo-bookings.ts';
import { connectChapter } from './demo-connect.ts';
import { disconnectChapter, companyChapter } from './demo-company.ts';
import { keyChapter } from './demo-key.ts';
import { openDemo } from './demo-world.ts';
import { Journey } from './journey.ts';
import { startStack } from './stack.ts';

const started = performance.now();
console.log('Starting PostgreSQL, the SALTO KS simulator, the API and a worker in this process …');
const stack = await startStack({ dir: resolve('.latchkey/demo/postgres'), fresh: true, logLevel: process.env['LOG_LEVEL'] ?? 'error' });
console.log(
  `Ready after ${((performance.now() - started) / 1000).toFixed(1)} s: API ${stack.url}/graphql, simulator ${stack.simulator.url}`,
);
const journey = new Journey();
const world = await openDemo(stack, journey);
try {
  await connectChapter(world);
  await bookingChapters(world, (app) => keyChapter(world, app));
  await companyChapter(world);
  await disconnectChapter(world);
  console.log(`\n${journey.table()}`);
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await world.close();
  await stack.close();
}
