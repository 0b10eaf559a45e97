import { holdsBack } from '../core/guard.ts';
import type { GuardedChange, HeldRemovalRow } from '../ports/held-removals.ts';
import type { FactsScope, Pair, Tx } from '../ports/store.ts';
import { record, type After } from './change.ts';
import { REMOVALS_HELD } from './close-spent.ts';
import type { Deps } from './deps.ts';
import { deriveMemberships, deriveRights, pairKey } from './derive-rights.ts';
import { locationTopic } from './topics.ts';

/**
 * Judges, group by group, what a guarded change as a whole would take out: too much of a group stays held, for an administrator to decide
 * about; anything else is withdrawn now. Called again it finds nothing left to judge.
 */
export async function judgeRemovals(deps: Deps, tx: Tx, after: After, changeId: string): Promise<void> {
  const people = await tx.heldRemovals.peopleOf(changeId);
  await tx.lock(people.map((id) => ({ kind: 'member', id, mode: 'change' })));
  const withdrawn: Pair[] = [];
  for (const removal of await tx.heldRemovals.toJudge(changeId)) withdrawn.push(...(await judge(tx, after, removal)));
  if (withdrawn.length > 0) await deriveMemberships(deps, tx, after, distinct(withdrawn));
}

/** A change of one transaction, judged at once. */
export async function deriveJudged(deps: Deps, tx: Tx, after: After, scope: FactsScope, guard: GuardedChange): Promise<void> {
  await deriveRights(deps, tx, after, scope, guard);
  await judgeRemovals(deps, tx, after, guard.id);
}

/** Answers with whom it takes out, or no longer counts on. */
async function judge(tx: Tx, after: After, removal: HeldRemovalRow & { inGroup: number }): Promise<Pair[]> {
  const guard = await tx.heldRemovals.guard(removal.locationId);
  const rights = await tx.heldRemovals.rights(removal.id);
  const leaving = new Set(rights.filter(({ leaves }) => leaves).map(({ memberId }) => memberId)).size;
  const kept = holdsBack(guard, { inGroup: removal.inGroup, leaving });
  // Who stays by another right is not taken out: there is nothing to hold.
  const withdrawn = rights.filter(({ leaves }) => !kept || !leaves);
  await tx.rights.apply({ close: [], withdraw: withdrawn, move: [], add: [] });
  if (kept) {
    await tx.heldRemovals.unhold(withdrawn.map(({ id }) => id));
    await tx.heldRemovals.keep(removal.id, { people: leaving, inGroup: removal.inGroup });
    await tell(tx, after, removal, leaving);
  } else {
    await tx.heldRemovals.discard(removal.id);
  }
  return withdrawn;
}

async function tell(tx: Tx, after: After, removal: HeldRemovalRow & { inGroup: number }, leaving: number): Promise<void> {
  const { locationId, integrationId, accessGroupId, actor } = removal;
  const group = await tx.groups.get(accessGroupId);
  const of = leaving === removal.inGroup ? 'everybody' : `${leaving} of ${removal.inGroup} people`;
  const detail = `Held: ${removal.detail} would take ${of} out of ${group?.name ?? 'an access group'}. Release or drop it.`;
  // Whoever ends the last one at this moment is waited for here.
  await tx.heldRemovals.anyHeld(integrationId);
  const message =
    'Removals from access groups are held, since one change would take out unusually many people. Release them if that is meant, else drop them.';
  const opened = (await tx.integrations.openProblem(integrationId, { ...REMOVALS_HELD, message })) === 'opened';
  const problems = opened ? [{ code: REMOVALS_HELD.code, opened }] : [];
  const row = { locationId, at: tx.now, type: 'INTEGRATION_PROBLEM' as const, accessGroupId, actor, detail, problems };
  await record(tx, after, [row], [locationTopic(locationId)]);
}

function distinct(pairs: Pair[]): Pair[] {
  return [
    ...new Map(pairs.map(({ memberId, accessGroupId }) => [pairKey({ memberId, accessGroupId }), { memberId, accessGroupId }])).values(),
  ];
}
