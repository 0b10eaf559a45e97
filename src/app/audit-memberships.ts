import { mayCall } from '../core/integration.ts';
import { compareWithProvider } from '../core/reconcile.ts';
import { MINUTE } from '../core/time.ts';
import type { GroupContext } from '../ports/store.ts';
import type { ProviderAnswer } from '../ports/lock-vendor.ts';
import { change } from './change.ts';
import { connections } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { recomputeRights } from './recompute-rights.ts';
import { settleSteps } from './settle-steps.ts';
import { locationTopic } from './topics.ts';

const LEASE_MS = 2 * MINUTE;

/**
 * Compares the rights with what founds them (whole connections only), and who the lock system holds in each group with what we believe. Whoever was taken out there by hand is put in again, with
 * ACCESS_DRIFT_FOUND; strangers are counted and never touched (C6).
 */
export async function auditMemberships(
  deps: Deps,
  input: { integrationId?: string | undefined; accessGroupId?: string | undefined },
): Promise<{ groups: number; drifted: number }> {
  const groups = input.accessGroupId === undefined ? await auditRights(deps, input.integrationId) : [input.accessGroupId];
  let drifted = 0;
  for (const accessGroupId of groups) drifted += await auditGroup(deps, accessGroupId);
  return { groups: groups.length, drifted };
}

/** The rights of the connections' locations. Answers with their groups. */
async function auditRights(deps: Deps, integrationId: string | undefined): Promise<string[]> {
  const groups: string[] = [];
  for (const { orgId, integrationId: id } of await connections(deps, integrationId)) {
    const found = await deps.store.transaction(orgId, async (tx) => {
      const integration = await tx.integrations.get(id);
      const all = await tx.groups.ofIntegration(id);
      return integration && { integration, groups: all.filter((group) => group.siteExternalId === integration.siteExternalId) };
    });
    if (found === null) continue;
    await recomputeRights(deps, orgId, found.integration.locationId);
    groups.push(...found.groups.map((group) => group.id));
  }
  return groups;
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
  const listed = await listPeople(deps, context);
  if (!listed.ok) {
    if (listed.problem.kind === 'not-found') await deps.store.transaction(orgId, async (tx) => tx.groups.setMissing(group.id, tx.now));
    else await noteProblem(deps, orgId, integration.id, listed.problem);
    return 0;
  }
  await noteAnswer(deps, orgId, integration);
  return settleFound(deps, context, listed.value);
}

/** The platform ids the lock system has in the group. */
export function listPeople(deps: Deps, { group, integration }: GroupContext): Promise<ProviderAnswer<string[]>> {
  return deps.vendor.groupPeople(providerSession(deps, integration.id, group.siteExternalId), group.externalId);
}

/** Stores what the comparison with the list finds. Answers with how many were taken out there by somebody else. */
export async function settleFound(deps: Deps, context: GroupContext, listed: string[]): Promise<number> {
  const { orgId, group, integration } = context;
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
  const found = compareWithProvider(memberships, listed, byPlatformId);
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
