import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import type { HeldRemovalRow, RemovalResolution } from '../ports/held-removals.ts';
import type { Tx } from '../ports/store.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, type After } from './change.ts';
import { tellEnd } from './close-spent.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';

export interface DecideRemovalInput {
  /** our id of it */
  heldRemoval: string;
}

export type Decided = { heldRemovalId: string } | InvalidInputError | NotFoundError | ConflictError;

interface Decision {
  resolution: RemovalResolution;
  /** done before it is resolved, with the people locked */
  act: (tx: Tx, after: After, removal: HeldRemovalRow) => Promise<void>;
  tell: (group: string) => string;
}

const ENDED: Record<RemovalResolution, string> = {
  RELEASED: 'This removal was released already: the people are being taken out, or are out.',
  DROPPED: 'This removal was dropped already: the people stay until what gave them access ends.',
  OVERTAKEN: 'This removal is overtaken: nobody is left whom it would take out.',
};

/** An administrator ends a held removal. The same decision again is a success and changes nothing; another one is a ConflictError. */
export async function decideRemoval(
  deps: Deps,
  caller: Caller,
  { heldRemoval }: DecideRemovalInput,
  { resolution, act, tell }: Decision,
): Promise<Decided> {
  return change<Decided>(deps, caller.orgId, async (tx, after) => {
    const known = await tx.heldRemovals.get(heldRemoval);
    if (known === null || (await coveredLocation(tx, caller, { id: known.locationId })) === null) {
      return new NotFoundError('No such held removal.');
    }
    // People before the removal: the order in which those who derive rights lock.
    const people = [...new Set((await tx.heldRemovals.pairs([known.id])).map(({ memberId }) => memberId))];
    await tx.lock(people.map((id) => ({ kind: 'member', id, mode: 'change' })));
    const removal = await tx.heldRemovals.get(known.id, 'change');
    if (removal === null) return new NotFoundError('No such held removal.');
    const { id, accessGroupId } = removal;
    if (removal.resolution === resolution) return { heldRemovalId: id };
    if (removal.resolution !== null) return new ConflictError(ENDED[removal.resolution]);
    await act(tx, after, removal);
    await tx.heldRemovals.resolve(id, resolution, actorOf(caller));
    const group = await tx.groups.get(accessGroupId);
    await tellEnd(tx, after, removal, actorOf(caller), tell(group?.name ?? 'an access group'));
    return { heldRemovalId: id };
  });
}
