import type { Counts } from '../../ports/operator-view.ts';
import { MAY_BE_CALLED, OWED } from './due.ts';
import { sql } from './sql.ts';
import type { Executor, Sql } from './sql.ts';

/** Late by less is no matter for an operator. */
export const LATE: Sql = sql`interval '1 minute'`;
/** Of the integration `i`: whether what is late there is late without a reason. */
export const CALLABLE: Sql = sql`(${MAY_BE_CALLED} and i."unavailableSince" is null)`;

/** Over all organisations, and with no label that grows with them. Six statements, asked for now and then. */
export async function counts(direct: Executor): Promise<Counts> {
  const by = <Row>(statement: Sql) => direct.rows<Row>(statement);
  const [memberships, overdue, connections, problems, keys, activations] = await Promise.all([
    by<Counts['memberships'][number]>(sql`select state, count(*)::int4 as count from group_membership where managed group by state`),
    by<Counts['overdue'][number]>(sql`
      select ${OWED} as step, case when ${CALLABLE} then 'usable' else 'out' end as connection,
        count(*)::int4 as count, extract(epoch from now() - min(m."dueAt"))::float8 as "oldestSeconds"
      from group_membership m join integration i on i.id = m."integrationId"
      where m.managed and m."dueAt" < now() - ${LATE} and i.status <> 'DISCONNECTED' group by 1, 2`),
    by<Counts['connections'][number]>(sql`select status, count(*)::int4 as count from integration group by status`),
    by<Counts['problems'][number]>(
      sql`select code, count(*)::int4 as count from integration_problem where "closedAt" is null group by code`,
    ),
    by<Counts['keys'][number]>(sql`
      select case when "cancelledAt" is not null then 'cancelled' when "expiresAt" <= now() then 'expired' else 'valid' end as state,
        count(*)::int4 as count
      from mobile_key group by 1`),
    // A try is given up a minute after its start: the index of deadlines finds those of the last hour.
    by<Counts['activations'][number]>(sql`
      select status, count(*)::int4 as count from activation
      where status in ('ACTIVATING', 'SIGNED_IN', 'DONE', 'FAILED') and deadline > now() - interval '59 minutes' group by status`),
  ]);
  return { memberships, overdue, connections, problems, keys, activations };
}
