import { SECOND } from '../core/time.ts';
import { change } from './change.ts';
import { closeSpent } from './close-spent.ts';
import type { Deps } from './deps.ts';
import { judgeRemovals } from './judge-removals.ts';

const PAGE = 500;
/**
 * Longer than imports and audits take, which is seconds: whose change has not been judged by then was cut off, and somebody whom it takes
 * out still gets in. One that takes longer after all is judged in parts.
 */
const CUT_OFF_AFTER_MS = 45 * SECOND;

/** Judges what a change that was cut off has left held, and ends held removals of which time has left nothing. */
export async function settleRemovals(deps: Deps): Promise<void> {
  const now = await deps.store.now();
  for (const { orgId, id, changeId, unjudged } of await deps.store.heldRemovalsDue(now - CUT_OFF_AFTER_MS, PAGE)) {
    await change(deps, orgId, (tx, after) => (unjudged ? judgeRemovals(deps, tx, after, changeId) : closeSpent(tx, after, [id])));
  }
}
