import { IntegrationNotConnectedError, NotFoundError, ProviderUnavailableError, type InvalidInputError } from '../core/errors.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { syncDirectory } from './sync-directories.ts';

export interface SyncAccessGroupsInput {
  location: Ref;
}

/** Pulls groups, locks and schedules again, now (C4). */
export async function syncAccessGroups(
  deps: Deps,
  caller: Caller,
  input: SyncAccessGroupsInput,
): Promise<{ integrationId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError | ProviderUnavailableError> {
  const found = await change<{ integrationId: string } | NotFoundError | IntegrationNotConnectedError>(deps, caller.orgId, async (tx) => {
    const location = await coveredLocation(tx, caller, input.location);
    if (location === null) return new NotFoundError('No such location.');
    const integration = await tx.integrations.ofLocation(location.id);
    return integration?.siteHeld === true ? { integrationId: integration.id } : new IntegrationNotConnectedError();
  });
  if (!('integrationId' in found)) return found;
  const synced = await syncDirectory(deps, caller.orgId, found.integrationId);
  return synced.ok ? found : new ProviderUnavailableError(synced.retryAt, synced.message);
}
