import type { IssuedKey } from '../ports/lock-vendor.ts';
import type { Tx } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { sealedKey } from './sealed-key.ts';

/**
 * A phone is one device at the provider, whatever number of locations it has keys at, and a key issued for it cancels the one before. So
 * the new key takes the place of all the others of that device: it opens the person's doors at every site.
 */
export async function spreadKey(deps: Deps, tx: Tx, own: { id: string; deviceId: string }, key: IssuedKey): Promise<void> {
  const others = (await tx.keys.mobileKeysOfDevice(own.deviceId)).filter(
    ({ id, providerDeviceId }) => id !== own.id && providerDeviceId === key.providerDeviceId,
  );
  for (const { id } of others) {
    await tx.keys.updateMobileKey(id, sealedKey(deps, id, key));
  }
}
