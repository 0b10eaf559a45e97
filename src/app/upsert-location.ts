import type { InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { isOlder, newestAsOf } from './told.ts';
import { locationTopic } from './topics.ts';

export interface UpsertLocationInput {
  externalId: string;
  name: string;
  timeZone: string;
  asOf: Instant | null;
}

/** A change of zone moves the days of the location's subscriptions (domain §Time). */
export async function upsertLocation(
  deps: Deps,
  caller: Caller,
  input: UpsertLocationInput,
): Promise<{ locationId: string } | InvalidInputError> {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.text(['name'], input.name);
  check.timeZone(['timeZone'], input.timeZone);
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  const { externalId, name, timeZone, asOf } = input;
  return change(deps, caller.orgId, async (tx, after) => {
    const stored = await tx.locations.find({ externalId }, 'change');
    if (stored === null) {
      const row = await tx.locations.insert({ externalId, name, timeZone, asOf, graceBeforeMinutes: 30, graceAfterMinutes: 30 });
      return { locationId: row.id };
    }
    if (isOlder(asOf, stored)) return { locationId: stored.id };
    await tx.locations.update(stored.id, { name, timeZone, asOf: newestAsOf(asOf, stored) });
    after.announcements.push({ topic: locationTopic(stored.id) });
    if (timeZone !== stored.timeZone) {
      const subscriptionIds = await tx.rights.subscriptionsOf({ locationId: stored.id });
      await deriveRights(deps, tx, after, { subscriptionIds, bookingIds: [] });
    }
    return { locationId: stored.id };
  });
}
