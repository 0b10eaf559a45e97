import type { InvalidInputError } from '../core/errors.ts';
import { IntegrationNotConnectedError, NotFoundError } from '../core/errors.ts';
import type { UserRole } from '../core/rights.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { locationTopic } from './topics.ts';

export interface SetDigitalKeyVisibilityInput {
  location: Ref;
  roles: UserRole[];
}

/** Which roles see the digital key; acts at once on every live subscriber (C5). */
export async function setDigitalKeyVisibility(
  deps: Deps,
  caller: Caller,
  input: SetDigitalKeyVisibilityInput,
): Promise<{ integrationId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError> {
  const roles = [...new Set(input.roles)].sort();
  type Answer = { integrationId: string } | InvalidInputError | NotFoundError | IntegrationNotConnectedError;
  return change<Answer>(deps, caller.orgId, async (tx, after) => {
    const location = await coveredLocation(tx, caller, input.location);
    if (location === null) return new NotFoundError('No such location.');
    const integration = await tx.integrations.ofLocation(location.id, 'change');
    if (integration === null || integration.status === 'DISCONNECTED') return new IntegrationNotConnectedError();
    const integrationId = integration.id;
    if (roles.join() === [...integration.digitalKeyVisibility].sort().join()) return { integrationId };
    await tx.integrations.update(integrationId, { digitalKeyVisibility: roles });
    const seen = roles.length === 0 ? 'nobody' : roles.join(', ');
    const detail = `The digital key is shown to: ${seen}.`;
    const row = { locationId: location.id, at: tx.now, type: 'SETTINGS_CHANGED' as const, actor: actorOf(caller), detail };
    await record(tx, after, [row], [locationTopic(location.id)]);
    return { integrationId };
  });
}
