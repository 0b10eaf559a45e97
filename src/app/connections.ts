import type { JobToAdd } from '../ports/job-queue.ts';
import type { Connected } from '../ports/store.ts';
import type { Deps } from './deps.ts';

const PAGE = 500;

/** The connection, if it may be called. */
export async function connection(deps: Deps, integrationId: string): Promise<Connected | null> {
  const [found] = await deps.store.connectedIntegrations({ id: integrationId });
  return found ?? null;
}

/** Where there are few, each is looked at soon: after a restored backup the first look is what makes everything right. */
const APART_AT_MOST_MS = 5_000;

/**
 * One job for each connection that may be called, spread evenly over `overMs` at most: with hundreds of locations neither one process nor
 * one instant has all of the work, and an audit of one does not wait for the audits of the others.
 */
export async function spread(
  deps: Deps,
  name: 'sync-directory' | 'audit-memberships' | 'follow-entries',
  overMs: number,
): Promise<{ connections: number }> {
  const all: Connected[] = [];
  for (let after: string | null = null; ;) {
    const page = await deps.store.connectedIntegrations({ after, limit: PAGE });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last.integrationId;
  }
  const now = await deps.store.now();
  const apartMs = Math.min(APART_AT_MOST_MS, overMs / all.length);
  const jobs = all.map(({ integrationId }, index): JobToAdd => ({
    name,
    payload: { integrationId, scheduled: true },
    at: index === 0 ? null : now + Math.floor(index * apartMs),
  }));
  if (jobs.length > 0) await deps.jobs.add(jobs);
  return { connections: all.length };
}
