import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A queue whose jobs are counted when somebody asks. */
export interface CountedQueue {
  readonly name: string;
  getJobCounts(...states: string[]): Promise<Record<string, number>>;
}

/** One call to a lock provider or its identity server. */
export interface ProviderCall {
  provider: string;
  /** e.g. 'ok', 'unavailable', 'refused', 'unsure' */
  outcome: string;
  milliseconds: number;
}

/** What Prometheus is told of one API process. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(of: { method: string; route: string; status: number; milliseconds: number }): void;
  observeOperation(of: { type: string; outcome: 'ok' | 'error'; milliseconds: number }): void;
  observeProviderCall(call: ProviderCall): void;
  streamOpened(): void;
  streamClosed(): void;
  countSockets(count: () => number): void;
  countJobs(queues: readonly CountedQueue[]): void;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const JOB_STATES = ['waiting', 'delayed', 'active', 'failed'];
/** A queue that does not answer must not keep the rest from being told. */
const QUEUE_PATIENCE_MS = 1_000;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Answers by route; event streams are not counted here',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const operations = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Queries and mutations, and the opening of subscriptions',
    labelNames: ['type', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const provider = new Histogram({
    name: 'lock_provider_call_duration_seconds',
    help: 'Calls to the lock provider and its identity server',
    labelNames: ['provider', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const streams = new Gauge({ name: 'graphql_subscriptions', help: 'Open subscriptions, on sockets and event streams', registers });

  return {
    registry,
    observeRequest: ({ method, route, status, milliseconds }) => requests.observe({ method, route, status }, milliseconds / 1000),
    observeOperation: ({ type, outcome, milliseconds }) => operations.observe({ type, outcome }, milliseconds / 1000),
    observeProviderCall: ({ provider: name, outcome, milliseconds }) => provider.observe({ provider: name, outcome }, milliseconds / 1000),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    countSockets: (count) => {
      const collect = () => sockets.set(count());
      const sockets: Gauge = new Gauge({ name: 'graphql_sockets', help: 'Open WebSockets', registers, collect });
    },
    countJobs: (queues) => {
      const jobs = new Gauge({
        name: 'queue_jobs',
        help: 'Jobs by queue and state, counted when asked',
        labelNames: ['queue', 'state'],
        registers,
        collect: async () => {
          jobs.reset();
          await Promise.all(queues.map((queue) => setCounts(jobs, queue)));
        },
      });
    },
  };
}

/** A queue that cannot be counted has no lines, which an alarm can tell from zero. */
async function setCounts(jobs: Gauge<'queue' | 'state'>, queue: CountedQueue): Promise<void> {
  const patience = new Promise<null>((resolve) => setTimeout(() => resolve(null), QUEUE_PATIENCE_MS).unref());
  const counts = await Promise.race([queue.getJobCounts(...JOB_STATES), patience]).catch(() => null);
  if (!counts) return;
  for (const state of JOB_STATES) jobs.set({ queue: queue.name, state }, counts[state] ?? 0);
}
