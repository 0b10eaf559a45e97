import type { Part } from './switches.ts';

/** One call received by the API or the identity server. */
export interface Call {
  sequence: number;
  part: Part;
  method: string;
  /** Template, as `/v1.2/sites/:siteId`. */
  route: string;
  path: string;
  /** Epoch milliseconds with fractions, by the machine's own clock. */
  receivedAt: number;
  /** Null while it runs, and for good when no whole answer was sent. */
  status: number | null;
  finished: boolean;
  /** Calls in work at that moment, itself included. */
  concurrency: number;
  /** Of API calls only: identity bodies hold passwords. */
  body: unknown;
}

export interface CallFilter {
  method?: string | undefined;
  /** Held against the path with its query. */
  path?: RegExp | undefined;
  finished?: boolean | undefined;
}

const KEPT = 20_000;

function fits(call: Call, filter: CallFilter): boolean {
  return (
    (filter.method === undefined || filter.method === call.method) &&
    (filter.path === undefined || filter.path.test(call.path)) &&
    (filter.finished !== true || call.finished)
  );
}

/** Counts and remembers the calls received, and tells who waits for them. */
export class Calls {
  #calls: Call[] = [];
  #totals = new Map<string, number>();
  #sequence = 0;
  #active = 0;
  #maxConcurrency = 0;
  #watchers = new Set<() => void>();

  begin(call: Pick<Call, 'part' | 'method' | 'route' | 'path'>): Call {
    this.#active += 1;
    this.#maxConcurrency = Math.max(this.#maxConcurrency, this.#active);
    const begun: Call = {
      ...call,
      sequence: (this.#sequence += 1),
      receivedAt: performance.timeOrigin + performance.now(),
      status: null,
      finished: false,
      concurrency: this.#active,
      body: null,
    };
    this.#calls.push(begun);
    if (this.#calls.length > KEPT) this.#calls.splice(0, KEPT / 2);
    const key = `${call.method} ${call.route}`;
    this.#totals.set(key, (this.#totals.get(key) ?? 0) + 1);
    this.#tell();
    return begun;
  }

  end(call: Call, status: number | null): void {
    this.#active -= 1;
    call.status = status;
    call.finished = true;
    this.#tell();
  }

  clear(): void {
    this.#calls = [];
    this.#totals.clear();
    this.#maxConcurrency = this.#active;
  }

  find(filter: CallFilter): Call[] {
    return this.#calls.filter((call) => fits(call, filter));
  }

  totals(): Record<string, number> {
    return Object.fromEntries(this.#totals);
  }

  get maxConcurrency(): number {
    return this.#maxConcurrency;
  }

  /** Resolves with the matching calls once there are `count` of them, or with what there is when the signal aborts. */
  wait(filter: CallFilter, count: number, signal: AbortSignal): Promise<Call[]> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.find(filter);
        if (found.length < count && !signal.aborted) return;
        this.#watchers.delete(look);
        signal.removeEventListener('abort', look);
        resolve(found);
      };
      this.#watchers.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
