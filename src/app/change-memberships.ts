import { dueAt, type Membership } from '../core/membership.ts';
import type { Instant } from '../core/time.ts';
import type { Tx } from '../ports/store.ts';

/** A membership as it is to be saved, for as long as nobody has changed what it was. */
export interface MembershipChange {
  membership: Membership;
  was: number;
  dueAt: Instant | null;
}

export function changed(before: Membership, next: Membership): MembershipChange {
  return { membership: next, was: before.version, dueAt: dueAt(next) };
}

/** What `turn` changes; it answers with the very same object where there is nothing to change. */
export function turned(memberships: Membership[], turn: (membership: Membership) => Membership): MembershipChange[] {
  return memberships.flatMap((membership) => {
    const next = turn(membership);
    return next === membership ? [] : [changed(membership, next)];
  });
}

const PAGE = 1_000;

/** Turns every membership of the location, in bounded pages. */
export async function turnAll(tx: Tx, locationId: string, turn: (membership: Membership) => Membership): Promise<void> {
  for (let after: string | null = null; ;) {
    const page = await tx.memberships.ofLocation(locationId, { after, limit: PAGE });
    const changes = turned(page, turn);
    const written = changes.length === 0 ? [] : await tx.memberships.save(changes);
    // Somebody changed some in between: the same page again.
    if (written.length < changes.length) continue;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}
