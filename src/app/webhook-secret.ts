import { DAY, type Instant } from '../core/time.ts';
import { webhookSecret } from '../core/webhooks.ts';
import type { WebhookEndpointRow } from '../ports/webhooks.ts';
import type { Deps } from './deps.ts';

/** How long the secret before a rotation signs beside the new one. */
export const BOTH_SIGN_MS = DAY;

const sealOf = (endpointId: string): string => `webhook_endpoint:${endpointId}`;

/** A fresh secret: to be told once, and as it is stored. */
export function newWebhookSecret(deps: Pick<Deps, 'secrets'>, endpointId: string): { secret: string; sealed: string } {
  const secret = webhookSecret(deps.secrets.newToken());
  return { secret, sealed: deps.secrets.seal(secret, sealOf(endpointId)) };
}

/** What signs at `now`, the newest first. */
export function signingSecrets(deps: Pick<Deps, 'secrets'>, endpoint: WebhookEndpointRow, now: Instant): string[] {
  const { id, secret, previousSecret, previousSecretUntil } = endpoint;
  const stillSigns = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return [secret, ...(stillSigns ? [previousSecret] : [])].map((sealed) => deps.secrets.open(sealed, sealOf(id)));
}
