// npm run bench [-- ROW … --quick --profile]
// Rows beside their floors: progress while it runs, one table at the end, and the same in docs/results. --quick only tries that all of it
// works; --profile also writes a flame graph of each row's measured process to docs/results.
import { parseArgs } from 'node:util';
import { startDeployment } from './deployment.ts';
import { fanOut } from './fan-out.ts';
import { recorder } from './flame.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { midnight } from './midnight.ts';
import { punctuality } from './punctuality.ts';
import { push } from './push.ts';
import { read } from './read.ts';
import { keep, print } from './results.ts';
import type { Measure, Row } from './row.ts';
import { openSpace, scenarioOf } from './space.ts';

const rows: Record<string, Measure> = { P1: midnight, P2: punctuality, P3: push, P4: read, P5: ingest, P6: fanOut, P7: growth };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
});
const { quick } = values;
const asked = positionals.map((name) => name.toUpperCase());
const unknown = asked.filter((name) => !(name in rows));
if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}. There are ${Object.keys(rows).join(', ')}.`);
const chosen = Object.entries(rows).filter(([name]) => asked.length === 0 || asked.includes(name));

const began = Date.now();
const say = (text: string): void => console.log(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${text}`);
const sizes = quick ? { people: 1_000, groups: 10 } : { people: 10_000, groups: 50 };
say('starting PostgreSQL, Redis, the simulator, an API and a worker');
const deployment = await startDeployment(scenarioOf(sizes));
const measured: Row[] = [];
try {
  say(`${sizes.people} people at a location with ${sizes.groups} rooms`);
  const space = await openSpace(deployment, sizes);
  for (const [name, measure] of chosen) {
    say(name);
    const progress = (text: string): void => say(`${name}  ${text}`);
    try {
      measured.push(...(await measure({ deployment, space, quick, progress, profiled: recorder(values.profile) })));
    } catch (error) {
      // One row that cannot be measured keeps none of the others from it.
      say(`${name}  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    }
  }
  await space.close();
} finally {
  await deployment.close();
}
print(measured);
// What was only tried says nothing worth keeping.
if (!quick) keep(measured, (Date.now() - began) / 1_000);
