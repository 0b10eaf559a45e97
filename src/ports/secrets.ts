/** Randomness, hashing and sealing. */
export interface Secrets {
  /** a fresh id, sortable by the time it was made (UUID version 7) */
  newId(): string;
  /** 32 random bytes, base64url */
  newToken(): string;
  /** SHA-256, base64url: what is stored in place of a bearer value */
  hash(value: string): string;
  /** AES-256-GCM with the first key; `boundTo` names the row, and opening it anywhere else fails */
  seal(plain: string, boundTo: string): string;
  /** with whichever key sealed it; throws SealBroken when the text is not what was sealed for that row */
  open(sealed: string, boundTo: string): string;
  /** whether the first key sealed it: false means it is due for rotation */
  isCurrent(sealed: string): boolean;
}
