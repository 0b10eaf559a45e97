import type { AccessGroupRow, ConsentRow, IntegrationRow } from '../../ports/rows.ts';
import type { Store } from '../../ports/store.ts';
import { ACCESS_GROUP, CONSENT, INTEGRATION } from './records.ts';
import { raw, sql, uuid } from './sql.ts';
import type { Executor } from './sql.ts';

type Lookups = Pick<
  Store,
  'groupOf' | 'orgOfActivation' | 'orgOfMobileKey' | 'orgOfIntegration' | 'ticket' | 'activationByState' | 'takeConsent'
>;

/** What is asked before it is known whose data it is: the organisation comes with the answer. */
export function lookups(direct: Executor): Lookups {
  const orgOf = async (table: string, id: string): Promise<string | null> => {
    const [row] = await direct.rows<{ orgId: string }>(sql`select "orgId" from ${raw(table)} where id = ${uuid(id)}`);
    return row?.orgId ?? null;
  };
  return {
    async groupOf(accessGroupId) {
      const [group] = await direct.rows<AccessGroupRow & { orgId: string; timeZone: string }>(sql`
        select ${ACCESS_GROUP.selected}, access_group."orgId", l."timeZone"
        from access_group join location l on l.id = access_group."locationId" and l."orgId" = access_group."orgId"
        where access_group.id = ${uuid(accessGroupId)}`);
      if (group === undefined) return null;
      const { orgId, timeZone, ...row } = group;
      const [integration] = await direct.rows<IntegrationRow>(sql`
        select ${INTEGRATION.selected} from integration where "orgId" = ${orgId} and id = ${uuid(row.integrationId)}`);
      return integration === undefined ? null : { orgId, group: row, integration, timeZone };
    },

    orgOfActivation: (id) => orgOf('activation', id),
    orgOfMobileKey: (id) => orgOf('mobile_key', id),
    orgOfIntegration: (id) => orgOf('integration', id),

    async ticket(ticketHashes, consume) {
      // Of two requests with one ticket, the second waits for neither: it finds the row in use and is refused. So is the ticket of an
      // activation that another one took the place of.
      const usable = sql`
        select id from activation
        where "ticketHash" = any(${ticketHashes}::text[]) and "ticketUsedAt" is null and "ticketExpiresAt" > now() and status = 'ACTIVATING'
        order by "startedAt" desc, id desc limit 1`;
      const answered = sql`"orgId", id as "activationId", "memberId"`;
      const [found] = await direct.rows<{ orgId: string; activationId: string; memberId: string }>(
        consume
          ? sql`update activation set "ticketUsedAt" = now() where id = (${usable} for update skip locked) returning ${answered}`
          : sql`select ${answered} from activation where id = (${usable})`,
      );
      return found ?? null;
    },

    async activationByState(stateHash) {
      const [row] = await direct.rows<{ orgId: string; activationId: string }>(sql`
        select "orgId", id as "activationId" from activation where "stateHash" = ${stateHash}`);
      return row ?? null;
    },

    async takeConsent(stateHash) {
      const [row] = await direct.rows<ConsentRow & { orgId: string }>(sql`
        delete from consent where "stateHash" = ${stateHash} returning ${CONSENT.selected}, "orgId"`);
      return row ?? null;
    },
  };
}
