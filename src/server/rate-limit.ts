/** How often one token may ask: `burst` at once, `perSecond` in the long run. */
export interface RateLimit {
  perSecond: number;
  burst: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { perSecond: 200, burst: 400 };

/** Takes one request of `key`. 0 when it may go on, else the milliseconds until the next one may. */
export type TakeTurn = (key: string) => number;

const PRUNE_AT = 10_000;

/** Token buckets in this process's memory: behind several processes a token may ask as much of each. */
export function createRateLimit(limit: RateLimit, now: () => number): TakeTurn {
  const buckets = new Map<string, { left: number; at: number }>();
  const refilled = (bucket: { left: number; at: number }, at: number) =>
    Math.min(limit.burst, bucket.left + (Math.max(0, at - bucket.at) * limit.perSecond) / 1000);

  const dropFull = (at: number) => {
    for (const [key, bucket] of buckets) {
      if (refilled(bucket, at) >= limit.burst) buckets.delete(key);
    }
  };

  return (key) => {
    const at = now();
    const bucket = buckets.get(key);
    const left = bucket ? refilled(bucket, at) : limit.burst;
    if (left < 1) return Math.ceil(((1 - left) * 1000) / limit.perSecond);
    if (!bucket && buckets.size >= PRUNE_AT) dropFull(at);
    buckets.set(key, { left: left - 1, at });
    return 0;
  };
}
