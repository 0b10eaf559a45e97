import { Expected, InvalidInputError } from '../core/errors.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import { actorOf, type Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { judgeRemovals } from './judge-removals.ts';

/** A platform imports its past in calls of at most this many. */
export const MANY_MAX = 500;
/** Transactions under way at a time: an import must leave room for what happens meanwhile. */
const AT_A_TIME = 8;

/** What became of one item, in the order of the input. */
export interface ItemAnswer<Success> {
  externalId: string;
  success: Success | null;
  error: Expected | null;
}

/** An import: the field of the input that carries the items, and what they are. */
export interface Import {
  field: string;
  of: string;
}

/**
 * Each item in a transaction of its own: one that is refused holds up no other, and the whole call may be repeated. Items are taken in
 * order, some at a time. What they take from people is one change: it is held until all are stored, and judged as a whole then. Should that
 * never come, the sweep does it.
 */
export async function upsertMany<Input extends { externalId: string }, Answer extends object>(
  deps: Deps,
  caller: Caller,
  { field, of }: Import,
  items: Input[],
  upsert: (item: Input, guard: GuardedChange) => Promise<Answer>,
): Promise<{ answers: ItemAnswer<Exclude<Answer, Expected>>[] } | InvalidInputError> {
  if (items.length > MANY_MAX)
    return new InvalidInputError([{ path: [field], message: `Must have at most ${MANY_MAX} items. Send several calls.` }]);
  const repeated = items.findIndex((item, index) => items.findIndex(({ externalId }) => externalId === item.externalId) < index);
  if (repeated >= 0) {
    return new InvalidInputError([
      { path: [field, String(repeated), 'externalId'], message: 'Must be another one for each item of a call.' },
    ]);
  }
  const guard: GuardedChange = {
    id: deps.secrets.newId(),
    cause: 'IMPORT',
    detail: `the import of ${items.length} ${of}`,
    actor: actorOf(caller),
    startedAt: await deps.store.now(),
  };
  const answers: ItemAnswer<Exclude<Answer, Expected>>[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    const part = items.slice(start, start + AT_A_TIME);
    const answered = await Promise.all(part.map((item) => upsert(item, guard)));
    for (const [index, answer] of answered.entries()) {
      const externalId = part[index]?.externalId ?? '';
      if (answer instanceof Expected) answers.push({ externalId, success: null, error: answer });
      else answers.push({ externalId, success: answer as Exclude<Answer, Expected>, error: null });
    }
  }
  await change(deps, caller.orgId, (tx, after) => judgeRemovals(deps, tx, after, guard.id));
  return { answers };
}
