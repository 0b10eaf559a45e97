import type { ConflictError, InvalidInputError } from '../core/errors.ts';
import { NotFoundError, type ProviderUnavailableError } from '../core/errors.ts';
import { afterEvent } from '../core/integration.ts';
import { MINUTE } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import { actorOf, type Caller } from './caller.ts';
import { change } from './change.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';
import { locationTopic } from './topics.ts';

export interface ConnectIntegrationInput {
  location: Ref;
  provider: 'SALTO_KS';
}

export const CONSENT_LIFE_MS = 10 * MINUTE;
export const consentRedirect = (deps: Deps): string => `${deps.settings.publicUrl}/integrations/salto-ks/callback`;

/**
 * Where to send the administrator for consent (C2): authorization code with PKCE, a state that is good once and for ten minutes, bound to
 * location, starter and, where the starter's browser brought one, a cookie. Tokens in use work on meanwhile.
 */
export async function connectIntegration(
  deps: Deps,
  caller: Caller,
  input: ConnectIntegrationInput,
  browserCookie: string | null = null,
): Promise<
  { integrationId: string; authorizationUrl: string } | InvalidInputError | NotFoundError | ConflictError | ProviderUnavailableError
> {
  const state = deps.secrets.newToken();
  const { url, verifier } = await deps.vendor.signInUrl({ redirectUri: consentRedirect(deps), state });
  const stateHash = deps.secrets.hash(state);
  return change<{ integrationId: string; authorizationUrl: string } | NotFoundError>(deps, caller.orgId, async (tx, after) => {
    const location = await coveredLocation(tx, caller, input.location, 'change');
    if (location === null) return new NotFoundError('No such location.');
    const stored = await tx.integrations.ofLocation(location.id, 'change');
    const next = afterEvent(stored, 'connect');
    if (next === null || next === 'nothing-left') throw new Error('Connecting is possible in every state.');
    const { status, statusBefore } = next;
    const integration = stored ?? (await tx.integrations.insert({ locationId: location.id, status, statusBefore }));
    await tx.integrations.update(integration.id, { status, statusBefore });
    await tx.integrations.dropConsents(location.id);
    await tx.integrations.addConsent({
      stateHash,
      locationId: location.id,
      startedBy: actorOf(caller),
      cookieHash: browserCookie === null ? null : deps.secrets.hash(browserCookie),
      verifier: deps.secrets.seal(verifier, `consent:${stateHash}`),
      expiresAt: tx.now + CONSENT_LIFE_MS,
    });
    after.announcements.push({ topic: locationTopic(location.id) });
    return { integrationId: integration.id, authorizationUrl: url };
  });
}
