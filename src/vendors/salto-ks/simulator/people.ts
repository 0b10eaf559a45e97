import { randomUUID } from 'node:crypto';
import type { PlatformUser, Site, SiteUser } from './records.ts';
import { ADMIN_RANK, rankOf, type RoleCode } from './roles.ts';
import type { SimulatorState } from './state.ts';
import { leaveAllGroups } from './groups.ts';

export interface NewPlatformUser {
  id?: string;
  firstName: string;
  lastName: string;
  email: string | null;
  password?: string | null;
  hasProfile: boolean;
  managedBySite?: string;
}

export function addPlatformUser(state: SimulatorState, person: NewPlatformUser): PlatformUser {
  const user: PlatformUser = {
    id: person.id ?? randomUUID(),
    subject: randomUUID(),
    firstName: person.firstName,
    lastName: person.lastName,
    email: person.email,
    password: person.password ?? null,
    hasProfile: person.hasProfile,
    managedBySite: person.managedBySite ?? null,
    tokensRevokedAt: 0,
  };
  state.platformUsers.set(user.id, user);
  state.platformUsersBySubject.set(user.subject, user);
  if (user.email !== null) state.platformUsersByEmail.set(user.email.toLowerCase(), user);
  return user;
}

export function personByEmail(state: SimulatorState, email: string): PlatformUser | undefined {
  return state.platformUsersByEmail.get(email.toLowerCase());
}

/** The person at that site, unless deleted there. */
export function siteUserOf(site: Site, platformUserId: string): SiteUser | undefined {
  const found = site.people.get(platformUserId);
  return found?.deletedAt === null ? found : undefined;
}

export function sitesOf(state: SimulatorState, platformUserId: string): { site: Site; siteUser: SiteUser }[] {
  return [...state.sites.values()].flatMap((site) => {
    const siteUser = siteUserOf(site, platformUserId);
    return siteUser ? [{ site, siteUser }] : [];
  });
}

export function isAdmin(siteUser: SiteUser): boolean {
  return rankOf(siteUser.roles) >= ADMIN_RANK && !siteUser.blocked && siteUser.subscription === 'subscribed';
}

/** Seats bought. */
export function seatsOf(state: SimulatorState, site: Site): number {
  return state.switches.read('seats', { part: 'api', site: site.id }) ?? site.seats;
}

/** Every subscribed person takes a seat, guests and blocked ones too. */
export function seatsTaken(site: Site): number {
  let taken = 0;
  for (const person of site.people.values()) if (person.deletedAt === null && person.subscription === 'subscribed') taken += 1;
  return taken;
}

export function hasFreeSeat(state: SimulatorState, site: Site): boolean {
  return seatsTaken(site) < seatsOf(state, site);
}

export interface NewSiteUser {
  id?: string;
  roles: RoleCode[];
  alias?: string | null;
  blocked?: boolean;
  suspended?: boolean;
  expiresAt?: number | null;
  usePin?: boolean;
}

/** Without a free seat the person is taken in all the same, suspended (SALTO facts §0.4). */
export function addSiteUser(state: SimulatorState, site: Site, platformUser: PlatformUser, options: NewSiteUser): SiteUser {
  const siteUser: SiteUser = {
    id: options.id ?? randomUUID(),
    siteId: site.id,
    platformUserId: platformUser.id,
    roles: [...options.roles],
    alias: options.alias ?? null,
    blocked: options.blocked ?? false,
    subscription: options.suspended === true || !hasFreeSeat(state, site) ? 'suspended' : 'subscribed',
    usePin: options.usePin ?? false,
    remoteAccess: false,
    overridePrivacyMode: false,
    toggleEasyOfficeMode: false,
    toggleManualOfficeMode: false,
    expiresAt: options.expiresAt ?? null,
    pin: null,
    createdAt: state.clock.now(),
    deletedAt: null,
  };
  const former = site.people.get(platformUser.id);
  if (former) state.siteUsers.delete(former.id);
  site.people.set(platformUser.id, siteUser);
  state.siteUsers.set(siteUser.id, siteUser);
  return siteUser;
}

/** Seat and groups are free at once; the record may still answer for a while (`deleteDelayMs`). */
export function removeSiteUser(state: SimulatorState, siteUser: SiteUser): void {
  siteUser.deletedAt = state.clock.now();
  leaveAllGroups(state, siteUser.siteId, siteUser.platformUserId);
}

/** Whether the record still answers to GET. */
export function isVisible(state: SimulatorState, siteUser: SiteUser): boolean {
  if (siteUser.deletedAt === null) return true;
  const delay = state.switches.read('deleteDelayMs', { part: 'api', site: siteUser.siteId });
  return state.clock.now() < siteUser.deletedAt + delay;
}

/** A new person is unknown to groups and PINs for a while (SALTO facts §0.5). */
export function isSettled(state: SimulatorState, siteUser: SiteUser): boolean {
  const delay = state.switches.read('consistencyDelayMs', { part: 'api', site: siteUser.siteId });
  return state.clock.now() >= siteUser.createdAt + delay;
}

/** With a first means of access (PIN, mobile key) a person may be subscribed (SALTO facts §3, switch `subscribeOnlyWithMeans`). */
export function subscribeWithMeans(state: SimulatorState, site: Site, siteUser: SiteUser): void {
  const onlyWithMeans = state.switches.read('subscribeOnlyWithMeans', { part: 'api', site: site.id });
  if (onlyWithMeans && siteUser.subscription === 'suspended' && hasFreeSeat(state, site)) siteUser.subscription = 'subscribed';
}
