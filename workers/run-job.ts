import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job, Processor } from 'bullmq';
import type { Deps } from '../src/app/deps.ts';
import type { Instant } from '../src/core/time.ts';
import { catalog, jobNames } from '../src/jobs/catalog.ts';
import type { JobName, JobPayload } from '../src/jobs/catalog.ts';
import type { Logger } from '../src/ports/logger.ts';

/**
 * Does one job. `signal` is aborted when the job's time is up or the process stops: what comes after is not waited for.
 * What it resolves to is logged.
 */
export type JobHandler<N extends JobName> = (deps: Deps, payload: JobPayload<N>, signal: AbortSignal) => Promise<unknown>;
export type JobHandlers = { readonly [N in JobName]: JobHandler<N> };

/**
 * While processes are replaced one by one, a newer one may add what an older worker cannot read. It is left for a newer worker to take, and
 * fails for good when none has within this time.
 */
const LEFT_FOR_MS = 10 * 60_000;
const LEFT_AGAIN_AFTER_MS = 2_000;

/** A job that is early by more than this gives its place back until it is time. */
const MAX_WAIT_MS = 1_000;

/**
 * What BullMQ calls for each job: reads it, waits for the job's instant, and runs the handler for as long as the catalogue allows. What it
 * throws decides: an UnrecoverableError is not tried again, anything else as often as the catalogue says.
 */
export function runJob(deps: Deps, handlers: JobHandlers, stop: AbortSignal): Processor {
  return async (job, token) => {
    const { name, payload } = await readOrLeave(deps, job, token);
    const log = deps.log.child({ job: name, jobId: job.id, ...payload });
    await reported(job, log, async () => {
      await untilDue(deps, job, token, stop);
      const handler = handlers[name] as JobHandler<JobName>;
      return withinTime(catalog[name].timeoutMs, stop, (signal) => handler({ ...deps, log }, payload, signal));
    });
  };
}

interface Read {
  name: JobName;
  payload: object;
}

async function readOrLeave(deps: Deps, job: Job, token: string | undefined): Promise<Read> {
  const found = read(job);
  if (typeof found !== 'string') return found;
  const now = deps.clock.now();
  if (now > job.timestamp + (job.opts.delay ?? 0) + LEFT_FOR_MS) throw new UnrecoverableError(found);
  deps.log.warn({ job: job.name, jobId: job.id, why: found }, 'a job is left for a newer worker');
  await job.moveToDelayed(now + LEFT_AGAIN_AFTER_MS, token);
  throw new DelayedError();
}

/** What there is to do, or why it cannot be read. */
function read(job: Job): Read | string {
  const name = jobNames.find((one) => one === job.name);
  if (name === undefined) return `no job is called ${job.name}`;
  const payload = catalog[name].payload.safeParse(job.data);
  if (payload.success) return { name, payload: payload.data };
  const where = payload.error.issues.map((issue) => issue.path.join('.') || 'payload').join(', ');
  return `the payload of ${name} does not fit at: ${where}`;
}

/**
 * BullMQ may wake a job some milliseconds early, by a clock that is not the database's. Early is wrong: nothing would be due yet, and
 * nobody would come again. A repeating job has no instant to wait for.
 */
async function untilDue(deps: Deps, job: Job, token: string | undefined, stop: AbortSignal): Promise<void> {
  const delay = job.opts.delay ?? 0;
  if (job.repeatJobKey !== undefined || delay === 0) return;
  const at: Instant = job.timestamp + delay;
  for (let rest = await restUntil(deps, at); rest > 0; rest = await restUntil(deps, at)) {
    stop.throwIfAborted();
    const then = deps.clock.now() + rest;
    if (rest > MAX_WAIT_MS) {
      await job.moveToDelayed(then, token);
      throw new DelayedError();
    }
    await deps.clock.until(then, stop);
  }
}

async function restUntil(deps: Deps, at: Instant): Promise<number> {
  return at - (await deps.store.now());
}

/** The handler's result, or an error when its time is up or the process stops; the handler may then go on, but nobody waits. */
async function withinTime(timeoutMs: number, stop: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(new OutOfTime(`given up after ${timeoutMs} ms`)), timeoutMs);
  const stopped = () => ended.abort(new OutOfTime('the worker stops'));
  stop.addEventListener('abort', stopped);
  try {
    if (stop.aborted) stopped();
    ended.signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      ended.signal.addEventListener('abort', () => reject(ended.signal.reason as Error), { once: true });
    });
    return await Promise.race([work(ended.signal), aborted]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', stopped);
  }
}

class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

async function reported(job: Job, log: Logger, run: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const result = await run();
    log.info({ ms: ms(), ...(result === undefined ? {} : { result }) }, 'job done');
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    log.warn({ ms: ms(), attempt: job.attemptsMade + 1, attempts: job.opts.attempts, err: error }, 'job failed');
    throw storable(error);
  }
}

/** What BullMQ keeps of an error is clear text for operators: the error's kind and code. Its words may name people, and are in the log. */
function storable(error: unknown): Error {
  if (error instanceof OutOfTime || error instanceof UnrecoverableError) return error;
  if (!(error instanceof Error)) return new Error('see the log');
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return new Error(`${error.name}${code}: see the log`);
}
