import type { Answer } from './client.ts';
import type { Draw } from './draw.ts';
import { GROUPS, noteSpent, PASSES_A_MONTH, PEOPLE, PLANS, RESOURCES, ZONES, type Facts } from './facts.ts';
import { dateOnTheWall, nextDay } from '../support/oracle.ts';

/** Something to be told, and what is so once it was accepted. */
export interface Operation {
  mutation: string;
  input: object;
  /** of the success, in braces */
  fields?: string;
  by: 'platform' | 'admin';
  /** what it changes; of operations at once no two change the same, nor does one change what another reads */
  writes: string[];
  reads?: string[];
  /** expected errors that are no surprise here; they change nothing */
  mayFail?: string[];
  /** what is so once it was answered with its success at `at` */
  adopt(facts: Facts, answer: Answer, at: number): void;
}

export interface Drawing {
  draw: Draw;
  facts: Facts;
  now: number;
  /** the product's ids of the groups, by name */
  groupIds: ReadonlyMap<string, string>;
}

type Drawn = (of: Drawing) => Operation | null;

const LOCATION = { location: { externalId: 'harbour' } };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const iso = (at: number): string => new Date(at).toISOString();

/** Mostly told with the time it was true at; now and then as of a time long past, which changes nothing. */
function dated(of: Drawing, thing: string): { asOf?: string; holds: (facts: Facts) => boolean } {
  const how = of.draw.weighted([
    [7, 'now'],
    [2, 'undated'],
    [1, 'stale'],
  ] as const);
  if (how === 'undated') return { holds: () => true };
  const asOf = how === 'now' ? of.now : of.now - HOUR;
  return {
    asOf: iso(asOf),
    holds: (facts) => {
      const stored = facts.asOf[thing];
      if (stored !== undefined && asOf < stored) return false;
      facts.asOf[thing] = asOf;
      return true;
    },
  };
}

/** Access windows whose edges lie within the next seconds, or far away. */
function window({ draw, facts, now }: Drawing): { startsAt: string; endsAt: string; starts: number; ends: number } {
  const soon = (): number => now + draw.int(500, 7_000);
  const far = (): number => now + draw.int(2, 30) * HOUR;
  const [from, until] = draw.weighted<() => [number, number]>([
    [4, () => [now - draw.int(1, 100) * MINUTE, far()]],
    [3, () => [soon(), far()]],
    [3, () => [now - draw.int(1, 100) * MINUTE, soon()]],
    [2, () => [now + draw.int(500, 3_000), now + draw.int(4_000, 8_000)]],
    [1, () => [now - 3 * HOUR, now - 2 * HOUR]],
    [1, () => [now + 24 * HOUR, now + 26 * HOUR]],
  ])();
  const ends = until - facts.graceAfter * MINUTE;
  const starts = Math.min(from + facts.graceBefore * MINUTE, ends - MINUTE);
  return { starts, ends, startsAt: iso(starts), endsAt: iso(ends) };
}

function booking(of: Drawing, paid: boolean): Operation {
  const { draw, facts } = of;
  const slot = `b${draw.int(1, 7)}`;
  // A cancelled one stays so: the slot goes on under another name.
  const taken = Object.keys(facts.bookings).filter((known) => known.startsWith(`${slot}.`));
  const open = taken.find((known) => facts.bookings[known]?.canceled === false);
  const id = open ?? `${slot}.${taken.length}`;
  const resource = paid ? 'desk' : draw.pick(Object.keys(RESOURCES));
  const member = draw.pick(PEOPLE);
  const invitees = resource === 'room' ? draw.some(PEOPLE, 3) : [];
  const { starts, ends, startsAt, endsAt } = window(of);
  const { asOf, holds } = dated(of, `booking ${id}`);
  return {
    mutation: 'upsertBooking',
    input: {
      externalId: id,
      resource: { externalId: resource },
      member: { externalId: member },
      invitees: invitees.map((externalId) => ({ externalId })),
      startsAt,
      endsAt,
      ...(paid ? { payWithDayPass: true } : {}),
      ...(asOf === undefined ? {} : { asOf }),
    },
    by: 'platform',
    writes: [`booking ${slot}`],
    reads: [member, ...invitees].map((who) => `removal ${who}`),
    mayFail: [
      // Of somebody who is removed at this moment.
      ...([member, ...invitees].some((who) => facts.removed.includes(who)) ? ['NotFoundError'] : []),
      ...(paid || facts.paid.includes(id) ? ['NoDayPassLeftError'] : []),
    ],
    adopt(after, _answer, at) {
      if (!holds(after)) return;
      noteSpent(after, id, at);
      after.bookings[id] = { resource, member, invitees, startsAt: starts, endsAt: ends, canceled: false };
      after.paid = [...after.paid.filter((other) => other !== id), ...(paid ? [id] : [])];
    },
  };
}

