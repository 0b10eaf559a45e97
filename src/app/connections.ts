import type { Deps } from './deps.ts';

/** The connections that may be called, or the one named if it may. */
export async function connections(deps: Deps, integrationId: string | undefined): Promise<{ orgId: string; integrationId: string }[]> {
  const all = await deps.store.connectedIntegrations();
  return integrationId === undefined ? all : all.filter((connection) => connection.integrationId === integrationId);
}
