import { Expected, NotFoundError, type IntegrationNotConnectedError, type InvalidInputError } from '../core/errors.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { deriveJudged } from './judge-removals.ts';
import { mappedGroup } from './mapped-group.ts';

export interface SetSubscriptionItemAccessInput {
  subscriptionItem: Ref;
  /** null clears */
  accessGroup: string | null;
}

/** Set, changed or cleared at once, whether the subscription runs or not (S2); too many removals by it are held. */
export async function setSubscriptionItemAccess(
  deps: Deps,
  caller: Caller,
  input: SetSubscriptionItemAccessInput,
): Promise<{ subscriptionItemId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError> {
  type Answer = { subscriptionItemId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError;
  return change<Answer>(deps, caller.orgId, async (tx, after) => {
    const known = await tx.items.find(input.subscriptionItem);
    const parent = known === null ? null : await tx.subscriptions.find({ id: known.subscriptionId });
    const location = parent === null ? null : await coveredLocation(tx, caller, { id: parent.locationId });
    if (known === null || parent === null || location === null) return new NotFoundError('No such subscription item.');
    if (parent.companyId !== null) await tx.lock([{ kind: 'company', id: parent.companyId, mode: 'share' }]);
    await tx.lock([
      { kind: 'location', id: location.id, mode: 'share' },
      { kind: 'subscription', id: parent.id, mode: 'change' },
    ]);
    const group = await mappedGroup(tx, location.id, input.accessGroup);
    if (group instanceof Expected) return group;
    const item = await tx.items.find({ id: known.id });
    if (item === null || item.accessGroupId === group) return { subscriptionItemId: known.id };
    await tx.items.update(item.id, { accessGroupId: group });
    const detail = `Subscription item ${item.externalId} gives ${group === null ? 'no access any more' : 'this access'}.`;
    const activity = {
      locationId: location.id,
      at: tx.now,
      type: 'SETTINGS_CHANGED' as const,
      accessGroupId: group,
      actor: actorOf(caller),
      detail,
    };
    await record(tx, after, [activity]);
    const guard = {
      id: deps.secrets.newId(),
      cause: 'MAPPING' as const,
      detail: `the new mapping of subscription item ${item.externalId}`,
      actor: actorOf(caller),
      startedAt: null,
    };
    await deriveJudged(deps, tx, after, { subscriptionIds: [parent.id], bookingIds: [] }, guard);
    return { subscriptionItemId: item.id };
  });
}
