import { emailKey } from '../../core/input.ts';
import type { Instant } from '../../core/time.ts';
import type { BookingRow, MemberRow, Ref, ResourceRow } from '../../ports/rows.ts';
import type { LockMode, Party, Told, Tx } from '../../ports/store.ts';
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
    byIds: (ids) => read(sql`id = any(${uuids(ids)})`),
    lockParty: (refs, stored) => lockParty(scope, refs, stored),
    ofCompany: (companyId) => read(sql`"companyId" = ${uuid(companyId)} and "removedAt" is null`),
  };
}

async function lockParty(scope: Scope, refs: Ref[], stored: BookingRow | null): Promise<Party> {
  const { orgId } = scope;
  const ids = refs.flatMap((ref) => ('id' in ref ? ref.id : []));
  const externalIds = refs.flatMap((ref) => ('id' in ref ? [] : ref.externalId));
  const bookingId = uuid(stored?.id ?? null);
  // As an array the invitees are looked up once, and then people by their ids.
  const invitees = sql`array(select "memberId" from booking_invitee where "orgId" = ${orgId} and "bookingId" = ${bookingId})`;
  const found = await scope.rows<MemberRow & { invitedAt: Instant | null }>(sql`
    select ${MEMBER.selected}, i."invitedAt"
    from member
    left join booking_invitee i on i."bookingId" = ${bookingId} and i."memberId" = member.id and i."orgId" = ${orgId}
    where member."orgId" = ${orgId} and (
      member.id = any(${uuids(stored === null ? ids : [...ids, stored.memberId])})
      or member."externalId" = any(${externalIds}::text[])
      or member.id = any(${invitees}))
    order by member.id for no key update of member`);
  const people = found.map(({ invitedAt, ...member }) => ({ member, invitedAt }));
  const byRef = (ref: Ref) => people.find(({ member }) => ('id' in ref ? member.id === ref.id : member.externalId === ref.externalId));
  return {
    named: refs.map((ref) => byRef(ref)?.member ?? null),
    invited: people.flatMap(({ member, invitedAt }) => (invitedAt === null ? [] : { memberId: member.id, invitedAt })),
    ids: people.map(({ member }) => member.id),
  };
}

function resources(scope: Scope): Tx['resources'] {
  return {
    ...toldStore(scope, RESOURCE),
    async findPlaced(ref) {
      const [row] = await scope.rows<ResourceRow & { timeZone: string }>(sql`
        select ${RESOURCE.selected}, location."timeZone"
        from resource join location on location.id = resource."locationId" and location."orgId" = ${scope.orgId}
        where resource."orgId" = ${scope.orgId} and ${named(RESOURCE, ref)} for share of resource, location`);
      return row ?? null;
    },
  };
}

function bookings(scope: Scope): Tx['bookings'] {
  const { orgId } = scope;
  return {
    ...toldStore(scope, BOOKING),
    byIds: (ids) => reader(scope, BOOKING)(sql`id = any(${uuids(ids)})`),
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
    resources: resources(scope),
    subscriptions: { ...toldStore(scope, SUBSCRIPTION), byIds: (ids) => subscriptions(sql`id = any(${uuids(ids)})`) },
    items: { ...toldStore(scope, ITEM), ofSubscription: (id) => items(sql`"subscriptionId" = ${uuid(id)}`) },
    bookings: bookings(scope),
  };
}
