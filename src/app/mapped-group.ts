import { IntegrationNotConnectedError, InvalidInputError, NotFoundError } from '../core/errors.ts';
import type { Tx } from '../ports/store.ts';

/** The access group something of the location is to be mapped to, also while the connection waits for a new consent; null clears. */
export async function mappedGroup(
  tx: Tx,
  locationId: string,
  accessGroupId: string | null,
): Promise<string | null | NotFoundError | InvalidInputError | IntegrationNotConnectedError> {
  const integration = await tx.integrations.ofLocation(locationId);
  if (integration?.siteHeld !== true) return new IntegrationNotConnectedError();
  if (accessGroupId === null) return null;
  const group = await tx.groups.get(accessGroupId);
  if (group === null) return new NotFoundError('No such access group.');
  if (group.locationId !== locationId || group.siteExternalId !== integration.siteExternalId) {
    return new InvalidInputError([{ path: ['accessGroup'], message: 'Must be an access group of this location’s own site.' }]);
  }
  return group.id;
}
