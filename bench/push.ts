import { generateKeyPairSync } from 'node:crypto';
import type { Client } from 'graphql-ws';
import { ACTIVATE, KEY_CHANGED, succeeded } from './documents.ts';
import { percentile } from './figures.ts';
import { createLoad, socketClient } from './load.ts';
import { inTurns, type Measure } from './row.ts';
import { LOCATION } from './space.ts';

/** P3: activateDigitalKey sent → ACTIVATING at the member's socket, beside a bare mutation: a commit, a publish, a message. */
export const push: Measure = async ({ deployment, space, quick, progress, profiled }) => {
  const [rounds, times] = quick ? [2, 10] : [6, 100];
  const floor = await deployment.startFloor('api');
  const load = createLoad(1);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  let phones = 0;
  const ours = async (): Promise<number> => {
    // Each time another member: a person has a few phones, not hundreds.
    const phone = phones++;
    const token = await space.memberToken(space.keyless + (phone % (space.crew - space.keyless)));
    const deviceUid = `push-${phone}`;
    const client = socketClient(deployment.api.url, { authorization: `Bearer ${token}` });
    const input = { location: LOCATION, device: { uid: deviceUid, name: 'Phone', publicKey: key } };
    const told = follow<{ key: { status: string } }>(client, KEY_CHANGED, { location: LOCATION, deviceUid });
    await told.until((data) => data.key.status === 'AVAILABLE');
    const from = performance.now();
    const asked = load.post<Parameters<typeof succeeded>[0]>(deployment.api.url, { token, query: ACTIVATE, variables: { input } });
    await told.until((data) => data.key.status === 'ACTIVATING');
    const took = performance.now() - from;
    succeeded(await asked);
    await client.dispose();
    return took;
  };
  const bare = async (): Promise<number> => {
    const variables = { key: `push-${phones++}` };
    const client = socketClient(floor.url, {});
    const told = follow<{ said: boolean }>(client, 'subscription Said($key: String!) { said(key: $key) }', variables);
    await told.until(({ said }) => !said);
    const from = performance.now();
    const asked = load.post(floor.url, { query: 'mutation Say($key: String!) { say(key: $key) }', variables });
    await told.until(({ said }) => said);
    const took = performance.now() - from;
    await asked;
    await client.dispose();
    return took;
  };
  const many = async (one: () => Promise<number>): Promise<number[]> => {
    const took: number[] = [];
    while (took.length < times) took.push(await one());
    return took;
  };
  try {
    await many(ours);
    await many(bare);
    const took = { ours: [] as number[][], floor: [] as number[][] };
    await inTurns(
      rounds,
      async (round) => {
        progress(`round ${round + 1} of ${rounds}`);
        took.ours.push(await profiled('P3', deployment.api, () => many(ours)));
      },
      async () => void took.floor.push(await profiled('P3-floor', floor, () => many(bare))),
    );
    const at = (share: number) => ({
      ours: took.ours.map((round) => percentile(round, share)),
      floor: took.floor.map((round) => percentile(round, share)),
    });
    const note = `${times} a round, one after the other; floor: a bare mutation with one insert and one publish, heard by a bare graphql-ws`;
    return [
      { name: 'P3 push', what: 'sent → pushed, p99', ...at(0.99), unit: 'ms', goal: 2, note },
      { name: 'P3 push', what: 'sent → pushed, p50', ...at(0.5), unit: 'ms', goal: 2, note },
    ];
  } finally {
    load.close();
    await floor.stop();
  }
};

interface Told<Data> {
  until(wanted: (data: Data) => boolean): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** What a subscription tells: resolves with the first message, come or to come, that is as wanted. */
function follow<Data>(client: Client, query: string, variables: Record<string, unknown>): Told<Data> {
  const seen: Data[] = [];
  let look = (): void => undefined;
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure = error;
    look();
  };
  client.subscribe<Data>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors !== undefined || data == null) return fail(errors);
        seen.push(data);
        look();
      },
      error: fail,
      complete: () => undefined,
    },
  );
  return {
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`Not pushed. Seen: ${JSON.stringify(seen)}`)), PATIENCE_MS);
        look = () => {
          if (failure === null && !seen.some(wanted)) return;
          clearTimeout(late);
          look = () => undefined;
          if (failure === null) resolve();
          else reject(new Error(JSON.stringify(failure)));
        };
        look();
      }),
  };
}
