import { cancelBooking } from '../../src/app/cancel-booking.ts';
import { cancelMemberSubscription } from '../../src/app/cancel-member-subscription.ts';
import { connectIntegration } from '../../src/app/connect-integration.ts';
import { finishConsent } from '../../src/app/finish-consent.ts';
import { selectSite } from '../../src/app/select-site.ts';
import { setBookingGrace } from '../../src/app/set-booking-grace.ts';
import { setPlanAccess } from '../../src/app/set-plan-access.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { setSubscriptionItemAccess } from '../../src/app/set-subscription-item-access.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import { upsertCompany } from '../../src/app/upsert-company.ts';
import { upsertLocation } from '../../src/app/upsert-location.ts';
import { upsertMemberSubscription } from '../../src/app/upsert-member-subscription.ts';
import { upsertMember } from '../../src/app/upsert-member.ts';
import { upsertPlan } from '../../src/app/upsert-plan.ts';
import { upsertResource } from '../../src/app/upsert-resource.ts';
import type { ResourceKind } from '../../src/core/rights.ts';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import type { WorldBase } from './world-base.ts';

export interface Account {
  email: string;
  password: string;
}

export const OWNER: Account = { email: 'owner@example.com', password: 'harbour-light' };
export const MILLER: Account = { email: 'miller@example.com', password: 'old-mill-stone' };

export interface Activity {
  type: string;
  member: string | null;
  group: string | null;
  actor: string;
  detail: string;
}

/** What is told of the world, by external ids and names; whatever is refused is thrown. */
export interface Telling {
  location(externalId: string, change?: { timeZone?: string; name?: string }): Promise<string>;
  connect(location: string, how?: { account?: Account; site?: string }): Promise<void>;
  /** goes through the consent page; answers what the administrator's browser shows */
  consent(location: string, account?: Account, allow?: boolean): Promise<{ ok: boolean; message: string }>;
  selectSite(location: string, site: string): Promise<void>;
  company(externalId: string): Promise<string>;
  member(externalId: string, change?: { email?: string; company?: string; role?: 'ADMIN' | 'MEMBER' | 'GUEST' }): Promise<string>;
  resource(externalId: string, kind: ResourceKind, group?: string | null, location?: string): Promise<string>;
  room(externalId: string, group?: string | null): Promise<string>;
  desk(externalId: string, group?: string | null): Promise<string>;
  plan(externalId: string, change?: { group?: string; passes?: number; location?: string }): Promise<string>;
  subscribe(externalId: string, told: Subscribing): Promise<string>;
  cancelSubscription(externalId: string, at?: string | number): Promise<void>;
  book(externalId: string, told: Booking): Promise<string>;
  cancel(externalId: string): Promise<void>;
  grace(beforeMinutes: number, afterMinutes: number): Promise<void>;
  /** maps to the group of that name; null clears */
  planAccess(plan: string, group: string | null): Promise<void>;
  resourceAccess(resource: string, group: string | null): Promise<void>;
  itemAccess(item: string, group: string | null): Promise<void>;
  groupId(name: string, location?: string): Promise<string>;
  /** whether the lock lets the member in, now */
  opens(member: string, door: string): Promise<boolean>;
  /** which of the members told of the lock lets in, in order of their names */
  whoOpens(door: string): Promise<string[]>;
  activity(...types: string[]): Promise<Activity[]>;
  /** a call to the simulator's own levers, as SALTO's dashboard has them */
  dashboard(method: string, path: string, body?: unknown): Promise<unknown>;
  /** calls that changed who is in a group */
  groupCalls(): { method: string; path: string; body: unknown }[];
  externalId(of: string): { externalId: string };
}

export interface Subscribing {
  member?: string;
  company?: string;
  location?: string;
  startsOn?: string;
  endsOn?: string | null;
  /** one item for each plan, named ‹subscription›-‹plan› */
  plans?: string[];
  resources?: string[];
}

export interface Booking {
  resource: string;
  member: string;
  from: string | number;
  to: string | number;
  invitees?: string[];
  payWithDayPass?: boolean;
}

