import { expect, test } from 'vitest';
import { opensWithin, type Schedule } from '../../src/core/schedule.ts';

const BERLIN = 'Europe/Berlin';
const schedule = (change: Partial<Schedule> = {}): Schedule => ({
  days: [1, 2, 3, 4, 5],
  from: '08:00:00',
  until: '18:00:59',
  notBefore: null,
  notAfter: null,
  ...change,
});
const at = (text: string): number => Date.parse(`2026-${text}Z`);
const instant = (text: string) => ({ from: at(text), until: at(text) + 1 });

// A Tuesday in May; Berlin is two hours ahead of UTC.
test.each([
  ['its first second', [schedule()], instant('05-05T06:00:00'), true],
  ['the millisecond before', [schedule()], { from: at('05-05T06:00:00') - 1, until: at('05-05T06:00:00') }, false],
  ['its last second', [schedule()], instant('05-05T16:00:59.999'), true],
  ['the second after', [schedule()], instant('05-05T16:01:00'), false],
  ['another day of the week', [schedule()], instant('05-09T10:00:00'), false],
  ['a second schedule for that day', [schedule(), schedule({ days: [6] })], instant('05-09T10:00:00'), true],
  ['a window that only ends within hours', [schedule()], { from: at('05-05T04:00:00'), until: at('05-05T06:00:01') }, true],
  ['a window between two days', [schedule()], { from: at('05-05T17:00:00'), until: at('05-06T05:00:00') }, false],
  ['a window without end', [schedule()], { from: at('05-08T17:00:00'), until: null }, true],
  ['before the first date', [schedule({ notBefore: '2026-05-06T00:00:00' })], instant('05-05T10:00:00'), false],
  ['after the last date', [schedule({ notAfter: '2026-05-05T12:00:00' })], instant('05-05T10:00:01'), false],
  ['on the last date', [schedule({ notAfter: '2026-05-05T12:00:00' })], instant('05-05T09:59:00'), true],
  [
    'nobody looks further than two weeks',
    [schedule({ notBefore: '2026-06-01T00:00:00' })],
    { from: at('05-05T10:00:00'), until: null },
    false,
  ],
  ['hours that end before they begin', [schedule({ from: '22:00:00', until: '06:00:00' })], instant('05-05T22:00:00'), false],
  ['no schedule at all', [], instant('05-05T10:00:00'), false],
])('hours on the wall of the site: %s', (_, schedules, window, expected) => {
  expect(opensWithin(schedules, window, BERLIN)).toBe(expected);
});

test('hours follow the clocks of the site through a change of time', () => {
  const night = [schedule({ days: [7], from: '03:30:00', until: '04:00:00' })];
  expect(opensWithin(night, instant('03-29T01:45:00'), BERLIN)).toBe(true);
  expect(opensWithin(night, instant('03-29T02:45:00'), BERLIN)).toBe(false);
});
