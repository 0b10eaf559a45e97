import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One call to a lock provider or its identity server. */
export interface ProviderCall {
  provider: string;
  /** the HTTP status, or what happened instead: 'not-sent', 'reset', 'timed-out', 'too-large' */
  outcome: string;
  milliseconds: number;
}

/** One run of a job. */
export interface JobRun {
  job: string;
  outcome: 'done' | 'failed';
  milliseconds: number;
  /** from the instant it was due to its begin; null for a later attempt */
  lateMilliseconds: number | null;
  /** what the job answered with: its numbers are summed up by their name */
  result: unknown;
}

/** What Prometheus is told of one process: an API, a worker, or both in one. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(of: { method: string; route: string; status: number; milliseconds: number }): void;
  observeOperation(of: { type: string; outcome: 'ok' | 'error'; milliseconds: number }): void;
  observeProviderCall(call: ProviderCall): void;
  readonly observeJob: (run: JobRun) => void;
  streamOpened(): void;
  streamClosed(): void;
  countSockets(count: () => number): void;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];
const JOB_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const streams = new Gauge({ name: 'graphql_subscriptions', help: 'Open subscriptions, on sockets and event streams', registers });
  return {
    registry,
    ...answers(registers),
    ...jobs(registers),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    countSockets: (count) => {
      const collect = () => sockets.set(count());
      const sockets: Gauge = new Gauge({ name: 'graphql_sockets', help: 'Open WebSockets', registers, collect });
    },
  };
}

function answers(registers: Registry[]): Pick<Metrics, 'observeRequest' | 'observeOperation' | 'observeProviderCall'> {
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
    help: 'Calls to the lock provider and its identity server, by HTTP status or what happened instead of one',
    labelNames: ['provider', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  return {
    observeRequest: ({ method, route, status, milliseconds }) => requests.observe({ method, route, status }, milliseconds / 1000),
    observeOperation: ({ type, outcome, milliseconds }) => operations.observe({ type, outcome }, milliseconds / 1000),
    observeProviderCall: ({ provider: name, outcome, milliseconds }) => provider.observe({ provider: name, outcome }, milliseconds / 1000),
  };
}

function jobs(registers: Registry[]): Pick<Metrics, 'observeJob'> {
  const runs = new Histogram({
    name: 'job_duration_seconds',
    help: 'Runs of jobs; a run that fails is tried again',
    labelNames: ['job', 'outcome'],
    buckets: JOB_SECONDS,
    registers,
  });
  const late = new Histogram({
    name: 'job_lateness_seconds',
    help: 'From the instant a job was due to the begin of its first run',
    labelNames: ['job'],
    buckets: LATE_SECONDS,
    registers,
  });
  const results = new Counter({
    name: 'job_results_total',
    help: 'What jobs counted: steps taken at the provider, groups and keys that a sweep found, entries that were read',
    labelNames: ['job', 'what'],
    registers,
  });
  return {
    observeJob: ({ job, outcome, milliseconds, lateMilliseconds, result }) => {
      runs.observe({ job, outcome }, milliseconds / 1000);
      if (lateMilliseconds !== null) late.observe({ job }, Math.max(0, lateMilliseconds) / 1000);
      for (const [what, value] of Object.entries(result ?? {}))
        if (typeof value === 'number' && value > 0) results.inc({ job, what }, value);
    },
  };
}
