import type { Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Announcement, Feed } from '../ports/feed.ts';

/** What a stream carries: a failed read is one event's error, and the stream lives on. */
export type LiveEvent<T> = { readonly value: T } | { readonly error: unknown };

export interface LiveState<T> {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly topics: readonly string[];
  read(): Promise<T>;
  /** two states of the same mark are the same state, and not told twice */
  mark(state: T): string;
  /** topics that are known only by the state */
  topicsOf?(state: T): readonly string[];
  /** when the state changes by itself, whatever is announced */
  changesAt?(state: T): Instant | null;
}

/**
 * The state now, then its newest form after each change. It listens before the first read, so that nothing falls between; announcements
 * that come while one is being told are one.
 */
export function liveState<T>(of: LiveState<T>): AsyncIterableIterator<LiveEvent<T>> {
  let dirty = true;
  let lastMark: string | null = null;
  let alarm: AbortController | null = null;
  const ears = listening(of.feed);

  const arm = (at: Instant | null, again: () => void): void => {
    alarm?.abort();
    alarm = null;
    if (at === null || at <= of.clock.now()) return;
    const set = new AbortController();
    alarm = set;
    void of.clock.until(at, set.signal).then(() => {
      if (!set.signal.aborted) again();
    });
  };

  return iterator<LiveEvent<T>>((wake) => {
    const again = (): void => {
      dirty = true;
      wake();
    };
    return {
      start: () => ears.hear(of.topics, again),
      step: async () => {
        if (!dirty) return null;
        dirty = false;
        const event = await read(of);
        if ('error' in event) {
          lastMark = null;
          return event;
        }
        if (await ears.hear(of.topicsOf?.(event.value) ?? [], again)) dirty = true;
        arm(of.changesAt?.(event.value) ?? null, again);
        const mark = of.mark(event.value);
        if (mark === lastMark) return null;
        lastMark = mark;
        return event;
      },
      stop: () => {
        alarm?.abort();
        ears.stop();
      },
    };
  });
}

async function read<T>(of: LiveState<T>): Promise<LiveEvent<T>> {
  try {
    return { value: await of.read() };
  } catch (error) {
    return { error };
  }
}

/** The ids that are announced on a topic, in order, each once. */
export function liveIds(feed: Feed, topic: string): AsyncIterableIterator<string> {
  const seen = new Recent(10_000);
  const waiting: string[] = [];
  const ears = listening(feed);
  return iterator<string>((wake) => ({
    start: () =>
      ears.hear([topic], ({ ids = [] }) => {
        waiting.push(...ids.filter((id) => seen.add(id)));
        wake();
      }),
    step: () => Promise.resolve(waiting.shift() ?? null),
    stop: () => ears.stop(),
  }));
}

/** A set that forgets the oldest: a repeated announcement comes soon, and a stream may last for days. */
class Recent {
  private readonly ids = new Set<string>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** whether it was new */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    const [oldest] = this.ids;
    if (this.ids.size > this.limit && oldest !== undefined) this.ids.delete(oldest);
    return true;
  }
}

interface Ears {
  /** listens to those not heard yet; whether there were any */
  hear(topics: readonly string[], hit: (announcement: Announcement) => void): Promise<boolean>;
  stop(): void;
}

function listening(feed: Feed): Ears {
  const heard = new Set<string>();
  const ends: (() => void)[] = [];
  let stopped = false;
  return {
    async hear(topics, hit) {
      const fresh = topics.filter((topic) => !heard.has(topic));
      if (fresh.length === 0) return false;
      for (const topic of fresh) heard.add(topic);
      const end = await feed.listen(fresh, hit);
      if (stopped) end();
      else ends.push(end);
      return true;
    },
    stop() {
      stopped = true;
      for (const end of ends.splice(0)) end();
    },
  };
}

interface Source<T> {
  start(): Promise<unknown>;
  /** null: nothing to tell until woken */
  step(): Promise<T | null>;
  stop(): void;
}

/** By hand: an async generator that waits between two events cannot be ended until the next one comes, and would leak its listener. */
function iterator<T>(make: (wake: () => void) => Source<T>): AsyncIterableIterator<T> {
  const END = { done: true, value: undefined } as const;
  let over = false;
  let woken = false;
  let release = (): void => undefined;
  let started: Promise<unknown> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const wake = (): void => {
    woken = true;
    release();
  };
  const source = make(wake);
  const end = (): typeof END => {
    if (!over) source.stop();
    over = true;
    wake();
    return END;
  };

  const pull = async (): Promise<IteratorResult<T, undefined>> => {
    if (over) return END;
    started ??= source.start();
    await started;
    while (!over) {
      woken = false;
      const told = await source.step();
      if (over) break;
      if (told !== null) return { done: false, value: told };
      // An announcement may have come during the step.
      if (!woken) await new Promise<void>((resolve) => (release = resolve));
    }
    return END;
  };

  return {
    next() {
      const next = turn.then(pull);
      turn = next.catch(end);
      return next;
    },
    return: () => Promise.resolve(end()),
    throw: (error: unknown) => {
      end();
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
