import { NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface CancelMemberSubscriptionInput {
  memberSubscription: Ref;
  /** now unless given; the past counts as now */
  at: Instant | null;
  asOf: Instant | null;
}

/** A cancellation in the future revokes at that instant (S5). Once it has come, cancelling again is a success and changes nothing. */
export async function cancelMemberSubscription(
  deps: Deps,
  caller: Caller,
  input: CancelMemberSubscriptionInput,
): Promise<{ memberSubscriptionId: string } | InvalidInputError | NotFoundError> {
  const check = new InputCheck();
  check.instant(['at'], input.at);
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  return change<{ memberSubscriptionId: string } | NotFoundError>(deps, caller.orgId, async (tx, after) => {
    const known = await tx.subscriptions.find(input.memberSubscription);
    if (known === null) return new NotFoundError('No such subscription.');
    if (known.companyId !== null) await tx.lock([{ kind: 'company', id: known.companyId, mode: 'share' }]);
    await tx.lock([{ kind: 'location', id: known.locationId, mode: 'share' }]);
    const stored = await tx.subscriptions.find({ id: known.id }, 'change');
    const over = stored === null || (stored.canceledAt !== null && stored.canceledAt <= tx.now);
    if (over || isOlder(input.asOf, stored)) return { memberSubscriptionId: known.id };
    const canceledAt = Math.max(input.at ?? tx.now, tx.now);
    await tx.subscriptions.update(stored.id, { canceledAt, asOf: newestAsOf(input.asOf, stored) });
    await deriveRights(deps, tx, after, { subscriptionIds: [stored.id], bookingIds: [] });
    return { memberSubscriptionId: stored.id };
  });
}
