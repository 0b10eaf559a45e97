import { expect, test } from 'vitest';
import { databaseClock } from '../../src/adapters/database-clock.ts';

test.each([
  ['ahead by a minute', 60_000],
  ['behind by a minute', -60_000],
  ['as the database’s', 0],
])('on a machine whose clock is %s, what is taken from it is what the database’s shows', async (_, off) => {
  let real = 1_000_000;
  const clock = { now: () => real + off, until: () => Promise.resolve() };
  const database = databaseClock(clock, async () => {
    real += 4;
    const at = real;
    real += 4;
    return at;
  });
  expect(await database.ask()).toBe(1_000_004);
  expect(database.now()).toBe(real);
  real += 5_000;
  expect(database.now()).toBe(real);
});

test('an answer that took long moves nothing it does not contradict', async () => {
  let real = 1_000_000;
  let takes = 0;
  const clock = { now: () => real + 60_000, until: () => Promise.resolve() };
  const database = databaseClock(clock, async () => {
    const at = real;
    real += takes;
    return at;
  });
  await database.ask();
  takes = 3_000;
  await database.ask();
  expect(database.now()).toBe(real);
});
