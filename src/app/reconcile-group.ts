import { mayCall } from '../core/integration.ts';
import { SECOND } from '../core/time.ts';
import type { GroupContext } from '../ports/store.ts';
import { beginSteps } from './begin-steps.ts';
import { performSteps } from './perform-steps.ts';
import { settleSteps } from './settle-steps.ts';
import { takeOutLeavers } from './take-out-leavers.ts';
import { noteAnswer, noteProblem } from './provider-session.ts';
import type { Deps } from './deps.ts';

const LEASE_MS = 30 * SECOND;

/**
 * Brings one access group to what it should be now: who is wanted, who is held, the whole difference in as few calls as the provider
 * allows, again until nothing is due. Called twice, late or out of order it does no harm: one run per group holds the claim, and a call
 * that meets it is done, since the holder looks again before it gives the claim back.
 */
export async function reconcileGroup(
  deps: Deps,
  input: { accessGroupId: string },
  signal?: AbortSignal,
): Promise<{ claimed: boolean; steps: number }> {
  const { accessGroupId } = input;
  let steps = 0;
  for (;;) {
    const token = await deps.store.claimGroup(accessGroupId, LEASE_MS);
    if (token === null) return { claimed: steps > 0, steps };
    let more = false;
    const ended = new AbortController();
    const kept = keepClaim(deps, accessGroupId, token, ended.signal);
    try {
      const done = await workOff(deps, accessGroupId, token, signal);
      steps += done.steps;
      more = done.steps > 0 && !done.stopped;
    } finally {
      ended.abort();
      await kept;
      await deps.store.releaseClaim(accessGroupId, token);
    }
    // Something may have fallen due between the last look and giving the claim back.
    if (!more || signal?.aborted === true) break;
  }
  await queueNext(deps, accessGroupId);
  return { claimed: true, steps };
}

/** A round may take longer than the lease: it is renewed beside the work, so that no second run begins meanwhile. */
async function keepClaim(deps: Deps, accessGroupId: string, token: string, ended: AbortSignal): Promise<void> {
  for (;;) {
    await deps.clock.until(deps.clock.now() + LEASE_MS / 3, ended);
    if (ended.aborted || !(await deps.store.renewClaim(accessGroupId, token, LEASE_MS))) return;
  }
}

async function workOff(
  deps: Deps,
  accessGroupId: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<{ steps: number; stopped: boolean }> {
  let steps = 0;
  for (;;) {
    const context = await deps.store.groupOf(accessGroupId);
    if (context === null || !isWorkable(context, await deps.store.now())) return { steps, stopped: true };
    const stuck = await takeOutLeavers(deps, context);
    if (stuck !== null) {
      await noteProblem(deps, context.orgId, context.integration, stuck);
      return { steps, stopped: true };
    }
    const begun = await beginSteps(deps, context);
    if (begun === null) return { steps, stopped: false };
    const performed = await performSteps(deps, context, begun);
    await settleSteps(deps, context, performed.settled);
    steps += performed.settled.length;
    if (performed.problem !== null) {
      await noteProblem(deps, context.orgId, context.integration, performed.problem);
      return { steps, stopped: true };
    }
    await noteAnswer(deps, context.orgId, context.integration);
    if (signal?.aborted === true || !(await deps.store.renewClaim(accessGroupId, token, LEASE_MS))) return { steps, stopped: true };
  }
}

function isWorkable({ integration, group }: GroupContext, now: number): boolean {
  const paused = integration.pausedUntil !== null && integration.pausedUntil > now;
  return mayCall(integration) && !paused && group.siteExternalId === integration.siteExternalId;
}

/** The job for what is due next in the group, within the horizon; what lies beyond is the sweep's to queue. */
async function queueNext(deps: Deps, accessGroupId: string): Promise<void> {
  const context = await deps.store.groupOf(accessGroupId);
  if (context === null || !mayCall(context.integration)) return;
  const now = await deps.store.now();
  const nextDueAt = await deps.store.transaction(context.orgId, (tx) => tx.memberships.nextDueAt(accessGroupId));
  if (nextDueAt === null || nextDueAt > now + deps.settings.scheduleHorizonMs) return;
  const at = Math.max(nextDueAt, now, context.integration.pausedUntil ?? 0);
  await deps.jobs.add([{ name: 'grant', payload: { accessGroupId, at }, at }]);
}
