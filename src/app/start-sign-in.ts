import { SECOND } from '../core/time.ts';
import type { ActivationRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';
import { ensureSiteUser } from './ensure-site-user.ts';

export const memberRedirect = (deps: Deps): string => `${deps.settings.publicUrl}/digital-key/callback`;

/** How long the start page waits for the person to exist at the provider: a sign-in before that is refused there. */
const WAIT_MS = 8 * SECOND;
const LOOK_AGAIN_MS = 500;

/**
 * Where the member's browser goes on to from the URL that activating gave (K3). The ticket is looked at and not used up: pages are reloaded
 * and prefetched.
 */
export async function startSignIn(
  deps: Deps,
  input: { ticket: string },
): Promise<{ ok: true; redirectTo: string; activationId: string } | { ok: false; message: string }> {
  const ticketHash = deps.secrets.hash(input.ticket);
  const found = await deps.store.ticket([ticketHash], false);
  const refused = { ok: false as const, message: 'This link has been used or has run out. Go back to the app and try again.' };
  if (found === null) return refused;
  const activation = await deps.store.transaction(found.orgId, (tx) => tx.keys.activation(found.activationId));
  if (activation === null || activation.status !== 'ACTIVATING') return refused;
  await personKnown(deps, found.orgId, activation);
  const state = deps.secrets.newToken();
  const signIn = { redirectUri: memberRedirect(deps), state, federated: true };
  const { url, verifier } = await deps.vendor.signInUrl(deps.settings.federated ? { ...signIn, loginHint: input.ticket } : signIn);
  const sealed = deps.secrets.seal(verifier, `activation:${activation.id}`);
  const stored = await deps.store.transaction(found.orgId, (tx) =>
    tx.keys.updateActivation(activation.id, ['ACTIVATING'], { stateHash: deps.secrets.hash(state), verifier: sealed }),
  );
  return stored === null ? refused : { ok: true, redirectTo: url, activationId: activation.id };
}

async function personKnown(deps: Deps, orgId: string, activation: ActivationRow): Promise<void> {
  const until = deps.clock.now() + WAIT_MS;
  while (deps.clock.now() < until) {
    const found = await ensureSiteUser(deps, orgId, activation);
    if (found === null || 'person' in found || found.outcome.kind === 'refused') return;
    await deps.clock.until(deps.clock.now() + LOOK_AGAIN_MS);
  }
}
