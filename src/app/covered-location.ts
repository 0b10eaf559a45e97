import type { LocationRow, Ref } from '../ports/rows.ts';
import type { LockMode, Tx } from '../ports/store.ts';
import { covers, type Caller } from './caller.ts';

/** The location, where the caller's token covers it; otherwise it is as if it did not exist. */
export async function coveredLocation(tx: Tx, caller: Caller, ref: Ref, lock?: LockMode): Promise<LocationRow | null> {
  const location = await tx.locations.find(ref, lock);
  return location !== null && covers(caller, location) ? location : null;
}