const cancelBooking: Drawn = (of) => {
  const id = anyOf(of.draw, Object.keys(of.facts.bookings));
  if (id === null) return null;
  const { asOf, holds } = dated(of, `booking ${id}`);
  return {
    mutation: 'cancelBooking',
    input: { booking: { externalId: id }, ...(asOf === undefined ? {} : { asOf }) },
    by: 'platform',
    writes: [`booking ${id.replace(/\..*/, '')}`],
    adopt(after) {
      const known = after.bookings[id];
      if (known !== undefined && holds(after)) known.canceled = true;
    },
  };
};

function subscription(of: Drawing): Operation {
  const { draw, facts, now } = of;
  const own = draw.chance(0.5);
  const slot = own ? `s${draw.int(1, 3)}` : `firm${draw.int(1, 2)}`;
  const taken = Object.keys(facts.subscriptions).filter((known) => known.startsWith(`${slot}.`));
  const open = taken.find((known) => facts.subscriptions[known]?.canceledAt == null);
  const id = open ?? `${slot}.${taken.length}`;
  const known = facts.subscriptions[id];
  const who = known !== undefined && 'member' in known.subscriber ? known.subscriber.member : draw.pick(PEOPLE);
  const today = dateOnTheWall(now, facts.zone);
  const startsOn = draw.pick([before(today), today, today, nextDay(today)]);
  const endsOn = draw.pick([null, null, startsOn, nextDay(startsOn)]);
  const parts = draw.some([...PLANS, 'office'], 3);
  const listed = (parts.length === 0 ? ['full'] : parts).map((of) => ({ id: `${id}-${of}`, of }));
  const { asOf, holds } = dated(of, `subscription ${id}`);
  return {
    mutation: 'upsertMemberSubscription',
    input: {
      externalId: id,
      ...LOCATION,
      ...(own ? { member: { externalId: who } } : { company: { externalId: 'anvil' } }),
      startsOn,
      ...(endsOn === null ? {} : { endsOn }),
      items: listed.map((item) => ({ externalId: item.id, [item.of === 'office' ? 'resource' : 'plan']: { externalId: item.of } })),
      ...(asOf === undefined ? {} : { asOf }),
    },
    by: 'platform',
    writes: [`subscription ${slot}`],
    reads: [...listed.map((item) => `mapping ${item.of}`), 'location', ...(own ? [`removal ${who}`] : [])],
    mayFail: own && facts.removed.includes(who) ? ['NotFoundError'] : [],
    adopt(after, _answer, at) {
      if (!holds(after)) return;
      const stored = after.subscriptions[id];
      const items = (stored?.items ?? []).map((item) => ({
        ...item,
        endedAt: listed.some((now) => now.id === item.id) ? null : (item.endedAt ?? at),
      }));
      for (const item of listed.filter((one) => !items.some((other) => other.id === one.id))) {
        const group = item.of === 'office' ? (after.resources['office']?.group ?? null) : (after.plans[item.of] ?? null);
        items.push({ id: item.id, group, endedAt: null });
      }
      const subscriber = own ? { member: who } : { company: true as const };
      after.subscriptions[id] = { subscriber, startsOn, endsOn, canceledAt: stored?.canceledAt ?? null, items };
    },
  };
}

const before = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 24 * HOUR).toISOString().slice(0, 10);
const anyOf = <T>(draw: Draw, list: readonly T[]): T | null => (list.length === 0 ? null : draw.pick(list));

const cancelSubscription: Drawn = (of) => {
  const { draw, facts, now } = of;
  const id = anyOf(draw, Object.keys(facts.subscriptions));
  if (id === null) return null;
  const at = draw.pick([undefined, undefined, now + draw.int(500, 6_000), now + 2 * HOUR]);
  const { asOf, holds } = dated(of, `subscription ${id}`);
  return {
    mutation: 'cancelMemberSubscription',
    input: {
      memberSubscription: { externalId: id },
      ...(at === undefined ? {} : { at: iso(at) }),
      ...(asOf === undefined ? {} : { asOf }),
    },
    fields: '{ memberSubscription { canceledAt } }',
    by: 'platform',
    writes: [`subscription ${id.replace(/\..*/, '')}`],
    adopt(after, answer) {
      const known = after.subscriptions[id];
      if (known === undefined) return;
      holds(after);
      // Cancelled twice, the first holds once it has come: what is stored is what was answered.
      const { canceledAt } = answer['memberSubscription'] as { canceledAt: string | null };
      known.canceledAt = canceledAt === null ? null : Date.parse(canceledAt);
    },
  };
};

