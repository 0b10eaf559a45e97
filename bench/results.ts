import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { median } from './figures.ts';
import { plot } from './plot.ts';
import { isReached, ratio, type Row } from './row.ts';

const FOLDER = 'docs/results';

interface Kept {
  at: string;
  machine: { cpus: number; model: string; memoryGiB: number; node: string; load: number[] };
  rows: Row[];
}

export function print(rows: Row[]): void {
  console.table(rows.map(lineOf));
}

function lineOf(row: Row) {
  return {
    row: row.name,
    measured: row.what,
    ours: shown(row.ours, row.unit),
    floor: shown(row.floor, row.unit),
    ratio: round(ratio(row)),
    goal: `${row.moreIsBetter === true ? '≥' : '≤'} ${round(row.goal)}`,
    reached: isReached(row) ? 'yes' : 'no',
  };
}

function shown(values: number[], unit: string): string {
  const spread = values.length > 1 ? ` (${round(Math.min(...values))}–${round(Math.max(...values))})` : '';
  return `${round(median(values))}${spread} ${unit}`;
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** bench.json keeps each row's last run; bench.md and the plot are drawn from it. */
export function keep(rows: Row[], seconds: number): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/bench.json`;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { runs?: Record<string, Kept> }) : {};
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    load: loadavg().map((load) => Math.round(load * 10) / 10),
  };
  const runs: Record<string, Kept> = { ...before.runs };
  const at = new Date().toISOString();
  for (const name of new Set(rows.map((row) => row.name))) runs[name] = { at, machine, rows: rows.filter((row) => row.name === name) };
  const kept = Object.fromEntries(Object.entries(runs).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(file, `${JSON.stringify({ runs: kept }, null, 2)}\n`);
  writeFileSync(`${FOLDER}/bench.md`, markdown(Object.values(kept), seconds));
  writeFileSync(`${FOLDER}/bench.svg`, plot(Object.values(kept).flatMap((run) => run.rows)));
}

function markdown(runs: Kept[], seconds: number): string {
  const lines = runs.flatMap(({ rows }) =>
    rows.map((row) => {
      const { row: name, measured, ours, floor, ratio: times, goal, reached } = lineOf(row);
      return `| ${name} | ${measured} | ${ours} | ${floor} | ${times} | ${goal} | ${reached} |`;
    }),
  );
  const notes = new Map(runs.flatMap(({ rows }) => rows.map((row) => [`- **${row.name}**, ${row.what}: ${row.note}.`, row])));
  const machines = new Set(
    runs.map(
      ({ at, machine, rows }) =>
        `- ${rows[0]?.name ?? ''}: ${at.slice(0, 16).replace('T', ' ')} UTC, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, ` +
        `Node ${machine.node}, load ${machine.load.join(', ')}`,
    ),
  );
  return `# Measured

Written by \`npm run bench\`. Ours and the floor in turns on one machine: medians of the rounds, their spread in brackets. A ratio is ours ÷ floor.

| row | measured | ours | floor | ratio | goal | reached |
|---|---|---|---|---|---|---|
${lines.join('\n')}

![ratios to their goals](bench.svg)

${[...notes.keys()].join('\n')}

## Where

The last run took ${Math.round(seconds)} s.

${[...machines].join('\n')}
`;
}
