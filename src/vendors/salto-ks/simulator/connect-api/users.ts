import { randomInt } from 'node:crypto';
import { z } from 'zod';
import {
  addPlatformUser,
  addSiteUser,
  hasFreeSeat,
  isSettled,
  isVisible,
  personByEmail,
  removeSiteUser,
  siteUserOf,
  subscribeWithMeans,
} from '../people.ts';
import type { PlatformUser, SiteUser } from '../records.ts';
import { rankOf, roleCodeOf, type RoleCode } from '../roles.ts';
import { invalidValue, noPermission, noPermissionOnUser, notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { onlyEmail } from './odata.ts';
import { ok, param, readBody, VERSIONS, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showSiteUser } from './show.ts';

const flags = {
  blocked: z.boolean().optional(),
  use_pin: z.boolean().optional(),
  toggle_easy_office_mode: z.boolean().optional(),
  toggle_manual_office_mode: z.boolean().optional(),
  override_privacy_mode: z.boolean().optional(),
};
const createBody = z.object({
  first_name: z.string().min(1),
  last_name: z.string().min(1),
  email: z.string().nullish(),
  alias: z.string().nullish(),
  role_ids: z.array(z.string()).default([]),
  ...flags,
});
const patchBody = z.object({
  alias: z.string().nullish(),
  role_ids: z.array(z.string()).optional(),
  remote_access: z.boolean().optional(),
  ...flags,
});
const guestBody = z.object({ alias: z.string().min(1), expires_at: z.iso.datetime().nullish() });
const pinBody = z.object({ expiry_date: z.iso.datetime({ offset: true }).nullish() });

/** The person by the id of this site; the platform id finds nobody (SALTO facts §0.1). */
function siteUserIn(call: SiteCall): SiteUser {
  const found = call.state.siteUsers.get(param(call, 'siteUserId'));
  if (!found || found.siteId !== call.site.id || !isVisible(call.state, found)) throw notFound('User');
  return found;
}

function presentUserIn(call: SiteCall): SiteUser {
  const found = siteUserIn(call);
  if (found.deletedAt !== null) throw notFound('User');
  return found;
}

/** @throws ApiError when one is unknown at this site, above the caller's own, or there is none */
function rolesIn(call: SiteCall, ids: string[]): RoleCode[] {
  if (ids.length === 0) throw invalidValue('At least one role should be selected');
  return ids.map((id) => {
    const code = roleCodeOf(id, call.site.id, call.state.switches.read('rolesPerSite', call.where));
    if (!code) throw invalidValue('Role is not valid');
    if (rankOf([code]) > rankOf(call.me.roles)) throw noPermission();
    return code;
  });
}

/** Links the profile with that e-mail address, or invites; without an address the person belongs to the site alone. */
function platformUserFor(call: SiteCall, body: z.output<typeof createBody>): PlatformUser {
  const { state, site } = call;
  const names = { firstName: body.first_name, lastName: body.last_name };
  const email = body.email;
  if (email === undefined || email === null) {
    return addPlatformUser(state, { ...names, email: null, hasProfile: false, managedBySite: site.id });
  }
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalidValue(`Email '${email}' is not valid`);
  const known = personByEmail(state, email);
  if (known && siteUserOf(site, known.id)) throw invalidValue('A user with this email already exists on this site');
  if (known) return known;
  state.invitations.push(email);
  return addPlatformUser(state, { ...names, email, hasProfile: false });
}

function createUser(call: SiteCall): Answer {
  const body = readBody(createBody, call);
  const roles = rolesIn(call, body.role_ids);
  const created = addSiteUser(call.state, call.site, platformUserFor(call, body), {
    roles,
    alias: body.alias ?? null,
    blocked: body.blocked ?? false,
    usePin: body.use_pin ?? false,
    suspended: call.state.switches.read('subscribeOnlyWithMeans', call.where),
  });
  return { status: call.state.switches.read('createUserStatus', call.where), body: showSiteUser(call.state, created) };
}

function patchUser(call: SiteCall): Answer {
  const siteUser = presentUserIn(call);
  const body = readBody(patchBody, call);
  if (body.role_ids !== undefined) siteUser.roles = rolesIn(call, body.role_ids);
  siteUser.alias = body.alias === undefined ? siteUser.alias : body.alias;
  siteUser.blocked = body.blocked ?? siteUser.blocked;
  siteUser.usePin = body.use_pin ?? siteUser.usePin;
  siteUser.remoteAccess = body.remote_access ?? siteUser.remoteAccess;
  siteUser.toggleEasyOfficeMode = body.toggle_easy_office_mode ?? siteUser.toggleEasyOfficeMode;
  siteUser.toggleManualOfficeMode = body.toggle_manual_office_mode ?? siteUser.toggleManualOfficeMode;
  siteUser.overridePrivacyMode = body.override_privacy_mode ?? siteUser.overridePrivacyMode;
  const shown = showSiteUser(call.state, siteUser);
  return ok(call.state.switches.read('patchShowsNoRoles', call.where) ? { ...shown, roles: [] } : shown);
}

/** Subscribing without a free seat leaves the person suspended and says so in the answer only. */
function patchSubscription(call: SiteCall): Answer {
  const siteUser = presentUserIn(call);
  const parsed = z.object({ state: z.enum(['subscribed', 'suspended']) }).safeParse(call.body);
  if (!parsed.success) throw invalidValue('The state field is required.');
  const subscribe = parsed.data.state === 'subscribed';
  if (!subscribe) siteUser.subscription = 'suspended';
  else if (hasFreeSeat(call.state, call.site)) siteUser.subscription = 'subscribed';
  return ok(showSiteUser(call.state, siteUser));
}

function deleteUser(call: SiteCall): Answer {
  const siteUser = presentUserIn(call);
  if (siteUser.platformUserId === call.site.ownerId) throw noPermissionOnUser();
  removeSiteUser(call.state, siteUser);
  return { status: 202 };
}

function createGuest(call: SiteCall): Answer {
  const body = readBody(guestBody, call);
  const nameless = { lastName: '', email: null, hasProfile: false };
  const person = addPlatformUser(call.state, { ...nameless, firstName: body.alias, managedBySite: call.site.id });
  const expiresAt = body.expires_at ? Date.parse(body.expires_at) : null;
  const guest = addSiteUser(call.state, call.site, person, { roles: ['site_guest'], alias: body.alias, expiresAt });
  return { status: 201, body: showSiteUser(call.state, guest) };
}

/** Six digits as a bare JSON string; each call makes new ones. */
function putPin(call: SiteCall): Answer {
  const siteUser = presentUserIn(call);
  if (!isSettled(call.state, siteUser)) throw noPermissionOnUser();
  const { expiry_date } = readBody(pinBody, call);
  const digits = String(randomInt(1_000_000)).padStart(6, '0');
  siteUser.pin = { digits, expiryDate: expiry_date ?? null };
  subscribeWithMeans(call.state, call.site, siteUser);
  return ok(digits);
}

function listUsers(call: SiteCall): Answer {
  const email = onlyEmail(call.address.searchParams.get('$filter'));
  const ignoresCase = call.state.switches.read('filterIgnoresCase', call.where);
  // Asked for by every creation of a client, so it must not walk the whole site.
  const one = email === undefined || !ignoresCase ? undefined : call.site.people.get(personByEmail(call.state, email)?.id ?? '');
  const candidates = email === undefined || !ignoresCase ? [...call.site.people.values()] : one ? [one] : [];
  const visible = candidates.filter((siteUser) => isVisible(call.state, siteUser));
  return listAnswer(call, visible, (siteUser) => showSiteUser(call.state, siteUser));
}

function listKeys(call: SiteCall): Answer {
  const { pin } = presentUserIn(call);
  return listAnswer(call, pin ? [pin] : [], (key) => ({
    type: 'pin',
    key_identifier: 'pin',
    expiry_date: key.expiryDate,
    offline_access: false,
  }));
}

const USERS = '/sites/:siteId/users';
const USER = `${USERS}/:siteUserId`;

/** Site users, guests, PINs (SALTO facts §2.6). */
export const userRoutes: ApiRoute[] = [
  { method: 'GET', path: USERS, versions: VERSIONS, needs: 'admin', handle: listUsers },
  { method: 'POST', path: USERS, versions: VERSIONS, needs: 'admin', handle: createUser },
  { method: 'GET', path: USER, versions: VERSIONS, needs: 'admin', handle: (call) => ok(showSiteUser(call.state, siteUserIn(call))) },
  { method: 'PATCH', path: USER, versions: VERSIONS, needs: 'admin', handle: patchUser },
  { method: 'DELETE', path: USER, versions: VERSIONS, needs: 'admin', handle: deleteUser },
  { method: 'PATCH', path: `${USER}/subscription`, versions: VERSIONS, needs: 'admin', handle: patchSubscription },
  { method: 'POST', path: '/sites/:siteId/guests', versions: VERSIONS, needs: 'admin', handle: createGuest },
  { method: 'PUT', path: `${USER}/pin`, versions: VERSIONS, needs: 'admin', handle: putPin },
  { method: 'GET', path: `${USER}/keys`, versions: VERSIONS, needs: 'admin', handle: listKeys },
  {
    method: 'GET',
    path: `${USER}/activated_iqs`,
    versions: VERSIONS,
    needs: 'admin',
    handle: (call) => listAnswer(call, [], (iq) => iq),
  },
];
