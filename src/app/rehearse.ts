import { Expected } from '../core/errors.ts';
import type { Membership } from '../core/membership.ts';
import { previewOf, type AccessPreview } from '../core/preview.ts';
import type { Pair, Store, Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import type { Deps } from './deps.ts';
import { pairKey } from './derive-rights.ts';

/** What a verb answers with, and what a dry run of it would have done; null where it was done. */
export type Previewed<Answer> = Extract<Answer, Expected> | (Exclude<Answer, Expected> & { preview: AccessPreview | null });

/** The verb itself, or a dry run of it. */
export async function doOrRehearse<Answer extends object>(
  deps: Deps,
  caller: Caller,
  dryRun: boolean,
  verb: (deps: Deps) => Promise<Answer>,
): Promise<Previewed<Answer>> {
  const { answer, preview } = dryRun ? await rehearse(deps, caller.orgId, verb) : { answer: await verb(deps), preview: null };
  return (answer instanceof Expected ? answer : { ...answer, preview }) as Previewed<Answer>;
}

/**
 * Runs the very code of a change in one transaction of which nothing stays: no row, no job, no announcement. Transactions within it run
 * one after the other, each undone alone when it is refused, as in earnest. The rows it touches are locked meanwhile.
 */
export async function rehearse<Answer>(
  deps: Deps,
  orgId: string,
  work: (deps: Deps) => Promise<Answer>,
): Promise<{ answer: Answer; preview: AccessPreview }> {
  return deps.store.transaction(orgId, async (tx) => {
    const played = await undone(tx, () => play(deps, tx, work));
    const before = await tx.memberships.ofPairs(played.after);
    return { answer: played.answer, preview: previewOf(before, played.after, played.held, tx.now) };
  });
}

interface Played<Answer> {
  answer: Answer;
  /** the memberships touched, as they would be */
  after: Membership[];
  /** whose removal would be held */
  held: Pair[];
}

async function play<Answer>(deps: Deps, tx: Tx, work: (deps: Deps) => Promise<Answer>): Promise<Played<Answer>> {
  const touched = new Map<string, Pair>();
  const kept: string[] = [];
  const watched: Tx = {
    ...tx,
    memberships: {
      ...tx.memberships,
      save(changes) {
        for (const { membership } of changes) touched.set(pairKey(membership), membership);
        return tx.memberships.save(changes);
      },
    },
    heldRemovals: {
      ...tx.heldRemovals,
      keep(id, counted) {
        kept.push(id);
        return tx.heldRemovals.keep(id, counted);
      },
    },
  };
  const answer = await work({
    ...deps,
    store: { ...deps.store, transaction: inTurn(watched) },
    jobs: { ...deps.jobs, add: () => Promise.resolve(true) },
    feed: { ...deps.feed, announce: () => Promise.resolve() },
  });
  return { answer, after: await tx.memberships.ofPairs([...touched.values()]), held: await tx.heldRemovals.pairs(kept) };
}

function inTurn(tx: Tx): Store['transaction'] {
  let last: Promise<unknown> = Promise.resolve();
  return (_orgId, work) => {
    const next = last.then(() => tx.attempt(() => work(tx)));
    last = next.catch(() => undefined);
    return next;
  };
}

async function undone<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  try {
    return await tx.attempt<T>(async () => {
      throw new Undone(await work());
    });
  } catch (error) {
    if (error instanceof Undone) return error.value as T;
    throw error;
  }
}

/** Carries what was found out of what is undone. */
class Undone extends Error {
  readonly value: unknown;

  constructor(value: unknown) {
    super('undone');
    this.value = value;
  }
}
