import { Expected, InvalidInputError } from '../core/errors.ts';

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

/**
 * Each item in a transaction of its own: one that is refused holds up no other, and the whole call may be repeated. Items are taken in
 * order, some at a time.
 */
export async function upsertMany<Input extends { externalId: string }, Answer extends object>(
  field: string,
  items: Input[],
  upsert: (item: Input) => Promise<Answer>,
): Promise<{ answers: ItemAnswer<Exclude<Answer, Expected>>[] } | InvalidInputError> {
  if (items.length > MANY_MAX)
    return new InvalidInputError([{ path: [field], message: `Must have at most ${MANY_MAX} items. Send several calls.` }]);
  const repeated = items.findIndex((item, index) => items.findIndex(({ externalId }) => externalId === item.externalId) < index);
  if (repeated >= 0) {
    return new InvalidInputError([
      { path: [field, String(repeated), 'externalId'], message: 'Must be another one for each item of a call.' },
    ]);
  }
  const answers: ItemAnswer<Exclude<Answer, Expected>>[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    const part = items.slice(start, start + AT_A_TIME);
    const answered = await Promise.all(part.map(upsert));
    for (const [index, answer] of answered.entries()) {
      const externalId = part[index]?.externalId ?? '';
      if (answer instanceof Expected) answers.push({ externalId, success: null, error: answer });
      else answers.push({ externalId, success: answer as Exclude<Answer, Expected>, error: null });
    }
  }
  return { answers };
}
