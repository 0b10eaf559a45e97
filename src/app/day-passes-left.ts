import { passesLeft } from '../core/day-passes.ts';
import { localDay, monthOf } from '../core/time.ts';
import type { Deps } from './deps.ts';

/** This month's passes left in the pool each subscription belongs to, by subscription id (domain §Day passes). */
export async function dayPassesLeft(deps: Deps, orgId: string, subscriptionIds: string[]): Promise<Map<string, number>> {
  return deps.store.transaction(orgId, async (tx) => {
    const left = new Map<string, number>();
    for (const pool of await tx.dayPasses.poolsOf(subscriptionIds)) {
      const month = monthOf(localDay(tx.now, pool.zone));
      const passes = passesLeft(pool.subscriptions, pool.zone, pool.usedByMonth.get(month) ?? 0, tx.now);
      for (const id of pool.subscriptionIds) left.set(id, passes);
    }
    return left;
  });
}
