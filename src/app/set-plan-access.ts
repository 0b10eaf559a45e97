import { Expected, NotFoundError, type IntegrationNotConnectedError, type InvalidInputError } from '../core/errors.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { mappedGroup } from './mapped-group.ts';

export interface SetPlanAccessInput {
  plan: Ref;
  /** null clears */
  accessGroup: string | null;
}

/** The default of future subscription items; items that exist keep theirs (S1). */
export async function setPlanAccess(
  deps: Deps,
  caller: Caller,
  input: SetPlanAccessInput,
): Promise<{ planId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError> {
  return change(deps, caller.orgId, async (tx, after) => {
    const plan = await tx.plans.find(input.plan, 'change');
    if (plan === null || (await coveredLocation(tx, caller, { id: plan.locationId })) === null) return new NotFoundError('No such plan.');
    const group = await mappedGroup(tx, plan.locationId, input.accessGroup);
    if (group instanceof Expected) return group;
    if (group === plan.accessGroupId) return { planId: plan.id };
    await tx.plans.update(plan.id, { accessGroupId: group });
    const detail =
      group === null ? `Plan ${plan.name} gives no access any more.` : `Plan ${plan.name} gives future subscriptions this access.`;
    const { locationId } = plan;
    await record(tx, after, [{ locationId, at: tx.now, type: 'SETTINGS_CHANGED', accessGroupId: group, actor: actorOf(caller), detail }]);
    return { planId: plan.id };
  });
}
