import { createPublicKey, randomUUID } from 'node:crypto';
import { CompactEncrypt, importSPKI, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Device } from './records.ts';
import type { SimulatorState } from './state.ts';

/** What a mobile key says once the phone has opened it. The real one is opaque; only its base64 shell is known (SALTO facts §4.1). */
const claimsSchema = z.object({
  key_id: z.string(),
  device_id: z.string(),
  certificate: z.string(),
  sub: z.string(),
  exp: z.number(),
});
export type MobileKeyClaims = z.output<typeof claimsSchema>;

/** Null when it is no EC P-256 public key in SPKI, base64. */
export function pemOfPublicKey(base64: string): string | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key.export({ type: 'spki', format: 'pem' }).toString() : null;
  } catch {
    return null;
  }
}

/** Gives the device a fresh key; those given before stay good until they expire. Answers `mkey_data`. */
export async function issueMobileKey(state: SimulatorState, device: Device): Promise<string> {
  const pem = pemOfPublicKey(device.publicKey);
  if (pem === null) throw new Error(`device ${device.id} holds no usable public key`);
  const now = state.clock.now();
  const expiresAt = now + state.switches.read('mkeyTtlSeconds', { part: 'api' }) * 1000;
  const keyId = randomUUID();
  const signed = await new SignJWT({ key_id: keyId, device_id: device.id, certificate: device.certificate })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject(device.platformUserId)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(state.keys.mobileKeys.privateKey);
  const encrypted = await new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importSPKI(pem, 'ECDH-ES'));
  device.mkey = { id: device.mkey?.id ?? randomUUID(), keyId, registeredAt: now, expiresAt };
  return Buffer.from(encrypted).toString('base64');
}

/** Null when the simulator did not sign it. Expiry is not judged here. */
export async function readMobileKey(state: SimulatorState, signed: string): Promise<MobileKeyClaims | null> {
  try {
    const { payload } = await jwtVerify(signed, state.keys.mobileKeys.publicKey, { currentDate: new Date(0) });
    return claimsSchema.parse(payload);
  } catch {
    return null;
  }
}
