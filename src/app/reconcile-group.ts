import { mayCall } from '../core/integration.ts';
import type { GroupContext } from '../ports/store.ts';
import { beginSteps } from './begin-steps.ts';
import { performSteps } from './perform-steps.ts';
import { settleSteps } from './settle-steps.ts';
import { takeOutLeavers } from './take-out-leavers.ts';
import { noteAnswer, noteProblem } from './provider-session.ts';
import type { Deps } from './deps.ts';
import { queueNext } from './queue-next.ts';
import { withGroupClaim } from './with-group-claim.ts';

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
    const run = await withGroupClaim(deps, accessGroupId, (stillHeld) => workOff(deps, accessGroupId, stillHeld, signal));
    if (run === null) return { claimed: steps > 0, steps };
    steps += run.done.steps;
    // Something may have fallen due between the last look and giving the claim back.
    if (run.done.steps === 0 || run.done.stopped || signal?.aborted === true) break;
  }
  await queueNext(deps, accessGroupId);
  return { claimed: true, steps };
}

async function workOff(
  deps: Deps,
  accessGroupId: string,
  stillHeld: () => Promise<boolean>,
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
    if (signal?.aborted === true || !(await stillHeld())) return { steps, stopped: true };
  }
}

function isWorkable({ integration, group }: GroupContext, now: number): boolean {
  const paused = integration.pausedUntil !== null && integration.pausedUntil > now;
  return mayCall(integration) && !paused && group.siteExternalId === integration.siteExternalId;
}
