import { failureMessage, type ActivationFailure } from '../core/digital-key.ts';
import { change, record } from './change.ts';
import type { Deps } from './deps.ts';
import { memberTopic } from './topics.ts';

/** FAILED with a sentence for the member, unless it is over already: a second tab must not spoil a finished activation (K4). */
export async function failActivation(deps: Deps, orgId: string, activationId: string, failure: ActivationFailure): Promise<void> {
  await change(deps, orgId, async (tx, after) => {
    const sentence = failureMessage(failure);
    const ended = {
      status: 'FAILED' as const,
      failureMessage: sentence,
      finishedAt: tx.now,
      stateHash: null,
      verifier: null,
      sealedTokens: null,
    };
    const row = await tx.keys.updateActivation(activationId, ['ACTIVATING', 'SIGNED_IN'], ended);
    if (row === null) return;
    const activity = {
      locationId: row.locationId,
      at: tx.now,
      type: 'KEY_FAILED' as const,
      memberId: row.memberId,
      actor: 'system',
      detail: sentence,
    };
    await record(tx, after, [activity], [memberTopic(row.memberId)]);
  });
}
