import { MINUTE, SECOND } from '../core/time.ts';
import type { DoorEntry } from '../ports/lock-vendor.ts';
import type { IntegrationRow, NewActivity } from '../ports/rows.ts';
import { change, record } from './change.ts';
import { connection, spread } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';

const AT_A_TIME = 200;
/** The log tells whole seconds, in no order within one, and of some events late: what came before the last one seen is read again. */
const READ_AGAIN_MS = 5 * MINUTE;

/** The job of all connections comes every half minute. */
const SPREAD_MS = 20 * SECOND;

/**
 * Reads the provider's door log from where it was left, and adds its events to the activity, each once (K5). Without a connection named:
 * a job for each.
 */
export async function followEntries(
  deps: Deps,
  input: { integrationId?: string | undefined },
): Promise<{ entries: number } | { connections: number }> {
  if (input.integrationId === undefined) return spread(deps, 'follow-entries', SPREAD_MS);
  const chosen = await connection(deps, input.integrationId);
  return { entries: chosen === null ? 0 : await followOne(deps, chosen.orgId, chosen.integrationId) };
}

async function followOne(deps: Deps, orgId: string, integrationId: string): Promise<number> {
  let entries = 0;
  for (let last: DoorEntry | undefined; ;) {
    const integration = await deps.store.transaction(orgId, (tx) => tx.integrations.get(integrationId));
    if (integration?.siteExternalId == null || !integration.siteHeld) return entries;
    const cursor = last ?? (await firstCursor(deps, integration));
    const session = providerSession(deps, integrationId, integration.siteExternalId);
    const page = await deps.vendor.entriesAfter(session, cursor, AT_A_TIME);
    if (!page.ok) {
      await noteProblem(deps, orgId, integration, page.problem);
      return entries;
    }
    await noteAnswer(deps, orgId, integration);
    if (page.value.length === 0) return entries;
    entries += await store(deps, orgId, integration, page.value);
    last = page.value.at(-1);
    if (page.value.length < AT_A_TIME) return entries;
  }
}

/** What happened before the second of the connection is not ours to tell. */
async function firstCursor(
  deps: Deps,
  { entriesCursorAt, connectedAt }: IntegrationRow,
): Promise<{ at: number; externalId: string | null }> {
  const since = Math.floor((connectedAt ?? (await deps.store.now())) / SECOND) * SECOND;
  return { at: entriesCursorAt === null ? since : Math.max(since, entriesCursorAt - READ_AGAIN_MS), externalId: null };
}

/** Answers with how many of them had not been told before. */
async function store(deps: Deps, orgId: string, integration: IntegrationRow, entries: DoorEntry[]): Promise<number> {
  return change(deps, orgId, async (tx, after) => {
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
    const written = await record(tx, after, rows);
    const last = entries.at(-1);
    if (last !== undefined) await tx.integrations.update(integration.id, { entriesCursorAt: last.at, entriesCursorId: last.externalId });
    return written.length;
  });
}

function sentence(entry: DoorEntry): string {
  const door = entry.lockName ?? 'A door';
  const by = entry.by === null ? '' : ` by ${entry.by.replaceAll('_', ' ')}`;
  if (entry.opened) return `${door} was opened${by}.`;
  return `${door} stayed closed${by}${entry.reason === null ? '' : `: ${entry.reason.replaceAll('_', ' ')}`}.`;
}
