import { setMaxListeners } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { Queue } from 'bullmq';
import { queueNames } from '../../src/jobs/catalog.ts';
import { broken, openEnds } from './check.ts';
import { drawFrom } from './draw.ts';
import { GROUPS, PEOPLE } from './facts.ts';
import { pause, SERVER_FAULTS, strikeSite, switchboard } from './faults.ts';
import { LOCATION, connect, openRun, play, type Run } from './run.ts';
import { keyIsRight, phoneOf, type ChaosPhone } from './phone.ts';
import type { Servers } from './servers.ts';

export interface RoundPlan {
  /** of the first run; the others have the following ones. What happens to processes and servers is drawn from it too */
  seed: number;
  runs: number;
  /** how long the telling and the faults last, if not longer for `faults` */
  workMs: number;
  /** faults of the servers that come in any case, before those that are drawn */
  faults?: string[];
}

export interface RunResult {
  seed: number;
  operations: number;
  /** requests that got no answer, and were sent again */
  unanswered: number;
  /** memberships held against the oracle */
  checked: number;
  /** how long after the last fault everything was as it should be */
  convergedMs: number;
  /** how long a phone then waited for its digital key; null when there was none to ask, or nobody who may have one */
  keyMs: number | null;
  wrong: string[];
}

export interface RoundResult {
  seed: number;
  runs: RunResult[];
  operations: Record<string, number>;
  faults: Record<string, number>;
  /** what is no single run's: jobs that failed, errors in logs */
  wrong: string[];
}

/** Everybody who should be in a group is, and nobody else, within this time after the last fault. */
const QUIET_MS = 60_000;
/** What was told last opens and closes no later than this after the faults; all other windows are far away. */
const LAST_EDGE_MS = 9_000;
/** What is known of runs that went wrong, or took long. */
const STORIES = '.latchkey/chaos';
const LONG_MS = 30_000;
/** What fails while something is out, or soon after, is explained. */
const EXPLAINED_MS = 20_000;

/** Several runs at once on the same servers, with everything that may happen to them; then quiet; then the judgement. */
export async function playRound(servers: Servers, plan: RoundPlan): Promise<RoundResult> {
  const { seed, runs: count, workMs } = plan;
  const began = Date.now();
  const faults = new Map<string, number>();
  const struck = (kind: string): void => void faults.set(kind, (faults.get(kind) ?? 0) + 1);
  const board = switchboard(servers.simulator);
  servers.simulator.state.calls.clear();
  const seeds = Array.from({ length: count }, (_, index) => seed + index);
  const runs = await Promise.all(seeds.map((of) => openRun(servers, of, `${began}-${of}`)));
  const phones = await Promise.all(runs.map(async (run) => (run.draw.chance(0.4) ? phoneOf(servers, run, run.draw.pick(PEOPLE)) : null)));
  const draw = drawFrom(seed + 2_000_003);
  servers.simulator.state.switches.seed(seed);
  if (draw.chance(0.5)) board.on('tokenTtlSeconds', { value: draw.int(4, 10) });
  board.on('latencyMs', { value: draw.pick([0, 5, 40]) });
  const work = new AbortController();
  const over = work.signal;
  setMaxListeners(0, over);
  const thrown = new Map<number, string>();
  const noted = (run: Run, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => void thrown.set(run.seed, error instanceof Error ? error.message : String(error)));
  await Promise.all([
    ...runs.map((run, index) => noted(run, play(run, phones[index] ?? null, over))),
    ...runs.map((run) => strikeSite(board, run.site, drawFrom(run.seed + 3_000_017), struck, over)),
    strikeServers(Date.now() + workMs).finally(() => work.abort()),
  ]);
  board.clear();
  const quiet = Date.now();
  const results = await Promise.all(runs.map((run, index) => judged(servers, run, phones[index] ?? null, quiet, thrown.get(run.seed))));
  const wrong = [...(await failedJobs(servers)), ...complaints(servers, began), ...servers.crashed.splice(0)];
  for (const [index, run] of runs.entries()) if (isRemarkable(results[index])) await keepStory(servers, run);
  // Else the workers would go on looking after all of them.
  for (const run of runs) {
    const end = run.admin.tell('disconnectIntegration', { ...LOCATION, confirm: true });
    await end.catch((error: unknown) => wrong.push(`seed ${run.seed}: ${String(error)}`));
  }
  const operations: Record<string, number> = {};
  for (const { told } of runs) for (const [mutation, times] of told.byMutation) operations[mutation] = (operations[mutation] ?? 0) + times;
  return { seed, runs: results, operations, faults: Object.fromEntries(faults), wrong };

  async function strikeServers(until: number): Promise<void> {
    const sure = [...(plan.faults ?? [])];
    while (Date.now() < until || sure.length > 0) {
      await pause(draw.int(300, 1_500));
      const kind = sure.shift() ?? draw.pick(Object.keys(SERVER_FAULTS));
      struck(kind);
      await SERVER_FAULTS[kind]?.(servers, draw, board);
    }
  }
}

const isRemarkable = (result: RunResult | undefined): boolean =>
  result === undefined || result.wrong.length > 0 || Math.max(result.convergedMs, result.keyMs ?? 0) > LONG_MS;

