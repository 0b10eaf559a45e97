import type { InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { LocationRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import { change, type After } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { judgeSite } from './save-directory.ts';
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
      await judgeZone(tx, after, { ...stored, timeZone });
    }
    return { locationId: stored.id };
  });
}

/** Site and location in one zone, or not any more, is told at once and not with the next look at the site. */
async function judgeZone(tx: Tx, after: After, location: LocationRow): Promise<void> {
  const integration = await tx.integrations.ofLocation(location.id);
  if (integration?.siteHeld !== true) return;
  const sites = await tx.integrations.sites(integration.id);
  const site = sites.find(({ externalId }) => externalId === integration.siteExternalId);
  if (site !== undefined) await judgeSite(tx, after, location, integration.id, site);
}
