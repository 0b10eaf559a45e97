// npm run chaos -- [--runs N] [--seed S] [--at-once N] [--work SECONDS] [--save]
import { parseArgs } from 'node:util';
import { isWrong, linesOf, save, tableOf } from './results.ts';
import { playRound, type RoundResult } from './round.ts';
import { startServers } from './servers.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: { runs: text('24'), seed: text('1'), 'at-once': text('12'), work: text('12'), save: { type: 'boolean', default: false } },
});
const [runs, first, atOnce, work] = [values.runs, values.seed, values['at-once'], values.work].map(Number) as [
  number,
  number,
  number,
  number,
];
const command = (seed: number, count: number): string =>
  `npm run chaos -- --seed ${seed} --runs ${count} --at-once ${atOnce} --work ${work}`;
const rounds: RoundResult[] = [];
// Leaves by the door, so that no process is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const servers = await startServers({ apis: 2, workers: 3, ahead: 1 });
try {
  for (let seed = first; seed < first + runs; seed += atOnce) {
    const round = await playRound(servers, { seed, runs: Math.min(atOnce, first + runs - seed), workMs: work * 1_000 });
    rounds.push(round);
    for (const line of linesOf(round)) console.log(line);
    if (values.save) await save([round], command);
  }
} finally {
  await servers.close();
}
console.log(`\n${tableOf(rounds)}`);
for (const round of rounds.filter(isWrong)) {
  console.log(`Play the round again with: ${command(round.seed, round.runs.length)}. What is known of its runs is in .latchkey/chaos.`);
  process.exitCode = 1;
}
