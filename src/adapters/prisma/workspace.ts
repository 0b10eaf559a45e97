import { emailKey } from '../../core/input.ts';
import type { Instant } from '../../core/time.ts';
import type { MemberRow, Ref } from '../../ports/rows.ts';
import type { LockMode, Told, Tx } from '../../ports/store.ts';
import { BOOKING, COMPANY, ITEM, LOCATION, MEMBER, PLAN, RESOURCE, SUBSCRIPTION } from './records.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { forLock, sql, uuid, uuids } from './sql.ts';
import type { Sql } from './sql.ts';
import { insertInto, named, recordset, updateSet } from './table.ts';
import type { Table } from './table.ts';

/** Rows of a table with the transaction's organisation and `where`, in a fixed order. */
function reader<Row>(scope: Scope, of: Table<Row>): (where: Sql) => Promise<Row[]> {
  return (where) =>
    scope.rows<Row>(sql`
      select ${of.selected} from ${of.name}
      where ${of.name}."orgId" = ${scope.orgId} and ${where} order by ${of.name}.id`);
}

function toldStore<Row extends { id: string; externalId: string }>(
  scope: Scope,
  of: Table<Row>,
  also: (values: Partial<Row>) => object = () => ({}),
): Told<Row> {
  const { orgId, secrets } = scope;
  return {
    async find(ref: Ref, lock?: LockMode) {
      const [row] = await scope.rows<Row>(sql`
        select ${of.selected} from ${of.name}
        where ${of.name}."orgId" = ${orgId} and ${named(of, ref)} ${forLock(lock)}`);
      return row ?? null;
    },
    async insert(row) {
      const values = { id: secrets.newId(), ...row, ...also(row as Partial<Row>) };
      return mustExist(await scope.rows<Row>(insertInto(of, orgId, values)), 'row to refer to');
    },
    async update(id, change) {
      const values = { ...change, ...also(change as Partial<Row>) };
      return mustExist(await scope.rows<Row>(updateSet(of, orgId, sql`${of.name}.id = ${uuid(id)}`, values)), 'row');
    },
  };
}

function members(scope: Scope): Tx['members'] {
  const read = reader(scope, MEMBER);
  return {
    ...toldStore(scope, MEMBER, ({ email }) => (email === undefined ? {} : { emailKey: emailKey(email) })),
    async byEmail(email) {
      const [row] = await read(sql`"emailKey" = ${emailKey(email)} and "removedAt" is null`);
      return row ?? null;
    },
    byIds: (ids, lock) =>
      scope.rows<MemberRow>(sql`
        select ${MEMBER.selected} from member
        where "orgId" = ${scope.orgId} and id = any(${uuids(ids)}) order by id ${forLock(lock)}`),
    async byRefs(refs) {
      const ids = refs.flatMap((ref) => ('id' in ref ? ref.id : []));
      const externalIds = refs.flatMap((ref) => ('id' in ref ? [] : ref.externalId));
      const found = await read(sql`(id = any(${uuids(ids)}) or "externalId" = any(${externalIds}::text[]))`);
      const byId = new Map(found.map((member) => [member.id, member]));
      const byExternalId = new Map(found.map((member) => [member.externalId, member]));
      return refs.map((ref) => ('id' in ref ? byId.get(ref.id) : byExternalId.get(ref.externalId)) ?? null);
    },
    ofCompany: (companyId) => read(sql`"companyId" = ${uuid(companyId)} and "removedAt" is null`),
  };
}

function bookings(scope: Scope): Tx['bookings'] {
  const { orgId } = scope;
  return {
    ...toldStore(scope, BOOKING),
    byIds: (ids) => reader(scope, BOOKING)(sql`id = any(${uuids(ids)})`),
    invitees: (bookingId) =>
      scope.rows<{ memberId: string; invitedAt: Instant }>(sql`
        select "memberId", "invitedAt" from booking_invitee
        where "orgId" = ${orgId} and "bookingId" = ${uuid(bookingId)} order by "invitedAt", "memberId"`),
    async setInvitees(bookingId, invitees) {
      const told = recordset('t', { memberId: 'uuid', invitedAt: 'timestamptz' }, invitees);
      await scope.count(sql`
        with told as (select "memberId", min("invitedAt") as "invitedAt" from ${told} group by "memberId"),
        gone as (
          delete from booking_invitee i
          where i."orgId" = ${orgId} and i."bookingId" = ${uuid(bookingId)}
            and not exists (select 1 from told where told."memberId" = i."memberId")
        )
        insert into booking_invitee ("orgId", "bookingId", "memberId", "invitedAt")
        select ${orgId}, b.id, m.id, told."invitedAt"
        from told
        join member m on m.id = told."memberId" and m."orgId" = ${orgId}
        join booking b on b.id = ${uuid(bookingId)} and b."orgId" = ${orgId}
        on conflict ("bookingId", "memberId") do update set "invitedAt" = excluded."invitedAt"`);
    },
  };
}

type Workspace = Pick<Tx, 'locations' | 'companies' | 'members' | 'plans' | 'resources' | 'subscriptions' | 'items' | 'bookings'>;

/** What the booking platform tells us. */
export function workspace(scope: Scope): Workspace {
  const subscriptions = reader(scope, SUBSCRIPTION);
  const items = reader(scope, ITEM);
  return {
    locations: toldStore(scope, LOCATION),
    companies: toldStore(scope, COMPANY),
    members: members(scope),
    plans: toldStore(scope, PLAN),
    resources: toldStore(scope, RESOURCE),
    subscriptions: { ...toldStore(scope, SUBSCRIPTION), byIds: (ids) => subscriptions(sql`id = any(${uuids(ids)})`) },
    items: { ...toldStore(scope, ITEM), ofSubscription: (id) => items(sql`"subscriptionId" = ${uuid(id)}`) },
    bookings: bookings(scope),
  };
}
