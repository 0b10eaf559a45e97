import type { Deps } from '../../src/app/deps.ts';
import { catalog, type JobName } from '../../src/jobs/catalog.ts';
import type { JobQueue, JobToAdd } from '../../src/ports/job-queue.ts';
import { jobHandlers } from '../../workers/handlers.ts';
import type { JobHandler } from '../../workers/run-job.ts';

/** A queue that keeps its jobs until it is told to run them: one after the other, in the order of their instants. */
export interface RecordedJobs extends JobQueue {
  /** those waiting, the next to run first */
  waiting(): JobToAdd[];
  /** names of all that were ever added; one that was known already counts again */
  readonly added: JobName[];
  takeDue(now: number): JobToAdd | null;
  nextAt(): number | null;
  lose(): void;
}

export function recordedJobs(): RecordedJobs {
  const waiting = new Map<string, JobToAdd>();
  const added: JobName[] = [];
  const inOrder = (): JobToAdd[] => [...waiting.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return {
    added,
    waiting: inOrder,
    async add(jobs) {
      for (const job of jobs) {
        added.push(job.name);
        const key = keyOf(job);
        if (!waiting.has(key)) waiting.set(key, job);
      }
      return true;
    },
    takeDue(now) {
      const [next] = inOrder();
      if (next === undefined || (next.at ?? 0) > now) return null;
      waiting.delete(keyOf(next));
      return next;
    },
    nextAt: () => inOrder()[0]?.at ?? null,
    lose: () => waiting.clear(),
  };
}

function keyOf({ name, payload }: JobToAdd): string {
  const { queue, deduplicate } = catalog[name];
  return `${queue}/${(deduplicate as (payload: unknown) => string)(payload)}`;
}

export async function runJob(deps: Deps, { name, payload }: JobToAdd): Promise<void> {
  await (jobHandlers[name] as JobHandler<JobName>)(deps, payload, new AbortController().signal);
}
