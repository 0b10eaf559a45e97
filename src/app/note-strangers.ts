import { MINUTE } from '../core/time.ts';
import type { AccessGroupRow, StrangerFound } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';
import { locationTopic } from './topics.ts';

/** So many of one group are kept by name; the count is of all. */
const KEPT = 100;
/** A list may lag behind: somebody we have just taken out is no stranger. */
const TOLD_AFTER_MS = 2 * MINUTE;

/**
 * Keeps who is in the group without having been put there by us (C6). A member among them, who is there without a right, is told of once;
 * nobody of them is touched.
 */
export async function noteStrangers(tx: Tx, after: After, group: AccessGroupRow, found: StrangerFound[]): Promise<void> {
  if (found.length !== group.strangers) {
    await tx.groups.setStrangers([{ accessGroupId: group.id, strangers: found.length }]);
    after.announcements.push({ topic: locationTopic(group.locationId) });
  }
  if (found.length === 0 && group.strangers === 0) return;
  const inOrder = found.toSorted((a, b) => Number(a.memberId === null) - Number(b.memberId === null));
  await tx.groups.saveStrangers(group.id, inOrder.slice(0, KEPT));
  const detail = `Is in the access group ${group.name} without a right: was put there by somebody else, and is not touched.`;
  const told = await tx.groups.tellStrangers(group.id, tx.now - TOLD_AFTER_MS);
  const row = {
    locationId: group.locationId,
    at: tx.now,
    type: 'ACCESS_DRIFT_FOUND' as const,
    accessGroupId: group.id,
    actor: 'system',
    detail,
  };
  await record(
    tx,
    after,
    told.map((memberId) => ({ ...row, memberId })),
  );
}
