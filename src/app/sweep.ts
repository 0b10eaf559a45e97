import { HOUR, MINUTE } from '../core/time.ts';
import type { JobToAdd } from '../ports/job-queue.ts';
import type { Deps } from './deps.ts';
import { expireConsents } from './finish-consent.ts';
import { PROVEN_AHEAD_MS } from './prove-group.ts';
import { settleRemovals } from './settle-removals.ts';
import { deliverAt } from './tell-webhooks.ts';

const PAGE = 500;
/** How many pages of what is only tidied one run takes: the next one goes on. */
const PAGES_TIDIED = 20;
/** Longer than any transaction lasts: one that is just extending a right that ends has read it as open. */
const CLOSED_AFTER_MS = 10 * MINUTE;

/**
 * The net under every job: finds what is due, or will be within the horizon, and queues it again. Whatever Redis lost, the rows still say
 * (architecture: the row is the outbox). Bounded pages, so that it stays small however many bookings lie ahead.
 */
export async function sweep(deps: Deps): Promise<{ groups: number; activations: number; keys: number; webhooks: number; closed: number }> {
  const groups = await queueGroups(deps);
  const now = await deps.store.now();
  const overdue = await deps.store.overdueActivations(PAGE);
  const signedIn = await deps.store.signedInActivations(PAGE);
  const keys = await deps.store.keysToRenew(now, PAGE);
  const waiting = await deps.store.integrationsAwaitingSeats(PAGE);
  const unproven = await deps.store.groupsToProve(now + PROVEN_AHEAD_MS, PAGE);
  const left = await deps.store.groupsToLeave(PAGE);
  const webhooks = await deps.store.dueWebhookEndpoints(PAGE);
  await deps.jobs.add([
    ...waiting.map((integrationId): JobToAdd => ({ name: 'follow-seats', payload: { integrationId }, at: null })),
    ...unproven.map((accessGroupId): JobToAdd => ({ name: 'prove', payload: { accessGroupId }, at: null })),
    ...left.map((accessGroupId): JobToAdd => ({ name: 'revoke', payload: { accessGroupId, at: null }, at: null })),
    ...overdue.map((activationId): JobToAdd => ({ name: 'expire-activation', payload: { activationId, at: now }, at: null })),
    ...signedIn.map((activationId): JobToAdd => ({ name: 'activate', payload: { activationId }, at: null })),
    ...keys.map((mobileKeyId): JobToAdd => ({ name: 'renew', payload: { mobileKeyId }, at: null })),
    ...webhooks.map((webhookEndpointId) => deliverAt(webhookEndpointId, null)),
  ]);
  await expireConsents(deps);
  await settleRemovals(deps);
  await inPages(() => deps.store.deleteExpired(PAGE));
  await inPages(() => deps.store.deleteOldWebhooks(PAGE));
  const closed = await inPages(() => deps.store.closeEnded(now - CLOSED_AFTER_MS, PAGE));
  return { groups, activations: overdue.length + signedIn.length, keys: keys.length, webhooks: webhooks.length, closed };
}

async function inPages(take: () => Promise<number>): Promise<number> {
  let all = 0;
  for (let page = 0; page < PAGES_TIDIED; page += 1) {
    const taken = await take();
    all += taken;
    if (taken < PAGE) break;
  }
  return all;
}

async function queueGroups(deps: Deps): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ;) {
    const now = await deps.store.now();
    const page = await deps.store.dueGroups(now + deps.settings.scheduleHorizonMs, after, PAGE);
    const jobs = page.flatMap(({ accessGroupId, at, kind }): JobToAdd[] => {
      if (at <= now) return [{ name: kind, payload: { accessGroupId, at: null }, at: null }];
      const due: JobToAdd = { name: kind, payload: { accessGroupId, at }, at };
      if (kind !== 'grant') return [due];
      return [due, { name: 'prepare', payload: { accessGroupId, at }, at: Math.max(now, at - HOUR) }];
    });
    if (jobs.length > 0) await deps.jobs.add(jobs);
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return count;
    after = last.accessGroupId;
  }
}
