import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DAY,
  HOUR,
  dayAfter,
  daysTouched,
  isCalendarDay,
  isTimeZone,
  isoInstant,
  localDay,
  monthOf,
  spokenTime,
  startOfDay,
  subscriptionWindow,
} from '../../src/core/time.ts';
import { dayBegins } from '../support/oracle.ts';
import { TRANSITIONS } from '../support/transitions.ts';

const at = (text: string): number => Date.parse(text);

test.each([
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z', 'an ordinary midnight before a gap at 02:00'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z', 'the midnight after that gap'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z', 'midnight skipped: 01:00 is the first instant'],
  ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z', 'midnight skipped'],
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00Z', 'midnight skipped'],
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00Z', 'midnight repeated: the first one'],
  ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00Z', 'a fold of half an hour, later that day'],
  ['2026-04-05', 'Pacific/Chatham', '2026-04-04T10:15:00Z', 'an offset of 13:45'],
  ['2010-11-07', 'America/St_Johns', '2010-11-07T02:30:00Z', 'the day begins once more after a minute: the first time counts'],
  ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z', 'a day that was skipped altogether has the next one’s first instant'],
])('the day %s in %s begins at %s: %s', (day, zone, instant) => {
  expect(isoInstant(startOfDay(day, zone))).toBe(instant);
});

test('a day begins where a clock on the wall, read minute by minute, first shows it', () => {
  for (const { zone, at: change } of TRANSITIONS) {
    let day = localDay(change - 2 * DAY, zone);
    for (let count = 0; count < 5; count += 1, day = dayAfter(day)) {
      expect([zone, day, startOfDay(day, zone)]).toEqual([zone, day, dayBegins(day, zone)]);
    }
  }
});

test('every instant belongs to the one day whose beginning is behind it and whose end is ahead', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TRANSITIONS), fc.integer({ min: -50 * 60, max: 50 * 60 }), ({ zone, at: change }, minutes) => {
      const instant = change + minutes * 60_000;
      const day = localDay(instant, zone);
      expect(startOfDay(day, zone)).toBeLessThanOrEqual(instant);
      expect(startOfDay(dayAfter(day), zone)).toBeGreaterThan(instant);
    }),
  );
});

test.each([
  ['2026-03-02T08:00:00Z', '2026-03-02T17:00:00Z', ['2026-03-02'], 'within one day'],
  ['2026-03-02T08:00:00Z', '2026-03-02T23:00:00Z', ['2026-03-02'], 'an end at 00:00 does not touch the day it begins'],
  ['2026-03-02T08:00:00Z', '2026-03-02T23:00:00.001Z', ['2026-03-02', '2026-03-03'], 'a millisecond later it does'],
  ['2026-03-02T23:00:00Z', '2026-03-03T01:00:00Z', ['2026-03-03'], 'a start at 00:00'],
  ['2026-03-28T22:00:00Z', '2026-03-30T00:00:00Z', ['2026-03-28', '2026-03-29', '2026-03-30'], 'across a gap'],
  ['2026-03-02T08:00:00Z', '2026-03-02T08:00:00Z', [], 'an empty window'],
  ['2026-03-02T08:00:00Z', '2026-03-01T08:00:00Z', [], 'an inverted window'],
])('%s until %s touches %j in Berlin: %s', (from, until, days) => {
  expect(daysTouched({ from: at(from), until: at(until) }, 'Europe/Berlin')).toEqual(days);
});

test('a day that its zone skipped is touched by nothing', () => {
  const window = { from: at('2011-12-29T12:00:00Z'), until: at('2011-12-31T09:00:00Z') };
  expect(daysTouched(window, 'Pacific/Apia')).toEqual(['2011-12-29', '2011-12-31']);
});

test('a window of minutes in an evening that is repeated across midnight touches the day that has begun', () => {
  const from = at('2010-11-07T02:30:30Z');
  expect(daysTouched({ from, until: from + HOUR }, 'America/St_Johns')).toEqual(['2010-11-07']);
});

test('a subscription lasts until the end of its last day, or without end (S3)', () => {
  expect(subscriptionWindow('2026-03-28', '2026-03-29', 'Europe/Berlin')).toEqual({
    from: at('2026-03-27T23:00:00Z'),
    until: at('2026-03-29T22:00:00Z'),
  });
  expect(subscriptionWindow('2026-03-28', null, 'Europe/Berlin').until).toBeNull();
});

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+2', 'europe/berlin'])('%s is a time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(true);
});

test.each(['', 'Z', '+02:00', 'Mars/Olympus', 'Europe/Berlin ', '2026-01-01[Europe/Berlin]', 'UTC\n', 'Europe//Berlin'])(
  '%j is no time zone',
  (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  },
);

test.each(['2026-01-01', '2024-02-29', '2100-12-31', '1900-01-01'])('%s is a day', (text) => {
  expect(isCalendarDay(text)).toBe(true);
});

test.each([
  '2026-02-30',
  '2025-02-29',
  '2026-13-01',
  '2026-00-10',
  '2101-01-01',
  '1899-12-31',
  '26-01-01',
  '2026-1-1',
  '2026-01-01T00:00',
  '20260101',
  '',
])('%j is no day', (text) => {
  expect(isCalendarDay(text)).toBe(false);
});

test('the day after follows the calendar', () => {
  expect([dayAfter('2026-02-28'), dayAfter('2024-02-28'), dayAfter('2100-12-31')]).toEqual(['2026-03-01', '2024-02-29', '2101-01-01']);
  expect(monthOf('2026-02-28')).toBe('2026-02');
});

test('people are told times on their own clock, with the year only when it is another', () => {
  const now = at('2026-01-10T00:00:00Z');
  expect(spokenTime(at('2026-03-03T13:30:00Z'), 'Europe/Berlin', now)).toBe('14:30 on 3 March');
  expect(spokenTime(at('2027-03-03T08:05:00Z'), 'Europe/Berlin', now)).toBe('09:05 on 3 March 2027');
});
