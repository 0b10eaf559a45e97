/**
 * What our OpenID provider keeps between two requests of one sign-in, so that any API process can answer the second. Rows live for a
 * minute. No organisation: the provider serves one client, the lock maker's identity server, and only people whose one-time ticket it has
 * just redeemed.
 */
export interface OidcStore {
  upsert(model: string, id: string, payload: OidcPayload, lifeSeconds: number): Promise<void>;
  /** null once its life is over; `consumed` (seconds since 1970) tells that it was used */
  find(model: string, id: string): Promise<OidcPayload | null>;
  /** true for one caller only, however many ask at once, in however many processes */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
  /** the signing key all processes share, kept sealed; `make` is asked for one (a private JWK as JSON) where there is none yet */
  signingKey(make: () => Promise<string>): Promise<string>;
  /** what the provider may tell about a member; null for one who is unknown or removed */
  person(memberId: string): Promise<OidcPerson | null>;
}

export type OidcPayload = Record<string, unknown>;

export interface OidcPerson {
  email: string;
  firstName: string;
  lastName: string;
}
