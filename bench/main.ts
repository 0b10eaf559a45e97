// npm run bench [-- ROW …]: rows beside their floors, one table; docs/results/bench.json keeps the last run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { startStack, type Stack } from '../src/dev/stack.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { midnight } from './midnight.ts';
import { push } from './push.ts';
import { isReached, ratio, type Row } from './row.ts';
import { openBench } from './world.ts';

const rows: Record<string, (stack: Stack, world: Awaited<ReturnType<typeof openBench>>) => Promise<Row>> = {
  P1: midnight,
  P3: push,
  P5: ingest,
  P7: growth,
};
const asked = process.argv.slice(2).map((name) => name.toUpperCase());
const chosen = Object.entries(rows).filter(([name]) => asked.length === 0 || asked.includes(name));
if (chosen.length === 0) throw new Error(`No such row. There are ${Object.keys(rows).join(', ')}.`);

const stack = await startStack({ dir: resolve('.latchkey/bench/postgres'), fresh: true, logLevel: 'error' });
const results: Row[] = [];
try {
  const world = await openBench(stack);
  for (const [name, measure] of chosen) {
    console.log(`${name} …`);
    results.push(await measure(stack, world));
  }
  await world.close();
} finally {
  await stack.close();
}

const table = results.map((row) => ({
  row: row.name,
  ours: `${row.ours.toFixed(1)} ${row.unit}`,
  floor: `${row.floor.toFixed(1)} ${row.unit}`,
  ratio: ratio(row).toFixed(2),
  goal: `${row.moreIsBetter === true ? '≥' : '≤'} ${row.goal}`,
  reached: isReached(row) ? 'yes' : 'no',
  note: row.note,
}));
console.table(table);
const machine = { cpus: cpus().length, model: cpus()[0]?.model, load: loadavg(), node: process.version };
mkdirSync('docs/results', { recursive: true });
writeFileSync('docs/results/bench.json', `${JSON.stringify({ at: new Date().toISOString(), machine, rows: results }, null, 2)}\n`);
