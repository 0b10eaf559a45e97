import { guardedDiff } from '../core/guard.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import type { FactsScope, Tx } from '../ports/store.ts';
import { change, record, type After } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { judgeRemovals } from './judge-removals.ts';

const PAGE = 200;

/**
 * The net under every change of facts: looks whether the rights at the location are what its bookings and subscriptions found, and mends
 * what is off, with ACCESS_DRIFT_FOUND (domain §Rights). Bounded pages, and no lock where nothing is off. Too many removals by it are held.
 * Answers with how many people's access to a group was off.
 */
export async function recomputeRights(deps: Deps, orgId: string, locationId: string): Promise<number> {
  const startedAt = await deps.store.now();
  const guard: GuardedChange = { id: deps.secrets.newId(), cause: 'AUDIT', detail: 'the audit of rights', actor: 'system', startedAt };
  let mended = 0;
  for (const kind of ['subscription', 'booking'] as const) {
    for (let last: string | null = null; ;) {
      const from: string | null = last;
      const page: Page = await deps.store.transaction(orgId, (tx) => look(tx, locationId, kind, from));
      if (page.off !== null) {
        const { off } = page;
        mended += await change(deps, orgId, (tx, after) => mend(deps, tx, after, { locationId, scope: off, guard }));
      }
      if (page.ids.length < PAGE) break;
      last = page.ids.at(-1) ?? null;
    }
  }
  if (mended === 0) return 0;
  await change(deps, orgId, async (tx, after) => {
    const detail = `The audit found ${mended} accesses that were not as bookings and subscriptions give them, and took them in hand.`;
    await record(tx, after, [{ locationId, at: tx.now, type: 'ACCESS_DRIFT_FOUND', actor: 'system', detail }]);
    await judgeRemovals(deps, tx, after, guard.id);
  });
  return mended;
}

interface Page {
  ids: string[];
  /** the page again, where something of it is off */
  off: FactsScope | null;
}

async function look(tx: Tx, locationId: string, kind: 'subscription' | 'booking', after: string | null): Promise<Page> {
  const ids = await tx.rights.sourcesAt(locationId, kind, { after, limit: PAGE });
  if (ids.length === 0) return { ids, off: null };
  const scope = kind === 'subscription' ? { subscriptionIds: ids, bookingIds: [] } : { subscriptionIds: [], bookingIds: ids };
  const { lift, hold, diff } = guardedDiff(await tx.rights.facts(scope), await tx.rights.openOf(scope), tx.now, true);
  const found = [lift, hold, diff.close, diff.withdraw, diff.move, diff.add].some((part) => part.length > 0);
  return { ids, off: found ? scope : null };
}

interface Mending {
  locationId: string;
  scope: FactsScope;
  guard: GuardedChange;
}

/** With the locks of whoever changes these facts: what looked off may only have been on its way. */
async function mend(deps: Deps, tx: Tx, after: After, { locationId, scope, guard }: Mending): Promise<number> {
  const companies = (await tx.subscriptions.byIds(scope.subscriptionIds)).flatMap(({ companyId }) => companyId ?? []);
  const before = await tx.bookings.byIds(scope.bookingIds);
  const resources = [...new Set(before.map(({ resourceId }) => resourceId))];
  const share = (kind: 'company' | 'resource' | 'location' | 'subscription' | 'booking', ids: string[]) =>
    ids.map((id) => ({ kind, id, mode: 'share' as const }));
  await tx.lock([
    ...share('company', [...new Set(companies)]),
    ...share('resource', resources),
    ...share('location', [locationId]),
    ...share('subscription', scope.subscriptionIds),
    ...share('booking', scope.bookingIds),
  ]);
  // One that was just moved to another resource is not covered by these locks: it is the next audit's.
  const moved = new Set(
    (await tx.bookings.byIds(scope.bookingIds)).filter(({ resourceId }) => !resources.includes(resourceId)).map(({ id }) => id),
  );
  return deriveRights(deps, tx, after, { ...scope, bookingIds: scope.bookingIds.filter((id) => !moved.has(id)) }, guard);
}
