import { expect, vi } from 'vitest';
import type { Deps } from '../../src/app/deps.ts';
import { telling } from './telling.ts';
import type { World } from './world.ts';

export type Work = (world: World) => Promise<unknown>;

/** The world as somebody tells of it whose transaction, the nth, does not end before `end` is called. */
function slow(world: World, nth = 1): { teller: World; arrived: Promise<void>; end: () => void } {
  let arrive: () => void = () => undefined;
  let end: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  let count = 0;
  const store: Deps['store'] = {
    ...world.deps.store,
    transaction: (orgId, work) =>
      world.deps.store.transaction(orgId, async (tx) => {
        count += 1;
        const mine = count;
        const answer = await work(tx);
        if (mine < nth) return answer;
        arrive();
        await ended;
        return answer;
      }),
  };
  const deps = { ...world.deps, store };
  return { teller: { ...world, deps, ...telling({ ...world, deps }) }, arrived, end };
}

/** Resolves once somebody waits for somebody else's transaction. */
const somebodyWaits = (world: World): Promise<void> =>
  vi.waitFor(
    async () => {
      const waiting = await world.sql(`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
      expect(waiting).not.toEqual([]);
    },
    { interval: 5, timeout: 10_000 },
  );

/** Two changes at once, the first of which holds what it has locked until the second waits for it or is done. */
export async function meet(world: World, first: Work, second: Work, nth = 1): Promise<void> {
  const { teller, arrived, end } = slow(world, nth);
  const one = first(teller);
  await arrived;
  // The second either waits for the first, or does not see what it has written and is not seen by it.
  const two = second(world);
  await Promise.race([two, somebodyWaits(world)]);
  end();
  await Promise.all([one, two]);
  await world.drain();
}
