import type { InvalidInputError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface UpsertCompanyInput {
  externalId: string;
  name: string;
  asOf: Instant | null;
}

export async function upsertCompany(
  deps: Deps,
  caller: Caller,
  input: UpsertCompanyInput,
): Promise<{ companyId: string } | InvalidInputError> {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.text(['name'], input.name);
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  const { externalId, name, asOf } = input;
  return change(deps, caller.orgId, async (tx) => {
    const stored = await tx.companies.find({ externalId }, 'change');
    if (stored === null) return { companyId: (await tx.companies.insert({ externalId, name, asOf })).id };
    if (!isOlder(asOf, stored)) await tx.companies.update(stored.id, { name, asOf: newestAsOf(asOf, stored) });
    return { companyId: stored.id };
  });
}
