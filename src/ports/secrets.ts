/** The tables that hold sealed values. One that is added here must be added to the rotation of keys, which does not compile before. */
export type SealedTable = 'activation' | 'consent' | 'integration_token' | 'mobile_key' | 'signing_key';

/** What a sealed value is bound to: the table and the primary key of its row. */
export type SealedFor = `${SealedTable}:${string}`;

/** Randomness, hashing and sealing. */
export interface Secrets {
  /** a fresh id, sortable by the time it was made (UUID version 7) */
  newId(): string;
  /** 32 random bytes, base64url */
  newToken(): string;
  /** SHA-256, base64url: what is stored in place of a bearer value */
  hash(value: string): string;
  /** AES-256-GCM with the first key; `boundTo` names the row, and opening it anywhere else fails */
  seal(plain: string, boundTo: SealedFor): string;
  /** with whichever key sealed it; throws SealBroken when the text is not what was sealed for that row */
  open(sealed: string, boundTo: SealedFor): string;
  /** whether the first key sealed it: false means it is due for rotation */
  isCurrent(sealed: string): boolean;
}
