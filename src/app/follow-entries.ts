import type { DoorEntry } from '../ports/lock-vendor.ts';
import type { IntegrationRow, NewActivity } from '../ports/rows.ts';
import { change, record } from './change.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';

const AT_A_TIME = 200;

/** Reads the provider's door log from where it was left, and adds its events to the activity, each once (K5). */
export async function followEntries(deps: Deps, input: { integrationId?: string | undefined }): Promise<{ entries: number }> {
  const connected = await deps.store.connectedIntegrations();
  const chosen = connected.filter(({ integrationId }) => input.integrationId === undefined || integrationId === input.integrationId);
  const counts = await Promise.all(chosen.map(({ orgId, integrationId }) => followOne(deps, orgId, integrationId)));
  return { entries: counts.reduce((sum, count) => sum + count, 0) };
}

async function followOne(deps: Deps, orgId: string, integrationId: string): Promise<number> {
  let entries = 0;
  for (;;) {
    const integration = await deps.store.transaction(orgId, (tx) => tx.integrations.get(integrationId));
    if (integration?.siteExternalId == null || !integration.siteHeld) return entries;
    // What happened before the connection is not ours to tell.
    const cursor = { at: integration.entriesCursorAt ?? integration.connectedAt ?? (await deps.store.now()), externalId: integration.entriesCursorId };
    const session = providerSession(deps, integrationId, integration.siteExternalId);
    const page = await deps.vendor.entriesAfter(session, cursor, AT_A_TIME);
    if (!page.ok) {
      await noteProblem(deps, orgId, integrationId, page.problem);
      return entries;
    }
    await noteAnswer(deps, orgId, integration);
    if (page.value.length === 0) return entries;
    await store(deps, orgId, integration, page.value);
    entries += page.value.length;
    if (page.value.length < AT_A_TIME) return entries;
  }
}

async function store(deps: Deps, orgId: string, integration: IntegrationRow, entries: DoorEntry[]): Promise<void> {
  await change(deps, orgId, async (tx, after) => {
    const platformIds = [...new Set(entries.flatMap(({ platformUserId }) => platformUserId ?? []))];
    const people = await tx.providerUsers.byPlatformIds(integration.id, platformIds);
    const memberOf = new Map(people.map((row) => [row.platformUserId, row.memberId]));
    const rows = entries.map((entry): NewActivity => ({
      locationId: integration.locationId,
      at: entry.at,
      type: 'UNLOCK_REPORTED',
      memberId: entry.platformUserId === null ? null : (memberOf.get(entry.platformUserId) ?? null),
      actor: 'lock',
      detail: sentence(entry),
      onceKey: `entry:${entry.externalId}`,
    }));
    await record(tx, after, rows);
    const last = entries.at(-1);
    if (last !== undefined) await tx.integrations.update(integration.id, { entriesCursorAt: last.at, entriesCursorId: last.externalId });
  });
}

function sentence(entry: DoorEntry): string {
  const door = entry.lockName ?? 'A door';
  const by = entry.by === null ? '' : ` by ${entry.by.replaceAll('_', ' ')}`;
  if (entry.opened) return `${door} was opened${by}.`;
  return `${door} stayed closed${by}${entry.reason === null ? '' : `: ${entry.reason.replaceAll('_', ' ')}`}.`;
}
