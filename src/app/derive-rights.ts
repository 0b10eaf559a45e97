import { coverage } from '../core/coverage.ts';
import { applyCoverage, dueAt, type Membership } from '../core/membership.ts';
import { diffRights, rightsFromFacts, type OpenRight, type RightsDiff } from '../core/rights.ts';
import { HOUR, type Instant } from '../core/time.ts';
import type { FactsScope, Pair, Tx } from '../ports/store.ts';
import type { After } from './change.ts';
import { turned } from './change-memberships.ts';
import type { Deps } from './deps.ts';
import { recordBegun } from './record-begun.ts';
import { memberTopic } from './topics.ts';

/** People are created at the provider up to an hour ahead of their window, and no earlier: a seat is taken then (domain §People). */
const PREPARE_AHEAD_MS = HOUR;

/**
 * Brings the ledger to what the facts found, and the memberships to what the ledger amounts to. The rows the facts come from are locked
 * by the caller; the people concerned are locked here, so that two derivations of one membership never miss each other's rights. `held`:
 * those whom the caller has locked already.
 */
export async function deriveRights(deps: Deps, tx: Tx, after: After, scope: FactsScope, held: readonly string[] = []): Promise<void> {
  const locked = new Set(held);
  for (;;) {
    const [facts, open] = [await tx.rights.facts(scope), await tx.rights.openOf(scope)];
    const diff = diffRights(rightsFromFacts(facts, tx.now), open, tx.now);
    const pairs = touched(diff, open);
    if (pairs.length === 0) return;
    const unlocked = peopleOf(pairs).filter((id) => !locked.has(id));
    if (unlocked.length === 0) {
      await tx.rights.apply(diff);
      return deriveMemberships(deps, tx, after, pairs);
    }
    // Whoever held one of them may have removed the person, or moved their booking, before the lock was given: look again.
    await tx.lock(unlocked.map((id) => ({ kind: 'member', id, mode: 'change' })));
    for (const id of unlocked) locked.add(id);
  }
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

function touched(diff: RightsDiff, open: OpenRight[]): Pair[] {
  const ids = new Set([...diff.close, ...diff.withdraw.map((right) => right.id), ...diff.move.map((right) => right.id)]);
  const pairs = new Map<string, Pair>();
  for (const { memberId, accessGroupId } of [...open.filter((right) => ids.has(right.id)), ...diff.add]) {
    const pair = { memberId, accessGroupId };
    pairs.set(pairKey(pair), pair);
  }
  return [...pairs.values()];
}
