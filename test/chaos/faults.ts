import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import type { Draw } from './draw.ts';
import type { Servers } from './servers.ts';
import type { ChaosSite } from './site.ts';

/** Counts what struck, by kind. */
export type Struck = (kind: string) => void;

interface Rule {
  value: unknown;
  site?: string;
  part?: string;
  path?: string;
  method?: string;
}

/** The simulator's switches, where each run has rules of its own beside the others'. */
export interface Switchboard {
  /** in force until the answer is called */
  on(name: string, rule: Rule): () => void;
  clear(): void;
}

export function switchboard({ state }: Simulator): Switchboard {
  const rules = new Map<string, Rule[]>();
  const put = (name: string, all: Rule[]): void => {
    rules.set(name, all);
    state.switches.set({ [name]: all.length === 0 ? null : all });
  };
  return {
    on(name, rule) {
      put(name, [...(rules.get(name) ?? []), rule]);
      return () =>
        put(
          name,
          (rules.get(name) ?? []).filter((other) => other !== rule),
        );
    },
    clear() {
      rules.clear();
      state.resetSwitches();
    },
  };
}

const GROUP_USERS = 'access_groups/[^/]+/users';
const share = (draw: Draw): { rate: number } => ({ rate: draw.pick([0.1, 0.3, 0.6]) });
const few = (draw: Draw): { next: number } => ({ next: draw.int(1, 3) });
const often = (draw: Draw): object => (draw.chance(0.5) ? share(draw) : few(draw));

/** What SALTO KS does wrong at one site. The name is that of the simulator's switch, but for what follows a colon. */
const PROVIDER_FAULTS: Record<string, (draw: Draw) => Rule> = {
  apiOutage: () => ({ value: true }),
  rateLimit: (draw) => ({ value: { ...often(draw), retryAfterSeconds: draw.int(1, 4) } }),
  loseAnswers: (draw) => ({ value: often(draw) }),
  'loseAnswers:of a change': (draw) => ({ value: often(draw), path: GROUP_USERS }),
  'loseAnswers:of a creation': (draw) => ({ value: few(draw), method: 'POST', path: '/users$' }),
  'errors:before': (draw) => ({ value: { ...often(draw), status: draw.pick([500, 502, 503]) } }),
  'errors:after': (draw) => ({ value: { ...often(draw), status: 500, performed: true } }),
  hang: (draw) => ({ value: { next: 1, performed: draw.chance(0.5) }, path: GROUP_USERS }),
  latencyMs: (draw) => ({ value: draw.int(50, 500) }),
  seats: () => ({ value: 0 }),
  consistencyDelayMs: (draw) => ({ value: draw.int(1_000, 8_000) }),
  lateGroupReadsMs: (draw) => ({ value: draw.int(500, 3_000) }),
  batch: (draw) => ({ value: draw.pick(['partial', 'skip', 'refused_400', 'refused_405']) }),
  batchLimit: () => ({ value: 1 }),
  duplicateAdd: (draw) => ({ value: draw.pick([400, 409]) }),
  absentRemove: (draw) => ({ value: draw.pick([404, 400]) }),
};

/** Some of them one after the other, until the signal is aborted. */
export async function strikeSite(board: Switchboard, site: ChaosSite, draw: Draw, struck: Struck, over: AbortSignal): Promise<void> {
  let suspended = false;
  while (!over.aborted) {
    await pause(draw.int(200, 2_000), over);
    if (over.aborted) break;
    if (draw.chance(0.04)) {
      struck('tokens revoked');
      await site.revokeTokens();
      continue;
    }
    const name = draw.pick(Object.keys(PROVIDER_FAULTS));
    const rule = PROVIDER_FAULTS[name]?.(draw) ?? { value: null };
    struck(name);
    suspended ||= name === 'seats';
    const off = board.on(name.replace(/:.*/, ''), { ...rule, site: site.id });
    await pause(draw.int(500, 4_000), over);
    off();
  }
  if (suspended) await site.unsuspendAll();
}

export async function pause(ms: number, over?: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, over === undefined ? {} : { signal: over }).catch(() => undefined);
}

type ServerFault = (servers: Servers, draw: Draw, board: Switchboard) => Promise<void>;

const some = (servers: Servers, draw: Draw): Servers['workers'] => (draw.chance(0.5) ? servers.workers : [draw.pick(servers.workers)]);
const kill = async (places: Servers['workers']): Promise<void> => {
  await Promise.all(places.map((place) => place.replace('SIGKILL')));
};

/** A worker dies while, or right after, SALTO KS is asked to change something: before the answer, before the commit, before the job is done. */
async function killAtCall({ simulator, ...servers }: Servers, draw: Draw, finished: boolean): Promise<void> {
  const { calls } = simulator.state;
  const filter = { path: new RegExp(GROUP_USERS), finished, method: draw.pick(['PATCH', 'PATCH', 'POST', 'GET']) };
  await calls.wait(filter, calls.find(filter).length + 1, AbortSignal.timeout(2_500));
  if (finished) await sleep(draw.int(0, 30));
  await kill(some({ simulator, ...servers }, draw));
}

/** What happens to the processes and servers, each gone through before the next. */
export const SERVER_FAULTS: Record<string, ServerFault> = {
  'worker killed': async (servers, draw) => kill([draw.pick(servers.workers)]),
  'workers killed': async (servers) => kill(servers.workers),
  'worker killed during a call': (servers, draw) => killAtCall(servers, draw, false),
  'worker killed after a call': (servers, draw) => killAtCall(servers, draw, true),
  'worker stopped': async (servers, draw) => draw.pick(servers.workers).replace('SIGTERM'),
  'API killed': async (servers, draw) => draw.pick(servers.apis).replace('SIGKILL'),
  'API stopped': async (servers, draw) => draw.pick(servers.apis).replace('SIGTERM'),
  'Redis emptied': (servers) => servers.emptyRedis(),
  'Redis killed': (servers, draw) => servers.killRedis(draw.pick([0, 500, 3_000])),
  'PostgreSQL killed': (servers, draw) => servers.killPostgres('SIGKILL', draw.pick([0, 500, 2_000])),
  'PostgreSQL restarted': (servers, draw) => servers.killPostgres('SIGINT', draw.pick([0, 500])),
  identityOutage: (_, draw, board) => during(board, 'identityOutage', { value: true }, draw.int(500, 4_000)),
  'answers of the identity server lost': (_, draw, board) =>
    during(board, 'loseAnswers', { value: { next: draw.int(1, 3) }, part: 'identity' }, 2_000),
};

async function during(board: Switchboard, name: string, rule: Rule, ms: number): Promise<void> {
  const off = board.on(name, rule);
  await sleep(ms);
  off();
}