type Base = WorldBase;
const ref = (externalId: string): { externalId: string } => ({ externalId });

export function done<T>(answer: T): Exclude<T, Error> {
  if (answer instanceof Error) throw answer;
  return answer as Exclude<T, Error>;
}

export function telling(base: Base): Telling {
  const emails = new Map<string, string>();
  return { ...connecting(base), ...facts(base, emails), ...mapping(base), ...looking(base, emails), externalId: ref };
}

type Connecting = Pick<Telling, 'location' | 'connect' | 'consent' | 'selectSite'>;

function connecting(base: Base): Connecting {
  const { deps, platform, admin } = base;
  const consent: Telling['consent'] = async (location, account = OWNER, allow = true) => {
    const { authorizationUrl } = done(await connectIntegration(deps, admin, { location: ref(location), provider: 'SALTO_KS' }));
    return finishConsent(deps, { callbackUrl: await consentOverHttp(authorizationUrl, { ...account, allow }), cookie: null });
  };
  const select: Telling['selectSite'] = async (location, name) => {
    const site = [...base.simulator.state.sites.values()].find((known) => known.name === name);
    done(await selectSite(deps, admin, { location: ref(location), siteExternalId: site?.id ?? '' }));
  };
  return {
    consent,
    selectSite: select,
    async location(externalId, { timeZone = base.timeZone, name = externalId } = {}) {
      return done(await upsertLocation(deps, platform, { externalId, name, timeZone, asOf: null })).locationId;
    },
    async connect(location, { account = OWNER, site = 'Harbour Campus' } = {}) {
      const { ok, message } = await consent(location, account);
      if (!ok) throw new Error(message);
      await select(location, site);
    },
  };
}

type Facts = Pick<
  Telling,
  'company' | 'member' | 'resource' | 'room' | 'desk' | 'plan' | 'subscribe' | 'cancelSubscription' | 'book' | 'cancel' | 'grace'
>;

function facts(base: Base, emails: Map<string, string>): Facts {
  const { deps, platform, admin } = base;
  const instant = (at: string | number): number => (typeof at === 'number' ? at : base.instant(at));
  const { resourceAccess, planAccess } = mapping(base);
  const resource: Telling['resource'] = async (externalId, kind, group = null, location = 'harbour') => {
    const told = { externalId, kind, location: ref(location), name: externalId, asOf: null };
    const { resourceId } = done(await upsertResource(deps, platform, told));
    if (group !== null) await resourceAccess(externalId, group);
    return resourceId;
  };
  return {
    resource,
    room: (externalId, group) => resource(externalId, 'ROOM', group),
    desk: (externalId, group) => resource(externalId, 'DESK', group),
    async company(externalId) {
      return done(await upsertCompany(deps, platform, { externalId, name: externalId, asOf: null })).companyId;
    },
    async member(externalId, { email = `${externalId}@example.com`, company, role = 'MEMBER' } = {}) {
      emails.set(externalId, email);
      const person = { externalId, email, firstName: externalId, lastName: 'Marsh', role };
      return done(await upsertMember(deps, platform, { ...person, company: company === undefined ? null : ref(company), asOf: null }))
        .memberId;
    },
    async plan(externalId, { group, passes = 0, location = 'harbour' } = {}) {
      const told = { externalId, location: ref(location), name: externalId, dayPassesPerMonth: passes, asOf: null };
      const { planId } = done(await upsertPlan(deps, platform, told));
      if (group !== undefined) await planAccess(externalId, group);
      return planId;
    },
    async subscribe(
      externalId,
      { member, company, location = 'harbour', startsOn = '2026-05-05', endsOn = null, plans = [], resources = [] },
    ) {
      const items = [
        ...plans.map((plan) => ({ externalId: `${externalId}-${plan}`, plan: ref(plan), resource: null })),
        ...resources.map((rented) => ({ externalId: `${externalId}-${rented}`, plan: null, resource: ref(rented) })),
      ];
      const subscriber = { member: member === undefined ? null : ref(member), company: company === undefined ? null : ref(company) };
      const told = { externalId, location: ref(location), ...subscriber, startsOn, endsOn, items, asOf: null };
      return done(await upsertMemberSubscription(deps, platform, told)).memberSubscriptionId;
    },
    async cancelSubscription(externalId, at) {
      const when = at === undefined ? null : instant(at);
      done(await cancelMemberSubscription(deps, platform, { memberSubscription: ref(externalId), at: when, asOf: null }));
    },
    async book(externalId, { resource: booked, member, from, to, invitees = [], payWithDayPass = false }) {
      const people = { resource: ref(booked), member: ref(member), invitees: invitees.map(ref) };
      const told = { externalId, ...people, startsAt: instant(from), endsAt: instant(to), payWithDayPass, asOf: null };
      return done(await upsertBooking(deps, platform, told)).bookingId;
    },
    async cancel(externalId) {
      done(await cancelBooking(deps, platform, { booking: ref(externalId), asOf: null }));
    },
    async grace(beforeMinutes, afterMinutes) {
      done(await setBookingGrace(deps, admin, { location: ref('harbour'), beforeMinutes, afterMinutes }));
    },
  };
}

