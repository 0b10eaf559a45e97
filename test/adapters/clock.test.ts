import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/adapters/clock.ts';

test('the clock tells the process’s time', () => {
  const before = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  expect(systemClock.now()).toBeLessThanOrEqual(Date.now());
});

test('a wait ends at its instant and never before, also one that is longer than a timer can be', async () => {
  vi.useFakeTimers();
  try {
    const start = Date.now();
    const days = 60 * 86_400_000;
    let ended = 0;
    const waits = [1, 5_000, days].map((ms) => systemClock.until(start + ms).then(() => (ended += 1)));
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toBe(1);
    await vi.advanceTimersByTimeAsync(4_998);
    expect(ended).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toBe(2);
    await vi.advanceTimersByTimeAsync(days - 5_001);
    expect(ended).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(waits);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a wait for what is past is over at once', async () => {
  await systemClock.until(Date.now() - 1);
  await systemClock.until(0);
});

test('a wait that is called off is over, leaves no timer behind and does not fail', async () => {
  vi.useFakeTimers();
  try {
    const stop = new AbortController();
    const wait = systemClock.until(Date.now() + 60_000, stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    stop.abort();
    await wait;
    expect(vi.getTimerCount()).toBe(0);
    await systemClock.until(Date.now() + 60_000, stop.signal);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