/** Several in one request; each is answered by itself. */
function many(mutation: string, list: string, one: (of: Drawing) => Operation): Drawn {
  return (of) => {
    const all: Operation[] = [];
    for (let tries = of.draw.int(2, 5); tries > 0; tries -= 1) {
      const next = one(of);
      if (!all.some(({ writes }) => writes[0] === next.writes[0])) all.push(next);
    }
    return {
      mutation,
      input: { [list]: all.map(({ input }) => input) },
      fields: '{ results { error { __typename message } } }',
      by: 'platform',
      writes: all.flatMap(({ writes }) => writes),
      reads: all.flatMap(({ reads = [] }) => reads),
      adopt(after, answer, at) {
        const results = answer['results'] as { error: Answer | null }[];
        for (const [index, { error }] of results.entries()) {
          const told = all[index];
          if (error === null) told?.adopt(after, answer, at);
          else if (told?.mayFail?.includes(error.__typename) !== true)
            throw new Error(`${mutation} ${JSON.stringify([told?.input, error])}`);
        }
      },
    };
  };
}

const tellMember: Drawn = (of) => {
  const { draw, facts } = of;
  const who = draw.pick(PEOPLE);
  const joins = draw.chance(0.6);
  const address = facts.emails[who] ?? '';
  const email = draw.chance(0.15) ? address.replace(/^(\w+?)\d*\./, (_, name: string) => `${name}${of.now}.`) : address;
  const { asOf, holds } = dated(of, `member ${who}`);
  return {
    mutation: 'upsertMember',
    input: {
      externalId: who,
      email,
      firstName: who,
      lastName: 'Marsh',
      role: draw.pick(['MEMBER', 'MEMBER', 'ADMIN', 'GUEST']),
      ...(joins ? { company: { externalId: 'anvil' } } : {}),
      ...(asOf === undefined ? {} : { asOf }),
    },
    by: 'platform',
    writes: [`member ${who}`],
    adopt(after) {
      if (!holds(after)) return;
      after.emails[who] = email;
      after.removed = after.removed.filter((other) => other !== who);
      after.employees = [...after.employees.filter((other) => other !== who), ...(joins ? [who] : [])];
    },
  };
};

const removeMember: Drawn = (of) => {
  const who = of.draw.pick(PEOPLE);
  const { asOf, holds } = dated(of, `member ${who}`);
  return {
    mutation: 'removeMember',
    input: { member: { externalId: who }, ...(asOf === undefined ? {} : { asOf }) },
    by: 'platform',
    writes: [`member ${who}`, `removal ${who}`],
    adopt(after) {
      // Removed already, nothing is stored, and so not when that was true.
      if (after.removed.includes(who) || !holds(after)) return;
      after.removed.push(who);
      after.employees = after.employees.filter((other) => other !== who);
    },
  };
};

const group = ({ draw, groupIds }: Drawing): { name: string | null; id: string | null } => {
  const name = draw.chance(0.15) ? null : draw.pick(GROUPS);
  return { name, id: name === null ? null : (groupIds.get(name) ?? null) };
};

const mapPlan: Drawn = (of) => {
  const [plan, into] = [of.draw.pick(PLANS), group(of)];
  return {
    mutation: 'setPlanAccess',
    input: { plan: { externalId: plan }, accessGroup: into.id },
    by: 'admin',
    writes: [`mapping ${plan}`],
    adopt(after) {
      if (after.plans[plan] !== into.name) after.changes.settings += 1;
      after.plans[plan] = into.name;
    },
  };
};

const mapResource: Drawn = (of) => {
  const [resource, into] = [of.draw.pick(Object.keys(RESOURCES)), group(of)];
  return {
    mutation: 'setResourceAccess',
    input: { resource: { externalId: resource }, accessGroup: into.id },
    by: 'admin',
    writes: [`mapping ${resource}`],
    adopt(after) {
      const known = after.resources[resource];
      if (known === undefined) return;
      if (known.group !== into.name) after.changes.settings += 1;
      known.group = into.name;
    },
  };
};

