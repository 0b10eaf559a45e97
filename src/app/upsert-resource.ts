import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { ResourceKind } from '../core/rights.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface UpsertResourceInput {
  externalId: string;
  location: Ref;
  name: string;
  kind: ResourceKind;
  asOf: Instant | null;
}

/** The resource's access group is set by an administrator (setResourceAccess) and left alone here. */
export async function upsertResource(
  deps: Deps,
  caller: Caller,
  input: UpsertResourceInput,
): Promise<{ resourceId: string } | InvalidInputError | NotFoundError | ConflictError> {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.text(['name'], input.name);
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  const { externalId, name, kind, asOf } = input;
  return change<{ resourceId: string } | NotFoundError | ConflictError>(deps, caller.orgId, async (tx) => {
    const location = await tx.locations.find(input.location);
    if (location === null) return new NotFoundError('No such location. Tell of it with upsertLocation first.');
    const stored = await tx.resources.find({ externalId }, 'change');
    if (stored === null) {
      const row = await tx.resources.insert({ externalId, locationId: location.id, name, kind, accessGroupId: null, asOf });
      return { resourceId: row.id };
    }
    if (isOlder(asOf, stored)) return { resourceId: stored.id };
    if (stored.locationId !== location.id) return new ConflictError('A resource stays at its location. Use a new externalId.');
    if (stored.kind !== kind) return new ConflictError('A resource stays of its kind. Use a new externalId.');
    await tx.resources.update(stored.id, { name, asOf: newestAsOf(asOf, stored) });
    return { resourceId: stored.id };
  });
}
