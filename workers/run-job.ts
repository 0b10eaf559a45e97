import { randomUUID } from 'node:crypto';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job, Processor } from 'bullmq';
import type { Deps } from '../src/app/deps.ts';
import type { Instant } from '../src/core/time.ts';
import { catalog, jobNames } from '../src/jobs/catalog.ts';
import type { JobName, JobPayload } from '../src/jobs/catalog.ts';
import type { Feed } from '../src/ports/feed.ts';
import type { Logger } from '../src/ports/logger.ts';
import type { JobRun } from '../src/server/metrics.ts';

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

export type ObserveJob = (run: JobRun) => void;

/** A job that is early by more than this gives its place back until it is time. */
const MAX_WAIT_MS = 1_000;

/**
 * What BullMQ calls for each job: reads it, waits for the job's instant, and runs the handler for as long as the catalogue allows. What it
 * throws decides: an UnrecoverableError is not tried again, anything else as often as the catalogue says.
 */
export function runJob(deps: Deps, handlers: JobHandlers, stop: AbortSignal, observe: ObserveJob = () => undefined): Processor {
  return async (job, token) => {
    const { name, payload } = await readOrLeave(deps, job, token);
    const log = deps.log.child({ job: name, jobId: job.id, ...payload });
    const told = new Set<string>();
    let lateMilliseconds: number | null = null;
    const seen = (run: Omit<JobRun, 'job' | 'lateMilliseconds'>) => observe({ job: name, lateMilliseconds, ...run });
    await reported(job, { log, told, seen }, async () => {
      await untilDue(deps, job, token, stop);
      if (job.attemptsMade === 0) lateMilliseconds = deps.clock.now() - job.timestamp - (job.opts.delay ?? 0);
      const handler = handlers[name] as JobHandler<JobName>;
      const run: Deps = { ...deps, log, feed: noting(deps.feed, told) };
      return withinTime(catalog[name].timeoutMs, stop, (signal) => handler(run, payload, signal));
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
  if (now > job.timestamp + (job.opts.delay ?? 0) + LEFT_FOR_MS) throw plain(new UnrecoverableError(found));
  deps.log.warn({ job: job.name, jobId: job.id, why: found }, 'a job is left for a newer worker');
  await job.moveToDelayed(now + LEFT_AGAIN_AFTER_MS, token);
  throw new DelayedError();
}

/** What there is to do, or why it cannot be read. */
function read(job: Job): Read | string {
  const name = jobNames.find((one) => one === job.name);
  if (name === undefined) return `No job is called ${job.name}.`;
  const payload = catalog[name].payload.safeParse(job.data);
  if (payload.success) return { name, payload: payload.data };
  const where = payload.error.issues.map((issue) => issue.path.join('.') || 'payload').join(', ');
  return `The payload of ${name} does not fit at: ${where}.`;
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
  const timer = setTimeout(() => ended.abort(new OutOfTime(`Given up after ${timeoutMs / 1000} s.`)), timeoutMs);
  const stopped = () => ended.abort(new OutOfTime('The worker stopped.'));
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

/** Notes the ids of the activity rows that the run announces, and so has committed. */
function noting(feed: Feed, told: Set<string>): Feed {
  return {
    ...feed,
    announce: (announcements) => {
      for (const id of announcements.flatMap(({ ids }) => ids ?? [])) told.add(id);
      return feed.announce(announcements);
    },
  };
}

/** Of one run. A run at midnight writes hundreds; the job's group leads to all of them. */
const TOLD_AT_MOST = 20;

/** For the dashboard: which activity rows the run wrote. Logging is no part of the job's work, and cannot fail it. */
async function logTold(job: Job, log: Logger, told: ReadonlySet<string>): Promise<void> {
  if (told.size === 0) return;
  const shown = [...told].slice(0, TOLD_AT_MOST);
  const rest = told.size > shown.length ? ` and ${told.size - shown.length} more` : '';
  await job.log(`Told in the activity: ${shown.join(', ')}${rest}`).catch((error: unknown) => {
    log.debug({ reason: String(error) }, 'a line of the job could not be kept');
  });
}

interface Report {
  log: Logger;
  told: ReadonlySet<string>;
  seen: (run: Omit<JobRun, 'job' | 'lateMilliseconds'>) => void;
}

async function reported(job: Job, { log, told, seen }: Report, run: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const result = await run();
    seen({ outcome: 'done', milliseconds: ms(), result });
    log.info({ ms: ms(), ...(result === undefined ? {} : { result }) }, 'job done');
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    seen({ outcome: 'failed', milliseconds: ms(), result: null });
    const errorId = randomUUID();
    log.warn({ ms: ms(), errorId, attempt: job.attemptsMade + 1, attempts: job.opts.attempts, err: error }, 'job failed');
    throw storable(error, errorId);
  } finally {
    await logTold(job, log, told);
  }
}

/** Codes of Node and PostgreSQL for a database that is not there. */
const OUT_OF_REACH = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', '57P01', '57P02', '57P03']);
const SQL_STATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** What BullMQ keeps of an error is clear text for operators: its own words may name people. The log has it whole. */
function storable(error: unknown, errorId: string): Error {
  const text = `${sentence(error)} The log has it as ${errorId}.`;
  return plain(error instanceof UnrecoverableError ? new UnrecoverableError(text) : new Error(text));
}

function sentence(error: unknown): string {
  if (error instanceof OutOfTime || error instanceof UnrecoverableError) return error.message;
  if (!(error instanceof Error)) return 'It failed for no reason that can be named here.';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (OUT_OF_REACH.has(code)) return `The database could not be reached (${code}).`;
  if (SQL_STATE.test(code)) return `The database refused a statement (${code}).`;
  return `It failed with ${error.name}${code === '' ? '' : ` ${code}`}.`;
}

/** Without its stack, which would stand before the sentence in the dashboard. */
function plain(error: Error): Error {
  delete error.stack;
  return error;
}
