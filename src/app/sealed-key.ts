import { renewAt } from '../core/digital-key.ts';
import type { IssuedKey } from '../ports/lock-vendor.ts';
import type { MobileKeyRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';

/** What a key that was issued is bound to its row by: nobody opens it under another id. */
export const keySeal = (mobileKeyId: string): string => `mobile_key:${mobileKeyId}`;

type KeyPart = Pick<MobileKeyRow, 'providerKeyId' | 'sealedKey' | 'issuedAt' | 'expiresAt' | 'renewAt' | 'cancelledAt'>;

/** An issued key as the row of that id holds it. */
export function sealedKey(deps: Deps, mobileKeyId: string, key: IssuedKey): KeyPart {
  return {
    providerKeyId: key.providerKeyId,
    sealedKey: deps.secrets.seal(key.mobileKey, keySeal(mobileKeyId)),
    issuedAt: key.issuedAt,
    expiresAt: key.expiresAt,
    renewAt: renewAt(key.issuedAt, key.expiresAt),
    cancelledAt: null,
  };
}
