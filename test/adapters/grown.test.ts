import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverage } from '../../src/core/coverage.ts';
import { applyCoverage, dueAt } from '../../src/core/membership.ts';
import { diffRights, rightsFromFacts } from '../../src/core/rights.ts';
import type { Tx } from '../../src/ports/store.ts';
import { grown, type Grown } from './grown.ts';
import { ofTheLists, ofTheSweep, ofTheVerbs, ofTheWorkers, subjectOf, type Subject, type Work } from './hot-work.ts';

// An operator two years old, small enough for a test and large enough that no plan may read a table from end to end.

let world: Grown;
let subject: Subject;
beforeAll(async () => {
  world = await grown({ locations: 10, groupsPerLocation: 6, members: 4_000, rights: 20_000, ahead: 1_000 });
  subject = await subjectOf(world);
});
afterAll(() => world.close());

describe('what is generated is what the product would have left', () => {
  const inEachLocation = async (look: (tx: Tx, locationId: string) => Promise<void>): Promise<void> => {
    for (const { id } of await world.sql<{ id: string }>('select id from location')) {
      await world.store.transaction(world.org, (tx) => look(tx, id));
    }
  };
  const idsOf = async (table: string, locationId: string): Promise<string[]> =>
    (await world.sql<{ id: string }>(`select id from ${table} where "locationId" = $1`, [locationId])).map(({ id }) => id);

  test('rights as the facts found them: nothing to add, to move or to withdraw; most are over and closed', async () => {
    let open = 0;
    await inEachLocation(async (tx, locationId) => {
      const scope = {
        subscriptionIds: await idsOf('member_subscription', locationId),
        bookingIds: await idsOf('booking', locationId),
      };
      const rights = await tx.rights.openOf(scope);
      expect(diffRights(rightsFromFacts(await tx.rights.facts(scope), tx.now), rights, tx.now)).toEqual({
        ...{ close: [], withdraw: [], move: [], add: [] },
      });
      open += rights.length;
    });
    const [counted] = await world.sql<{ open: number; all: number }>(
      'select count(*) filter (where "closedAt" is null)::int as open, count(*)::int as all from access_right',
    );
    expect(counted?.open).toBe(open);
    expect(open).toBeLessThan((counted?.all ?? 0) / 3);
  });

  test('memberships as the rights amount to: nobody to turn, everybody due when they should be', async () => {
    const due = await world.sql<{ id: string; at: Date | null }>('select id, "dueAt" as at from group_membership');
    const dueOf = new Map(due.map(({ id, at }) => [id, at?.getTime() ?? null]));
    await inEachLocation(async (tx, locationId) => {
      const memberships = await tx.memberships.ofLocation(locationId, { after: null, limit: 10_000 });
      const windows = await tx.rights.windows(memberships);
      const other = memberships.filter((membership) => {
        const key = `${membership.memberId}/${membership.accessGroupId}`;
        const next = applyCoverage(membership, coverage(windows.get(key) ?? [], tx.now));
        return next !== membership || dueOf.get(membership.id) !== dueAt(membership);
      });
      expect(other).toEqual([]);
    });
  });
});

/** Rows and index entries looked at beside those answered, and pages: a page of a list or of the sweep, or what one person has, fits. */
const BOUND = { looked: 150, pages: 400 };

async function excessive(work: Work[]): Promise<string[]> {
  const found: string[] = [];
  let statements = 0;
  for (const { name, run } of work) {
    for (const { text, answered, looked, pages, whole } of await world.explained(run)) {
      statements += 1;
      if (looked - 2 * answered <= BOUND.looked && pages <= BOUND.pages && whole.length === 0) continue;
      found.push(`${name}: ${looked} rows, ${pages} pages, reads all of [${whole.join(', ')}]: ${text}`);
    }
  }
  expect(statements).toBeGreaterThanOrEqual(work.length);
  return found;
}

describe('no statement reads more as the years go by', () => {
  test('the sweep and its tidying', async () => {
    // Left open by a sweep that was out for a while.
    await world.sql(`
      update access_right set "closedAt" = null where id in (
        select id from access_right where "endsAt" < now() - interval '1 day' and "withdrawnAt" is null limit 60)`);
    expect(await excessive(ofTheSweep(world))).toEqual([]);
  });

  test('the runs of groups, the audits and the door log', async () => {
    expect(await excessive(ofTheWorkers(world, subject))).toEqual([]);
  });

  test('the lists, first pages and pages far down', async () => {
    expect(await excessive(ofTheLists(world, subject))).toEqual([]);
  });

  test('what the booking platform tells, and what people are told', async () => {
    expect(await excessive(ofTheVerbs(world, subject))).toEqual([]);
  });

  test('one that did would be found', async () => {
    const seeking = { name: 'a search', run: () => world.connection.pool.query(`select 1 from activity where detail = 'nothing'`) };
    expect(await excessive([seeking])).toEqual([expect.stringContaining('reads all of [activity]')]);
  });
});
