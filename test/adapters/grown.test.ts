import { afterAll, beforeAll, expect, test } from 'vitest';
import { coverage } from '../../src/core/coverage.ts';
import { applyCoverage, dueAt } from '../../src/core/membership.ts';
import { diffRights, rightsFromFacts } from '../../src/core/rights.ts';
import { grown, type Grown } from './grown.ts';

let world: Grown;
beforeAll(async () => {
  world = await grown({ locations: 10, groupsPerLocation: 6, members: 4_000, rights: 20_000, ahead: 1_000 });
});
afterAll(() => world.close());

test('what is generated is what the product would have derived: nothing to add, to move, to withdraw, to turn', async () => {
  const locations = await world.sql<{ id: string }>('select id from location');
  let rights = 0;
  for (const { id } of locations) {
    await world.store.transaction(world.org, async (tx) => {
      const [subscriptions, bookings] = await Promise.all(
        ['member_subscription', 'booking'].map((table) =>
          world.sql<{ id: string }>(`select id from ${table} where "locationId" = $1`, [id]),
        ),
      );
      const scope = { subscriptionIds: subscriptions!.map((row) => row.id), bookingIds: bookings!.map((row) => row.id) };
      const founded = rightsFromFacts(await tx.rights.facts(scope), tx.now);
      const open = await tx.rights.openOf(scope);
      expect(diffRights(founded, open, tx.now)).toEqual({ close: [], withdraw: [], move: [], add: [] });
      rights += open.length;
      const memberships = await tx.memberships.ofLocation(id, { after: null, limit: 10_000 });
      const windows = await tx.rights.windows(memberships);
      const turned = memberships.filter((membership) => {
        const key = `${membership.memberId}/${membership.accessGroupId}`;
        return applyCoverage(membership, coverage(windows.get(key) ?? [], tx.now)) !== membership;
      });
      expect(turned).toEqual([]);
      const due = new Map(
        (await world.sql<{ id: string; at: Date | null }>('select id, "dueAt" as at from group_membership')).map((row) => [row.id, row.at]),
      );
      expect(memberships.filter((membership) => (due.get(membership.id)?.getTime() ?? null) !== dueAt(membership))).toEqual([]);
    });
  }
  const [counted] = await world.sql<{ open: number; all: number }>(
    `select count(*) filter (where "closedAt" is null)::int as open, count(*)::int as all from access_right`,
  );
  expect(counted?.open).toBe(rights);
  expect(counted?.open).toBeLessThan((counted?.all ?? 0) / 3);
});
