import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface CancelBookingInput {
  booking: Ref;
  asOf: Instant | null;
}

/** Acts at once (B4), and gives day passes back when the booking has not started (B6). Cancelling twice is a success. */
export async function cancelBooking(
  deps: Deps,
  caller: Caller,
  input: CancelBookingInput,
): Promise<{ bookingId: string } | InvalidInputError | NotFoundError | ConflictError> {
  const check = new InputCheck();
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  return change<{ bookingId: string } | NotFoundError | ConflictError>(deps, caller.orgId, async (tx, after) => {
    const known = await tx.bookings.find(input.booking);
    if (known === null) return new NotFoundError('No such booking.');
    await tx.lock([
      { kind: 'resource', id: known.resourceId, mode: 'share' },
      { kind: 'location', id: known.locationId, mode: 'share' },
    ]);
    const booking = await tx.bookings.find({ id: known.id }, 'change');
    if (booking?.resourceId !== known.resourceId) return new ConflictError('The booking is being moved at this moment. Send it again.');
    if (booking.canceledAt !== null || isOlder(input.asOf, booking)) return { bookingId: booking.id };
    await tx.bookings.update(booking.id, { canceledAt: tx.now, asOf: newestAsOf(input.asOf, booking) });
    if (booking.paidWithDayPass && tx.now < booking.startsAt) {
      const uses = await tx.dayPasses.ofBooking(booking.id);
      await tx.dayPasses.giveBack(
        booking.id,
        uses.map((use) => use.day),
      );
    }
    await deriveRights(deps, tx, after, { subscriptionIds: [], bookingIds: [booking.id] });
    return { bookingId: booking.id };
  });
}
