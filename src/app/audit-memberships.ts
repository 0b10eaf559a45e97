import { mayCall } from '../core/integration.ts';
import { compareWithProvider } from '../core/reconcile.ts';
import { MINUTE } from '../core/time.ts';
import type { GroupContext } from '../ports/store.ts';
import { change } from './change.ts';
import { connection, spread } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { settleSteps } from './settle-steps.ts';
import { locationTopic } from './topics.ts';

const LEASE_MS = 2 * MINUTE;
/** The job of all connections comes every half hour. */
const SPREAD_MS = 20 * MINUTE;

/**
 * Compares who the lock system holds in each group with what we believe. Whoever was taken out there by hand is put in again, with
 * ACCESS_DRIFT_FOUND; strangers are counted and never touched (C6). Without a connection or group named: a job for each connection.
 */
export async function auditMemberships(
  deps: Deps,
  input: { integrationId?: string | undefined; accessGroupId?: string | undefined },
): Promise<{ groups: number; drifted: number } | { connections: number }> {
  const { integrationId, accessGroupId: named } = input;
  if (integrationId === undefined && named === undefined) return spread(deps, 'audit-memberships', SPREAD_MS);
  const groups = named === undefined ? await groupsOf(deps, integrationId ?? '') : [named];
  let drifted = 0;
  for (const accessGroupId of groups) drifted += await auditGroup(deps, accessGroupId);
  return { groups: groups.length, drifted };
}

async function groupsOf(deps: Deps, integrationId: string): Promise<string[]> {
  const chosen = await connection(deps, integrationId);
  if (chosen === null) return [];
  return deps.store.transaction(chosen.orgId, async (tx) => {
    const integration = await tx.integrations.get(integrationId);
    const all = await tx.groups.ofIntegration(integrationId);
    return all.filter((group) => group.siteExternalId === integration?.siteExternalId).map((group) => group.id);
  });
}

/** With the group's claim, so that no step is under way while the two lists are compared. */
async function auditGroup(deps: Deps, accessGroupId: string): Promise<number> {
  const context = await deps.store.groupOf(accessGroupId);
  if (context === null || !mayCall(context.integration)) return 0;
  const token = await deps.store.claimGroup(accessGroupId, LEASE_MS);
  if (token === null) return 0;
  try {
    return await compare(deps, context);
  } finally {
    await deps.store.releaseClaim(accessGroupId, token);
  }
}

async function compare(deps: Deps, context: GroupContext): Promise<number> {
  const { orgId, group, integration } = context;
  const session = providerSession(deps, integration.id, group.siteExternalId);
  const listed = await deps.vendor.groupPeople(session, group.externalId);
  if (!listed.ok) {
    if (listed.problem.kind === 'not-found') await deps.store.transaction(orgId, async (tx) => tx.groups.setMissing(group.id, tx.now));
    else await noteProblem(deps, orgId, integration.id, listed.problem);
    return 0;
  }
  await noteAnswer(deps, orgId, integration);
  const { memberships, people } = await deps.store.transaction(orgId, async (tx) => {
    const ours = await tx.memberships.ofGroup(group.id);
    const rows = await tx.providerUsers.ofMembers(
      integration.id,
      group.siteExternalId,
      ours.map(({ memberId }) => memberId),
    );
    return { memberships: ours, people: rows };
  });
  const byPlatformId = new Map(people.flatMap((row) => (row.platformUserId === null ? [] : [[row.platformUserId, row.memberId] as const])));
  const found = compareWithProvider(memberships, listed.value, byPlatformId);
  await settleSteps(
    deps,
    context,
    found.gone.map((membership) => ({ membership, step: 'read-back', outcome: { kind: 'not-there' } })),
  );
  const strangers = found.strangers.length + found.strayed.length;
  await change(deps, orgId, async (tx, after) => {
    if (strangers !== group.strangers) {
      await tx.groups.setStrangers([{ accessGroupId: group.id, strangers }]);
      after.announcements.push({ topic: locationTopic(group.locationId) });
    }
    if (found.gone.length > 0) after.jobs.push({ name: 'grant', payload: { accessGroupId: group.id, at: null }, at: null });
  });
  return found.gone.length;
}
