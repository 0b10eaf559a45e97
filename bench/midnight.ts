import { CANCEL_BOOKING, succeeded, UPSERT_BOOKINGS } from './documents.ts';
import { sum } from './figures.ts';
import { createLoad, timed, type Load } from './load.ts';
import type { Deployment } from './deployment.ts';
import { inTurns, type Measure } from './row.ts';
import { callsOf, forgetCalls, setSwitches, settled, type Space } from './space.ts';

const BATCH = 100;
const AT_A_TIME = 10;
const LATENCY_MS = 20;
/** Access begins so long before a booking. */
const GRACE_MS = 30 * 60_000;
const HOUR = 3_600_000;

/** P1: everybody's access begins at one instant, beside the same batch calls issued bare, and beside one call per person. */
export const midnight: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const rounds = quick ? 1 : 3;
  const { people, groups } = space;
  const load = createLoad(AT_A_TIME);
  const token = await space.serviceToken(0);
  const took = { ours: [] as number[], floor: [] as number[] };
  const writes: number[] = [];
  const reads: number[] = [];
  const single: number[] = [];
  try {
    await setSwitches(deployment, { latencyMs: LATENCY_MS, maxConcurrentCalls: AT_A_TIME });
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}: ${people} memberships of ${groups} groups`);
        const at = await book(load, deployment, token, space, round);
        await new Promise((resolve) => setTimeout(resolve, at - Date.now() - 500));
        await forgetCalls(deployment);
        await profiled('P1', deployment.worker, () => settled(deployment, 'ACTIVE', people, { groupLike: 'Room %', everyMs: 25 }));
        took.ours.push(Date.now() - at);
        const { totals } = await callsOf(deployment, { last: 0 });
        const of = (...methods: string[]) =>
          sum(Object.entries(totals).flatMap(([call, n]) => (methods.includes(call.split(' ')[0] ?? '') ? n : [])));
        writes.push(of('PATCH', 'POST', 'DELETE'));
        reads.push(of('GET'));
        progress('everybody out again');
        await cancel(load, deployment, token, space, round);
        await settled(deployment, 'ABSENT', people, { groupLike: 'Room %' });
      },
      async () => {
        took.floor.push(await bare(space, 'add_ids'));
        await bare(space, 'remove_ids');
        single.push(await onePerPerson(space));
      },
    );
  } finally {
    load.close();
    await setSwitches(deployment, { latencyMs: null, maxConcurrentCalls: null });
  }
  const note = `${people} memberships of ${groups} groups; ${LATENCY_MS} ms a call, ${AT_A_TIME} at a time; ${Math.round(sum(reads) / reads.length)} reads to see whom SALTO KS really let in`;
  const most = people / BATCH + groups;
  return [
    { name: 'P1 midnight', what: 'due → all ACTIVE', ...took, unit: 'ms', goal: 2, note: `${note}; floor: ${people / BATCH} bare batches` },
    {
      name: 'P1 midnight',
      what: 'write calls',
      ours: writes,
      floor: writes.map(() => most),
      unit: 'calls',
      goal: 1,
      note: 'floor: the most allowed',
    },
    {
      name: 'P1 midnight',
      what: 'against a call per person',
      ours: took.ours,
      floor: single,
      unit: 'ms',
      goal: 1 / 30,
      note: 'floor: bare calls, measured for a tenth',
    },
  ];
};

const AT_ONCE = 10;
const YEAR = 365 * 24 * HOUR;
const LEAST_LEAD_MS = 5_000;

/** Bookings of 100 people each, two a room, whose access begins at the instant answered with. */
async function book(load: Load, { api }: Deployment, token: string, space: Space, round: number): Promise<number> {
  const bookings = bookingsOf(space, round);
  const calls = Math.ceil(bookings.length / AT_ONCE);
  const tell = async (part: number, at: number): Promise<void> => {
    const times = { startsAt: new Date(at + GRACE_MS).toISOString(), endsAt: new Date(at + GRACE_MS + HOUR).toISOString() };
    const told = bookings.slice(part * AT_ONCE, (part + 1) * AT_ONCE).map((booking) => ({ ...booking, ...times }));
    type Answer = { result: { __typename: string; results: { error: { message: string } | null }[] } };
    const variables = { input: { bookings: told } };
    const { results } = succeeded(await load.post<Answer>(api.url, { token, query: UPSERT_BOOKINGS, variables }));
    for (const { error } of results) if (error !== null) throw new Error(error.message);
  };
  // How long all of them take, by the first, which are told of a later time: the instant must not come before the last is told.
  const [first = 0] = await timed(1, 1, () => tell(0, Date.now() + YEAR));
  const at = Date.now() + LEAST_LEAD_MS + 2 * first * calls;
  await timed(calls, 2, (part) => tell(part, at));
  if (Date.now() > at - 1_000) throw new Error('The bookings took too long to tell.');
  return at;
}

function bookingsOf(space: Space, round: number) {
  return Array.from({ length: space.people / BATCH }, (_, part) => {
    const [booker, ...invited] = peopleOf(part).map((index) => ({ externalId: space.member(index) }));
    return {
      externalId: `midnight-${round}-${part}`,
      resource: { externalId: space.room(part % space.groups) },
      member: booker,
      invitees: invited,
    };
  });
}

const peopleOf = (part: number): number[] => Array.from({ length: BATCH }, (_, index) => part * BATCH + index);

async function cancel(load: Load, { api }: Deployment, token: string, space: Space, round: number): Promise<void> {
  await timed(space.people / BATCH, 5, async (part) => {
    const variables = { input: { booking: { externalId: `midnight-${round}-${part}` } } };
    succeeded(await load.post(api.url, { token, query: CANCEL_BOOKING, variables }));
  });
}

/** The same change of the same groups in batches, by somebody who knows all ids and asks nothing. */
async function bare(space: Space, change: 'add_ids' | 'remove_ids'): Promise<number> {
  const from = performance.now();
  await timed(space.people / BATCH, AT_A_TIME, (part) => {
    const ids = {
      add_ids: [] as string[],
      remove_ids: [] as string[],
      [change]: peopleOf(part).map((index) => space.platformUserId(index)),
    };
    return call(space, 'PATCH', space.groupUrl(part % space.groups), ids);
  });
  return performance.now() - from;
}

/** A tenth of the people one by one, times ten: in full it would be the longest part of the benchmark. */
async function onePerPerson(space: Space): Promise<number> {
  const count = space.people / 10;
  const group = (index: number) => space.groupUrl(index % space.groups);
  const from = performance.now();
  await timed(count, AT_A_TIME, (index) => call(space, 'POST', group(index), { user_id: space.platformUserId(index) }));
  const took = performance.now() - from;
  await timed(count, AT_A_TIME, (index) => call(space, 'DELETE', `${group(index)}/${space.platformUserId(index)}`));
  return took * 10;
}

async function call(space: Space, method: string, url: string, body?: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${space.saltoToken}` };
  const response = await fetch(
    url,
    body === undefined ? { method, headers: { authorization: headers.authorization } } : { method, headers, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
