import type { ProviderUserRow } from '../../ports/rows.ts';
import type { ProviderUserStore } from '../../ports/store.ts';
import { PROVIDER_USER } from './records.ts';
import type { Scope } from './scope.ts';
import { instant, interval, sql, uuid, uuids } from './sql.ts';
import type { Sql } from './sql.ts';
import { insertInto, recordset, updateSet } from './table.ts';

/** Members as the provider knows them. */
export function providerUsers(scope: Scope): ProviderUserStore {
  const { orgId, now } = scope;
  const read = (where: Sql): Promise<ProviderUserRow[]> =>
    scope.rows<ProviderUserRow>(sql`
      select ${PROVIDER_USER.selected} from provider_user where "orgId" = ${orgId} and ${where} order by id`);
  return {
    ofMembers: (integrationId, siteExternalId, memberIds) =>
      read(sql`
        "integrationId" = ${uuid(integrationId)} and "siteExternalId" = ${siteExternalId} and "memberId" = any(${uuids(memberIds)})`),
    ofMember: (memberId) => read(sql`"memberId" = ${uuid(memberId)}`),
    byPlatformIds: (integrationId, platformUserIds) =>
      read(sql`"integrationId" = ${uuid(integrationId)} and "platformUserId" = any(${platformUserIds}::text[])`),

    // A person who is known under another address is claimed too, to be linked anew: until that is settled the row says the old one.
    async claim(integrationId, siteExternalId, memberId, email, leaseMs) {
      const token = scope.secrets.newToken();
      const values = { id: scope.secrets.newId(), integrationId, siteExternalId, memberId, email, claimToken: token };
      const [claimed] = await scope.rows<ProviderUserRow>(
        insertInto(
          PROVIDER_USER,
          orgId,
          { ...values, claimedUntil: now + leaseMs },
          sql`
            on conflict ("integrationId", "siteExternalId", "memberId") do update set
              "claimToken" = excluded."claimToken", "claimedUntil" = clock_timestamp() + ${interval(leaseMs)}
            where (provider_user."siteUserId" is null or provider_user."platformUserId" is null or provider_user.email <> excluded.email)
              and (provider_user."claimedUntil" is null or provider_user."claimedUntil" < clock_timestamp())`,
        ),
      );
      if (claimed !== undefined) return { row: claimed, token };
      const [row] = await read(
        sql`"integrationId" = ${uuid(integrationId)} and "siteExternalId" = ${siteExternalId} and "memberId" = ${uuid(memberId)}
          and email = ${email} and "siteUserId" is not null and "platformUserId" is not null`,
      );
      return row === undefined ? null : { row, token: null };
    },

    async settle(id, token, change) {
      const mine = token === null ? sql`id = ${uuid(id)}` : sql`id = ${uuid(id)} and "claimToken" = ${token}`;
      const givenBack = token === null ? [] : [sql`"claimToken" = null, "claimedUntil" = null`];
      await scope.rows(updateSet(PROVIDER_USER, orgId, mine, change, givenBack));
    },

    async update(changes) {
      const columns = { id: 'uuid', subscriptionState: 'text', blocked: 'bool', settledAt: 'timestamptz' } as const;
      await scope.count(sql`
        update provider_user u set
          "subscriptionState" = c."subscriptionState", blocked = c.blocked, "settledAt" = c."settledAt", "checkedAt" = ${instant(now)}
        from ${recordset('c', columns, changes)}
        where u.id = c.id and u."orgId" = ${orgId}`);
    },
  };
}
