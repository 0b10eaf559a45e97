import type { Membership } from '../core/membership.ts';
import type { Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';

/** A first window that opens makes the digital key appear (K1); told once per person and location. */
export async function recordBegun(tx: Tx, after: After, locationId: string, begun: Membership[]): Promise<void> {
  const people = [...new Set(begun.map(({ memberId }) => memberId))];
  const detail = 'Has access here now or has had it: the digital key can be activated.';
  const row = (memberId: string) => ({ locationId, at: tx.now, type: 'KEY_AVAILABLE' as const, memberId, actor: 'system', detail });
  await record(
    tx,
    after,
    people.map((memberId) => ({ ...row(memberId), onceKey: `key-available:${memberId}` })),
  );
}
