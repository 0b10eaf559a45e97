import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

export interface SigningKeys {
  /** Of the identity server: RS256. */
  tokens: { privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK };
  /** Of the locks: ES256. */
  mobileKeys: { privateKey: CryptoKey; publicKey: CryptoKey };
}

export const TOKEN_KEY_ID = 'simulator-1';

export async function createSigningKeys(): Promise<SigningKeys> {
  const [tokens, mobileKeys] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('ES256')]);
  const jwk = { ...(await exportJWK(tokens.publicKey)), kid: TOKEN_KEY_ID, alg: 'RS256', use: 'sig' };
  return { tokens: { ...tokens, jwk }, mobileKeys };
}
