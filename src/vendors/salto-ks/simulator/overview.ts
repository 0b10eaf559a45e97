import { judge, type Refusal } from './access.ts';
import { isoSeconds } from './clock.ts';
import { groupsOf, schedulesOf } from './groups.ts';
import { WEEKDAYS } from './local-time.ts';
import { seatsOf, seatsTaken } from './people.ts';
import type { AccessGroup, Lock, Site, TimeSchedule } from './records.ts';
import type { SimulatorState } from './state.ts';

/** People shown per door and group; the rest is counted. */
const SHOWN_PEOPLE = 30;

export interface PersonAtDoor {
  name: string;
  email: string | null;
  opens: boolean;
  reason: Refusal | null;
}

export interface SiteOverview {
  id: string;
  name: string;
  timeZone: string;
  released: boolean;
  mkeyCompatible: boolean;
  seats: { taken: number; bought: number; suspended: number };
  doors: { id: string; name: string; online: boolean; people: PersonAtDoor[]; more: number }[];
  groups: { id: string; name: string; doors: string[]; schedules: string[]; members: string[]; more: number }[];
  entries: { at: string; door: string; person: string; category: string; detail: string | null; accessBy: string }[];
}

function nameOf(state: SimulatorState, platformUserId: string | null): string {
  const person = state.platformUsers.get(platformUserId ?? '');
  return person ? `${person.firstName} ${person.lastName}`.trim() : 'unknown';
}

function peopleAtDoor(state: SimulatorState, lock: Lock, groups: AccessGroup[]) {
  const candidates = new Set(groups.filter((group) => group.lockIds.has(lock.id)).flatMap((group) => [...group.members]));
  const people = [...candidates].slice(0, SHOWN_PEOPLE).map((id): PersonAtDoor => {
    const verdict = judge(state, lock, id);
    const email = state.platformUsers.get(id)?.email ?? null;
    return { name: nameOf(state, id), email, opens: verdict.opens, reason: verdict.opens ? null : verdict.reason };
  });
  return { people, more: candidates.size - people.length };
}

function describe(schedule: TimeSchedule): string {
  const days = WEEKDAYS.filter((day) => schedule.days[day]);
  const wholeWeek = days.length === WEEKDAYS.length;
  const wholeDay = schedule.startTime === '00:00:00' && schedule.endTime === '23:59:59';
  const when = wholeWeek && wholeDay ? 'always' : `${wholeWeek ? 'daily' : days.join(', ')} ${schedule.startTime}–${schedule.endTime}`;
  const dates = schedule.startDate !== null || schedule.endDate !== null;
  return dates ? `${when}, from ${schedule.startDate ?? 'any day'} to ${schedule.endDate ?? 'any day'}` : when;
}

function siteOverview(state: SimulatorState, site: Site): SiteOverview {
  const groups = groupsOf(state, site.id);
  const people = [...site.people.values()].filter((person) => person.deletedAt === null);
  const locks = [...state.locks.values()].filter((lock) => lock.siteId === site.id);
  return {
    id: site.id,
    name: site.name,
    timeZone: site.timeZone,
    released: site.released,
    mkeyCompatible: site.mkeyCompatible,
    seats: {
      taken: seatsTaken(site),
      bought: seatsOf(state, site),
      suspended: people.filter((person) => person.subscription === 'suspended').length,
    },
    doors: locks.map((lock) => ({ id: lock.id, name: lock.name, online: lock.online, ...peopleAtDoor(state, lock, groups) })),
    groups: groups.map((group) => ({
      id: group.id,
      name: group.name,
      doors: locks.filter((lock) => group.lockIds.has(lock.id)).map((lock) => lock.name),
      schedules: schedulesOf(state, group).map(describe),
      members: [...group.members].slice(0, SHOWN_PEOPLE).map((id) => nameOf(state, id)),
      more: Math.max(0, group.members.size - SHOWN_PEOPLE),
    })),
    entries: state.entries
      .filter((entry) => entry.siteId === site.id)
      .slice(-10)
      .toReversed()
      .map((entry) => ({
        at: isoSeconds(entry.at),
        door: entry.lockName,
        person: nameOf(state, entry.platformUserId),
        category: entry.category,
        detail: entry.detail,
        accessBy: entry.accessBy,
      })),
  };
}

/** What the page shows, as data. */
export function overview(state: SimulatorState): { now: string; changedSwitches: string[]; sites: SiteOverview[] } {
  return {
    now: isoSeconds(state.clock.now()),
    changedSwitches: state.switches.changed(),
    sites: [...state.sites.values()].map((site) => siteOverview(state, site)),
  };
}
