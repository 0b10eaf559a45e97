import type { Instant } from '../../core/time.ts';
import type { Store } from '../../ports/store.ts';
import { instant, raw, sql } from './sql.ts';
import type { Executor } from './sql.ts';

/** What is over, over all organisations: deleted, closed or moved aside, page by page. */
export function tidy(direct: Executor): Pick<Store, 'deleteExpired' | 'closeEnded' | 'archiveActivity'> {
  return {
    // Whoever is at a row already does what is to be done: nobody waits.
    deleteExpired: (limit) =>
      direct.count(sql`
        delete from oidc_record where (model, id) in (
          select model, id from oidc_record where "expiresAt" <= now() order by "expiresAt" limit ${limit}::int4 for update skip locked)`),

    closeEnded: (before, limit) =>
      direct.count(sql`
        update access_right set "closedAt" = now() where id = any(array(
          select id from access_right where "closedAt" is null and "endsAt" < ${instant(before)}
          order by "endsAt" limit ${limit}::int4 for update skip locked))`),

    archiveActivity: (before, limit) => archive(direct, before, limit),
  };
}

const ARCHIVED = raw('id, "orgId", "locationId", at, type, "memberId", "accessGroupId", actor, detail, "onceKey"');

/**
 * Out of one table and into the other in one statement: a row is in exactly one of them, whatever happens. That a person's key became
 * available is told once in a life (K1), and its row is how that is known.
 */
function archive(direct: Executor, before: Instant, limit: number): Promise<number> {
  return direct.count(sql`
    with gone as (
      delete from activity where id = any(array(
        select id from activity where at < ${instant(before)} and type <> 'KEY_AVAILABLE' order by at limit ${limit}::int4 for update skip locked))
      returning ${ARCHIVED}
    )
    insert into activity_archive (${ARCHIVED}) select ${ARCHIVED} from gone`);
}
