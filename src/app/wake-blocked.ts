import { resync, type Membership } from '../core/membership.ts';
import type { Tx } from '../ports/store.ts';
import type { After } from './change.ts';
import { turned } from './change-memberships.ts';

/** What blocked these memberships may be gone: each is looked at again at once. Whichever another change moved on meanwhile is left to it. */
export async function wakeBlocked(tx: Tx, after: After, memberships: Membership[]): Promise<void> {
  const changes = turned(memberships, resync);
  if (changes.length === 0) return;
  await tx.memberships.save(changes);
  for (const accessGroupId of new Set(changes.map(({ membership }) => membership.accessGroupId))) {
    after.jobs.push({ name: 'grant', payload: { accessGroupId, at: null }, at: null });
  }
}
