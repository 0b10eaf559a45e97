import { NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { GRACE_MINUTES_MAX, InputCheck } from '../core/input.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { locationTopic } from './topics.ts';

export interface SetBookingGraceInput {
  location: Ref;
  beforeMinutes: number;
  afterMinutes: number;
}

/** Moves the windows of bookings that have not ended, at once (B2, domain §Small decisions). */
export async function setBookingGrace(
  deps: Deps,
  caller: Caller,
  input: SetBookingGraceInput,
): Promise<{ locationId: string } | InvalidInputError | NotFoundError> {
  const { beforeMinutes, afterMinutes } = input;
  const check = new InputCheck();
  check.whole(['beforeMinutes'], beforeMinutes, 0, GRACE_MINUTES_MAX);
  check.whole(['afterMinutes'], afterMinutes, 0, GRACE_MINUTES_MAX);
  if (check.error) return check.error;
  return change<{ locationId: string } | NotFoundError>(deps, caller.orgId, async (tx, after) => {
    const location = await coveredLocation(tx, caller, input.location, 'change');
    if (location === null) return new NotFoundError('No such location.');
    const locationId = location.id;
    if (location.graceBeforeMinutes === beforeMinutes && location.graceAfterMinutes === afterMinutes) return { locationId };
    const bookingIds = await tx.rights.bookingsOf({ locationId });
    await tx.locations.update(locationId, { graceBeforeMinutes: beforeMinutes, graceAfterMinutes: afterMinutes });
    const detail = `Bookings give access from ${beforeMinutes} minutes before to ${afterMinutes} minutes after.`;
    const activity = { locationId, at: tx.now, type: 'SETTINGS_CHANGED' as const, actor: actorOf(caller), detail };
    await record(tx, after, [activity], [locationTopic(locationId)]);
    await deriveRights(deps, tx, after, { subscriptionIds: [], bookingIds });
    return { locationId };
  });
}