async function judged(servers: Servers, run: Run, phone: ChaosPhone | null, quiet: number, thrown: string | undefined): Promise<RunResult> {
  const before = thrown === undefined ? [] : [thrown];
  const { convergedMs, keyMs, wrong } = await judge(servers, run, phone, quiet).catch((error: unknown) => ({
    convergedMs: Date.now() - quiet,
    keyMs: null,
    wrong: [error instanceof Error ? error.message : String(error)],
  }));
  const { operations, unanswered } = run.told;
  return {
    seed: run.seed,
    operations,
    unanswered,
    checked: GROUPS.length * PEOPLE.length,
    convergedMs,
    keyMs,
    wrong: [...before, ...wrong],
  };
}

/** Looks until everything is as it should be, for a minute at most, and again when the last window has opened or closed; then at what must never be. */
async function judge(
  servers: Servers,
  run: Run,
  phone: ChaosPhone | null,
  quiet: number,
): Promise<Pick<RunResult, 'convergedMs' | 'keyMs' | 'wrong'>> {
  // Tokens may have been taken away by the last fault: an administrator has seen that by now.
  await pause(1_000);
  await connect(run);
  const convergedMs = await converge(servers, run, quiet);
  await pause(quiet + LAST_EDGE_MS - Date.now());
  if (convergedMs < QUIET_MS) await converge(servers, run, quiet);
  const open = await openEnds(servers, run);
  if (open.length > 0) return { convergedMs, keyMs: null, wrong: [...open, ...(await broken(servers, run))] };
  const key = phone === null ? { keyMs: null, wrong: [] } : await keyIsRight(run, phone);
  return { convergedMs, keyMs: key.keyMs, wrong: [...key.wrong, ...(await broken(servers, run))] };
}

/** How long it took, from the last fault on. */
async function converge(servers: Servers, run: Run, quiet: number): Promise<number> {
  for (;;) {
    const open = await openEnds(servers, run);
    const ms = Date.now() - quiet;
    if (open.length === 0 || ms > QUIET_MS) return ms;
    // That tokens were taken away may be noticed only now.
    await connect(run);
    await pause(500);
  }
}

/** For whoever looks for the mistake. */
async function keepStory(servers: Servers, run: Run): Promise<void> {
  const of = { org: [run.org] };
  const activity = await servers.sql(
    `select a.at, a.type, a.actor, a.detail, m."externalId" as member from activity a left join member m on m.id = a."memberId"
      where a."orgId" = $1 order by a.at, a.id`,
    of.org,
  );
  const memberships = await servers.sql(
    `select m."externalId" as member, g.name as group, s.* from group_membership s join member m on m.id = s."memberId"
       join access_group g on g.id = s."accessGroupId" where s."orgId" = $1`,
    of.org,
  );
  const rights = await servers.sql(
    `select m."externalId" as member, g.name as group, r.* from access_right r join member m on m.id = r."memberId"
       join access_group g on g.id = r."accessGroupId" where r."orgId" = $1 order by r."createdAt"`,
    of.org,
  );
  const moved = Object.fromEntries(GROUPS.map((group) => [group, run.site.changes(group)]));
  const logs = [...servers.apis, ...servers.workers].map(({ running }) => running.output());
  await mkdir(STORIES, { recursive: true });
  const whole = { story: run.story, facts: run.facts, memberships, rights, activity, moved, outages: servers.outages, logs };
  await writeFile(`${STORIES}/${run.seed}.json`, JSON.stringify(whole, null, 1));
}

/** What a database says that is out, or that has more to do than it can. */
const DATABASE_OUT =
  /P1\d\d\d|P2024|P2028|57P0\d|ECONN|EPIPE|Transaction API error|onnection terminated|when trying to connect|Can't reach database/;

const isExplained = (servers: Servers, at: number, words: string): boolean =>
  DATABASE_OUT.test(words) || servers.outages.some(({ from, until }) => at >= from && at <= until + EXPLAINED_MS);

const outputs = (servers: Servers): string[] => [
  ...servers.left,
  ...[...servers.apis, ...servers.workers].map(({ running }) => running.output()),
];

/** Jobs that failed for good although everything they need was there. */
async function failedJobs(servers: Servers): Promise<string[]> {
  const { hostname: host, port } = new URL(servers.redisUrl);
  const wrong: string[] = [];
  for (const name of queueNames) {
    const queue = new Queue(name, { connection: { host, port: Number(port) }, prefix: 'latchkey' });
    for (const job of await queue.getFailed()) {
      // Its own words may name people: they are in the log alone.
      const said = outputs(servers).flatMap((text) => text.split('\n').filter((line) => line.includes(`"jobId":"${job.id ?? ''}"`)));
      if (!isExplained(servers, job.finishedOn ?? 0, [job.failedReason, ...said].join('\n'))) {
        wrong.push(`job ${job.name} failed: ${job.failedReason} ${said.at(-1)?.slice(0, 600) ?? ''}`);
      }
      await job.remove();
    }
    await queue.close();
  }
  return wrong;
}

/** Errors in the logs of our processes although everything they need was there, and what the state tables call impossible. */
function complaints(servers: Servers, since: number): string[] {
  const all = outputs(servers);
  servers.left.splice(0);
  return all.flatMap((text) =>
    text.split('\n').flatMap((line) => {
      const impossible = line.includes('ImpossibleTransition');
      if (!impossible && !line.includes('"level":"error"')) return [];
      const at = Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? '');
      // The log of a machine whose clock is ahead.
      if (at < since || at > Date.now()) return impossible ? [line.slice(0, 600)] : [];
      return impossible || !isExplained(servers, at, line) ? [line.slice(0, 600)] : [];
    }),
  );
}
