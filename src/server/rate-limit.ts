/** How often one token may ask: `burst` at once, `perSecond` in the long run. */
export interface RateLimit {
  perSecond: number;
  burst: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { perSecond: 200, burst: 400 };
/** Of one address, for what is asked without a token: sign-ins, callbacks, the dashboard, and requests with a token that is none. */
export const STRANGER_RATE_LIMIT: RateLimit = { perSecond: 50, burst: 200 };

/** Takes one request of `key`. 0 when it may go on, else the milliseconds until the next one may. */
export type TakeTurn = (key: string) => number;

const REMEMBERED = 10_000;

/**
 * Token buckets in this process's memory: behind several processes a key may ask as much of each (docs/decisions/0011). Of very many keys
 * the one that asked longest ago is forgotten, so that nobody fills the memory, or makes a look at it slow, with keys of their own making.
 */
export function createRateLimit(limit: RateLimit, now: () => number): TakeTurn {
  const buckets = new Map<string, { left: number; at: number }>();
  const refilled = (bucket: { left: number; at: number }, at: number) =>
    Math.min(limit.burst, bucket.left + (Math.max(0, at - bucket.at) * limit.perSecond) / 1000);

  return (key) => {
    const at = now();
    const bucket = buckets.get(key);
    const left = bucket ? refilled(bucket, at) : limit.burst;
    if (left < 1) return Math.ceil(((1 - left) * 1000) / limit.perSecond);
    buckets.delete(key);
    buckets.set(key, { left: left - 1, at });
    if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value ?? '');
    return 0;
  };
}

/** Whoever has an IPv6 address has 2^64 of them: they count as one. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head.split(':').filter((group) => group !== '');
  const behind = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  while (tail !== undefined && groups.length + behind.length < 8) groups.push('0');
  return [...groups, ...behind].slice(0, 4).join(':');
}
