import { z } from 'zod';
import { addSchedule, schedulesOf, wholeDate, wholeTime } from '../groups.ts';
import { WEEKDAYS } from '../local-time.ts';
import type { TimeSchedule } from '../records.ts';
import { GROUP, groupIn } from './access-groups.ts';
import { invalidValue, notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { NO_CONTENT, ok, param, readBody, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showSchedule } from './show.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/);
const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z?)?$/)
  .nullish();
const day = z.boolean().optional();
const patchBody = z.object({
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
  saturday: day,
  sunday: day,
  start_time: time.optional(),
  end_time: time.optional(),
  start_date: date,
  end_date: date,
});
const createBody = patchBody.required({ start_time: true, end_time: true });

function scheduleIn(call: SiteCall): TimeSchedule {
  const group = groupIn(call);
  const schedule = call.state.schedules.get(param(call, 'timeScheduleId'));
  if (!schedule || schedule.groupId !== group.id) throw notFound('Time schedule');
  return schedule;
}

function refuseDayless(days: TimeSchedule['days']): void {
  if (!WEEKDAYS.some((weekday) => days[weekday])) throw invalidValue('At least one day should be selected');
}

function createSchedule(call: SiteCall): Answer {
  const group = groupIn(call);
  const body = readBody(createBody, call);
  const days = WEEKDAYS.filter((weekday) => body[weekday] === true);
  if (days.length === 0) throw invalidValue('At least one day should be selected');
  const { start_time: startTime, end_time: endTime } = body;
  const dates = { startDate: body.start_date ?? null, endDate: body.end_date ?? null };
  return ok(showSchedule(addSchedule(call.state, group, { days, startTime, endTime, ...dates })));
}

function patchSchedule(call: SiteCall): Answer {
  const schedule = scheduleIn(call);
  const body = readBody(patchBody, call);
  const days = { ...schedule.days };
  for (const weekday of WEEKDAYS) days[weekday] = body[weekday] ?? days[weekday];
  refuseDayless(days);
  schedule.days = days;
  if (body.start_time !== undefined) schedule.startTime = wholeTime(body.start_time, false);
  if (body.end_time !== undefined) schedule.endTime = wholeTime(body.end_time, true);
  if (body.start_date !== undefined) schedule.startDate = wholeDate(body.start_date, false);
  if (body.end_date !== undefined) schedule.endDate = wholeDate(body.end_date, true);
  schedule.changedAt = call.state.clock.now();
  return ok(showSchedule(schedule));
}

const SCHEDULES = `${GROUP}/time_schedules`;
const SCHEDULE = `${SCHEDULES}/:timeScheduleId`;
const V11 = ['v1.1'] as const;

/** Time schedules of access groups: v1.1 only (SALTO facts §2.1, §2.7). */
export const scheduleRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: SCHEDULES,
    versions: V11,
    needs: 'admin',
    handle: (call) => listAnswer(call, schedulesOf(call.state, groupIn(call)), showSchedule),
  },
  { method: 'POST', path: SCHEDULES, versions: V11, needs: 'admin', handle: createSchedule },
  { method: 'GET', path: SCHEDULE, versions: V11, needs: 'admin', handle: (call) => ok(showSchedule(scheduleIn(call))) },
  { method: 'PATCH', path: SCHEDULE, versions: V11, needs: 'admin', handle: patchSchedule },
  {
    method: 'DELETE',
    path: SCHEDULE,
    versions: V11,
    needs: 'admin',
    handle(call) {
      call.state.schedules.delete(scheduleIn(call).id);
      return NO_CONTENT;
    },
  },
];
