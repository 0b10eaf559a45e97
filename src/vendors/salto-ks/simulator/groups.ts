import { randomUUID } from 'node:crypto';
import { localTime, WEEKDAYS, type Weekday } from './local-time.ts';
import type { AccessGroup, Site, TimeSchedule } from './records.ts';
import type { ScheduleScenario } from './scenario.ts';
import type { SimulatorState } from './state.ts';

const REMEMBERED_CHANGES = 20_000;

export function addGroup(state: SimulatorState, site: Site, name: string, id: string = randomUUID()): AccessGroup {
  const group: AccessGroup = { id, siteId: site.id, name, lockIds: new Set(), members: new Set(), changes: [] };
  state.groups.set(id, group);
  return group;
}

export function removeGroup(state: SimulatorState, group: AccessGroup): void {
  state.groups.delete(group.id);
  for (const schedule of schedulesOf(state, group)) state.schedules.delete(schedule.id);
}

export function groupsOf(state: SimulatorState, siteId: string): AccessGroup[] {
  return [...state.groups.values()].filter((group) => group.siteId === siteId);
}

/** Puts in or takes out; false when nothing changed. */
export function setMember(state: SimulatorState, group: AccessGroup, platformUserId: string, isIn: boolean): boolean {
  if (group.members.has(platformUserId) === isIn) return false;
  if (isIn) group.members.add(platformUserId);
  else group.members.delete(platformUserId);
  group.changes.push({ at: state.clock.now(), platformUserId, added: isIn });
  if (group.changes.length > REMEMBERED_CHANGES) group.changes.splice(0, REMEMBERED_CHANGES / 2);
  return true;
}

export function leaveAllGroups(state: SimulatorState, siteId: string, platformUserId: string): void {
  for (const group of groupsOf(state, siteId)) setMember(state, group, platformUserId, false);
}

/** The members as they were `lagMs` ago. */
export function membersSeen(state: SimulatorState, group: AccessGroup, lagMs: number): Set<string> {
  if (lagMs === 0) return group.members;
  const members = new Set(group.members);
  const instant = state.clock.now() - lagMs;
  for (const change of group.changes.toReversed()) {
    if (change.at <= instant) break;
    if (change.added) members.delete(change.platformUserId);
    else members.add(change.platformUserId);
  }
  return members;
}

export function schedulesOf(state: SimulatorState, group: AccessGroup): TimeSchedule[] {
  return [...state.schedules.values()].filter((schedule) => schedule.groupId === group.id);
}

/** 'HH:MM' becomes a whole time; an end keeps its whole last minute: '18:00' comes back as '18:00:59' (SALTO facts §2.7). */
export function wholeTime(time: string, end: boolean): string {
  return time.length === 5 ? `${time}:${end ? '59' : '00'}` : time;
}

/** A date alone means its first, or last, second; a zone suffix is dropped, since schedules are read on the wall clock. */
export function wholeDate(date: string | null, end: boolean): string | null {
  if (date === null) return null;
  return date.length === 10 ? `${date}T${end ? '23:59:59' : '00:00:00'}` : date.slice(0, 19);
}

function dayFlags(days: readonly Weekday[]): Record<Weekday, boolean> {
  const flag = (day: Weekday) => days.includes(day);
  return {
    monday: flag('monday'),
    tuesday: flag('tuesday'),
    wednesday: flag('wednesday'),
    thursday: flag('thursday'),
    friday: flag('friday'),
    saturday: flag('saturday'),
    sunday: flag('sunday'),
  };
}

export function addSchedule(state: SimulatorState, group: AccessGroup, wanted: ScheduleScenario, id: string = randomUUID()): TimeSchedule {
  const { days, startTime, endTime, startDate, endDate } =
    wanted === 'always' ? { days: WEEKDAYS, startTime: '00:00:00', endTime: '23:59:59', startDate: null, endDate: null } : wanted;
  const schedule: TimeSchedule = {
    id,
    groupId: group.id,
    days: dayFlags(days),
    startTime: wholeTime(startTime, false),
    endTime: wholeTime(endTime, true),
    startDate: wholeDate(startDate, false),
    endDate: wholeDate(endDate, true),
    changedAt: state.clock.now(),
  };
  state.schedules.set(id, schedule);
  return schedule;
}

/** Dates bound the whole, days and hours repeat within them; hours that end before they begin cover nothing. */
export function covers(schedule: TimeSchedule, instant: number, timeZone: string): boolean {
  const { date, time, weekday } = localTime(instant, timeZone);
  const local = `${date}T${time}`;
  return (
    schedule.days[weekday] &&
    schedule.startTime <= time &&
    time <= schedule.endTime &&
    (schedule.startDate === null || schedule.startDate <= local) &&
    (schedule.endDate === null || local <= schedule.endDate)
  );
}
