import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Deployment } from './deployment.ts';
import { succeeded, UPSERT_BOOKINGS } from './documents.ts';
import { percentile } from './figures.ts';
import { createLoad, type Load } from './load.ts';
import { inTurns, type Measure, type Row } from './row.ts';
import { callsOf, forgetCalls, type Space } from './space.ts';

const GRACE_MS = 30 * 60_000;
const HOUR = 3_600_000;
const LEAD_MS = 4_000;
const FLOOR_QUEUE = 'floor';

/** P2: grants spread over a minute, from the instant they are due to their call at SALTO KS, beside bare delayed jobs that make a call. */
export const punctuality: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, grants, milliseconds] = quick ? [1, 25, 3_000] : [5, 100, 12_000];
  const floor = await deployment.startFloor('worker');
  const load = createLoad(1);
  const token = await space.serviceToken(1);
  const connection = new Redis(deployment.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(FLOOR_QUEUE, { connection });
  const late = { ours: [] as number[][], floor: [] as number[][] };
  try {
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}`);
        const due = await bookAhead(load, deployment, token, space, { round, grants, milliseconds });
        late.ours.push(await profiled('P2', deployment.worker, () => lateness(deployment, due, milliseconds)));
      },
      async (round) => {
        const due = await queueAhead(queue, space, { round, grants, milliseconds });
        late.floor.push(await profiled('P2-floor', floor, () => lateness(deployment, due, milliseconds)));
      },
    );
  } finally {
    load.close();
    await queue.close();
    connection.disconnect();
    await floor.stop();
  }
  return rowsOf(
    late,
    `${grants * rounds} grants over ${(rounds * milliseconds) / 1_000} s; floor: a bare delayed job that makes the same call`,
  );
};

function rowsOf(late: { ours: number[][]; floor: number[][] }, note: string): Row[] {
  const at = (share: number) => ({
    ours: late.ours.map((round) => percentile(round, share)),
    floor: late.floor.map((round) => percentile(round, share)),
  });
  const earliest = Math.min(...late.ours.flat());
  if (earliest < 0) throw new Error(`A grant was ${-earliest} ms early.`);
  const what = (share: string) => `due → call received, ${share}`;
  return [
    {
      name: 'P2 punctuality',
      what: what('p99'),
      ...at(0.99),
      unit: 'ms',
      goal: 1.5,
      note: `${note}; the earliest ${earliest.toFixed(1)} ms late`,
    },
    { name: 'P2 punctuality', what: what('p50'), ...at(0.5), unit: 'ms', goal: 1.5, note },
  ];
}

interface Spread {
  round: number;
  grants: number;
  milliseconds: number;
}

/** Each round has people of its own, in a group that they are in for no other reason. */
const personOf = (space: Space, { round, grants }: Spread, index: number): number => (round * grants + index) % space.people;

/** Instants evenly over the time, on odd milliseconds; by platform user id. */
async function bookAhead(load: Load, { api }: Deployment, token: string, space: Space, spread: Spread): Promise<Map<string, number>> {
  const from = Date.now() + LEAD_MS;
  const due = new Map<string, number>();
  const bookings = Array.from({ length: spread.grants }, (_, index) => {
    const person = personOf(space, spread, index);
    const at = from + Math.floor((index * spread.milliseconds) / spread.grants);
    due.set(space.platformUserId(person), at);
    return {
      externalId: `punctual-${spread.round}-${index}`,
      resource: { externalId: space.room(index % space.groups) },
      member: { externalId: space.member(person) },
      startsAt: new Date(at + GRACE_MS).toISOString(),
      endsAt: new Date(at + GRACE_MS + HOUR).toISOString(),
    };
  });
  succeeded(await load.post(api.url, { token, query: UPSERT_BOOKINGS, variables: { input: { bookings } } }));
  if (Date.now() > from) throw new Error('The bookings took too long to tell.');
  return due;
}

async function queueAhead(queue: Queue, space: Space, spread: Spread): Promise<Map<string, number>> {
  const from = Date.now() + LEAD_MS;
  const due = new Map<string, number>();
  const jobs = Array.from({ length: spread.grants }, (_, index) => {
    const userId = space.platformUserId(space.people - 1 - personOf(space, spread, index));
    const at = from + Math.floor((index * spread.milliseconds) / spread.grants);
    due.set(userId, at);
    const timestamp = Date.now();
    const data = { url: space.groupUrl(index % space.groups), token: space.saltoToken, body: { user_id: userId } };
    return { name: 'call', data, opts: { timestamp, delay: at - timestamp, removeOnComplete: true } };
  });
  await queue.addBulk(jobs);
  return due;
}

const PATIENCE_MS = 20_000;

/** How late, in milliseconds, each was heard of by the simulator. */
async function lateness(deployment: Deployment, due: Map<string, number>, milliseconds: number): Promise<number[]> {
  await forgetCalls(deployment);
  const until = Date.now() + LEAD_MS + milliseconds + PATIENCE_MS;
  await new Promise((resolve) => setTimeout(resolve, LEAD_MS + milliseconds));
  for (;;) {
    const { calls } = await callsOf(deployment, { path: 'access_groups/.*/users', last: 10 * due.size });
    const late = new Map<string, number>();
    for (const { method, receivedAt, body } of calls) {
      if (method === 'GET') continue;
      for (const id of [body?.user_id ?? [], body?.add_ids ?? []].flat()) {
        const at = due.get(id);
        if (at !== undefined && !late.has(id)) late.set(id, receivedAt - at);
      }
    }
    if (late.size === due.size) return [...late.values()];
    if (Date.now() > until) throw new Error(`Only ${late.size} of ${due.size} were granted.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
