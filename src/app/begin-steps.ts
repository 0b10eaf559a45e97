import { coverage } from '../core/coverage.ts';
import { applyCoverage, begin, type Membership, type Step } from '../core/membership.ts';
import { plan } from '../core/reconcile.ts';
import type { GroupContext, Tx } from '../ports/store.ts';
import { change, type After } from './change.ts';
import { changed } from './change-memberships.ts';
import type { Deps } from './deps.ts';
import { pairKey } from './derive-rights.ts';
import { recordBegun } from './record-begun.ts';
import { memberTopic } from './topics.ts';

/** How many memberships one run takes in hand at a time. */
const AT_A_TIME = 1_000;

/** Memberships whose step is begun, in the order to take them. */
export interface Begun {
  readBack: Membership[];
  revoke: Membership[];
  grant: Membership[];
}

/**
 * Judges what is due in the group by the database's clock, and stores each step as begun before any call is made. Null when nothing is due.
 * Rows that another change has moved on meanwhile are left for the next look.
 */
export async function beginSteps(deps: Deps, context: GroupContext): Promise<Begun | null> {
  return change(deps, context.orgId, async (tx, after) => {
    const due = await tx.memberships.due(context.group.id, tx.now, AT_A_TIME);
    if (due.length === 0) return null;
    const judged = await judge(tx, due);
    const steps = plan(
      judged.map(({ next }) => next),
      tx.now,
      { batch: AT_A_TIME },
    );
    const stepOf = new Map<string, Step>();
    for (const membership of steps.readBack) stepOf.set(membership.id, 'read-back');
    for (const membership of steps.revoke.flat()) stepOf.set(membership.id, 'revoke');
    for (const membership of steps.grant.flat()) stepOf.set(membership.id, 'grant');
    const changes = judged.map(({ was, next }) => {
      const step = stepOf.get(next.id);
      const membership = step === undefined ? next : begin(next, step, tx.now);
      return changed(was, membership);
    });
    const written = new Set(await tx.memberships.save(changes));
    await tellTurns(
      tx,
      after,
      context,
      judged.filter(({ next }) => written.has(next.id)),
    );
    const begun = new Map(
      changes.filter(({ membership }) => written.has(membership.id)).map(({ membership }) => [membership.id, membership]),
    );
    const inOrder = (memberships: Membership[]): Membership[] => memberships.flatMap(({ id }) => begun.get(id) ?? []);
    return { readBack: inOrder(steps.readBack), revoke: inOrder(steps.revoke.flat()), grant: inOrder(steps.grant.flat()) };
  });
}

interface Judged {
  was: Membership;
  next: Membership;
}

/** Coverage is judged anew from the ledger: what was stored may be of before an edge that has come. */
async function judge(tx: Tx, due: Membership[]): Promise<Judged[]> {
  const turning = due.filter(({ nextChangeAt }) => nextChangeAt !== null && nextChangeAt <= tx.now);
  const windows = turning.length === 0 ? new Map<string, never>() : await tx.rights.windows(turning);
  const turns = new Set(turning);
  return due.map((membership) => {
    if (!turns.has(membership)) return { was: membership, next: membership };
    return { was: membership, next: applyCoverage(membership, coverage(windows.get(pairKey(membership)) ?? [], tx.now)) };
  });
}

/** Windows that opened make keys appear. Rights that ended are closed by the sweep. */
async function tellTurns(tx: Tx, after: After, context: GroupContext, judged: Judged[]): Promise<void> {
  const turned = judged.filter(({ was, next }) => was.wanted !== next.wanted);
  if (turned.length === 0) return;
  await recordBegun(
    tx,
    after,
    context.group.locationId,
    turned.filter(({ next }) => next.wanted).map(({ next }) => next),
  );
  for (const { next } of turned) after.announcements.push({ topic: memberTopic(next.memberId) });
}
