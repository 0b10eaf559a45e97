import type { Caller } from './caller.ts';
import { decideRemoval, type Decided, type DecideRemovalInput } from './decide-removal.ts';
import type { Deps } from './deps.ts';
import { deriveMemberships } from './derive-rights.ts';

/** The removal was meant: the rights that are left of it are withdrawn, and who has no other is taken out at once. */
export async function releaseHeldRemoval(deps: Deps, caller: Caller, input: DecideRemovalInput): Promise<Decided> {
  return decideRemoval(deps, caller, input, {
    resolution: 'RELEASED',
    tell: (group) => `A held removal from ${group} was released.`,
    async act(tx, after, { id }) {
      const rights = await tx.heldRemovals.rights(id);
      if (rights.length === 0) return;
      const pairs = await tx.heldRemovals.pairs([id]);
      await tx.rights.apply({ close: [], withdraw: rights, move: [], add: [] });
      await deriveMemberships(deps, tx, after, pairs);
    },
  });
}
