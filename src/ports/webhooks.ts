import type { Instant } from '../core/time.ts';
import type { WebhookEventType, WebhookFilter, WebhookNames, WebhookVerdict } from '../core/webhooks.ts';

export interface WebhookEndpointRow {
  id: string;
  url: string;
  description: string;
  /** empty: all */
  eventTypes: WebhookEventType[];
  /** empty: all */
  locationIds: string[];
  /** sealed, bound to the row */
  secret: string;
  previousSecret: string | null;
  previousSecretUntil: Instant | null;
  failingSince: Instant | null;
  disabledAt: Instant | null;
  disabledWhy: string | null;
  createdAt: Instant;
  createdBy: string;
  changedAt: Instant;
  changedBy: string;
}

export interface NewWebhookMessage {
  type: WebhookEventType;
  locationId: string | null;
  activityId: string | null;
  body: string;
  /** who is told */
  endpointIds: string[];
}

/** A delivery in a worker's hand. */
export interface TakenDelivery {
  id: string;
  messageId: string;
  body: string;
  /** this one counted */
  attempts: number;
  /** when the present round of attempts began */
  startedAt: Instant;
  /** settling is for whoever took it last */
  version: number;
}

export interface WebhookAttempt {
  at: Instant;
  /** how long it took, in milliseconds */
  ms: number;
  /** null: no answer */
  status: number | null;
  error: string | null;
}

/** Messages to others, in the organisation's transaction. */
export interface WebhookStore {
  endpoint(id: string, lock?: 'change'): Promise<WebhookEndpointRow | null>;
  countEndpoints(): Promise<number>;
  insertEndpoint(row: WebhookEndpointRow): Promise<void>;
  updateEndpoint(id: string, change: Partial<Omit<WebhookEndpointRow, 'id' | 'createdAt' | 'createdBy'>>): Promise<void>;
  /** with its deliveries */
  deleteEndpoint(id: string): Promise<void>;
  /** those that are not disabled, kept from being deleted until the transaction ends */
  listening(): Promise<({ id: string } & WebhookFilter)[]>;
  /** what locations, members and groups are called outside */
  names(ids: { locationIds: string[]; memberIds: string[]; accessGroupIds: string[] }): Promise<WebhookNames>;
  /** messages and their deliveries, due at once; answers with the deliveries' ids */
  add(messages: NewWebhookMessage[]): Promise<string[]>;
  /**
   * Takes what is due for the endpoint, earliest first, so that no more than `atATime` are under way for it over all processes. Each is
   * counted as an attempt and is due again when the lease runs out. Null when the endpoint is gone or disabled.
   */
  take(endpointId: string, atATime: number, leaseMs: number): Promise<{ endpoint: WebhookEndpointRow; deliveries: TakenDelivery[] } | null>;
  /** stores what became of an attempt and what it says of the endpoint; false when somebody else took the delivery meanwhile */
  settle(endpointId: string, delivery: TakenDelivery, verdict: WebhookVerdict, attempt: WebhookAttempt): Promise<boolean>;
  /** when the next delivery of the endpoint that nobody has in hand is due, null when none waits */
  nextDueAt(endpointId: string): Promise<Instant | null>;
  delivery(id: string): Promise<{ id: string; endpointId: string } | null>;
  /** begins a new round of attempts at once, whatever became of the one before */
  replay(deliveryId: string): Promise<void>;
  /** the same for every delivery to the endpoint that has failed, of messages made at `since` or later; answers how many, at most `limit` */
  replayFailed(endpointId: string, since: Instant, limit: number): Promise<number>;
}

/** What workers need before they know whose data it is. */
export interface WebhookLookups {
  orgOfWebhookEndpoint(endpointId: string): Promise<string | null>;
  /** endpoints that something is due for and nobody has in hand */
  dueWebhookEndpoints(limit: number): Promise<string[]>;
  /** deletes messages older than 30 days with their deliveries, at most `limit`; answers how many */
  deleteOldWebhooks(limit: number): Promise<number>;
}
