import type { BoardQueue } from './board.ts';
import { jobTitle } from './board.ts';
import { ADMIN } from './operators.ts';

export interface GroupJob {
  state: string;
  title: string;
  page: string;
  failure: string | null;
}

const STATES = ['active', 'waiting', 'delayed', 'failed'] as const;
const PATIENCE_MS = 1_000;
/** Of each state. A group has few jobs; which of the many are its own only looking tells. */
export const LOOKED_AT = 200;

/** The jobs about a group among the newest failed ones and the next of every other state; null while the queue does not answer. */
export async function jobsOfGroup(queues: readonly BoardQueue[], groupId: string): Promise<GroupJob[] | null> {
  const queue = queues.find(({ name }) => name === 'access');
  if (queue === undefined) return [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  const looked = Promise.all(STATES.map((state) => jobsIn(queue, state, groupId))).then((found) => found.flat());
  return Promise.race([looked, late])
    .catch(() => null)
    .finally(() => clearTimeout(timer));
}

async function jobsIn(queue: BoardQueue, state: (typeof STATES)[number], groupId: string): Promise<GroupJob[]> {
  const jobs = await queue.getJobs([state], 0, LOOKED_AT - 1, state !== 'failed');
  const own = jobs.filter((job) => (job?.data as { accessGroupId?: string } | undefined)?.accessGroupId === groupId);
  return own.map((job) => ({
    state,
    title: jobTitle(job),
    page: `${ADMIN}/queues/queue/access/${encodeURIComponent(job.id ?? '')}`,
    failure: state === 'failed' ? job.failedReason : null,
  }));
}
