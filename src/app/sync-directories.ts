import { MINUTE, type Instant } from '../core/time.ts';
import { change } from './change.ts';
import { connection, spread } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { saveDirectory } from './save-directory.ts';

/** The job of all connections comes every quarter of an hour. */
const SPREAD_MS = 10 * MINUTE;

/** One connection's directory; without one named, a job for each. */
export async function syncDirectories(
  deps: Deps,
  input: { integrationId?: string | undefined },
): Promise<{ synced: boolean } | { connections: number }> {
  if (input.integrationId === undefined) return spread(deps, 'sync-directory', SPREAD_MS);
  const chosen = await connection(deps, input.integrationId);
  return { synced: chosen !== null && (await syncDirectory(deps, chosen.orgId, chosen.integrationId)).ok };
}

export type SyncResult = { ok: true } | { ok: false; retryAt: Instant | null; message: string };

export async function syncDirectory(deps: Deps, orgId: string, integrationId: string): Promise<SyncResult> {
  const integration = await deps.store.transaction(orgId, (tx) => tx.integrations.get(integrationId));
  if (integration?.siteExternalId == null) return { ok: false, retryAt: null, message: 'No site is selected.' };
  const pulled = await deps.vendor.directory(providerSession(deps, integrationId, integration.siteExternalId));
  if (!pulled.ok) {
    const retryAt = await noteProblem(deps, orgId, integration, pulled.problem);
    const message =
      pulled.problem.kind === 'needs-reauthorization'
        ? 'The lock system no longer accepts this connection. Connect again.'
        : 'The lock system does not answer at the moment. Try again in a while.';
    return { ok: false, retryAt, message };
  }
  await noteAnswer(deps, orgId, integration);
  await change(deps, orgId, async (tx, after) => {
    const stored = await tx.integrations.get(integrationId, 'change');
    if (stored?.siteHeld !== true || stored.siteExternalId !== pulled.value.site.externalId) return;
    const location = await tx.locations.find({ id: stored.locationId });
    if (location !== null) await saveDirectory(tx, after, location, stored, pulled.value);
  });
  return { ok: true };
}
