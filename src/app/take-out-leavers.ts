import { MINUTE } from '../core/time.ts';
import type { ProviderProblem } from '../ports/lock-vendor.ts';
import type { GroupContext } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { heldForOthers } from './held-for-others.ts';
import { providerSession } from './provider-session.ts';

const AT_A_TIME = 200;
const AGAIN_AFTER_MS = MINUTE;

/**
 * Takes out of the group the people whom members were before their addresses changed. Under the group's claim: a grant of the former person
 * that was under way while the address changed is over by then, and is undone here.
 */
export async function takeOutLeavers(deps: Deps, context: GroupContext): Promise<ProviderProblem | null> {
  const { orgId, group, integration } = context;
  const leavers = await deps.store.transaction(orgId, (tx) => tx.providerUsers.leavers(group.id, AT_A_TIME));
  if (leavers.length === 0) return null;
  const kept = await heldForOthers(deps, orgId, integration.id, group.id, leavers);
  const remove = leavers.filter(({ platformUserId }) => !kept.has(platformUserId));
  const session = providerSession(deps, integration.id, group.siteExternalId);
  const change = { add: [], remove };
  const { outcomes, problem } =
    remove.length === 0
      ? { outcomes: new Map<string, { kind: string }>(), problem: null }
      : await deps.vendor.changeGroup(session, group.externalId, change, await deps.store.now());
  const isOut = ({ platformUserId }: { platformUserId: string }): boolean =>
    kept.has(platformUserId) || outcomes.get(platformUserId)?.kind === 'done';
  await deps.store.transaction(orgId, async (tx) => {
    await tx.providerUsers.left(leavers.filter(isOut).map(({ id }) => id));
    // What kept the call from being made puts off everything there; what was refused of one person is asked again later.
    const staying = problem === null ? leavers.filter((leaver) => !isOut(leaver)).map(({ id }) => id) : [];
    await tx.providerUsers.leaveLater(staying, tx.now + AGAIN_AFTER_MS);
  });
  return problem;
}
