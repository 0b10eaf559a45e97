import type { Secrets } from '../../ports/secrets.ts';
import type { Store } from '../../ports/store.ts';
import { interval, sql, uuid } from './sql.ts';
import type { Executor } from './sql.ts';

/** One run per access group. The lease bounds what a killed worker holds up; all of it by the database's clock. */
export function claims(direct: Executor, secrets: Secrets): Pick<Store, 'claimGroup' | 'renewClaim' | 'releaseClaim'> {
  return {
    async claimGroup(accessGroupId, leaseMs) {
      const token = secrets.newId();
      const taken = await direct.count(sql`
        insert into group_claim ("accessGroupId", "orgId", token, until)
        select g.id, g."orgId", ${uuid(token)}, clock_timestamp() + ${interval(leaseMs)}
        from access_group g where g.id = ${uuid(accessGroupId)}
        on conflict ("accessGroupId") do update set token = excluded.token, until = clock_timestamp() + ${interval(leaseMs)}
        where group_claim.until < clock_timestamp()`);
      return taken > 0 ? token : null;
    },

    async renewClaim(accessGroupId, token, leaseMs) {
      const renewed = await direct.count(sql`
        update group_claim set until = clock_timestamp() + ${interval(leaseMs)}
        where "accessGroupId" = ${uuid(accessGroupId)} and token = ${uuid(token)} and until > '-infinity'`);
      return renewed > 0;
    },

    async releaseClaim(accessGroupId, token) {
      await direct.count(sql`
        update group_claim set until = '-infinity' where "accessGroupId" = ${uuid(accessGroupId)} and token = ${uuid(token)}`);
    },
  };
}
