import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JWTHeaderParameters, JWTPayload } from 'jose';
import type { Caller } from '../app/caller.ts';
import type { Clock } from '../ports/clock.ts';

/** Which tokens are believed. At least one of `secret` and `jwksUrl` is needed for any token to be. */
export interface TokenRules {
  /** HS256 */
  secret?: string | undefined;
  /** public keys of the platform's identity provider */
  jwksUrl?: string | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
}

export type Verdict = { ok: true; caller: Caller } | { ok: false; reason: string };

/** Judges the text after `Bearer `. Rejects only with `KeysUnavailable`, which is no fault of the token. */
export type VerifyToken = (token: string) => Promise<Verdict>;

/** The identity provider's public keys cannot be had at the moment. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export const NO_TOKEN = 'A token is needed. Send it as "Authorization: Bearer …".';
export const EXPIRED = 'The token has expired. Get a new one and connect again.';

/** The machine that issues tokens may be a little ahead of ours; an end is never judged later than it is. */
const SKEW_SECONDS = 5;
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const KINDS: readonly Caller['kind'][] = ['service', 'admin', 'member'];

export function createVerifier(options: { rules: TokenRules; mobileClientIds: readonly string[]; clock: Clock }): VerifyToken {
  const { rules, clock } = options;
  const key = keyFinder(rules);
  const checks = {
    algorithms: [...(rules.secret ? ['HS256'] : []), ...(rules.jwksUrl ? ASYMMETRIC : [])],
    requiredClaims: ['exp', 'sub', 'org_id', 'roles'],
    clockTolerance: SKEW_SECONDS,
    ...(rules.issuer ? { issuer: rules.issuer } : {}),
    ...(rules.audience ? { audience: rules.audience } : {}),
  };
  return remembering(clock, async (token) => {
    try {
      const { payload } = await jwtVerify(token, key, { ...checks, currentDate: new Date(clock.now()) });
      return judge(payload, options.mobileClientIds, clock.now());
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      return { ok: false, reason: refusal(error) };
    }
  });
}

/** The text after `Bearer `, or null when the value is no such header. */
export function bearer(header: unknown): string | null {
  if (typeof header !== 'string') return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1] ?? null;
}

type FindKey = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey | Uint8Array>;

/** The algorithm chooses the key, so a public key is never used as an HS256 secret. */
function keyFinder(rules: TokenRules): FindKey {
  const secret = rules.secret ? new TextEncoder().encode(rules.secret) : null;
  const remote = rules.jwksUrl ? createRemoteJWKSet(new URL(rules.jwksUrl)) : null;
  return async (header, token) => {
    if (header.alg === 'HS256' && secret) return secret;
    if (header.alg === 'HS256' || !remote) throw new errors.JOSEAlgNotAllowed('no key for this algorithm');
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new KeysUnavailable('The keys of the identity provider cannot be had at the moment.');
    }
  };
}

function judge(claims: JWTPayload, mobileClientIds: readonly string[], now: number): Verdict {
  const expiresAt = Math.floor((claims.exp ?? 0) * 1000);
  if (expiresAt <= now) return { ok: false, reason: EXPIRED };
  const { sub, org_id: orgId, roles, client_id: clientId, location_ids: locationIds } = claims;
  if (!isText(sub)) return unusable('sub');
  if (!isText(orgId)) return unusable('org_id');
  const kind = Array.isArray(roles) && roles.length === 1 ? KINDS.find((known) => known === roles[0]) : undefined;
  if (!kind) return { ok: false, reason: 'The token\'s "roles" must be one of ["service"], ["admin"], ["member"].' };
  if (clientId !== undefined && !isText(clientId)) return unusable('client_id');
  if (locationIds !== undefined && !(Array.isArray(locationIds) && locationIds.every(isText))) return unusable('location_ids');
  const caller: Caller = {
    orgId,
    kind,
    subject: sub,
    inMemberApp: clientId !== undefined && mobileClientIds.includes(clientId),
    locationExternalIds: kind === 'admin' && locationIds !== undefined ? locationIds : null,
    expiresAt,
  };
  return { ok: true, caller };
}

/** As long as an id may be that the platform tells us. The database has no text with a zero character in it. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200 && /^[^\p{Cc}\p{Cs}]+$/u.test(value);
}

function unusable(claim: string): Verdict {
  return { ok: false, reason: `The token's "${claim}" is missing or of the wrong form.` };
}

function refusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return EXPIRED;
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's "${error.claim}" is not accepted here.`;
  return 'The token is not valid here: its form, algorithm or signature is not accepted.';
}

const REMEMBERED_MS = 60_000;
const REMEMBERED_TOKENS = 10_000;

/** Checking a signature costs as much as a small query: a token that was good is believed for a minute, while it lives. */
function remembering(clock: Clock, verify: VerifyToken): VerifyToken {
  const known = new Map<string, { caller: Caller; until: number }>();
  return async (token) => {
    const seen = known.get(token);
    if (seen && clock.now() < seen.until) return { ok: true, caller: seen.caller };
    known.delete(token);
    const verdict = await verify(token);
    if (verdict.ok) {
      for (const oldest of known.keys()) {
        if (known.size < REMEMBERED_TOKENS) break;
        known.delete(oldest);
      }
      known.set(token, { caller: verdict.caller, until: Math.min(verdict.caller.expiresAt, clock.now() + REMEMBERED_MS) });
    }
    return verdict;
  };
}
