import { createContextCache } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.ts';

/** How many steps the engine takes between two fields of one list that ask for the same. */
const STEPS = 8;

/**
 * Gathers the keys that the fields of one list ask for, and loads them together: one statement for the list, not one for each item.
 * `load` answers with a function from key to value.
 */
export function batch<Key, Value>(load: (keys: Key[]) => Promise<(key: Key) => Value>): (key: Key) => Promise<Value> {
  let waiting: { keys: Key[]; values: Promise<(key: Key) => Value> } | null = null;
  const begin = (): { keys: Key[]; values: Promise<(key: Key) => Value> } => {
    const keys: Key[] = [];
    const values = steps(STEPS).then(() => {
      waiting = null;
      return load(keys);
    });
    return { keys, values };
  };
  return async (key) => {
    waiting ??= begin();
    waiting.keys.push(key);
    return (await waiting.values)(key);
  };
}

async function steps(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await Promise.resolve();
}

const places = createContextCache(() => new Map<string, unknown>());

/** The batch of one place of a document: everything asked for there has the same selection, and so fits into one statement. */
export function batchAt<Key, Value>(
  context: Context,
  info: GraphQLResolveInfo,
  load: (keys: Key[]) => Promise<(key: Key) => Value>,
): (key: Key) => Promise<Value> {
  const [known, place] = [places(context), placeOf(info)];
  const here = (known.get(place) as ((key: Key) => Promise<Value>) | undefined) ?? batch(load);
  known.set(place, here);
  return here;
}

/** The path in the document, without positions in lists. */
function placeOf(info: GraphQLResolveInfo): string {
  const names: string[] = [];
  for (let path: typeof info.path | undefined = info.path; path !== undefined; path = path.prev) {
    if (typeof path.key === 'string') names.unshift(path.key);
  }
  return names.join('.');
}
