import type { HeldRemovalRow } from '../ports/held-removals.ts';
import type { Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';
import { locationTopic } from './topics.ts';

/** Ends those of the held removals of which nothing is left to decide: their rights ended by time, with their source, or came back. */
export async function closeSpent(tx: Tx, after: After, removalIds: string[]): Promise<void> {
  if (removalIds.length === 0) return;
  const spent = await tx.heldRemovals.spent(removalIds);
  for (const removal of spent) {
    await tx.heldRemovals.resolve(removal.id, 'OVERTAKEN', 'system');
    await tellEnd(tx, after, removal, 'system', 'A held removal is overtaken: nobody is left whom it would take out.');
  }
}

/** About the connection: which groups it is about, the held removals tell. */
export const REMOVALS_HELD = { code: 'REMOVALS_HELD', accessGroupId: null } as const;

/** An activity row for the end of a held removal, and the end of the problem where it was the last. */
export async function tellEnd(tx: Tx, after: After, removal: HeldRemovalRow, actor: string, detail: string): Promise<void> {
  const { locationId, integrationId, accessGroupId } = removal;
  const closed = !(await tx.heldRemovals.anyHeld(integrationId)) && (await tx.integrations.closeProblem(integrationId, REMOVALS_HELD));
  const problems = closed ? [{ code: REMOVALS_HELD.code, opened: false }] : [];
  const row = { locationId, at: tx.now, type: 'INTEGRATION_PROBLEM' as const, accessGroupId, actor, detail, problems };
  await record(tx, after, [row], [locationTopic(locationId)]);
}
