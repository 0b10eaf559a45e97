import { keyReceived, type ActivationFailure } from '../core/digital-key.ts';
import type { IssuedKey, ProviderProblem, ProviderTokens } from '../ports/lock-vendor.ts';
import type { ActivationRow, DeviceRow } from '../ports/rows.ts';
import { change, record } from './change.ts';
import type { Deps } from './deps.ts';
import { ensureSiteUser } from './ensure-site-user.ts';
import { failActivation } from './fail-activation.ts';
import { memberSession, openTokens, sealTokens } from './member-session.ts';
import { keySeal, sealedKey } from './sealed-key.ts';
import { spreadKey } from './spread-key.ts';
import { memberTopic } from './topics.ts';
import { wakeBlocked } from './wake-blocked.ts';

/**
 * The worker's part of an activation (K3): before the member is signed in, that the person exists at the provider; after, that the phone is
 * registered and its key fetched and stored, sealed. What passes by itself is thrown, to be tried again within the minute.
 */
export async function finishActivation(deps: Deps, input: { activationId: string }): Promise<{ status: string }> {
  const { activationId } = input;
  const orgId = await deps.store.orgOfActivation(activationId);
  if (orgId === null) return { status: 'gone' };
  const { activation, device, integration } = await load(deps, orgId, activationId);
  if (activation === null || device === null || activation.deadline <= (await deps.store.now())) return { status: 'over' };
  if (integration?.siteExternalId == null || !integration.siteHeld) {
    await failActivation(deps, orgId, activationId, 'DISCONNECTED');
    return { status: 'FAILED' };
  }
  if (activation.status === 'ACTIVATING') {
    const found = await ensureSiteUser(deps, orgId, activation);
    return { status: found !== null && 'person' in found ? 'person known' : 'person not known yet' };
  }
  if (activation.status !== 'SIGNED_IN' || activation.sealedTokens === null) return { status: activation.status };
  return fetchKey(deps, orgId, { activation, device, siteExternalId: integration.siteExternalId });
}

interface Loaded {
  activation: ActivationRow;
  device: DeviceRow;
  siteExternalId: string;
}

async function load(deps: Deps, orgId: string, activationId: string) {
  return deps.store.transaction(orgId, async (tx) => {
    const activation = await tx.keys.activation(activationId);
    const device = activation === null ? null : await tx.keys.deviceById(activation.deviceId);
    const integration = activation === null ? null : await tx.integrations.get(activation.integrationId);
    return { activation, device, integration };
  });
}

async function fetchKey(deps: Deps, orgId: string, loaded: Loaded): Promise<{ status: string }> {
  const { activation, device, siteExternalId } = loaded;
  const boundTo = `activation:${activation.id}`;
  const tokens = { ...openTokens(deps, boundTo, activation.sealedTokens ?? ''), expiresAt: activation.tokensExpireAt ?? 0 };
  const { session, refreshed } = memberSession(deps, { connectionId: activation.integrationId, siteExternalId }, tokens);
  const stranger = await isStranger(deps, orgId, activation, session);
  if (stranger !== null) return fail(deps, orgId, activation.id, stranger);
  const issued = await deps.vendor.issueKey(session, { uid: device.uid, name: device.name, publicKey: device.publicKey });
  if (!issued.ok) return fail(deps, orgId, activation.id, issued.problem);
  await store(deps, orgId, loaded, issued.value, refreshed() ?? tokens);
  return { status: 'DONE' };
}

/** The real lock on the door to a key: whoever signed in must be the person we hold for this member, whatever the browser brought along. */
async function isStranger(
  deps: Deps,
  orgId: string,
  activation: ActivationRow,
  session: Parameters<Deps['vendor']['whoAmI']>[0],
): Promise<ProviderProblem | null> {
  const me = await deps.vendor.whoAmI(session);
  if (!me.ok) return me.problem;
  const found = await ensureSiteUser(deps, orgId, activation);
  if (found === null || !('person' in found))
    return { kind: 'unavailable', why: 'The person is not known at the lock system yet.', retryAt: null };
  if (found.person.platformUserId === me.value.platformUserId) return null;
  return { kind: 'refused', why: 'Another person is signed in at the lock system.' };
}

async function fail(deps: Deps, orgId: string, activationId: string, problem: ProviderProblem): Promise<{ status: string }> {
  const passing = problem.kind === 'unavailable' || problem.kind === 'unsure';
  if (passing) throw new Error(`The key could not be fetched yet: ${problem.why}`);
  const failure: ActivationFailure = problem.kind === 'needs-reauthorization' ? 'SIGN_IN_REFUSED' : 'KEY_REFUSED';
  await failActivation(deps, orgId, activationId, failure);
  return { status: 'FAILED' };
}

async function store(
  deps: Deps,
  orgId: string,
  { activation, device, siteExternalId }: Loaded,
  key: IssuedKey,
  tokens: Pick<ProviderTokens, 'accessToken' | 'refreshToken' | 'expiresAt'>,
): Promise<void> {
  await change(deps, orgId, async (tx, after) => {
    const { status, failureMessage } = keyReceived(activation);
    const ended = { status, failureMessage, finishedAt: tx.now, sealedTokens: null };
    const row = await tx.keys.updateActivation(activation.id, ['SIGNED_IN'], ended);
    if (row === null) return;
    const id = (await tx.keys.mobileKeyIdFor(device.id, activation.integrationId)) ?? deps.secrets.newId();
    const { memberId, locationId, integrationId } = activation;
    await tx.keys.saveMobileKey({
      id,
      memberId,
      locationId,
      integrationId,
      siteExternalId,
      deviceId: device.id,
      providerDeviceId: key.providerDeviceId,
      ...sealedKey(deps, id, key),
      sealedTokens: sealTokens(deps, keySeal(id), tokens),
      tokensExpireAt: tokens.expiresAt,
      activatedAt: tx.now,
    });
    await spreadKey(deps, tx, { id, deviceId: device.id }, key);
    // The lock system may count somebody in only once they have a means to open (SALTO facts §3).
    const held = await tx.memberships.ofMember(memberId, locationId);
    await wakeBlocked(
      tx,
      after,
      held.filter(({ state, blockedCause }) => state === 'BLOCKED' && blockedCause === 'NO_SEAT'),
    );
    const detail = `The digital key on ${device.name} is active.`;
    const activity = { locationId, at: tx.now, type: 'KEY_ACTIVATED' as const, memberId, actor: 'system', detail };
    await record(tx, after, [activity], [memberTopic(memberId)]);
  });
}
