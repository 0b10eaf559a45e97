import type { Instant } from '../../core/time.ts';
import type { LeaverRow, ProviderUserRow } from '../../ports/rows.ts';
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
              and (provider_user."claimedUntil" is null or provider_user."claimedUntil" <= clock_timestamp())`,
        ),
      );
      if (claimed !== undefined) return { row: claimed, token };
      const [row] = await scope.rows<ProviderUserRow & { heldUntil: Instant | null }>(sql`
        select ${PROVIDER_USER.selected}, "claimedUntil" as "heldUntil" from provider_user
        where "orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)} and "siteExternalId" = ${siteExternalId}
          and "memberId" = ${uuid(memberId)}`);
      if (row === undefined) return { heldUntil: now };
      const { heldUntil, ...found } = row;
      const isComplete = found.email === email && found.siteUserId !== null && found.platformUserId !== null;
      return isComplete ? { row: found, token: null } : { heldUntil: heldUntil ?? now };
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
          "subscriptionState" = c."subscriptionState", blocked = c.blocked, "settledAt" = c."settledAt", "checkedAt" = ${instant(now)},
          "seatAwaited" = u."seatAwaited" and c."subscriptionState" is distinct from 'subscribed'
        from ${recordset('c', columns, changes)}
        where u.id = c.id and u."orgId" = ${orgId}`);
    },

    ...leaving(scope),
  };
}

type Leaving = Pick<ProviderUserStore, 'relinked' | 'leavers' | 'left' | 'leaveLater'>;

/** People whom members were before, on their way out. */
function leaving(scope: Scope): Leaving {
  const { orgId, now } = scope;
  return {
    async relinked({ integrationId, siteExternalId, memberId, platformUserId, createdThereAt }, platformUserIdNow) {
      await scope.count(sql`
        delete from leaver where "orgId" = ${orgId} and "memberId" = ${uuid(memberId)} and "platformUserId" = ${platformUserIdNow}`);
      const rows = await scope.rows<{ accessGroupId: string }>(sql`
        insert into leaver (id, "orgId", "accessGroupId", "memberId", "platformUserId", "createdThereAt", "retryAt")
        select gen_random_uuid(), ${orgId}, m."accessGroupId", m."memberId", ${platformUserId}, ${instant(createdThereAt)}, ${instant(now)}
        from group_membership m join access_group g on g.id = m."accessGroupId" and g."siteExternalId" = ${siteExternalId}
        where m."orgId" = ${orgId} and m."memberId" = ${uuid(memberId)} and m."integrationId" = ${uuid(integrationId)}
          and m.state <> 'ABSENT'
        order by m."accessGroupId"
        on conflict ("accessGroupId", "platformUserId") do update set "retryAt" = excluded."retryAt"
        returning "accessGroupId"`);
      return rows.map(({ accessGroupId }) => accessGroupId);
    },

    leavers: (accessGroupId, limit) =>
      scope.rows<LeaverRow>(sql`
        select id, "memberId", "platformUserId", "createdThereAt" from leaver
        where "orgId" = ${orgId} and "accessGroupId" = ${uuid(accessGroupId)} and "retryAt" <= ${instant(now)}
        order by id limit ${limit}::int4`),

    async left(ids) {
      await scope.count(sql`delete from leaver where "orgId" = ${orgId} and id = any(${uuids(ids)})`);
    },

    async leaveLater(ids, retryAt) {
      await scope.count(sql`update leaver set "retryAt" = ${instant(retryAt)} where "orgId" = ${orgId} and id = any(${uuids(ids)})`);
    },
  };
}
