import { IntegrationNotConnectedError, InvalidInputError, NotFoundError } from '../core/errors.ts';
import type { IntegrationRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';

/** Whether access can be arranged there: also while the connection waits for a new consent. */
export const isConnected = (integration: IntegrationRow | null): integration is IntegrationRow =>
  integration !== null && (integration.siteHeld || integration.status === 'CONNECTED');

/** The access group something of the location is to be mapped to; null clears the mapping and asks nothing of the integration's state. */
export async function mappedGroup(
  tx: Tx,
  locationId: string,
  accessGroupId: string | null,
): Promise<string | null | NotFoundError | InvalidInputError | IntegrationNotConnectedError> {
  const integration = await tx.integrations.ofLocation(locationId);
  if (!isConnected(integration)) return new IntegrationNotConnectedError();
  if (accessGroupId === null) return null;
  const group = await tx.groups.get(accessGroupId);
  if (group === null) return new NotFoundError('No such access group.');
  if (group.locationId !== locationId || group.siteExternalId !== integration.siteExternalId) {
    return new InvalidInputError([{ path: ['accessGroup'], message: 'Must be an access group of this location’s own site.' }]);
  }
  return group.id;
}
