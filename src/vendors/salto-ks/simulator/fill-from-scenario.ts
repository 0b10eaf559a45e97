import { addGroup, addSchedule, setMember } from './groups.ts';
import { addPlatformUser, addSiteUser, personByEmail } from './people.ts';
import type { Iq, Lock, Site } from './records.ts';
import { rankOf } from './roles.ts';
import type { SiteScenario } from './scenario.ts';
import { stableId } from './stable-id.ts';
import type { SimulatorState } from './state.ts';

/** What the scenario brings has settled everywhere. */
const LONG_AGO = 0;

/** A device address as printed on hardware: 16 hex digits. */
function macOf(...words: string[]): string {
  return stableId('mac', ...words)
    .replaceAll('-', '')
    .slice(0, 16)
    .toUpperCase();
}

type BareSite = Omit<SiteScenario, 'people' | 'doors' | 'groups'>;

export function addSite(state: SimulatorState, wanted: BareSite, id: string = stableId('site', wanted.name)): Site {
  const site: Site = {
    id,
    siteUid:
      wanted.siteUid ??
      `${wanted.countryCode}45${String(Number.parseInt(id.slice(0, 7), 16))
        .padStart(9, '0')
        .slice(0, 8)}`,
    name: wanted.name,
    countryCode: wanted.countryCode,
    timeZone: wanted.timeZone,
    released: wanted.released,
    mkeyCompatible: wanted.mkeyCompatible,
    seats: wanted.seats,
    ownerId: null,
    features: ['events_streaming', 'smart_tag_assignment', 'nfc', 'events_storage', 'activity_log'],
    people: new Map(),
  };
  state.sites.set(id, site);
  const iq: Iq = { id: stableId('iq', id), siteId: id, name: 'IQ 01', mac: macOf('iq', id), online: true };
  state.iqs.set(iq.id, iq);
  return site;
}

type Door = SiteScenario['doors'][number];

export function addLock(state: SimulatorState, site: Site, door: Door, id: string = stableId('lock', site.id, door.name)): Lock {
  const iq = [...state.iqs.values()].find((candidate) => candidate.siteId === site.id);
  const lock: Lock = {
    id,
    siteId: site.id,
    name: door.name,
    mac: macOf('lock', id),
    lockType: door.lockType,
    online: door.online,
    iqId: iq?.id ?? stableId('iq', site.id),
  };
  state.locks.set(lock.id, lock);
  return lock;
}

function fillSite(state: SimulatorState, wanted: SiteScenario): void {
  const site = addSite(state, wanted);
  for (const person of wanted.people) {
    const platformUser =
      personByEmail(state, person.email) ??
      addPlatformUser(state, {
        id: stableId('platform-user', person.email),
        firstName: person.firstName ?? 'New',
        lastName: person.lastName ?? 'Person',
        email: person.email,
        hasProfile: false,
      });
    const siteUser = addSiteUser(state, site, platformUser, { ...person, id: stableId('site-user', site.id, person.email) });
    siteUser.createdAt = LONG_AGO;
    if (rankOf(person.roles) === rankOf(['site_owner'])) site.ownerId = platformUser.id;
  }
  const locks = new Map(wanted.doors.map((door) => [door.name, addLock(state, site, door)]));
  for (const group of wanted.groups) {
    const added = addGroup(state, site, group.name, stableId('group', site.id, group.name));
    for (const door of group.doors) {
      const lock = locks.get(door);
      if (!lock) throw new Error(`scenario: group "${group.name}" of "${site.name}" names a door "${door}" that the site does not have`);
      added.lockIds.add(lock.id);
    }
    for (const [index, schedule] of group.schedules.entries()) {
      addSchedule(state, added, schedule, stableId('schedule', added.id, String(index))).changedAt = LONG_AGO;
    }
    for (const email of group.members) {
      const member = personByEmail(state, email);
      if (!member || !site.people.has(member.id)) {
        throw new Error(`scenario: group "${group.name}" of "${site.name}" names a member "${email}" who is not a person of the site`);
      }
      setMember(state, added, member.id, true);
    }
    added.changes = [];
  }
}

export function fillFromScenario(state: SimulatorState): void {
  for (const account of state.scenario.accounts) {
    const id = stableId('platform-user', account.email);
    addPlatformUser(state, { ...account, id, password: account.password ?? null, hasProfile: true });
  }
  for (const client of state.scenario.clients) state.identity.clients.set(client.id, client);
  for (const partner of state.scenario.partners) state.identity.partners.set(partner.hint, partner);
  for (const site of state.scenario.sites) fillSite(state, site);
}
