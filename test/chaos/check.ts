import { everWanted, GROUPS, isWanted, PASSES_A_MONTH, PEOPLE } from './facts.ts';
import type { Run } from './run.ts';
import type { Servers } from './servers.ts';

/** How long before a person was seen to be put in, or taken out, that may have been decided: a call takes its time. */
const DECIDED_WITHIN_MS = 30_000;

/** What is not yet, or never will be, as it should: one sentence for each. Empty once the run has converged. */
export async function openEnds(servers: Servers, run: Run): Promise<string[]> {
  const now = Date.now();
  const { facts, site } = run;
  const wrong: string[] = [];
  const everybody = PEOPLE.map((who) => facts.emails[who] ?? '');
  for (const group of GROUPS) {
    const wanted = PEOPLE.filter((who) => isWanted(facts, who, group, now)).map((who) => facts.emails[who] ?? '');
    wanted.sort();
    const should = [...wanted, ...site.strangers].sort();
    const is = site.inGroup(group);
    if (is.join() !== should.join()) wrong.push(`${group} holds ${is.join(', ')} instead of ${should.join(', ')}`);
    const opens = site.whoOpens(group, everybody);
    if (opens.join() !== wanted.join()) wrong.push(`${group} opens for ${opens.join(', ')} instead of ${wanted.join(', ')}`);
  }
  const unsettled = await servers.sql<{ who: string; group: string; state: string; wanted: boolean; due: Date | null }>(
    `select m."externalId" as who, g.name as group, s.state, s.wanted, s."dueAt" as due, s."lastError" as error, s.version
       from group_membership s join member m on m.id = s."memberId" join access_group g on g.id = s."accessGroupId"
      where s."orgId" = $1 and (not s.managed or s.state::text <> case when s.wanted then 'ACTIVE' else 'ABSENT' end)`,
    [run.org],
  );
  for (const row of unsettled) wrong.push(`membership ${JSON.stringify(row)}`);
  return wrong;
}

/** What must never be, whatever happened on the way. */
export async function broken(servers: Servers, run: Run): Promise<string[]> {
  return [
    ...(await activityOf(servers, run)),
    ...(await settingsOf(servers, run)),
    ...(await factsOf(run)),
    ...(await passesOf(servers, run)),
    ...neverUnasked(run),
    ...run.site.doubled().map((email) => `${email} is twice at the site`),
  ];
}

/** Of one person and group a grant is told of, then a revoke, then a grant, and as the last what is so now. */
async function activityOf(servers: Servers, run: Run): Promise<string[]> {
  const rows = await servers.sql<{ pair: string; types: string[]; held: boolean }>(
    `select m."externalId" || ' in ' || g.name as pair, s.held,
            coalesce(array_agg(a.type::text order by a.at, a.id) filter (where a.id is not null), '{}') as types
       from group_membership s join member m on m.id = s."memberId" join access_group g on g.id = s."accessGroupId"
       left join activity a on a."memberId" = s."memberId" and a."accessGroupId" = s."accessGroupId"
        and a.type::text in ('ACCESS_GRANTED', 'ACCESS_REVOKED', 'ACCESS_DRIFT_FOUND')
      where s."orgId" = $1 group by s.id, m."externalId", g.name`,
    [run.org],
  );
  return rows.flatMap(({ pair, types, held }) => {
    const alternates = types.every((type, index) => (type === 'ACCESS_GRANTED') === (index % 2 === 0));
    const ends = types.length % 2 === (held ? 1 : 0);
    return alternates && ends ? [] : [`activity of ${pair}, ${held ? 'held' : 'not held'}: ${types.join(', ')}`];
  });
}

async function settingsOf(servers: Servers, run: Run): Promise<string[]> {
  const rows = await servers.sql<{ type: string; count: number }>(
    `select type::text, count(*)::int as count from activity where "orgId" = $1 group by type`,
    [run.org],
  );
  const { settings, selected, disconnected } = run.facts.changes;
  const expected = { SETTINGS_CHANGED: settings, SITE_SELECTED: selected, INTEGRATION_DISCONNECTED: disconnected };
  return Object.entries(expected).flatMap(([type, should]) => {
    const is = rows.find((row) => row.type === type)?.count ?? 0;
    return is === should ? [] : [`${is} rows of ${type} instead of ${should}`];
  });
}

const FACTS = `query ($location: Ref!) {
  location(ref: $location) { timeZone bookingGraceBeforeMinutes bookingGraceAfterMinutes integration { digitalKeyVisibility } } }`;
const BOOKING = `query ($ref: Ref!) { booking(ref: $ref) { startsAt endsAt status paidWithDayPass member { externalId } resource { externalId }
  invitees { externalId } } }`;
const SUBSCRIPTION = `query ($ref: Ref!) { memberSubscription(ref: $ref) { startsOn endsOn canceledAt
  items { externalId accessGroup { name } } } }`;
const MEMBER = `query ($ref: Ref!) { member(ref: $ref) { email company { externalId } } }`;

