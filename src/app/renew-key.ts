import { HOUR, MINUTE } from '../core/time.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { memberSession, openTokens, sealTokens } from './member-session.ts';
import { keySeal, sealedKey } from './sealed-key.ts';
import { spreadKey } from './spread-key.ts';
import { memberTopic } from './topics.ts';

/**
 * Renews a key when a fifth of its life is left, or when a lock said it is cancelled, in the member's own name and with no action of theirs
 * (K4). Where their tokens are gone too the key runs out, and "Get digital key" comes back.
 */
export async function renewKey(deps: Deps, input: { mobileKeyId: string }): Promise<{ renewed: boolean }> {
  const orgId = await deps.store.orgOfMobileKey(input.mobileKeyId);
  if (orgId === null) return { renewed: false };
  const { key, device } = await deps.store.transaction(orgId, async (tx) => {
    const stored = await tx.keys.mobileKey(input.mobileKeyId);
    return { key: stored, device: stored === null ? null : await tx.keys.deviceById(stored.deviceId) };
  });
  const now = await deps.store.now();
  if (key === null || device === null || key.renewAt > now) return { renewed: false };
  if (key.sealedTokens === null) return { renewed: false };
  const boundTo = keySeal(key.id);
  const tokens = { ...openTokens(deps, boundTo, key.sealedTokens), expiresAt: key.tokensExpireAt ?? 0 };
  const place = { connectionId: key.integrationId, siteExternalId: key.siteExternalId };
  const { session, refreshed } = memberSession(deps, place, tokens);
  const issued = await deps.vendor.issueKey(session, { uid: device.uid, name: device.name, publicKey: device.publicKey });
  const held = refreshed() ?? tokens;
  const kept = { sealedTokens: sealTokens(deps, boundTo, held), tokensExpireAt: held.expiresAt };
  await change(deps, orgId, async (tx, after) => {
    if (!issued.ok) {
      const lost = issued.problem.kind === 'needs-reauthorization';
      const passing = issued.problem.kind === 'unavailable' || issued.problem.kind === 'unsure';
      const next = { renewAt: now + (passing ? MINUTE : HOUR) };
      await tx.keys.updateMobileKey(key.id, lost ? { ...next, sealedTokens: null } : { ...next, ...kept });
      return;
    }
    const { value } = issued;
    await tx.keys.updateMobileKey(key.id, {
      ...kept,
      ...sealedKey(deps, key.id, value),
      providerDeviceId: value.providerDeviceId,
    });
    await spreadKey(deps, tx, key, value);
    after.announcements.push({ topic: memberTopic(key.memberId) });
  });
  return { renewed: issued.ok };
}
