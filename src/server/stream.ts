import type { ExecutionResult } from 'graphql';
import type { MaskError } from './errors.ts';

export interface StreamRules {
  mask: MaskError;
  /** runs once, however the stream ends */
  onEnd(): void;
}

export interface GuardedStream extends AsyncIterableIterator<ExecutionResult> {
  return(): Promise<IteratorResult<ExecutionResult>>;
  throw(): Promise<IteratorResult<ExecutionResult>>;
  /** ends the stream with one last result, now or as soon as it is asked for */
  end(last: ExecutionResult): void;
}

const END: IteratorResult<ExecutionResult> = { done: true, value: undefined };

/**
 * A subscription's results, which can be ended from outside, and whose source's failure is a last masked result. Written by hand: the
 * `return()` of an async generator waits behind a pending `next()`, and so would keep a lost client's source open.
 */
export function guardStream(source: AsyncIterable<ExecutionResult>, rules: StreamRules): GuardedStream {
  const inner = source[Symbol.asyncIterator]();
  let over = false;
  let farewell: ExecutionResult | null = null;
  let waiting: ((result: IteratorResult<ExecutionResult>) => void) | null = null;

  const close = (): boolean => {
    if (over) return false;
    over = true;
    rules.onEnd();
    return true;
  };
  const take = (): IteratorResult<ExecutionResult> => {
    const last = farewell;
    farewell = null;
    return last ? { done: false, value: last } : END;
  };
  const answer = (result: IteratorResult<ExecutionResult>): void => {
    const resolve = waiting;
    waiting = null;
    resolve?.(result);
  };
  const release = (): void => {
    // A source that fails while it is let go has nobody left to tell.
    Promise.resolve(inner.return?.()).catch(() => undefined);
  };
  const fail = (error: unknown): IteratorResult<ExecutionResult> => {
    if (!close()) return END;
    release();
    return { done: false, value: { errors: [rules.mask(error)] } };
  };

  const stream: GuardedStream = {
    next: () =>
      new Promise((resolve) => {
        if (over) return resolve(take());
        waiting = resolve;
        inner.next().then(
          (result) => {
            if (over) return;
            if (result.done) close();
            answer(result);
          },
          (error: unknown) => answer(fail(error)),
        );
      }),
    return: () => {
      if (close()) release();
      answer(END);
      return Promise.resolve(END);
    },
    throw: () => stream.return(),
    end: (last) => {
      if (!close()) return;
      release();
      farewell = last;
      if (waiting) answer(take());
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
