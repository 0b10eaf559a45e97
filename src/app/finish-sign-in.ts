import { signedIn } from '../core/digital-key.ts';
import type { ActivationRow } from '../ports/rows.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { failActivation } from './fail-activation.ts';
import { sealTokens } from './member-session.ts';
import { memberRedirect } from './start-sign-in.ts';

export interface SignInOutcome {
  ok: boolean;
  message: string;
}

/** The member comes back from the provider's identity server (K3). The worker does the rest, so that the browser need not wait. */
export async function finishSignIn(deps: Deps, input: { callbackUrl: string }): Promise<SignInOutcome> {
  const state = new URL(input.callbackUrl).searchParams.get('state') ?? '';
  const found = await deps.store.activationByState(deps.secrets.hash(state));
  const unusable: SignInOutcome = { ok: false, message: 'This sign-in has been used or has run out. Go back to the app and try again.' };
  if (found === null) return unusable;
  const { orgId, activationId } = found;
  const activation = await deps.store.transaction(orgId, (tx) => tx.keys.activation(activationId));
  if (activation === null || activation.verifier === null || activation.status !== 'ACTIVATING') return unusable;
  const verifier = deps.secrets.open(activation.verifier, `activation:${activation.id}`);
  const redirectUri = memberRedirect(deps);
  const redeemed = await deps.vendor.redeem({ callbackUrl: input.callbackUrl, redirectUri, state, verifier });
  if (!redeemed.ok) {
    const { kind } = redeemed.problem;
    const passing = kind === 'unavailable' || kind === 'unsure';
    const failure = passing ? 'PROVIDER_UNAVAILABLE' : await refusedBecause(deps, orgId, activation);
    await failActivation(deps, orgId, activationId, failure);
    return { ok: false, message: 'You could not be signed in. Go back to the app and try again.' };
  }
  const tokens = redeemed.value;
  const stored = await change(deps, orgId, async (tx, after) => {
    const next = signedIn(activation, tx.now);
    if (next === null) return null;
    const row = await tx.keys.updateActivation(activationId, ['ACTIVATING'], {
      status: 'SIGNED_IN',
      stateHash: null,
      verifier: null,
      sealedTokens: sealTokens(deps, `activation:${activationId}`, tokens),
      tokensExpireAt: tokens.expiresAt,
    });
    if (row !== null) after.jobs.push({ name: 'activate', payload: { activationId }, at: null });
    return row;
  });
  return stored === null ? unusable : { ok: true, message: 'Your digital key is being made. Go back to the app.' };
}

/** A person who was created just now may not be known to the identity server yet: that passes by itself. */
async function refusedBecause(deps: Deps, orgId: string, activation: ActivationRow): Promise<'NOT_SETTLED' | 'SIGN_IN_REFUSED'> {
  const people = await deps.store.transaction(orgId, (tx) => tx.providerUsers.ofMember(activation.memberId));
  const here = people.find((row) => row.integrationId === activation.integrationId && row.platformUserId !== null);
  const now = await deps.store.now();
  const fresh = here === undefined || (here.createdThereAt !== null && now - here.createdThereAt < deps.vendor.can.settlesWithinMs);
  return fresh ? 'NOT_SETTLED' : 'SIGN_IN_REFUSED';
}
