import { NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { LEAST_PEOPLE_MAX } from '../core/guard.ts';
import { InputCheck } from '../core/input.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { locationTopic } from './topics.ts';

export interface SetRemovalGuardInput {
  location: Ref;
  /** more than this share of a group is held; 100 turns the guard off */
  sharePercent: number;
  /** fewer people than this are never held */
  leastPeople: number;
}

/** Acts on changes to come; what is held already stays held. */
export async function setRemovalGuard(
  deps: Deps,
  caller: Caller,
  input: SetRemovalGuardInput,
): Promise<{ locationId: string } | InvalidInputError | NotFoundError> {
  const { sharePercent, leastPeople } = input;
  const check = new InputCheck();
  check.whole(['sharePercent'], sharePercent, 0, 100);
  check.whole(['leastPeople'], leastPeople, 1, LEAST_PEOPLE_MAX);
  if (check.error) return check.error;
  return change<{ locationId: string } | NotFoundError>(deps, caller.orgId, async (tx, after) => {
    const location = await coveredLocation(tx, caller, input.location, 'change');
    if (location === null) return new NotFoundError('No such location.');
    const locationId = location.id;
    const before = await tx.heldRemovals.guard(locationId);
    if (before.sharePercent === sharePercent && before.leastPeople === leastPeople) return { locationId };
    await tx.heldRemovals.setGuard(locationId, { sharePercent, leastPeople });
    const detail = `Removals are held when one change takes more than ${sharePercent} % of a group, and at least ${leastPeople} people, out of it.`;
    const activity = { locationId, at: tx.now, type: 'SETTINGS_CHANGED' as const, actor: actorOf(caller), detail };
    await record(tx, after, [activity], [locationTopic(locationId)]);
    return { locationId };
  });
}
