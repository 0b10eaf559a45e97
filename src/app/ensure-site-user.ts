import type { ActivationRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';
import { ensurePeople, type Found } from './ensure-people.ts';
import { providerSession } from './provider-session.ts';

/** The member behind an activation as the provider knows them, created where needed; null when the location is not connected. */
export async function ensureSiteUser(deps: Deps, orgId: string, activation: ActivationRow): Promise<Found | null> {
  const { integration, from } = await deps.store.transaction(orgId, async (tx) => ({
    integration: await tx.integrations.get(activation.integrationId),
    from: tx.now,
  }));
  if (integration?.siteExternalId == null || !integration.siteHeld) return null;
  const session = providerSession(deps, integration.id, integration.siteExternalId);
  const place = { orgId, locationId: activation.locationId };
  const people = await ensurePeople(deps, place, session, [{ memberId: activation.memberId, from }]);
  return people.get(activation.memberId) ?? null;
}
