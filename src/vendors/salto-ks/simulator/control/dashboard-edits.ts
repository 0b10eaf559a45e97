import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addLock, addSite } from '../fill-from-scenario.ts';
import { addGroup, addSchedule, removeGroup, setMember } from '../groups.ts';
import { addPlatformUser, addSiteUser, hasFreeSeat, personByEmail, removeSiteUser, siteUserOf } from '../people.ts';
import type { AccessGroup, Site } from '../records.ts';
import { ROLE_CODES } from '../roles.ts';
import { scheduleSchema, siteSchema, timeZoneSchema } from '../scenario.ts';
import type { SimulatorState } from '../state.ts';
import { ControlError, read } from './control-error.ts';
import { groupCalled, lockCalled, personCalled, siteCalled, siteUserCalled } from './lookup.ts';

const inSite = z.strictObject({ site: z.string().optional() });
const newSite = siteSchema.omit({ people: true, doors: true, groups: true }).extend({ admin: z.email() });
const sitePatch = z.strictObject({
  name: z.string().min(1).optional(),
  mkeyCompatible: z.boolean().optional(),
  released: z.boolean().optional(),
  timeZone: timeZoneSchema.optional(),
  seats: z.int().min(0).optional(),
});
const newGroup = z.strictObject({
  site: z.string(),
  name: z.string().min(1),
  locks: z.array(z.string()).default([]),
  schedules: z.array(scheduleSchema).default([]),
});
const groupPatch = z.strictObject({
  site: z.string().optional(),
  name: z.string().min(1).optional(),
  locks: z.array(z.string()).optional(),
});
const newLock = z.strictObject({
  site: z.string(),
  name: z.string().min(1),
  lockType: z.string().default('wall_reader'),
  online: z.boolean().default(true),
  groups: z.array(z.string()).default([]),
});
const lockPatch = z.strictObject({ site: z.string().optional(), name: z.string().min(1).optional(), online: z.boolean().optional() });
const membership = z.strictObject({
  site: z.string().optional(),
  group: z.string(),
  email: z.email(),
  firstName: z.string().default('Handmade'),
  lastName: z.string().default('Stranger'),
});
const newSchedule = z.strictObject({ site: z.string().optional(), group: z.string(), schedule: scheduleSchema.default('always') });
const userPatch = z.strictObject({
  site: z.string().optional(),
  blocked: z.boolean().optional(),
  suspended: z.boolean().optional(),
  roles: z.array(z.enum(ROLE_CODES)).min(1).optional(),
});

const idIn = (http: { params: unknown }) => decodeURIComponent((http.params as { id: string }).id);

function optionalSite(state: SimulatorState, given: string | undefined): Site | undefined {
  return given === undefined ? undefined : siteCalled(state, given);
}

function siteOf(state: SimulatorState, group: AccessGroup): Site {
  return siteCalled(state, group.siteId);
}

function registerSites(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/sites', (http, reply) => {
    const { admin, ...wanted } = read(newSite, http.body);
    const person = personCalled(state, admin);
    const site = addSite(state, wanted, randomUUID());
    addSiteUser(state, site, person, { roles: ['site_owner'] });
    site.ownerId = person.id;
    return reply.code(201).send({ id: site.id });
  });
  app.patch('/_simulator/sites/:id', (http, reply) => {
    const changes = read(sitePatch, http.body);
    const site = siteCalled(state, idIn(http));
    for (const [name, value] of Object.entries(changes)) if (value !== undefined) Object.assign(site, { [name]: value });
    return reply.send({ id: site.id });
  });
}

