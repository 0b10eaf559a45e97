import { generateKeyPairSync } from 'node:crypto';
import { compactDecrypt } from 'jose';

/** Stands in for the phone with SALTO's SDK: keeps the private key, opens mobile keys, holds them to locks of the simulator. */
export interface Phone {
  /** EC P-256, SPKI, base64: what the app sends as `public_key`. */
  publicKey: string;
  /** Opens `mkey_data`. Rejects when it was made for another phone. */
  openKey(mkeyData: string): Promise<string>;
  /** Opens the key and holds it to the lock. */
  tap(simulatorUrl: string, lockId: string, mkeyData: string): Promise<TapAnswer>;
}

interface TapAnswer {
  result: 'accepted' | 'rejected' | 'cancelled_key' | 'failure' | 'unknown' | 'no_lock';
  /** Why it was not accepted. */
  reason?: string;
}

export function createPhone(): Phone {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const openKey = async (mkeyData: string): Promise<string> => {
    const { plaintext } = await compactDecrypt(Buffer.from(mkeyData, 'base64').toString(), privateKey);
    return Buffer.from(plaintext).toString();
  };
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    openKey,
    async tap(simulatorUrl, lockId, mkeyData) {
      const response = await fetch(`${simulatorUrl}/_simulator/locks/${lockId}/tap`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mkey: await openKey(mkeyData) }),
      });
      if (!response.ok) throw new Error(`the simulated lock answered ${response.status}`);
      return (await response.json()) as TapAnswer;
    },
  };
}
