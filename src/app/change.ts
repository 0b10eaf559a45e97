import { Expected } from '../core/errors.ts';
import type { Announcement } from '../ports/feed.ts';
import type { JobToAdd } from '../ports/job-queue.ts';
import type { NewActivity } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { tellWebhooks } from './tell-webhooks.ts';
import { activityTopic } from './topics.ts';

/** What follows a commit: the fast lane. Whatever of it is lost, the rows say the same. */
export interface After {
  jobs: JobToAdd[];
  announcements: Announcement[];
}

/**
 * One transaction of one organisation, and then what follows from it. Work that answers with an expected error changes nothing.
 * It may run more than once: it must act on nothing but `tx` and `after`.
 */
export async function change<T>(deps: Deps, orgId: string, work: (tx: Tx, after: After) => Promise<T>): Promise<T> {
  try {
    const { answer, after } = await deps.store.transaction(orgId, async (tx) => {
      const following: After = { jobs: [], announcements: [] };
      const value = await work(tx, following);
      if (value instanceof Expected) throw new Refused(value);
      return { answer: value, after: following };
    });
    await follow(deps, after);
    return answer;
  } catch (error) {
    if (error instanceof Refused) return error.answer as T;
    throw error;
  }
}

/** Sends what follows a commit. Neither can fail the change: it is stored. */
async function follow(deps: Deps, after: After): Promise<void> {
  await Promise.all([
    after.announcements.length === 0 ? undefined : deps.feed.announce(merged(after.announcements)),
    after.jobs.length === 0 ? undefined : deps.jobs.add(distinct(after.jobs)),
  ]);
}

/**
 * Writes activity rows in the transaction, with the messages to whoever wants to know, and announces them and `topics` once it is
 * committed. Answers with the ids of those written.
 */
export async function record(tx: Tx, after: After, rows: NewActivity[], topics: string[] = []): Promise<string[]> {
  for (const topic of topics) after.announcements.push({ topic });
  if (rows.length === 0) return [];
  const written = await tx.activity.add(rows);
  after.jobs.push(...(await tellWebhooks(tx, rows, written)));
  const ids = written.filter((id) => id !== null);
  const locationId = rows[0]?.locationId;
  if (locationId !== undefined && ids.length > 0) after.announcements.push({ topic: activityTopic(locationId), ids });
  return ids;
}

function merged(announcements: Announcement[]): Announcement[] {
  const byTopic = new Map<string, Announcement>();
  for (const { topic, ids } of announcements) {
    const known = byTopic.get(topic);
    const all = [...(known?.ids ?? []), ...(ids ?? [])];
    byTopic.set(topic, all.length === 0 ? { topic } : { topic, ids: all });
  }
  return [...byTopic.values()];
}

function distinct(jobs: JobToAdd[]): JobToAdd[] {
  return [...new Map(jobs.map((job) => [JSON.stringify([job.name, job.payload]), job])).values()];
}

/** Carries an expected error out of a transaction, so that it is rolled back. */
class Refused extends Error {
  readonly answer: Expected;

  constructor(answer: Expected) {
    super(answer.message);
    this.answer = answer;
  }
}
