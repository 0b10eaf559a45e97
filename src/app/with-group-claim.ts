import { SECOND } from '../core/time.ts';
import type { Deps } from './deps.ts';

/**
 * What a killed worker holds up: over when the queue runs its job again, which would find the group claimed else and leave it to the sweep.
 * A claim that is still worked under is renewed long before.
 */
const LEASE_MS = 15 * SECOND;
const GIVING_BACK_TRIES = 10;

/**
 * Does the work while no other process works at the group's people; null where another does. The claim is renewed beside the work, however
 * long it takes. `stillHeld` renews it too, and says whether it was lost meanwhile.
 */
export async function withGroupClaim<T>(
  deps: Deps,
  accessGroupId: string,
  work: (stillHeld: () => Promise<boolean>) => Promise<T>,
): Promise<{ done: T } | null> {
  const token = await deps.store.claimGroup(accessGroupId, LEASE_MS);
  if (token === null) return null;
  const ended = new AbortController();
  const renew = (): Promise<boolean> => deps.store.renewClaim(accessGroupId, token, LEASE_MS);
  const kept = keep(deps, renew, ended.signal);
  try {
    return { done: await work(renew) };
  } finally {
    ended.abort();
    await kept;
    await giveBack(deps, accessGroupId, token);
  }
}

/** A database that is out for a moment must not cost the group the rest of the lease. */
async function giveBack(deps: Deps, accessGroupId: string, token: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await deps.store.releaseClaim(accessGroupId, token);
    } catch (error) {
      if (tries === GIVING_BACK_TRIES) throw error;
      await deps.clock.until(deps.clock.now() + SECOND);
    }
  }
}

/** A renewal that fails is tried again: the database may be out for a moment, and the lease outlasts two more. */
async function keep(deps: Deps, renew: () => Promise<boolean>, ended: AbortSignal): Promise<void> {
  for (let held = true; held;) {
    await deps.clock.until(deps.clock.now() + LEASE_MS / 3, ended);
    if (ended.aborted) return;
    held = await renew().catch(() => true);
  }
}