type Mapping = Pick<Telling, 'planAccess' | 'resourceAccess' | 'itemAccess' | 'groupId'>;

function mapping(base: Base): Mapping {
  const { deps, admin, sql } = base;
  const groupId: Telling['groupId'] = async (name, location = 'harbour') => {
    const rows = await sql<{ id: string }>(
      `select g.id from access_group g join location l on l.id = g."locationId" join integration i on i.id = g."integrationId"
       where g.name = $1 and l."externalId" = $2 and g."siteExternalId" = i."siteExternalId"`,
      [name, location],
    );
    if (rows[0] === undefined) throw new Error(`There is no access group ${name}.`);
    return rows[0].id;
  };
  const idOf = (name: string | null): Promise<string | null> => (name === null ? Promise.resolve(null) : groupId(name));
  return {
    groupId,
    async planAccess(plan, group) {
      done(await setPlanAccess(deps, admin, { plan: ref(plan), accessGroup: await idOf(group) }));
    },
    async resourceAccess(resource, group) {
      done(await setResourceAccess(deps, admin, { resource: ref(resource), accessGroup: await idOf(group) }));
    },
    async itemAccess(item, group) {
      done(await setSubscriptionItemAccess(deps, admin, { subscriptionItem: ref(item), accessGroup: await idOf(group) }));
    },
  };
}

type Looking = Pick<Telling, 'opens' | 'whoOpens' | 'activity' | 'dashboard' | 'groupCalls'>;

function looking(base: Base, emails: Map<string, string>): Looking {
  const { simulator, sql } = base;
  const opens: Telling['opens'] = async (member, door) => {
    const asked = new URLSearchParams({ email: emails.get(member) ?? member, lockName: door });
    const response = await fetch(`${simulator.url}/_simulator/doors/try?${asked}`);
    // SALTO does not know everybody.
    if (response.status === 404 && simulator.state.platformUsersByEmail.get(emails.get(member) ?? member) === undefined) return false;
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { opens: boolean }).opens;
  };
  return {
    opens,
    async whoOpens(door) {
      const names = [...emails.keys()].sort();
      const open = await Promise.all(names.map((name) => opens(name, door)));
      return names.filter((_, index) => open[index]);
    },
    activity: (...types) =>
      sql<Activity>(
        `select a.type, m."externalId" as member, g.name as group, a.actor, a.detail
         from activity a left join member m on m.id = a."memberId" left join access_group g on g.id = a."accessGroupId"
         where cardinality($1::text[]) = 0 or a.type::text = any($1) order by a.id`,
        [types],
      ),
    async dashboard(method, path, body) {
      const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await fetch(`${simulator.url}/_simulator${path}`, { method, ...content });
      if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
      return response.status === 204 ? null : ((await response.json()) as unknown);
    },
    groupCalls: () =>
      simulator.state.calls
        .find({ path: /\/access_groups\/[^/]+\/users/ })
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path, body }) => ({ method, path, body })),
  };
}
