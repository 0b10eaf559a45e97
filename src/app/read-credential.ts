import type { Instant } from '../core/time.ts';
import type { Caller } from './caller.ts';
import type { Deps } from './deps.ts';
import { keySeal } from './sealed-key.ts';
import { readDigitalKey } from './read-digital-key.ts';

export interface Credential {
  deviceUid: string;
  mobileKey: string;
  expiresAt: Instant;
}

/** The key itself, for its owner, on the phone it was made for, in the member app (K2); null for anybody else, and while it is hidden. */
export async function readCredential(
  deps: Deps,
  caller: Caller,
  { locationId, deviceUid }: { locationId: string; deviceUid: string },
): Promise<Credential | null> {
  if (caller.kind !== 'member' || !caller.inMemberApp) return null;
  const reading = await readDigitalKey(deps, caller, { location: { id: locationId }, deviceUid });
  if (reading instanceof Error || reading.memberId === null || reading.view.status === 'HIDDEN') return null;
  const { memberId } = reading;
  const now = deps.clock.now();
  const { integration, keys } = await deps.store.transaction(caller.orgId, async (tx) => ({
    integration: await tx.integrations.ofLocation(locationId),
    keys: await tx.keys.mobileKeys(memberId, locationId),
  }));
  const key = keys.find(
    (candidate) =>
      candidate.deviceUid === deviceUid &&
      candidate.integrationId === integration?.id &&
      candidate.siteExternalId === integration.siteExternalId &&
      candidate.cancelledAt === null &&
      candidate.expiresAt > now,
  );
  if (key === undefined) return null;
  return { deviceUid, mobileKey: deps.secrets.open(key.sealedKey, keySeal(key.id)), expiresAt: key.expiresAt };
}
