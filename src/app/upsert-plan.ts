import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { DAY_PASSES_MAX, InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface UpsertPlanInput {
  externalId: string;
  location: Ref;
  name: string;
  dayPassesPerMonth: number;
  asOf: Instant | null;
}

/** The plan's access group is set by an administrator (setPlanAccess) and left alone here. */
export async function upsertPlan(
  deps: Deps,
  caller: Caller,
  input: UpsertPlanInput,
): Promise<{ planId: string } | InvalidInputError | NotFoundError | ConflictError> {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.text(['name'], input.name);
  check.whole(['dayPassesPerMonth'], input.dayPassesPerMonth, 0, DAY_PASSES_MAX);
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  const { externalId, name, dayPassesPerMonth, asOf } = input;
  return change<{ planId: string } | NotFoundError | ConflictError>(deps, caller.orgId, async (tx) => {
    const location = await tx.locations.find(input.location);
    if (location === null) return new NotFoundError('No such location. Tell of it with upsertLocation first.');
    const stored = await tx.plans.find({ externalId }, 'change');
    if (stored === null) {
      const row = await tx.plans.insert({ externalId, locationId: location.id, name, dayPassesPerMonth, accessGroupId: null, asOf });
      return { planId: row.id };
    }
    if (isOlder(asOf, stored)) return { planId: stored.id };
    if (stored.locationId !== location.id) return new ConflictError('A plan stays at its location. Use a new externalId.');
    await tx.plans.update(stored.id, { name, dayPassesPerMonth, asOf: newestAsOf(asOf, stored) });
    return { planId: stored.id };
  });
}
