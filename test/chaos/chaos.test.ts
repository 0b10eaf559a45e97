import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVER_FAULTS } from './faults.ts';
import { isWrong, linesOf } from './results.ts';
import { playRound } from './round.ts';
import { startServers, type Servers } from './servers.ts';

const RUNS = 24;

let servers: Servers;
beforeAll(async () => {
  servers = await startServers({ apis: 2, workers: 2, ahead: 1 });
});
afterAll(() => servers.close());

test(
  'whatever is told, and whoever is killed meanwhile: a minute after the last fault everybody opens what they should, and nothing is lost or told twice (X2, X3, C6)',
  { timeout: 480_000 },
  async () => {
    const faults = Object.keys(SERVER_FAULTS);
    const round = await playRound(servers, { seed: 7_000, runs: RUNS, workMs: 10_000, faults });
    expect(isWrong(round), linesOf(round).join('\n')).toBe(false);
    for (const kind of faults) expect(Object.keys(round.faults)).toContain(kind);
  },
);
