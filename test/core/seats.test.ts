import { expect, test } from 'vitest';
import { areSeatsScarce, freeSeats, seatTakers } from '../../src/core/seats.ts';

const seeker = (memberId: string, from: number | null) => ({ memberId, from });

test('free seats are those nobody has taken, and endless where the lock system does not say', () => {
  expect(freeSeats({ seatsTotal: 5, seatsUsed: 3 })).toBe(2);
  expect(freeSeats({ seatsTotal: 5, seatsUsed: 7 })).toBe(0);
  expect(freeSeats({ seatsTotal: null, seatsUsed: 3 })).toBe(Infinity);
});

test.each([
  ['fewer than five would be left', { seatsTotal: 20, seatsUsed: 10 }, 6, true],
  ['five would be left', { seatsTotal: 20, seatsUsed: 10 }, 5, false],
  ['less than a tenth would be left', { seatsTotal: 200, seatsUsed: 150 }, 31, true],
  ['a tenth would be left', { seatsTotal: 200, seatsUsed: 150 }, 30, false],
  ['the lock system does not say', { seatsTotal: null, seatsUsed: null }, 1_000, false],
])('when %s it is told whether to look again', (_, seats, wanted, expected) => {
  expect(areSeatsScarce(seats, wanted)).toBe(expected);
});

test.each([
  ['the earliest-starting come first', 1, [seeker('a', 20), seeker('b', 10)], [], ['b']],
  ['whoever waits and starts earlier comes before a newcomer', 1, [seeker('new', 20)], [seeker('old', 10)], []],
  ['a newcomer who starts earlier comes before who waits', 1, [seeker('new', 5)], [seeker('old', 10)], ['new']],
  ['a person in several groups takes one seat, by the earliest start', 1, [seeker('a', 20), seeker('a', 1), seeker('b', 10)], [], ['a']],
  ['without a start is first', 1, [seeker('a', 20), seeker('b', null)], [seeker('c', 0)], ['b']],
  ['all are seated where seats are endless', Infinity, [seeker('a', 2), seeker('b', 1)], [seeker('c', 0)], ['a', 'b']],
  ['nobody is seated where none is free', 0, [seeker('a', 2)], [], []],
])('%s', (_, free, seekers, waiting, seated) => {
  expect([...seatTakers(free, seekers, waiting)].sort()).toEqual(seated);
});
