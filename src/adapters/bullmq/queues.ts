import type { Processor, Queue, Worker } from 'bullmq';
import { catalog, queueNames } from '../../jobs/catalog.ts';
import type { JobName, QueueName } from '../../jobs/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Logger } from '../../ports/logger.ts';
import { withDeadline } from '../deadline.ts';
import { watchOutage } from '../outage.ts';
import type { Outage } from '../outage.ts';
import type { Backend } from './backend.ts';
import { queuedJob, retention } from './job-options.ts';
import type { QueuedJob } from './job-options.ts';
import { postgresBackend } from './postgres-backend.ts';
import { redisBackend } from './redis-backend.ts';

export interface QueuesOptions {
  backend: { redisUrl: string } | { databaseUrl: string; schema: string };
  /** of every key in Redis */
  prefix?: string;
  /** the database's clock, which judges what is due: a job's instant is one of its */
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

export interface Queues {
  /** for the dashboard */
  readonly queues: Queue[];
  readonly jobQueue: JobQueue;
  /** A worker that has begun. Its owner closes it. Errors of its connections are logged. */
  work(name: QueueName, process: Processor, concurrency: number): Worker;
  /** Makes sure that the job repeats as its catalogue entry says; doing so again changes nothing. Rejects while the backend is out. */
  keepRepeating(name: JobName): Promise<void>;
  /** Rejects, and soon, while the backend does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = 500;
// A worker that was killed is missed after 15 s, and its jobs are taken up 5 s later at most.
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;
/** Workers are replaced again and again; a job should outlive a few of them. */
const PROCESSES_A_JOB_MAY_LOSE = 3;

/** On Redis it never waits long, even when Redis is down. On PostgreSQL it rejects when the database does not answer. */
export async function createQueues({ backend: where, prefix, clock, log }: QueuesOptions): Promise<Queues> {
  const backend = open(where, prefix, log, (error) => outage.begin(error));
  const queues = new Map<QueueName, Queue>(queueNames.map((name) => [name, backend.queue(name)]));
  const outage: Outage = watchOutage({ name: backend.name, probe: ping, onEnd: () => void adder.makeGood(), log });
  const adder = jobAdder({ queues, answerMs: backend.answerMs, outage, clock, log });
  for (const [name, queue] of queues) queue.on('error', logged(log, { queue: name }, 'the queue reports an error'));

  async function ping(): Promise<void> {
    await withDeadline(backend.answerMs, backend.ping(queueOf(queues, 'upkeep')));
  }
  async function close(): Promise<void> {
    outage.close();
    await Promise.all([...queues.values()].map((queue) => withDeadline(backend.answerMs, queue.close()).catch(() => undefined)));
    backend.close();
  }
  await backend.ready([...queues.values()]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    queues: [...queues.values()],
    jobQueue: { add: adder.add },
    work: (name, process, concurrency) => {
      const worker = backend.worker(name, process, {
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: PROCESSES_A_JOB_MAY_LOSE,
      });
      worker.on('error', logged(log, { queue: name }, 'the worker reports an error'));
      return worker;
    },
    keepRepeating: (name) => withDeadline(backend.answerMs, keepRepeating(queueOf(queues, catalog[name].queue), name)),
    ping,
    close,
  };
}

function open(where: QueuesOptions['backend'], prefix: string | undefined, log: Logger, onError: (error: Error) => void): Backend {
  return 'redisUrl' in where ? redisBackend({ redisUrl: where.redisUrl, prefix, onError, log }) : postgresBackend(where);
}

interface JobAdder {
  add: JobQueue['add'];
  /** after an outage: has the rows looked through for what was not added meanwhile */
  makeGood(): Promise<void>;
}

interface JobAdderParts extends Pick<Backend, 'answerMs'>, Pick<QueuesOptions, 'clock' | 'log'> {
  queues: Map<QueueName, Queue>;
  outage: Outage;
}

function jobAdder({ queues, answerMs, outage, clock, log }: JobAdderParts): JobAdder {
  let missed = 0;
  const add: JobQueue['add'] = async (jobs) => {
    if (jobs.length === 0) return true;
    try {
      if (outage.isOut()) throw new KnownOut();
      const now = clock.now();
      const queued = jobs.map((job) => queuedJob(job, now));
      await Promise.all(
        [...queues].map(([name, queue]) =>
          addInChunks(
            queue,
            queued.filter((job) => job.queue === name),
            answerMs,
          ),
        ),
      );
      return true;
    } catch (error) {
      missed += jobs.length;
      if (!(error instanceof KnownOut)) outage.begin(error);
      return false;
    }
  };
  const makeGood = async () => {
    if (missed === 0) return;
    log.info({ missed }, 'jobs were not added while the queue was out: the sweep finds them');
    missed = 0;
    await add([{ name: 'sweep', payload: {}, at: null }]);
  };
  return { add, makeGood };
}

class KnownOut extends Error {}

async function addInChunks(queue: Queue, jobs: QueuedJob[], answerMs: number): Promise<void> {
  for (let at = 0; at < jobs.length; at += CHUNK) {
    const chunk = jobs.slice(at, at + CHUNK).map(({ name, data, opts }) => ({ name, data, opts }));
    await withDeadline(answerMs, queue.addBulk(chunk));
  }
}

async function keepRepeating(queue: Queue, name: JobName): Promise<void> {
  const entry = catalog[name];
  if (!('everyMs' in entry)) throw new Error(`${name} does not repeat`);
  const template = { name, data: {}, opts: retention(name) };
  await queue.upsertJobScheduler(name, { every: entry.everyMs }, template);
}

function queueOf(queues: Map<QueueName, Queue>, name: QueueName): Queue {
  const queue = queues.get(name);
  if (!queue) throw new Error(`there is no queue ${name}`);
  return queue;
}

/** An outage is told of once, by whoever watches it; what each connection says about it is noise. */
function logged(log: Logger, fields: Record<string, unknown>, message: string): (error: Error) => void {
  return (error) => {
    const code = 'code' in error ? String(error.code) : '';
    const ofConnection = /^E[A-Z]+$/.test(code) || /connection|timed out|enableOfflineQueue|retries per request/i.test(error.message);
    log[ofConnection ? 'debug' : 'warn']({ ...fields, reason: error.message }, message);
  };
}
