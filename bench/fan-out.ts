import type { Client } from 'graphql-ws';
import type { Child } from './child.ts';
import { KEY_CHANGED, SET_VISIBILITY, succeeded } from './documents.ts';
import { median } from './figures.ts';
import { createLoad, socketClient, timed } from './load.ts';
import type { Measure } from './row.ts';
import { LOCATION, ORG } from './space.ts';

const EVERYBODY = ['MEMBER', 'GUEST', 'ADMIN'];
const CONNECTING_AT_A_TIME = 50;

/** P6: as many sockets as members in one process, each told once of a change of the location; and what an idle one costs. */
export const fanOut: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, events] = quick ? [1, 2] : [2, 4];
  const subscribers = space.keyless;
  const load = createLoad(1);
  const token = await adminToken(deployment.secret);
  /** The change is told by another process than the one that is measured. */
  const show = async (roles: string[]): Promise<void> => {
    const variables = { input: { location: LOCATION, roles } };
    succeeded(await load.post(deployment.api.url, { token, query: SET_VISIBILITY, variables }));
  };
  const took = { ours: [] as number[], floor: [] as number[] };
  const heap = { ours: [] as number[], floor: [] as number[] };
  const measure = async (side: 'ours' | 'floor', round: number): Promise<void> => {
    const server = side === 'ours' ? await deployment.startApi() : await deployment.startFloor('subscribers');
    const paramsOf = async (index: number): Promise<Record<string, unknown>> =>
      side === 'ours' ? { authorization: `Bearer ${await space.memberToken(index)}` } : { orgId: ORG, subject: space.member(index) };
    // Whatever is loaded and compiled with the first ones is not theirs.
    const first = await connectAll(server.url, 20, paramsOf);
    await first.all('AVAILABLE');
    await first.end();
    const before = await server.heap();
    progress(`round ${round + 1} of ${rounds}, ${side}: ${subscribers} sockets`);
    const crowd = await connectAll(server.url, subscribers, paramsOf);
    await crowd.all('AVAILABLE');
    heap[side].push(((await server.heap()) - before) / subscribers / 1_024);
    const times = await profiled(side === 'ours' ? 'P6' : 'P6-floor', server as Child, async () => {
      const each: number[] = [];
      for (let event = 0; event < events; event += 1) {
        const hides = event % 2 === 0;
        const from = performance.now();
        await show(hides ? [] : EVERYBODY);
        await crowd.all(hides ? 'HIDDEN' : 'AVAILABLE');
        each.push(performance.now() - from);
      }
      return each;
    });
    took[side].push(median(times.slice(1)));
    await crowd.end();
    await server.stop();
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['ours', 'floor'] as const) await measure(side, round);
    }
  } finally {
    await show(EVERYBODY);
    load.close();
  }
  const note = `${subscribers} sockets in one process; floor: graphql-ws over the same schema, store and feed`;
  return [
    { name: 'P6 fan-out', what: 'change sent → all told', ...took, unit: 'ms', goal: 1.5, note },
    { name: 'P6 fan-out', what: 'heap of an idle subscriber', ...heap, unit: 'KiB', goal: 1.3, note },
  ];
};

async function adminToken(secret: string): Promise<string> {
  const { claimsOf, signToken } = await import('../src/dev/token.ts');
  return signToken(claimsOf(['--role', 'admin', '--org', ORG], {}, Date.now()), secret);
}

interface Crowd {
  /** resolves when the last thing that each was told is this status */
  all(status: string): Promise<void>;
  end(): Promise<void>;
}

const PATIENCE_MS = 120_000;

/** Each on a socket of its own, and told its first state. */
async function connectAll(url: string, count: number, paramsOf: (index: number) => Promise<Record<string, unknown>>): Promise<Crowd> {
  const clients: Client[] = [];
  const last: string[] = Array.from({ length: count }, () => '');
  const counts = new Map<string, number>([['', count]]);
  let failure: string | null = null;
  let look = (): void => undefined;
  const tell = (index: number, status: string): void => {
    const before = last[index] ?? '';
    counts.set(before, (counts.get(before) ?? 0) - 1);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    last[index] = status;
    look();
  };
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error.message : JSON.stringify(error);
    look();
  };
  await timed(count, CONNECTING_AT_A_TIME, async (index) => {
    const client = socketClient(url, await paramsOf(index));
    clients.push(client);
    await new Promise<void>((told) => {
      const close = client.subscribe<{ key: { status: string } }>(
        { query: KEY_CHANGED, variables: { location: LOCATION } },
        {
          next: ({ data, errors }) => {
            if (errors !== undefined || data == null) fail(errors);
            else tell(index, data.key.status);
            told();
          },
          error: (error) => {
            fail(error);
            told();
          },
          complete: () => undefined,
        },
      );
      if (failure !== null) close();
    });
  });
  return {
    all: (status) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`Not all were told ${status}: ${JSON.stringify([...counts])}`)), PATIENCE_MS);
        look = () => {
          if (failure === null && counts.get(status) !== count) return;
          clearTimeout(late);
          look = () => undefined;
          if (failure === null) resolve();
          else reject(new Error(failure));
        };
        look();
      }),
    end: async () => {
      for (const client of clients) await client.dispose();
    },
  };
}
