import { coverage } from '../core/coverage.ts';
import { applyCoverage, dueAt, type Membership } from '../core/membership.ts';
import { guardedDiff, isHeld, type GuardedDiff, type HeldRight } from '../core/guard.ts';
import type { OpenRight } from '../core/rights.ts';
import { HOUR, type Instant } from '../core/time.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import type { FactsScope, Pair, Tx } from '../ports/store.ts';
import type { After } from './change.ts';
import { turned } from './change-memberships.ts';
import { closeSpent } from './close-spent.ts';
import type { Deps } from './deps.ts';
import { recordBegun } from './record-begun.ts';
import { memberTopic } from './topics.ts';

/** People are created at the provider up to an hour ahead of their window, and no earlier: a seat is taken then (domain §People). */
const PREPARE_AHEAD_MS = HOUR;

/**
 * Brings the ledger to what the facts found, and the memberships to what the ledger amounts to. The rows the facts come from are locked
 * by the caller; the people concerned are locked here, so that two derivations of one membership never miss each other's rights. What a
 * guarded change would take from somebody is held: the caller has it judged once the change is whole (`judgeRemovals`). Answers with how
 * many people's access to a group was touched. `held`: people whom the caller has locked already.
 */
export async function deriveRights(
  deps: Deps,
  tx: Tx,
  after: After,
  scope: FactsScope,
  guard?: GuardedChange,
  held: readonly string[] = [],
): Promise<number> {
  const locked = new Set(held);
  for (;;) {
    const [facts, stored] = [await tx.rights.facts(scope), await tx.rights.openOf(scope)];
    const change = guardedDiff(facts, stored, tx.now, guard !== undefined);
    const pairs = touched(change, stored);
    if (pairs.length === 0) return 0;
    const unlocked = peopleOf(pairs).filter((id) => !locked.has(id));
    if (unlocked.length === 0) {
      await applyChange(tx, after, change, stored, guard);
      await deriveMemberships(deps, tx, after, pairs);
      return pairs.length;
    }
    // Whoever held one of them may have removed the person, or moved their booking, before the lock was given: look again.
    await tx.lock(unlocked.map((id) => ({ kind: 'member', id, mode: 'change' })));
    for (const id of unlocked) locked.add(id);
  }
}

async function applyChange(
  tx: Tx,
  after: After,
  { lift, hold, diff }: GuardedDiff,
  stored: (OpenRight | HeldRight)[],
  guard: GuardedChange | undefined,
): Promise<void> {
  const byId = new Map(stored.map((right) => [right.id, right]));
  if (lift.length > 0) await tx.heldRemovals.unhold(lift);
  if (guard !== undefined && hold.length > 0) {
    const held = hold.flatMap((each) => {
      const right = byId.get(each.id);
      return right === undefined ? [] : [{ ...each, accessGroupId: right.accessGroupId }];
    });
    await tx.heldRemovals.hold(guard, held);
  }
  await tx.rights.apply(diff);
  const changed = [...lift, ...hold.map(({ id }) => id), ...diff.withdraw.map(({ id }) => id)];
  const left = changed.flatMap((id) => {
    const right = byId.get(id);
    return right !== undefined && isHeld(right) ? [right.removalId] : [];
  });
  await closeSpent(tx, after, [...new Set(left)]);
}

/** Brings the memberships of these pairs to the union of their rights (X1), and queues what falls due within the horizon. */
export async function deriveMemberships(deps: Deps, tx: Tx, after: After, pairs: Pair[]): Promise<void> {
  const windows = await tx.rights.windows(pairs);
  const held = await tx.memberships.ofPairs(pairs);
  const known = new Set(held.map(pairKey));
  const missing = pairs.filter((pair) => !known.has(pairKey(pair)));
  const created = missing.length === 0 ? [] : await tx.memberships.create(missing);
  const changes = turned([...held, ...created], (membership) =>
    applyCoverage(membership, coverage(windows.get(pairKey(membership)) ?? [], tx.now)),
  );
  const written = new Set(await tx.memberships.save(changes));
  const stale = changes.filter(({ membership }) => !written.has(membership.id)).map(({ membership }) => membership);
  const stored = changes.filter(({ membership }) => written.has(membership.id)).map(({ membership }) => membership);
  for (const membership of stored) queueDue(deps, tx.now, after, membership);
  const before = new Map([...held, ...created].map(({ id, wanted }) => [id, wanted]));
  await tellBegun(
    tx,
    after,
    stored.filter(({ id, managed, wanted }) => managed && wanted && before.get(id) === false),
  );
  for (const memberId of peopleOf(pairs)) after.announcements.push({ topic: memberTopic(memberId) });
  // A worker settled these in between: look again at what it left.
  if (stale.length > 0)
    await deriveMemberships(
      deps,
      tx,
      after,
      stale.map(({ memberId, accessGroupId }) => ({ memberId, accessGroupId })),
    );
}

/** Windows that hold from the moment they are known; those that open later are told of by the run that opens them. */
async function tellBegun(tx: Tx, after: After, begun: Membership[]): Promise<void> {
  for (const accessGroupId of new Set(begun.map((membership) => membership.accessGroupId))) {
    const group = await tx.groups.get(accessGroupId);
    if (group === null) continue;
    await recordBegun(
      tx,
      after,
      group.locationId,
      begun.filter((membership) => membership.accessGroupId === accessGroupId),
    );
  }
}

/** The jobs for what the membership owes now and at its next change; what lies beyond the horizon is the sweep's to queue. */
export function queueDue(deps: Deps, now: Instant, after: After, membership: Membership): void {
  const { accessGroupId, nextChangeAt, managed, wanted } = membership;
  const due = dueAt(membership);
  if (!managed || due === null) return;
  if (due <= now) after.jobs.push({ name: wanted ? 'grant' : 'revoke', payload: { accessGroupId, at: null }, at: null });
  if (nextChangeAt === null || nextChangeAt > now + deps.settings.scheduleHorizonMs) return;
  const name = wanted ? 'revoke' : 'grant';
  after.jobs.push({ name, payload: { accessGroupId, at: nextChangeAt }, at: nextChangeAt });
  if (!wanted) after.jobs.push({ name: 'prepare', payload: { accessGroupId, at: nextChangeAt }, at: nextChangeAt - PREPARE_AHEAD_MS });
}

export const pairKey = (pair: Pair): string => `${pair.memberId}/${pair.accessGroupId}`;

const peopleOf = (pairs: Pair[]): string[] => [...new Set(pairs.map((pair) => pair.memberId))].sort();

function touched({ lift, hold, diff }: GuardedDiff, stored: (OpenRight | HeldRight)[]): Pair[] {
  const ids = new Set([...lift, ...diff.close, ...[...hold, ...diff.withdraw, ...diff.move].map((right) => right.id)]);
  const pairs = new Map<string, Pair>();
  for (const { memberId, accessGroupId } of [...stored.filter((right) => ids.has(right.id)), ...diff.add]) {
    const pair = { memberId, accessGroupId };
    pairs.set(pairKey(pair), pair);
  }
  return [...pairs.values()];
}
