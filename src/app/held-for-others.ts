import type { ProviderUserRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';

/**
 * The platform ids among these people's that another member should be in the group by: two members may be one person at the provider, where
 * one was removed and told of anew, or where an address went from one to the other. Nobody is taken out whom another right keeps in.
 */
export async function heldForOthers(
  deps: Deps,
  orgId: string,
  connectionId: string,
  accessGroupId: string,
  people: Pick<ProviderUserRow, 'memberId' | 'platformUserId'>[],
): Promise<Set<string>> {
  const ids = people.flatMap(({ platformUserId }) => platformUserId ?? []);
  if (ids.length === 0) return new Set();
  const leaving = new Set(people.map(({ memberId }) => memberId));
  return deps.store.transaction(orgId, async (tx) => {
    const namesakes = (await tx.providerUsers.byPlatformIds(connectionId, ids)).filter(({ memberId }) => !leaving.has(memberId));
    if (namesakes.length === 0) return new Set<string>();
    const memberships = await tx.memberships.ofPairs(namesakes.map(({ memberId }) => ({ memberId, accessGroupId })));
    const wanted = new Set(memberships.filter((membership) => membership.wanted && membership.managed).map(({ memberId }) => memberId));
    return new Set(namesakes.filter(({ memberId }) => wanted.has(memberId)).flatMap(({ platformUserId }) => platformUserId ?? []));
  });
}
