// npm run chaos -- [--runs N] [--seed S] [--at-once N] [--work SECONDS] [--save FILE]
import { parseArgs } from 'node:util';
import { playRound, type RoundResult } from './round.ts';
import { startServers } from './servers.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '12' },
    work: { type: 'string', default: '12' },
  },
});
const [runs, first, atOnce] = [Number(values.runs), Number(values.seed), Number(values['at-once'])];
const servers = await startServers({ apis: 2, workers: 3, ahead: 1 });
const results: RoundResult[] = [];
try {
  for (let seed = first; seed < first + runs; seed += atOnce) {
    const plan = { seed, runs: Math.min(atOnce, first + runs - seed), workMs: Number(values.work) * 1_000 };
    const result = await playRound(servers, plan, `${process.pid}`);
    results.push(result);
    console.log(JSON.stringify(result, null, 1));
  }
} finally {
  await servers.close();
}
process.exitCode = results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
