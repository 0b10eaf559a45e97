import { randomUUID } from 'node:crypto';
import { covers, groupsOf, membersSeen, schedulesOf } from './groups.ts';
import { siteUserOf } from './people.ts';
import type { AccessGroup, Entry, Lock } from './records.ts';
import type { SimulatorState } from './state.ts';

export type Refusal =
  | 'not_at_this_site'
  | 'blocked'
  | 'suspended'
  | 'expired'
  | 'no_group_with_this_lock'
  | 'no_time_schedule'
  | 'outside_time_schedule'
  | 'lock_offline';

export type Verdict = { opens: true; through: AccessGroup } | { opens: false; reason: Refusal };

function bestRefusal(refusals: Refusal[]): Refusal {
  return refusals.find((reason) => reason === 'outside_time_schedule') ?? refusals[0] ?? 'no_group_with_this_lock';
}

/** Whether this person opens this lock now: the rule of the lock itself, whatever key is shown. */
export function judge(state: SimulatorState, lock: Lock, platformUserId: string): Verdict {
  const refuse = (reason: Refusal): Verdict => ({ opens: false, reason });
  const site = state.sites.get(lock.siteId);
  const siteUser = site && siteUserOf(site, platformUserId);
  if (!site || !siteUser) return refuse('not_at_this_site');
  if (siteUser.blocked) return refuse('blocked');
  if (siteUser.subscription === 'suspended') return refuse('suspended');
  const now = state.clock.now();
  if (siteUser.expiresAt !== null && siteUser.expiresAt <= now) return refuse('expired');
  if (!lock.online) return refuse('lock_offline');

  const where = { part: 'api' as const, site: site.id };
  const memberDelay = state.switches.read('memberReachesLockMs', where);
  const scheduleDelay = state.switches.read('scheduleReachesLockMs', where);
  const refusals: Refusal[] = [];
  for (const group of groupsOf(state, site.id)) {
    if (!group.lockIds.has(lock.id) || !membersSeen(state, group, memberDelay).has(platformUserId)) continue;
    const schedules = schedulesOf(state, group).filter((schedule) => schedule.changedAt + scheduleDelay <= now);
    if (schedules.some((schedule) => covers(schedule, now, site.timeZone))) return { opens: true, through: group };
    refusals.push(schedules.length === 0 ? 'no_time_schedule' : 'outside_time_schedule');
  }
  return refuse(bestRefusal(refusals));
}

function detailOf(verdict: Verdict): Entry['detail'] {
  if (verdict.opens) return null;
  if (verdict.reason === 'suspended') return 'suspended';
  return verdict.reason === 'lock_offline' ? 'offline' : 'no_access';
}

/** Writes what the lock did into the event log. */
export function recordEntry(
  state: SimulatorState,
  lock: Lock,
  platformUserId: string | null,
  verdict: Verdict,
  accessBy: Entry['accessBy'],
): Entry {
  const entry: Entry = {
    id: randomUUID(),
    sequence: (state.entries.at(-1)?.sequence ?? 0) + 1,
    siteId: lock.siteId,
    category: verdict.opens ? 'lock_opened' : 'lock_rejected',
    detail: detailOf(verdict),
    at: state.clock.now(),
    lockId: lock.id,
    lockName: lock.name,
    platformUserId,
    accessBy,
  };
  state.entries.push(entry);
  return entry;
}
