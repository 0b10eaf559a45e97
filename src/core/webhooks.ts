import { encodeNodeId } from './ids.ts';
import type { BlockedCause } from './membership.ts';
import { DAY, HOUR, isoInstant, MINUTE, SECOND, type Instant } from './time.ts';

export const webhookEventTypes = [
  'ACCESS_GRANTED',
  'ACCESS_REVOKED',
  'ACCESS_BLOCKED',
  'KEY_ACTIVATED',
  'PROBLEM_OPENED',
  'PROBLEM_CLOSED',
  'WEBHOOK_TEST',
] as const;
/** What an organisation's endpoints can be told. On the wire in the words of Standard Webhooks: `access.granted`. */
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** `RETRYING`: it fails and is tried again; `DRIFT`: somebody else took the person out at the lock system. */
export type WebhookCause = BlockedCause | 'RETRYING' | 'DRIFT';

/** Something that happened, as far as the activity tells of it. */
export interface Happened {
  readonly type: string;
  readonly at: Instant;
  readonly locationId: string;
  readonly memberId?: string | null;
  readonly accessGroupId?: string | null;
  /** of ACCESS_FAILED, where the lock system refuses; null or absent: it is tried again */
  readonly blockedCause?: BlockedCause | null;
  readonly problems?: readonly { readonly code: string; readonly opened: boolean }[];
}

/** What endpoints are told of something that happened. Ids are rows'. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  readonly at: Instant;
  readonly locationId: string;
  readonly activityId: string;
  readonly memberId: string | null;
  readonly accessGroupId: string | null;
  readonly cause: WebhookCause | null;
  readonly problem: string | null;
}

/** The events in one activity row: most rows are none, one that tells of problems is one for each. */
export function webhookEvents(row: Happened, activityId: string): WebhookEvent[] {
  const { at, locationId, memberId = null, accessGroupId = null } = row;
  const event = { at, locationId, activityId, memberId, accessGroupId, cause: null, problem: null };
  const problems = (row.problems ?? []).map(({ code, opened }): WebhookEvent => {
    return { ...event, type: opened ? 'PROBLEM_OPENED' : 'PROBLEM_CLOSED', problem: code };
  });
  switch (row.type) {
    case 'ACCESS_GRANTED':
    case 'ACCESS_REVOKED':
    case 'KEY_ACTIVATED':
      return [{ ...event, type: row.type }, ...problems];
    case 'ACCESS_DRIFT_FOUND':
      return [{ ...event, type: 'ACCESS_REVOKED', cause: 'DRIFT' }, ...problems];
    case 'ACCESS_FAILED':
      return [{ ...event, type: 'ACCESS_BLOCKED', cause: row.blockedCause ?? 'RETRYING' }, ...problems];
    default:
      return problems;
  }
}

/** What an endpoint wants to know; an empty list stands for all. */
export interface WebhookFilter {
  readonly eventTypes: readonly WebhookEventType[];
  readonly locationIds: readonly string[];
}

export function wants({ eventTypes, locationIds }: WebhookFilter, event: Pick<WebhookEvent, 'type' | 'locationId'>): boolean {
  const ofType = eventTypes.length === 0 || eventTypes.includes(event.type);
  return ofType && (locationIds.length === 0 || locationIds.includes(event.locationId));
}

/** What rows are called outside: by the id of each row, its id in the system it came from. */
export interface WebhookNames {
  readonly externalIds: ReadonlyMap<string, string>;
  /** the connection of each location, by the location's id */
  readonly integrationIds: ReadonlyMap<string, string>;
}

/** The body that is sent: ids and plain words, nothing personal, no token and no key. The ids are those of the GraphQL API. */
export function webhookBody(event: WebhookEvent, { externalIds, integrationIds }: WebhookNames): string {
  const named = (type: string, id: string): object => ({ id: encodeNodeId(type, id), externalId: externalIds.get(id) ?? null });
  const integrationId = integrationIds.get(event.locationId);
  const data = {
    activity: { id: encodeNodeId('Activity', event.activityId) },
    location: named('Location', event.locationId),
    ...(integrationId !== undefined && { integration: { id: encodeNodeId('Integration', integrationId) } }),
    ...(event.memberId !== null && { member: named('Member', event.memberId) }),
    ...(event.accessGroupId !== null && { accessGroup: named('AccessGroup', event.accessGroupId) }),
    ...(event.cause !== null && { cause: event.cause }),
    ...(event.problem !== null && { problem: { code: event.problem } }),
  };
  return bodyOf(event.type, event.at, data);
}

/** What is sent to try an endpoint out. */
export function testBody(endpointId: string, at: Instant): string {
  return bodyOf('WEBHOOK_TEST', at, { webhookEndpoint: { id: encodeNodeId('WebhookEndpoint', endpointId) } });
}

function bodyOf(type: WebhookEventType, at: Instant, data: object): string {
  return JSON.stringify({ type: wireType(type), timestamp: isoInstant(at), data });
}

export function wireType(type: WebhookEventType): string {
  return type.toLowerCase().replace('_', '.');
}

/** The `webhook-id` header: one for each message, the same at every attempt and replay, so that a receiver knows it again. */
export function webhookId(messageId: string): string {
  return `msg_${messageId.replaceAll('-', '')}`;
}

/** 32 random bytes in base64url, as Standard Webhooks writes a secret. */
export function webhookSecret(token: string): string {
  return `whsec_${token.replaceAll('-', '+').replaceAll('_', '/')}=`;
}

/** Waits between attempts; the last lies about three days after the first. */
const WAITS: readonly number[] = [
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  20 * HOUR,
];
const GIVE_UP_AFTER = 3 * DAY;
const LONGEST_WAIT_ASKED = DAY;
/** Deliveries that failed together must not all come back together. */
const JITTER = 0.1;

export type WebhookReply =
  /** `retryAt`: when the receiver asked to be tried again */
  { readonly ok: true; readonly status: number; readonly retryAt: Instant | null } | { readonly ok: false; readonly why: string };

export type WebhookVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly at: Instant; readonly why: string }
  /** `gone`: the receiver wants nothing any more (410) */
  | { readonly kind: 'failed'; readonly gone: boolean; readonly why: string };

const GONE = 410;

/** What an answer means for a delivery whose `attempts` counts this one: anything but 2xx is tried again, for three days. */
export function judgeReply(
  reply: WebhookReply,
  delivery: { readonly id: string; readonly attempts: number; readonly startedAt: Instant },
  now: Instant,
): WebhookVerdict {
  if (reply.ok && reply.status >= 200 && reply.status < 300) return { kind: 'delivered' };
  const why = reply.ok ? `The receiver answered ${reply.status}.` : reply.why;
  if (reply.ok && reply.status === GONE) return { kind: 'failed', gone: true, why };
  const wait = WAITS[delivery.attempts - 1];
  if (wait === undefined) return { kind: 'failed', gone: false, why };
  const spread = Math.round(wait * (1 + JITTER * (2 * fraction(`${delivery.id}/${delivery.attempts}`) - 1)));
  const asked = reply.ok ? Math.min(reply.retryAt ?? now, now + LONGEST_WAIT_ASKED) : now;
  const at = Math.max(now + spread, asked);
  if (at > delivery.startedAt + GIVE_UP_AFTER) return { kind: 'failed', gone: false, why };
  return { kind: 'retry', at, why };
}

/** In [0, 1), always the same for the same text (FNV-1a, its high bits). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash >>> 8) / 2 ** 24;
}
