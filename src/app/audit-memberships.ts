import { mayCall } from '../core/integration.ts';
import { compareWithProvider } from '../core/reconcile.ts';
import type { GroupContext } from '../ports/store.ts';
import { change } from './change.ts';
import { connections } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { queueNext } from './queue-next.ts';
import { settleSteps } from './settle-steps.ts';
import { locationTopic } from './topics.ts';
import { withGroupClaim } from './with-group-claim.ts';

/**
 * Compares who the lock system holds in each group with what we believe. Whoever was taken out there by hand is put in again, with
 * ACCESS_DRIFT_FOUND; strangers are counted and never touched (C6).
 */
export async function auditMemberships(
  deps: Deps,
  input: { integrationId?: string | undefined; accessGroupId?: string | undefined },
): Promise<{ groups: number; drifted: number }> {
  const groups = input.accessGroupId === undefined ? await groupsOf(deps, input.integrationId) : [input.accessGroupId];
  let drifted = 0;
  for (const accessGroupId of groups) drifted += await auditGroup(deps, accessGroupId);
  return { groups: groups.length, drifted };
}

async function groupsOf(deps: Deps, integrationId: string | undefined): Promise<string[]> {
  const chosen = await connections(deps, integrationId);
  const groups = await Promise.all(
    chosen.map(({ orgId, integrationId: id }) =>
      deps.store.transaction(orgId, async (tx) => {
        const integration = await tx.integrations.get(id);
        const all = await tx.groups.ofIntegration(id);
        return all.filter((group) => group.siteExternalId === integration?.siteExternalId).map((group) => group.id);
      }),
    ),
  );
  return groups.flat();
}

/** With the group's claim, so that no step is under way while the two lists are compared. */
async function auditGroup(deps: Deps, accessGroupId: string): Promise<number> {
  const context = await deps.store.groupOf(accessGroupId);
  if (context === null || !mayCall(context.integration)) return 0;
  const audit = await withGroupClaim(deps, accessGroupId, () => compare(deps, context));
  if (audit === null) return 0;
  // Jobs that met the claim meanwhile have ended: whoever holds it looks again.
  await queueNext(deps, accessGroupId);
  return audit.done;
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
