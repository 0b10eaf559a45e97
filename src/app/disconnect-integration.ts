import { ConfirmationRequiredError, IntegrationNotConnectedError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { afterEvent } from '../core/integration.ts';
import { unmanage } from '../core/membership.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import { turnAll } from './change-memberships.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { judgeProblems } from './judge-problems.ts';
import { locationTopic } from './topics.ts';

export interface DisconnectIntegrationInput {
  location: Ref;
  confirm: boolean;
}

type Refusal = InvalidInputError | NotFoundError | IntegrationNotConnectedError | ConfirmationRequiredError;

/**
 * Nothing is granted or revoked from now on. Access already granted stays at the lock system, is no longer ours to revoke, and is shown as
 * such; what was pending is dropped (C8). Mappings stay, for the same site connected again.
 */
export async function disconnectIntegration(
  deps: Deps,
  caller: Caller,
  input: DisconnectIntegrationInput,
): Promise<{ integrationId: string } | Refusal> {
  if (!input.confirm) return new ConfirmationRequiredError();
  return change<{ integrationId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const location = await coveredLocation(tx, caller, input.location);
    if (location === null) return new NotFoundError('No such location.');
    const integration = await tx.integrations.ofLocation(location.id, 'change');
    const next = integration === null ? null : afterEvent(integration, 'disconnect');
    if (integration === null || next === null || next === 'nothing-left') return new IntegrationNotConnectedError();
    const { status, statusBefore, siteHeld } = next;
    await tx.integrations.dropConsents(location.id);
    await tx.integrations.dropTokens(integration.id);
    await tx.integrations.update(integration.id, {
      status,
      statusBefore,
      siteHeld,
      disconnectedAt: tx.now,
      pausedUntil: null,
      unavailableSince: null,
    });
    const mended = 'Over: the lock system was disconnected.';
    const open = await tx.integrations.problems(integration.id);
    const findings = open.map(({ code, accessGroupId }) => ({ code, accessGroupId, message: null, mended }));
    await judgeProblems(tx, after, integration, findings);
    await turnAll(tx, location.id, unmanage);
    const detail = 'The lock system was disconnected. Access already granted stays there and is revoked there by hand.';
    const row = { locationId: location.id, at: tx.now, type: 'INTEGRATION_DISCONNECTED' as const, actor: actorOf(caller), detail };
    await record(tx, after, [row], [locationTopic(location.id)]);
    return { integrationId: integration.id };
  });
}
