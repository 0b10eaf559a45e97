import type { Instant } from '../core/time.ts';
import { MINUTE } from '../core/time.ts';
import type { ProviderSession, ProviderTokens } from '../ports/lock-vendor.ts';
import type { Deps } from './deps.ts';

/** A member's own tokens at the provider, as they are stored: sealed, bound to the row that holds them. */
interface Tokens {
  accessToken: string;
  refreshToken: string | null;
}

export function sealTokens(deps: Deps, boundTo: string, tokens: Tokens): string {
  const { accessToken, refreshToken } = tokens;
  return deps.secrets.seal(JSON.stringify({ accessToken, refreshToken }), boundTo);
}

export function openTokens(deps: Deps, boundTo: string, sealed: string): Tokens {
  return JSON.parse(deps.secrets.open(sealed, boundTo)) as Tokens;
}

/**
 * Calls in the member's own name. `refreshed` holds the tokens that took the place of the ones given, if any did: to be stored by the
 * caller.
 */
export function memberSession(
  deps: Deps,
  place: { connectionId: string; siteExternalId: string },
  tokens: Tokens & { expiresAt: Instant },
): { session: ProviderSession; refreshed: () => ProviderTokens | null } {
  let current: ProviderTokens = tokens;
  let latest: ProviderTokens | null = null;
  const token: ProviderSession['token'] = async (rejected) => {
    const fresh = current.accessToken !== rejected && current.expiresAt > deps.clock.now() + MINUTE;
    if (fresh) return { ok: true, value: current.accessToken };
    const { refreshToken } = current;
    if (refreshToken === null) return { ok: false, problem: { kind: 'needs-reauthorization', why: 'The member has to sign in again.' } };
    const answer = await deps.vendor.refresh(refreshToken);
    if (!answer.ok) return answer;
    current = latest = { ...answer.value, refreshToken: answer.value.refreshToken ?? refreshToken };
    return { ok: true, value: current.accessToken };
  };
  return { session: { ...place, token }, refreshed: () => latest };
}
