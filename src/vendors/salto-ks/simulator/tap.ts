import { judge, recordEntry, type Refusal, type Verdict } from './access.ts';
import { readMobileKey } from './mobile-key.ts';
import type { SimulatorState } from './state.ts';

/** What the phone learns, in the words of its SDK's results (SALTO facts §4.3), and why. */
export interface TapResult {
  result: 'accepted' | 'rejected' | 'cancelled_key' | 'failure' | 'unknown' | 'no_lock';
  reason?: Refusal | 'bad_signature' | 'cancelled' | 'key_expired' | 'out_of_range' | 'no_such_lock' | 'site_without_mobile_keys';
}

/** A phone held to a lock. The lock judges and writes the entry; with `radio` out of range it never hears of it. */
export async function tap(state: SimulatorState, lockId: string, mkey: string): Promise<TapResult> {
  const lock = state.locks.get(lockId);
  if (!lock) return { result: 'no_lock', reason: 'no_such_lock' };
  const radio = state.switches.read('radio', { part: 'api', site: lock.siteId });
  if (radio === 'out_of_range') return { result: 'no_lock', reason: 'out_of_range' };
  const claims = await readMobileKey(state, mkey);
  if (!claims) return { result: 'failure', reason: 'bad_signature' };

  const write = (verdict: Verdict) => recordEntry(state, lock, claims.sub, verdict, 'mobile_key');
  const noAccess: Verdict = { opens: false, reason: 'no_group_with_this_lock' };
  const device = state.devices.get(claims.device_id);
  if (!device || device.certificate !== claims.certificate || device.certificateCancelled) {
    write(noAccess);
    return { result: 'cancelled_key', reason: 'cancelled' };
  }
  if (claims.exp * 1000 <= state.clock.now()) {
    write(noAccess);
    return { result: 'rejected', reason: 'key_expired' };
  }
  if (state.sites.get(lock.siteId)?.mkeyCompatible !== true) {
    write(noAccess);
    return { result: 'rejected', reason: 'site_without_mobile_keys' };
  }
  const verdict = judge(state, lock, claims.sub);
  write(verdict);
  if (radio === 'unknown_result') return { result: 'unknown' };
  return verdict.opens ? { result: 'accepted' } : { result: 'rejected', reason: verdict.reason };
}
