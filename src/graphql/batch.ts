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
