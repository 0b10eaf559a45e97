import type { NotFoundError } from '../core/errors.ts';
import { IntegrationNotConnectedError, KeyNotAvailableError, type InvalidInputError } from '../core/errors.ts';
import { beginActivation, hiddenMessage } from '../core/digital-key.ts';
import { InputCheck } from '../core/input.ts';
import { DAY } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record } from './change.ts';
import type { Deps } from './deps.ts';
import { readDigitalKey } from './read-digital-key.ts';
import { memberTopic } from './topics.ts';

export interface ActivateDigitalKeyInput {
  location: Ref;
  device: { uid: string; name: string; publicKey: string };
}

type Refusal = InvalidInputError | NotFoundError | KeyNotAvailableError | IntegrationNotConnectedError;

/** Whoever comes back from a sign-in, and every job, has done so by then. What came of it is in the activity. */
const REMEMBERED_MS = DAY;

/**
 * ACTIVATING for a minute (K3, K4), and a URL for the app to open: its one-time ticket signs the member in at the provider with no action
 * of theirs. Asked for again it starts anew. It does not wait for the provider.
 */
export async function activateDigitalKey(
  deps: Deps,
  caller: Caller,
  input: ActivateDigitalKeyInput,
): Promise<{ locationId: string; deviceUid: string; authorizationUrl: string } | Refusal> {
  const { device } = input;
  const check = new InputCheck();
  check.text(['device', 'uid'], device.uid);
  check.text(['device', 'name'], device.name);
  check.publicKey(['device', 'publicKey'], device.publicKey);
  if (check.error) return check.error;
  const reading = await readDigitalKey(deps, caller, { location: input.location, deviceUid: device.uid });
  if (reading instanceof Error) return reading;
  const { locationId, memberId, integrationId, view } = reading;
  if (integrationId === null || view.hiddenReason === 'NOT_CONNECTED') return new IntegrationNotConnectedError();
  if (memberId === null || view.hiddenReason !== null) {
    return new KeyNotAvailableError(hiddenMessage(view.hiddenReason ?? 'NO_ACCESS_YET'));
  }
  const ticket = deps.secrets.newToken();
  await change(deps, caller.orgId, async (tx, after) => {
    const stored = await tx.keys.saveDevice({ memberId, ...device });
    const { deadline } = beginActivation(tx.now);
    const activation = {
      ...{ id: deps.secrets.newId(), memberId, locationId, integrationId, deviceId: stored.id },
      ...{ status: 'ACTIVATING' as const, startedAt: tx.now, deadline, finishedAt: null, failureMessage: null },
      ...{ ticketHash: deps.secrets.hash(ticket), ticketExpiresAt: deadline, ticketUsedAt: null },
      ...{ stateHash: null, verifier: null, sealedTokens: null, tokensExpireAt: null },
    };
    // One per phone is under way: asking again takes the place of the one before, whose ticket is then good for nothing.
    await tx.keys.beginActivation(activation, 'Replaced by a newer request.', tx.now - REMEMBERED_MS);
    after.jobs.push({ name: 'activate', payload: { activationId: activation.id }, at: null });
    after.jobs.push({ name: 'expire-activation', payload: { activationId: activation.id, at: deadline }, at: deadline });
    const detail = `Asked for a digital key on ${device.name}.`;
    const row = { locationId, at: tx.now, type: 'KEY_ACTIVATING' as const, memberId, actor: actorOf(caller), detail };
    await record(tx, after, [row], [memberTopic(memberId)]);
  });
  const authorizationUrl = `${deps.settings.publicUrl}/digital-key/start?ticket=${ticket}`;
  return { locationId, deviceUid: device.uid, authorizationUrl };
}
