import { ConflictError, IntegrationNotConnectedError, InvalidInputError, NotFoundError, ProviderUnavailableError } from '../core/errors.ts';
import { afterEvent } from '../core/integration.ts';
import { manage } from '../core/membership.ts';
import type { ProviderDirectory } from '../ports/lock-vendor.ts';
import type { IntegrationRow, LocationRow, Ref } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record, type After } from './change.ts';
import { turnAll } from './change-memberships.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { noteProblem, providerSession } from './provider-session.ts';
import { saveDirectory } from './save-directory.ts';

export interface SelectSiteInput {
  location: Ref;
  siteExternalId: string;
}

type Refusal = InvalidInputError | NotFoundError | ConflictError | IntegrationNotConnectedError | ProviderUnavailableError;

/**
 * Makes the location CONNECTED and pulls groups, locks and schedules (C4). The site used before is taken up again: its mappings hold and
 * the people we had put there are ours again (C8); another site clears the mappings.
 */
export async function selectSite(deps: Deps, caller: Caller, input: SelectSiteInput): Promise<{ integrationId: string } | Refusal> {
  const { siteExternalId } = input;
  const chosen = await change<Chosen | Refusal>(deps, caller.orgId, (tx) => choose(tx, caller, input));
  if (!('integration' in chosen)) return chosen;
  const pulled = await deps.vendor.directory(providerSession(deps, chosen.integration.id, siteExternalId));
  if (!pulled.ok) {
    if (pulled.problem.kind === 'needs-reauthorization') {
      return new ConflictError('The lock system no longer accepts the sign-in of before. Connect again, then select the site.');
    }
    const retryAt = await noteProblem(deps, caller.orgId, chosen.integration, pulled.problem);
    return new ProviderUnavailableError(retryAt);
  }
  return change<{ integrationId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const again = await choose(tx, caller, input);
    if (!('integration' in again)) return again;
    return hold(deps, tx, after, { caller, ...again, directory: pulled.value });
  });
}

interface Chosen {
  location: LocationRow;
  integration: IntegrationRow;
}

async function choose(tx: Tx, caller: Caller, input: SelectSiteInput): Promise<Chosen | Refusal> {
  const location = await coveredLocation(tx, caller, input.location, 'change');
  if (location === null) return new NotFoundError('No such location.');
  const integration = await tx.integrations.ofLocation(location.id, 'change');
  if (integration === null || integration.status === 'DISCONNECTED') return new IntegrationNotConnectedError();
  if (afterEvent(integration, 'site-selected') === null) {
    const message = integration.siteHeld
      ? 'A site is selected already. Disconnect first to change it.'
      : 'The connection waits for consent. Finish connecting first.';
    return new ConflictError(message);
  }
  const sites = await tx.integrations.sites(integration.id);
  if (!sites.some((site) => site.externalId === input.siteExternalId)) {
    return new InvalidInputError([{ path: ['siteExternalId'], message: 'Must be one of the integration’s availableSites.' }]);
  }
  return { location, integration };
}

async function hold(
  deps: Deps,
  tx: Tx,
  after: After,
  chosen: Chosen & { caller: Caller; directory: ProviderDirectory },
): Promise<{ integrationId: string } | ConflictError> {
  const { location, integration, directory, caller } = chosen;
  const siteExternalId = directory.site.externalId;
  const change = { status: 'CONNECTED' as const, statusBefore: null, siteExternalId, siteHeld: true, disconnectedAt: null };
  const updated = await tx.integrations.update(integration.id, change);
  if (updated === 'site-taken') {
    return new ConflictError('Another connected location uses this site. Disconnect it there first, or select another site.');
  }
  await saveDirectory(tx, after, location, updated, directory);
  const detail = `Site ${directory.site.name} was selected.`;
  await record(tx, after, [{ locationId: location.id, at: tx.now, type: 'SITE_SELECTED', actor: actorOf(caller), detail }]);
  if (integration.siteExternalId !== null && integration.siteExternalId !== siteExternalId) {
    const cleared = await tx.groups.clearMappings(location.id, siteExternalId);
    const bookings = await Promise.all(cleared.resourceIds.map((resourceId) => tx.rights.bookingsOf({ resourceId })));
    const held = await tx.heldRemovals.sources({ locationId: location.id });
    await deriveRights(deps, tx, after, {
      subscriptionIds: [...new Set([...cleared.subscriptionIds, ...held.subscriptionIds])],
      bookingIds: [...new Set([...bookings.flat(), ...held.bookingIds])],
    });
  }
  await adopt(tx, location.id, siteExternalId, integration.id);
  after.jobs.push({ name: 'sweep', payload: {}, at: null });
  return { integrationId: integration.id };
}

/** The memberships of this site's groups are ours again, after a look at each (C8); the sweep queued behind finds them due. */
async function adopt(tx: Tx, locationId: string, siteExternalId: string, integrationId: string): Promise<void> {
  const groups = await tx.groups.ofIntegration(integrationId);
  const here = new Set(groups.filter((group) => group.siteExternalId === siteExternalId).map(({ id }) => id));
  await turnAll(tx, locationId, (membership) => (here.has(membership.accessGroupId) ? manage(membership) : membership));
}
