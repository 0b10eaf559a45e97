import { MINUTE } from '../core/time.ts';
import { change } from './change.ts';
import { closeSpent } from './close-spent.ts';
import type { Deps } from './deps.ts';
import { judgeRemovals } from './judge-removals.ts';

const PAGE = 500;
/** Longer than any import or audit takes: whose change has not been judged by then was cut off. */
const CUT_OFF_AFTER_MS = 15 * MINUTE;

/** Judges what a change that was cut off has left held, and ends held removals of which time has left nothing. */
export async function settleRemovals(deps: Deps): Promise<void> {
  const now = await deps.store.now();
  for (const { orgId, id, changeId, unjudged } of await deps.store.heldRemovalsDue(now - CUT_OFF_AFTER_MS, PAGE)) {
    await change(deps, orgId, (tx, after) => (unjudged ? judgeRemovals(deps, tx, after, changeId) : closeSpent(tx, after, [id])));
  }
}
