import type { Instant } from '../core/time.ts';
import type { Deps } from './deps.ts';
import { failActivation } from './fail-activation.ts';

/** An activation that is not done in its time has failed (K4): the net under everything a browser may not come back from. */
export async function expireActivation(deps: Deps, input: { activationId: string; at: Instant }): Promise<void> {
  const orgId = await deps.store.orgOfActivation(input.activationId);
  if (orgId === null) return;
  const activation = await deps.store.transaction(orgId, (tx) => tx.keys.activation(input.activationId));
  if (activation === null || activation.deadline > (await deps.store.now())) return;
  await failActivation(deps, orgId, input.activationId, 'TIMED_OUT');
}
