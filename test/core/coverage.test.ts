import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverage, mergeWindows } from '../../src/core/coverage.ts';
import type { Window } from '../../src/core/time.ts';

const NONE = { wanted: false, nextChangeAt: null, from: null, until: null };
const w = (from: number, until: number | null): Window => ({ from, until });

test.each<[string, Window[], number, object]>([
  ['no window', [], 5, NONE],
  ['a window to come', [w(7, 9)], 5, { wanted: false, nextChangeAt: 7, from: 7, until: 9 }],
  ['a window that begins now holds now', [w(5, 9)], 5, { wanted: true, nextChangeAt: 9, from: 5, until: 9 }],
  ['a window that ends now does not', [w(1, 5)], 5, NONE],
  ['a window without end', [w(1, null)], 5, { wanted: true, nextChangeAt: null, from: 1, until: null }],
  ['adjoining windows are one', [w(1, 6), w(6, 9)], 5, { wanted: true, nextChangeAt: 9, from: 1, until: 9 }],
  ['windows that meet now are one: nothing flaps', [w(1, 5), w(5, 9)], 5, { wanted: true, nextChangeAt: 9, from: 1, until: 9 }],
  ['overlapping windows in any order are one', [w(4, 9), w(1, 6)], 5, { wanted: true, nextChangeAt: 9, from: 1, until: 9 }],
  ['a window within another changes nothing', [w(1, 9), w(2, 6)], 5, { wanted: true, nextChangeAt: 9, from: 1, until: 9 }],
  ['an open end swallows what follows', [w(1, null), w(2, 6), w(8, 9)], 5, { wanted: true, nextChangeAt: null, from: 1, until: null }],
  ['a gap is a gap', [w(1, 6), w(7, 9)], 5, { wanted: true, nextChangeAt: 6, from: 1, until: 6 }],
  ['in the gap the next window counts', [w(1, 5), w(7, 9)], 5, { wanted: false, nextChangeAt: 7, from: 7, until: 9 }],
  ['empty and inverted windows are no windows', [w(5, 5), w(9, 3)], 5, NONE],
])('%s (X1)', (_what, windows, now, expected) => {
  expect(coverage(windows, now)).toEqual(expected);
});

const window = fc
  .record({ from: fc.integer({ min: 0, max: 30 }), until: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 8 }) })
  .map(({ from, until }): Window => ({ from, until }));

test('an instant is wanted exactly when some window holds it, and the next change is the first instant at which that is otherwise', () => {
  fc.assert(
    fc.property(fc.array(window, { maxLength: 8 }), fc.integer({ min: -5, max: 45 }), (windows, now) => {
      const holds = (at: number): boolean => windows.some(({ from, until }) => from <= at && (until === null || at < until));
      const later = Array.from({ length: 60 }, (_, index) => now + 1 + index);
      const expected = { wanted: holds(now), nextChangeAt: later.find((at) => holds(at) !== holds(now)) ?? null };
      expect(coverage(windows, now)).toMatchObject(expected);
    }),
  );
});

test('merged windows lie apart, in order, and hold what the windows hold', () => {
  fc.assert(
    fc.property(fc.array(window, { maxLength: 8 }), (windows) => {
      const merged = mergeWindows(windows);
      const apart = merged.every((one, index) => index === 0 || (merged[index - 1]?.until ?? Infinity) < one.from);
      expect(apart).toBe(true);
      for (let at = -1; at < 45; at += 1) {
        const within = (list: Window[]): boolean => list.some(({ from, until }) => from <= at && (until === null || at < until));
        expect(within(merged)).toBe(within(windows));
      }
    }),
  );
});

test('the windows given are not changed', () => {
  const windows = [w(1, 6), w(6, 9)];
  mergeWindows(windows);
  expect(windows).toEqual([w(1, 6), w(6, 9)]);
});
