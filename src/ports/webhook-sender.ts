import type { Instant } from '../core/time.ts';
import type { WebhookReply } from '../core/webhooks.ts';

/** Sends signed messages to addresses that somebody typed in, and to no other place than the public network. */
export interface WebhookSender {
  /** why nothing may be sent to the address, as far as it can be told from the address itself; null: nothing against it */
  refusal(url: string): string | null;
  /** One POST, signed with every secret (Standard Webhooks, v1). Follows no redirect, takes 15 s at most, never rejects. */
  send(message: WebhookToSend, signal: AbortSignal): Promise<WebhookReply>;
}

export interface WebhookToSend {
  url: string;
  /** the `webhook-id` header */
  id: string;
  /** of this attempt: the `webhook-timestamp` header */
  at: Instant;
  body: string;
  /** `whsec_…`, the newest first */
  secrets: string[];
}