const mapItem: Drawn = (of) => {
  const all = Object.entries(of.facts.subscriptions).flatMap(([id, { items }]) => items.map((item) => ({ id, item: item.id })));
  const chosen = anyOf(of.draw, all);
  if (chosen === null) return null;
  const into = group(of);
  return {
    mutation: 'setSubscriptionItemAccess',
    input: { subscriptionItem: { externalId: chosen.item }, accessGroup: into.id },
    by: 'admin',
    writes: [`subscription ${chosen.id.replace(/\..*/, '')}`],
    adopt(after) {
      const item = after.subscriptions[chosen.id]?.items.find(({ id }) => id === chosen.item);
      if (item === undefined) return;
      if (item.group !== into.name) after.changes.settings += 1;
      item.group = into.name;
    },
  };
};

const grace: Drawn = ({ draw }) => {
  const [beforeMinutes, afterMinutes] = [draw.pick([0, 0, 1, 30]), draw.pick([0, 0, 1, 30])];
  return {
    mutation: 'setBookingGrace',
    input: { ...LOCATION, beforeMinutes, afterMinutes },
    by: 'admin',
    writes: ['grace'],
    adopt(after) {
      if (after.graceBefore !== beforeMinutes || after.graceAfter !== afterMinutes) after.changes.settings += 1;
      Object.assign(after, { graceBefore: beforeMinutes, graceAfter: afterMinutes });
    },
  };
};

const visibility: Drawn = ({ draw }) => {
  const roles = draw.some(['ADMIN', 'GUEST', 'MEMBER'], 3).sort();
  return {
    mutation: 'setDigitalKeyVisibility',
    input: { ...LOCATION, roles },
    by: 'admin',
    writes: ['visibility'],
    adopt(after) {
      if (after.visibleTo !== roles.join()) after.changes.settings += 1;
      after.visibleTo = roles.join();
    },
  };
};

const zone: Drawn = (of) => {
  const timeZone = of.draw.pick(ZONES);
  const { asOf, holds } = dated(of, 'location');
  return {
    mutation: 'upsertLocation',
    input: { externalId: 'harbour', name: 'Harbour', timeZone, ...(asOf === undefined ? {} : { asOf }) },
    by: 'platform',
    writes: ['location'],
    adopt(after) {
      if (holds(after)) after.zone = timeZone;
    },
  };
};

/** Told again as it is: nothing changes. */
const again: Drawn = ({ draw, now }) => {
  const [mutation, thing] = draw.pick([
    ['upsertCompany', { externalId: 'anvil', name: `Anvil ${now}` }],
    ['upsertPlan', { externalId: 'team', ...LOCATION, name: `Team ${now}`, dayPassesPerMonth: PASSES_A_MONTH }],
    ['upsertResource', { externalId: 'room', ...LOCATION, name: `Room ${now}`, kind: 'ROOM' }],
  ] as const);
  return { mutation, input: thing, by: 'platform', writes: [thing.externalId], adopt: () => undefined };
};

/** Asks SALTO KS, or has it asked: it may be out. */
const askProvider: Drawn = ({ draw }) => {
  const mutation = draw.pick(['syncAccessGroups', 'resyncAccess']);
  const mayFail = ['ProviderUnavailableError', 'IntegrationNotConnectedError', 'ConflictError'];
  return { mutation, input: LOCATION, by: 'admin', writes: ['sync'], mayFail, adopt: () => undefined };
};

const facts: readonly (readonly [number, Drawn])[] = [
  [12, (of) => booking(of, false)],
  [3, (of) => booking(of, true)],
  [2, many('upsertBookings', 'bookings', (of) => booking(of, false))],
  [6, cancelBooking],
  [6, subscription],
  [1, many('upsertMemberSubscriptions', 'memberSubscriptions', subscription)],
  [3, cancelSubscription],
  [6, tellMember],
  [2, removeMember],
  [2, zone],
  [2, again],
];
const settings: readonly (readonly [number, Drawn])[] = [
  [3, mapResource],
  [2, mapPlan],
  [3, mapItem],
  [2, grace],
  [1, visibility],
  [2, askProvider],
];

/** What may be told at this moment: settings need a connection. */
export function drawOperation(of: Drawing): Operation {
  const drawn = of.draw.weighted(of.facts.connected ? [...facts, ...settings] : [...facts, [2, grace] as const])(of);
  return drawn ?? booking(of, false);
}

/** Whether the two may be told at once: what is so afterwards does not depend on which was first. */
export function goTogether(one: Operation, other: Operation): boolean {
  const touches = ({ writes, reads = [] }: Operation): string[] => [...writes, ...reads];
  return !one.writes.some((thing) => touches(other).includes(thing)) && !other.writes.some((thing) => touches(one).includes(thing));
}
