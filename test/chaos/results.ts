import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { RoundResult } from './round.ts';

const FOLDER = 'docs/results';

/** One line for each run. */
export function linesOf({ runs, wrong, seed }: RoundResult): string[] {
  return [
    ...runs.map((run) => {
      const key = run.keyMs === null ? '' : `, a digital key ${seconds(run.keyMs)} s after it was asked for`;
      const end = run.wrong.length === 0 ? `right after ${seconds(run.convergedMs)} s${key}` : `WRONG: ${run.wrong.join('; ')}`;
      return `seed ${run.seed}: ${run.operations} operations, ${run.unanswered} sent again, ${run.checked} memberships checked, ${end}`;
    }),
    ...wrong.map((sentence) => `round of seed ${seed}: WRONG: ${sentence}`),
  ];
}

export const isWrong = ({ runs, wrong }: RoundResult): boolean => wrong.length > 0 || runs.some((run) => run.wrong.length > 0);

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

function spread(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `${at(0.5)} s, ${at(0.99)} s, ${at(1)} s`;
}

function summed(all: Record<string, number>[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const one of all) for (const [name, count] of Object.entries(one)) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].sort(([a], [b]) => a.localeCompare(b));
}

/** What all the rounds amount to, as tables. */
export function tableOf(rounds: RoundResult[]): string {
  const runs = rounds.flatMap((round) => round.runs);
  const converged = runs.map(({ convergedMs }) => convergedMs);
  const keys = runs.flatMap(({ keyMs }) => (keyMs === null ? [] : [keyMs]));
  const sum = (of: (run: (typeof runs)[number]) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const wrong = sum((run) => run.wrong.length) + rounds.reduce((total, round) => total + round.wrong.length, 0);
  const faults = summed(rounds.map((round) => round.faults));
  const rows = (all: [string, number][]): string => all.map(([name, count]) => `| ${name} | ${count} |`).join('\n');
  return `| | |
|---|---|
| runs, in rounds of several at once | ${runs.length}, in ${rounds.length} |
| operations told | ${sum((run) => run.operations)} |
| requests without an answer, sent again | ${sum((run) => run.unanswered)} |
| faults | ${faults.reduce((total, [, count]) => total + count, 0)} |
| memberships checked | ${sum((run) => run.checked)} |
| right after the last fault: median, 99 of 100, longest | ${spread(converged)} |
| digital keys asked for then | ${keys.length} |
| such a key in hand: median, 99 of 100, longest | ${spread(keys)} |
| **wrong** | **${wrong}** |

| fault | times |
|---|---|
${rows(faults)}

| operation | times |
|---|---|
${rows(summed(rounds.map((round) => round.operations)))}
`;
}

const HEAD = `# A long run of the chaos runner

Real API and worker processes, one of the workers on a clock a minute ahead, PostgreSQL, Redis and the SALTO KS simulator; everything told and
every fault drawn from seeds (test/chaos, decision 10). A round that went wrong is played again once its cause is mended, and stands here as it
was then; the others are of the program as it was when they were played. Repeat it, or a single round by the seed of its first run, with

\`\`\`
`;

/**
 * Adds the rounds to those of docs/results/chaos.json, where a round of the same seed is replaced, and writes all of them as tables beside it.
 * @param command what plays so many runs, from that seed on
 */
export async function save(rounds: RoundResult[], command: (seed: number, runs: number) => string): Promise<void> {
  const file = `${FOLDER}/chaos.json`;
  const known = await readFile(file, 'utf8').then(
    (text) => (JSON.parse(text) as { rounds: RoundResult[] }).rounds,
    () => [],
  );
  const all = [...known.filter(({ seed }) => !rounds.some((round) => round.seed === seed)), ...rounds].sort((a, b) => a.seed - b.seed);
  const count = all.reduce((total, { runs }) => total + runs.length, 0);
  const repeat = command(all[0]?.seed ?? 1, count);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, `${JSON.stringify({ rounds: all })}\n`);
  await writeFile(`${FOLDER}/chaos.md`, `${HEAD}${repeat}\n\`\`\`\n\n${tableOf(all)}`);
}