/** Every accepted change is what the API answers with. */
async function factsOf(run: Run): Promise<string[]> {
  const { facts, platform, admin } = run;
  const wrong: string[] = [];
  const same = (what: string, is: unknown, should: unknown): void => {
    if (JSON.stringify(is) !== JSON.stringify(should)) wrong.push(`${what} is ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
  };
  const ref = (externalId: string) => ({ ref: { externalId } });
  const at = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));
  const { location } = await admin.read<{ location: Record<string, unknown> & { integration: { digitalKeyVisibility: string[] } } }>(
    FACTS,
    {
      location: { externalId: 'harbour' },
    },
  );
  same('grace', [location['bookingGraceBeforeMinutes'], location['bookingGraceAfterMinutes']], [facts.graceBefore, facts.graceAfter]);
  same('zone', location['timeZone'], facts.zone);
  same('visibility', [...location.integration.digitalKeyVisibility].sort().join(), facts.visibleTo);
  for (const [id, should] of Object.entries(facts.bookings)) {
    type Read = {
      booking: {
        startsAt: string;
        endsAt: string;
        status: string;
        paidWithDayPass: boolean;
        member: Named;
        resource: Named;
        invitees: Named[];
      };
    };
    const { booking } = await platform.read<Read>(BOOKING, ref(id));
    const { startsAt, endsAt, status, paidWithDayPass, member, resource, invitees } = booking;
    const is = [at(startsAt), at(endsAt), status === 'CANCELED', paidWithDayPass, member.externalId, resource.externalId, names(invitees)];
    const { canceled, invitees: invited } = should;
    const told = [should.startsAt, should.endsAt, canceled, facts.paid.includes(id), should.member, should.resource, [...invited].sort()];
    same(`booking ${id}`, is, told);
  }
  for (const [id, should] of Object.entries(facts.subscriptions)) {
    type Item = { externalId: string; accessGroup: { name: string } | null };
    type Read = { memberSubscription: { startsOn: string; endsOn: string | null; canceledAt: string | null; items: Item[] } };
    const { memberSubscription: read } = await admin.read<Read>(SUBSCRIPTION, ref(id));
    const items = read.items.map(({ externalId, accessGroup }) => `${externalId} ${accessGroup?.name ?? 'nothing'}`).sort();
    const told = should.items.filter(({ endedAt }) => endedAt === null).map((item) => `${item.id} ${item.group ?? 'nothing'}`);
    same(
      `subscription ${id}`,
      [read.startsOn, read.endsOn, at(read.canceledAt), items],
      [should.startsOn, should.endsOn, should.canceledAt, told.sort()],
    );
  }
  for (const who of PEOPLE.filter((one) => !facts.removed.includes(one))) {
    const { member } = await platform.read<{ member: { email: string; company: Named | null } }>(MEMBER, ref(who));
    same(who, [member.email, member.company !== null], [facts.emails[who], facts.employees.includes(who)]);
  }
  return wrong;
}

interface Named {
  externalId: string;
}
const names = (all: Named[]): string[] => all.map(({ externalId }) => externalId).sort();

/** A pass is taken by a booking that pays with it, never twice for a day, and never beyond what the subscriptions brought. */
async function passesOf(servers: Servers, run: Run): Promise<string[]> {
  const uses = await servers.sql<{ booking: string; pool: string; month: string; count: number }>(
    `select b."externalId" as booking, u.month, case when u."companyId" is null then m."externalId" else 'anvil' end as pool, count(*)::int as count
       from day_pass_use u join booking b on b.id = u."bookingId" left join member m on m.id = u."memberId"
      where u."orgId" = $1 group by 1, 2, 3`,
    [run.org],
  );
  const wrong: string[] = [];
  for (const { booking } of uses.filter((use) => !run.facts.spent.includes(use.booking))) {
    const { canceled = true, startsAt = Infinity } = run.facts.bookings[booking] ?? {};
    // What had started when it was cancelled keeps what it took.
    if (!run.facts.paid.includes(booking) && startsAt > Date.now()) wrong.push(`booking ${booking} took passes and does not pay with them`);
    if (canceled && startsAt > Date.now()) wrong.push(`booking ${booking} was cancelled before it started and gave no pass back`);
  }
  for (const id of run.facts.paid) {
    const { canceled } = run.facts.bookings[id] ?? {};
    if (canceled === false && !uses.some(({ booking }) => booking === id)) wrong.push(`booking ${id} took no pass`);
  }
  const brought = (pool: string): number =>
    Object.values(run.facts.subscriptions).filter(
      ({ subscriber, items }) =>
        ('member' in subscriber ? subscriber.member : 'anvil') === pool && items.some(({ id }) => id.endsWith('-team')),
    ).length * PASSES_A_MONTH;
  for (const { pool, month } of uses) {
    const used = uses.filter((use) => use.pool === pool && use.month === month).reduce((sum, { count }) => sum + count, 0);
    if (used > brought(pool)) wrong.push(`${used} passes of ${pool} were taken in ${month}, of ${brought(pool)}`);
  }
  return wrong;
}

/** Nobody was put in, or taken out, without a moment in which that was right: never early, never for the wrong person, strangers never. */
function neverUnasked(run: Run): string[] {
  const moved = PEOPLE.filter((who) =>
    run.moments.some(({ worlds }) => worlds.some((world) => world.emails[who] !== run.facts.emails[who])),
  );
  return GROUPS.flatMap((group) =>
    run.site.changes(group).flatMap(({ at, email, added }) => {
      const who = PEOPLE.find((one) => email.replace(/^([a-z]+)\d*\..*/, '$1') === one);
      if (who === undefined) return added && run.site.strangers.includes(email) ? [] : [`${email} was moved in ${group}`];
      // Somebody with a new address is another person there: the one before goes whatever is wanted.
      if (!added && moved.includes(who)) return [];
      if (everWanted(run.moments, { who, group }, [at - DECIDED_WITHIN_MS, at], added)) return [];
      return [`${who} was ${added ? 'put into' : 'taken out of'} ${group} at ${new Date(at).toISOString()} for no reason`];
    }),
  );
}
