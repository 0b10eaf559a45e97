import type { ProviderPerson } from '../ports/lock-vendor.ts';
import type { ProviderUserRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';
import { subscriptionState } from './ensure-people.ts';

/** Stores what the provider says of these people now, by site user id; whoever it shows has settled. */
export async function rememberPeople(
  deps: Deps,
  orgId: string,
  rows: ProviderUserRow[],
  bySiteUser: ReadonlyMap<string, ProviderPerson>,
): Promise<void> {
  const now = await deps.store.now();
  const changes = rows.flatMap((row) => {
    const person = row.siteUserId === null ? undefined : bySiteUser.get(row.siteUserId);
    if (person === undefined) return [];
    const { blocked } = person;
    const state = subscriptionState(person);
    const isSame = row.subscriptionState === state && row.blocked === blocked && row.settledAt !== null;
    return isSame ? [] : [{ id: row.id, subscriptionState: state, blocked, settledAt: row.settledAt ?? now }];
  });
  if (changes.length > 0) await deps.store.transaction(orgId, (tx) => tx.providerUsers.update(changes));
}