function registerGroups(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/groups', (http, reply) => {
    const wanted = read(newGroup, http.body);
    const site = siteCalled(state, wanted.site);
    const locks = wanted.locks.map((lock) => lockCalled(state, lock, site));
    const group = addGroup(state, site, wanted.name);
    for (const lock of locks) group.lockIds.add(lock.id);
    for (const schedule of wanted.schedules) addSchedule(state, group, schedule);
    return reply.code(201).send({ id: group.id });
  });
  app.patch('/_simulator/groups/:id', (http, reply) => {
    const changes = read(groupPatch, http.body);
    const group = groupCalled(state, idIn(http), optionalSite(state, changes.site));
    if (changes.locks) group.lockIds = new Set(changes.locks.map((lock) => lockCalled(state, lock, siteOf(state, group)).id));
    if (changes.name !== undefined) group.name = changes.name;
    return reply.send({ id: group.id });
  });
  app.delete('/_simulator/groups/:id', (http, reply) => {
    removeGroup(state, groupCalled(state, idIn(http), optionalSite(state, read(inSite, http.query).site)));
    return reply.code(204).send();
  });
  app.post('/_simulator/schedules', (http, reply) => {
    const wanted = read(newSchedule, http.body);
    const group = groupCalled(state, wanted.group, optionalSite(state, wanted.site));
    return reply.code(201).send({ id: addSchedule(state, group, wanted.schedule).id });
  });
  app.delete('/_simulator/schedules/:id', (http, reply) => {
    if (!state.schedules.delete(idIn(http))) throw new ControlError(404, 'no such time schedule');
    return reply.code(204).send();
  });
}

function registerLocks(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/locks', (http, reply) => {
    const wanted = read(newLock, http.body);
    const site = siteCalled(state, wanted.site);
    const groups = wanted.groups.map((group) => groupCalled(state, group, site));
    const lock = addLock(state, site, wanted, randomUUID());
    for (const group of groups) group.lockIds.add(lock.id);
    return reply.code(201).send({ id: lock.id });
  });
  app.patch('/_simulator/locks/:id', (http, reply) => {
    const changes = read(lockPatch, http.body);
    const lock = lockCalled(state, idIn(http), optionalSite(state, changes.site));
    lock.name = changes.name ?? lock.name;
    lock.online = changes.online ?? lock.online;
    return reply.send({ id: lock.id });
  });
  app.delete('/_simulator/locks/:id', (http, reply) => {
    const lock = lockCalled(state, idIn(http), optionalSite(state, read(inSite, http.query).site));
    state.locks.delete(lock.id);
    for (const group of state.groups.values()) group.lockIds.delete(lock.id);
    return reply.code(204).send();
  });
}

function registerPeople(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/members', (http, reply) => {
    const wanted = read(membership, http.body);
    const group = groupCalled(state, wanted.group, optionalSite(state, wanted.site));
    const site = siteOf(state, group);
    const person = personByEmail(state, wanted.email) ?? addPlatformUser(state, { ...wanted, hasProfile: false });
    const siteUser = siteUserOf(site, person.id) ?? addSiteUser(state, site, person, { roles: ['site_user'] });
    setMember(state, group, person.id, true);
    return reply.code(201).send({ siteUserId: siteUser.id, platformUserId: person.id });
  });
  app.delete('/_simulator/members', (http, reply) => {
    const wanted = read(membership, http.body);
    const group = groupCalled(state, wanted.group, optionalSite(state, wanted.site));
    const found = setMember(state, group, personCalled(state, wanted.email).id, false);
    if (!found) throw new ControlError(404, `"${wanted.email}" is not in "${group.name}"`);
    return reply.code(204).send();
  });
  app.patch('/_simulator/users/:id', (http, reply) => {
    const changes = read(userPatch, http.body);
    const siteUser = siteUserCalled(state, idIn(http), optionalSite(state, changes.site));
    const site = siteCalled(state, siteUser.siteId);
    if (changes.suspended === false && siteUser.subscription === 'suspended' && !hasFreeSeat(state, site)) {
      throw new ControlError(409, `no seat is free at "${site.name}"`);
    }
    if (changes.suspended !== undefined) siteUser.subscription = changes.suspended ? 'suspended' : 'subscribed';
    siteUser.blocked = changes.blocked ?? siteUser.blocked;
    siteUser.roles = changes.roles ?? siteUser.roles;
    return reply.send({ siteUserId: siteUser.id, platformUserId: siteUser.platformUserId });
  });
  app.delete('/_simulator/users/:id', (http, reply) => {
    removeSiteUser(state, siteUserCalled(state, idIn(http), optionalSite(state, read(inSite, http.query).site)));
    return reply.code(204).send();
  });
}

/** What an administrator does by hand in SALTO's own dashboard, unseen by any client of the API. */
export function registerDashboardEdits(app: FastifyInstance, state: SimulatorState): void {
  registerSites(app, state);
  registerGroups(app, state);
  registerLocks(app, state);
  registerPeople(app, state);
}
