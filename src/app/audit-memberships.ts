import { mayCall } from '../core/integration.ts';
import type { Membership } from '../core/membership.ts';
import { compareWithProvider } from '../core/reconcile.ts';
import { MINUTE, SECOND } from '../core/time.ts';
import type { StrangerFound } from '../ports/rows.ts';
import type { GroupContext } from '../ports/store.ts';
import type { ProviderAnswer } from '../ports/lock-vendor.ts';
import { auditPeople } from './audit-people.ts';
import { change } from './change.ts';
import { connection, spread } from './connections.ts';
import type { Deps } from './deps.ts';
import { noteStrangers } from './note-strangers.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import type { Settlement } from './perform-steps.ts';
import { queueNext } from './queue-next.ts';
import { recomputeRights } from './recompute-rights.ts';
import { settleSteps } from './settle-steps.ts';
import { locationTopic } from './topics.ts';
import { withGroupClaim } from './with-group-claim.ts';

/** The job of all connections comes every half hour. */
const SPREAD_MS = 20 * MINUTE;
/** A group that is being worked on is compared when that is done. */
const BUSY_AGAIN_MS = 10 * SECOND;

/**
 * Compares the rights with what founds them (whole connections only), and who the lock system holds in each group with what we believe.
 * Whoever was taken out there by hand is put in again, with ACCESS_DRIFT_FOUND; whoever was blocked, suspended or deleted there is known
 * as such; strangers are listed and never touched (C6). Without a connection or group named: a job for each connection.
 */
export async function auditMemberships(
  deps: Deps,
  input: { integrationId?: string | undefined; accessGroupId?: string | undefined },
): Promise<{ groups: number; drifted: number } | { connections: number }> {
  const { integrationId, accessGroupId: named } = input;
  if (integrationId === undefined && named === undefined) return spread(deps, 'audit-memberships', SPREAD_MS);
  const contexts = named === undefined ? await auditRights(deps, integrationId ?? '') : await callable(deps, [named]);
  await auditPeople(deps, contexts, await membershipsOf(deps, contexts));
  let drifted = 0;
  for (const context of contexts) drifted += await auditGroup(deps, context);
  return { groups: contexts.length, drifted };
}

/** The rights of the connection's location. Answers with its groups. */
async function auditRights(deps: Deps, integrationId: string): Promise<GroupContext[]> {
  const chosen = await connection(deps, integrationId);
  if (chosen === null) return [];
  const { orgId } = chosen;
  const found = await deps.store.transaction(orgId, async (tx) => ({
    integration: await tx.integrations.get(integrationId),
    groups: await tx.groups.ofIntegration(integrationId),
  }));
  if (found.integration === null) return [];
  await recomputeRights(deps, orgId, found.integration.locationId);
  return callable(
    deps,
    found.groups.map((group) => group.id),
  );
}

/** Those of a connection that may be called, at the site in use. */
async function callable(deps: Deps, accessGroupIds: string[]): Promise<GroupContext[]> {
  const contexts = await Promise.all(accessGroupIds.map((id) => deps.store.groupOf(id)));
  return contexts
    .filter((context) => context !== null)
    .filter(({ integration, group }) => mayCall(integration) && group.siteExternalId === integration.siteExternalId);
}

async function membershipsOf(deps: Deps, contexts: GroupContext[]): Promise<Map<string, Membership[]>> {
  const pairs = await Promise.all(
    contexts.map(async ({ orgId, group }) => {
      const memberships = await deps.store.transaction(orgId, (tx) => tx.memberships.ofGroup(group.id));
      return [group.id, memberships] as const;
    }),
  );
  return new Map(pairs);
}

/** With the group's claim, so that no step is under way while the two lists are compared. */
async function auditGroup(deps: Deps, context: GroupContext): Promise<number> {
  const accessGroupId = context.group.id;
  const audit = await withGroupClaim(deps, accessGroupId, () => compare(deps, context));
  if (audit === null) {
    const at = (await deps.store.now()) + BUSY_AGAIN_MS;
    await deps.jobs.add([{ name: 'audit-memberships', payload: { accessGroupId }, at }]);
    return 0;
  }
  // Jobs that met the claim meanwhile have ended: whoever holds it looks again.
  await queueNext(deps, accessGroupId);
  return audit.done;
}

async function compare(deps: Deps, context: GroupContext): Promise<number> {
  const { orgId, group, integration } = context;
  const listed = await listPeople(deps, context);
  if (!listed.ok) {
    if (listed.problem.kind === 'not-found') await groupIsGone(deps, context);
    else await noteProblem(deps, orgId, integration, listed.problem);
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
  const { memberships, memberOf } = await deps.store.transaction(orgId, async (tx) => {
    const ours = await tx.memberships.ofGroup(group.id);
    const ids = ours.map(({ memberId }) => memberId);
    const rows = await tx.providerUsers.ofMembers(integration.id, group.siteExternalId, ids);
    const named = rows.flatMap((row) => (row.platformUserId === null ? [] : [[row.platformUserId, row.memberId] as const]));
    return { memberships: ours, memberOf: new Map(named) };
  });
  const found = compareWithProvider(memberships, listed, memberOf);
  await settleSteps(
    deps,
    context,
    found.gone.map((membership): Settlement => ({ membership, step: 'read-back', outcome: { kind: 'not-there' } })),
  );
  await change(deps, orgId, async (tx, after) => {
    const strayed = new Set(found.strayed.map(({ memberId }) => memberId));
    const ours = [...memberOf].flatMap(([platformUserId, memberId]): StrangerFound[] =>
      strayed.has(memberId) && listed.includes(platformUserId) ? [{ platformUserId, memberId }] : [],
    );
    const elsewhere = await tx.providerUsers.byPlatformIds(integration.id, found.strangers);
    const named = new Map(elsewhere.map((row) => [row.platformUserId, row.memberId]));
    const others = found.strangers.map((platformUserId) => ({ platformUserId, memberId: named.get(platformUserId) ?? null }));
    await noteStrangers(tx, after, group, [...ours, ...others]);
    if (found.gone.length > 0) after.jobs.push({ name: 'grant', payload: { accessGroupId: group.id, at: null }, at: null });
  });
  return found.gone.length;
}

/** Whoever was in it can open nothing by it any more. */
async function groupIsGone(deps: Deps, context: GroupContext): Promise<void> {
  const memberships = await deps.store.transaction(context.orgId, (tx) => tx.memberships.ofGroup(context.group.id));
  const why = 'The access group is gone at the lock system.';
  const lost = memberships.filter(({ managed, wanted, state }) => managed && wanted && state === 'ACTIVE');
  await settleSteps(
    deps,
    context,
    lost.map((membership): Settlement => ({ membership, step: 'read-back', outcome: { kind: 'refused', cause: 'GROUP_MISSING', why } })),
  );
  if (lost.length > 0 || context.group.missingSince !== null) return;
  await change(deps, context.orgId, async (tx, after) => {
    await tx.groups.setMissing(context.group.id, tx.now);
    after.announcements.push({ topic: locationTopic(context.group.locationId) });
  });
}
