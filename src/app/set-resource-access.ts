import { Expected, NotFoundError, type IntegrationNotConnectedError, type InvalidInputError } from '../core/errors.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { deriveJudged } from './judge-removals.ts';
import { mappedGroup } from './mapped-group.ts';

export interface SetResourceAccessInput {
  resource: Ref;
  /** null clears */
  accessGroup: string | null;
}

/**
 * Acts at once on bookings that have not ended (B5), unless that took too many people out of a group: then their removal is held.
 * Subscription items that exist keep theirs (S1).
 */
export async function setResourceAccess(
  deps: Deps,
  caller: Caller,
  input: SetResourceAccessInput,
): Promise<{ resourceId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError> {
  return change(deps, caller.orgId, async (tx, after) => {
    const resource = await tx.resources.find(input.resource, 'change');
    if (resource === null || (await coveredLocation(tx, caller, { id: resource.locationId }, 'share')) === null) {
      return new NotFoundError('No such resource.');
    }
    const group = await mappedGroup(tx, resource.locationId, input.accessGroup);
    if (group instanceof Expected) return group;
    if (group === resource.accessGroupId) return { resourceId: resource.id };
    await tx.resources.update(resource.id, { accessGroupId: group });
    const { locationId, name } = resource;
    const detail = group === null ? `${name} gives no access any more.` : `Bookings of ${name} give this access.`;
    await record(tx, after, [{ locationId, at: tx.now, type: 'SETTINGS_CHANGED', accessGroupId: group, actor: actorOf(caller), detail }]);
    const bookingIds = await tx.rights.bookingsOf({ resourceId: resource.id });
    const guard = {
      id: deps.secrets.newId(),
      cause: 'MAPPING' as const,
      detail: `the new mapping of ${name}`,
      actor: actorOf(caller),
      startedAt: null,
    };
    await deriveJudged(deps, tx, after, { subscriptionIds: [], bookingIds }, guard);
    return { resourceId: resource.id };
  });
}
