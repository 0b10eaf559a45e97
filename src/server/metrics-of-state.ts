import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Counts, OperatorView } from '../ports/operator-view.ts';
import { told } from './errors.ts';

/** A queue that is looked at when somebody asks. */
export interface CountedQueue {
  readonly name: string;
  getJobCounts(...states: string[]): Promise<Record<string, number>>;
  getJobs(types: 'waiting'[], start: number, end: number, ascending: boolean): Promise<({ timestamp: number } | undefined)[]>;
  isPaused(): Promise<boolean>;
}

const JOB_STATES = ['waiting', 'delayed', 'active', 'failed'];
/** A queue or database that does not answer must not keep the rest from being told. */
const PATIENCE_MS = 1_000;
/** However many ask, and however often. */
const COUNTS_KEPT_MS = 15_000;

/** What is the same from whichever API process it is asked. What cannot be had has no lines, which an alarm can tell from zero. */
export function measureState(
  registry: Registry,
  of: { queues: readonly CountedQueue[]; view: Pick<OperatorView, 'counts'>; clock: Clock; log: Logger },
): void {
  measureQueues(registry, of.queues, of.clock);
  measureDatabase(registry, of);
}

function measureQueues(registry: Registry, queues: readonly CountedQueue[], clock: Clock): void {
  const registers = [registry];
  const paused = new Gauge({ name: 'queue_paused', help: '1 while an operator holds the queue', labelNames: ['queue'], registers });
  const waiting = new Gauge({
    name: 'queue_oldest_waiting_seconds',
    help: 'How long ago the job was added that waits longest for a worker; 0 when none waits',
    labelNames: ['queue'],
    registers,
  });
  const jobs = new Gauge({
    name: 'queue_jobs',
    help: 'Jobs by queue and state, counted when asked',
    labelNames: ['queue', 'state'],
    registers,
    collect: async () => {
      for (const gauge of [jobs, waiting, paused]) gauge.reset();
      await Promise.all(queues.map(measure));
    },
  });
  const measure = async (queue: CountedQueue): Promise<void> => {
    const looked = Promise.all([queue.getJobCounts(...JOB_STATES), queue.getJobs(['waiting'], 0, 0, true), queue.isPaused()]);
    const seen = await soon(looked);
    if (!seen) return;
    const [counts, [oldest], held] = seen;
    for (const state of JOB_STATES) jobs.set({ queue: queue.name, state }, counts[state] ?? 0);
    waiting.set({ queue: queue.name }, oldest === undefined ? 0 : Math.max(0, clock.now() - oldest.timestamp) / 1000);
    paused.set({ queue: queue.name }, held ? 1 : 0);
  };
}

function measureDatabase(
  registry: Registry,
  { view, clock, log }: { view: Pick<OperatorView, 'counts'>; clock: Clock; log: Logger },
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  const due = ['step', 'connection'];
  const overdue = gauge('memberships_overdue', 'Due for more than a minute, by what is owed and whether the connection may be called', due);
  const oldest = gauge('memberships_oldest_overdue_seconds', 'How long the one has been due that waits longest', due);
  const connections = gauge('connections', 'Connections of locations by status', ['status']);
  const problems = gauge('connection_problems', 'Open problems of connections by code', ['code']);
  const keys = gauge('digital_keys', 'Digital keys on phones', ['state']);
  const activations = gauge('digital_key_activations', 'Tries of the last hour to get a digital key, by how they stand', ['status']);
  const all = [overdue, oldest, connections, problems, keys, activations];
  const counted = keptFor(COUNTS_KEPT_MS, clock, () =>
    view.counts().catch((error: unknown) => {
      log.warn(told(error), 'the metrics of the database could not be counted');
      return null;
    }),
  );
  const memberships = new Gauge({
    name: 'memberships',
    help: 'Managed memberships of access groups by state',
    labelNames: ['state'],
    registers,
    collect: async () => {
      for (const one of [memberships, ...all]) one.reset();
      const counts = await soon(counted());
      if (!counts) return;
      for (const { count, state } of counts.memberships) memberships.set({ state }, count);
      for (const { count, oldestSeconds, ...labels } of counts.overdue) {
        overdue.set(labels, count);
        oldest.set(labels, oldestSeconds);
      }
      for (const { count, ...labels } of counts.connections) connections.set(labels, count);
      for (const { count, ...labels } of counts.problems) problems.set(labels, count);
      for (const { count, ...labels } of counts.keys) keys.set(labels, count);
      for (const { count, ...labels } of counts.activations) activations.set(labels, count);
    },
  });
}

function keptFor(ms: number, clock: Clock, count: () => Promise<Counts | null>): () => Promise<Counts | null> {
  let kept: { until: number; counts: Promise<Counts | null> } | null = null;
  return () => {
    if (kept === null || kept.until <= clock.now()) kept = { until: clock.now() + ms, counts: count() };
    return kept.counts;
  };
}

async function soon<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  return Promise.race([asked, late])
    .catch(() => null)
    .finally(() => clearTimeout(timer));
}
