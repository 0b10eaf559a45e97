import pLimit from 'p-limit';
import type { Instant } from '../core/time.ts';

/** One call as the metrics see it: `route` is a template without ids, so that its values are few. */
export interface ObservedCall {
  route: string;
  method: string;
  /** HTTP status, or what happened instead of one */
  outcome: number | HttpFailure['how'];
  /** milliseconds from sending to the last byte of the answer, without waiting for a free slot */
  ms: number;
}

export interface HttpOptions {
  now: () => Instant;
  /** for a whole call, from sending to the last byte of the answer, in milliseconds */
  timeoutMs?: number;
  /** for a free slot of the connection, in milliseconds */
  waitMs?: number;
  /** a longer answer is not read */
  maxBytes?: number;
  /** calls of one connection at a time */
  concurrency?: number;
  observe?: (call: ObservedCall) => void;
}

export interface HttpRequest {
  method: string;
  url: URL;
  route: string;
  headers: Record<string, string>;
  body?: string;
}

export interface HttpAnswer {
  ok: true;
  status: number;
  headers: Headers;
  text: string;
  /** not before this instant, in the server's own word; null where it said nothing */
  retryAt: Instant | null;
}

/** No answer. Only `not-sent` says for certain that the server did nothing. */
export interface HttpFailure {
  ok: false;
  how: 'not-sent' | 'reset' | 'timed-out' | 'too-large';
  why: string;
  retryAt: Instant | null;
}

export type HttpReply = HttpAnswer | HttpFailure;

/** Sends on behalf of a connection: a bounded number at a time, and none while it is told to wait. Never rejects. */
export interface Http {
  /** `connection` null: neither bounded nor paused */
  send(connection: string | null, request: HttpRequest): Promise<HttpReply>;
}

interface Gate {
  limit: ReturnType<typeof pLimit>;
  pausedUntil: Instant;
  waiting: number;
}

const MIB = 1024 * 1024;
const PAUSE_WITHOUT_WORD_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;

export function createHttp(options: HttpOptions): Http {
  const { now, waitMs = 30_000, concurrency = 10 } = options;
  const gates = new Map<string, Gate>();

  const pausedReply = (gate: Gate): HttpFailure | null =>
    gate.pausedUntil > now() ? { ok: false, how: 'not-sent', why: 'the provider asked to wait', retryAt: gate.pausedUntil } : null;

  const attempt = async (gate: Gate, request: HttpRequest): Promise<HttpReply> => {
    const paused = pausedReply(gate);
    if (paused) return paused;
    const reply = await exchange(request, options);
    if (reply.ok) gate.pausedUntil = Math.max(gate.pausedUntil, pauseAfter(reply, now()));
    return reply;
  };

  const queued = (gate: Gate, request: HttpRequest): Promise<HttpReply> =>
    new Promise((resolve) => {
      let abandoned = false;
      const giveUp = setTimeout(() => {
        abandoned = true;
        resolve({ ok: false, how: 'not-sent', why: `no free slot within ${waitMs} ms`, retryAt: null });
      }, waitMs);
      void gate.limit(async () => {
        if (abandoned) return;
        clearTimeout(giveUp);
        resolve(await attempt(gate, request));
      });
    });

  return {
    async send(connection, request) {
      if (connection === null) return exchange(request, options);
      const gate = gates.get(connection) ?? { limit: pLimit(concurrency), pausedUntil: 0, waiting: 0 };
      gates.set(connection, gate);
      const paused = pausedReply(gate);
      if (paused) return paused;
      gate.waiting += 1;
      const reply = await queued(gate, request);
      gate.waiting -= 1;
      if (gate.waiting === 0 && gate.limit.activeCount === 0 && gate.pausedUntil <= now()) gates.delete(connection);
      return reply;
    },
  };
}

function pauseAfter(answer: HttpAnswer, now: Instant): Instant {
  if (answer.status === TOO_MANY_REQUESTS) return answer.retryAt ?? now + PAUSE_WITHOUT_WORD_MS;
  if (answer.status === UNAVAILABLE) return answer.retryAt ?? 0;
  return 0;
}

async function exchange(request: HttpRequest, options: HttpOptions): Promise<HttpReply> {
  const { timeoutMs = 15_000, maxBytes = 8 * MIB } = options;
  const startedAt = performance.now();
  const reply = await exchanged(request, timeoutMs, maxBytes, options.now);
  options.observe?.({
    route: request.route,
    method: request.method,
    outcome: reply.ok ? reply.status : reply.how,
    ms: performance.now() - startedAt,
  });
  return reply;
}

async function exchanged(request: HttpRequest, timeoutMs: number, maxBytes: number, now: () => Instant): Promise<HttpReply> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await limitedText(response, maxBytes);
    if (text === null) return { ok: false, how: 'too-large', why: `the answer is longer than ${maxBytes} bytes`, retryAt: null };
    return { ok: true, status: response.status, headers: response.headers, text, retryAt: retryAfter(response.headers, now()) };
  } catch (error) {
    return { ok: false, ...failureOf(error), retryAt: null };
  }
}

/** The body as text; null, and the rest left unread, when it is longer than `maxBytes`. */
async function limitedText(response: Response, maxBytes: number): Promise<string | null> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.byteLength;
    if (bytes > maxBytes) return null;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Retry-After in seconds or as a date, as an instant that is neither past nor more than an hour away. */
export function retryAfter(headers: Headers, now: Instant): Instant | null {
  const said = headers.get('retry-after')?.trim();
  if (!said) return null;
  const at = /^\d+$/.test(said) ? now + Number(said) * 1_000 : Date.parse(said);
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(at, now), now + LONGEST_PAUSE_MS);
}

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);
const NO_TRUST = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

function failureOf(error: unknown): { how: HttpFailure['how']; why: string } {
  if (error instanceof DOMException && error.name === 'TimeoutError') return { how: 'timed-out', why: 'no answer in time' };
  const cause = error instanceof Error ? error.cause : undefined;
  // Without a cause it is our own request that fetch refused to send, e.g. a header that is none.
  if (error instanceof TypeError && cause === undefined) return { how: 'not-sent', why: 'the request could not be sent' };
  const { code, syscall } = detailsOf(cause ?? error);
  const neverConnected = NOT_SENT.has(code) || NO_TRUST.test(code) || syscall === 'connect' || syscall === 'getaddrinfo';
  if (neverConnected) return { how: 'not-sent', why: `no connection (${code})` };
  return { how: 'reset', why: `the connection broke (${code})` };
}

function detailsOf(error: unknown): { code: string; syscall: string } {
  const { code, syscall } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; syscall?: unknown };
  return { code: typeof code === 'string' ? code : 'unknown', syscall: typeof syscall === 'string' ? syscall : '' };
}

const LONGEST_SENTENCE = 200;

/**
 * A provider's own sentence made fit for logs and operators: no address, token, key, query string or quoted text, and not long. What it
 * quotes is what somebody sent: a mistyped address is no address, and personal all the same.
 */
export function redact(sentence: string): string {
  return sentence
    .replace(/(['"])(?:(?!\1).)*\1/g, '$1…$1')
    .replace(/[^\s'"<>(),;:]+@[^\s'"<>(),;:]+/g, '‹e-mail›')
    .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 ‹secret›')
    .replace(/(https?:\/\/[^\s?#]+)[?#]\S*/g, '$1')
    .replace(/[A-Za-z0-9_\-+/=.]{40,}/g, '‹secret›')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_SENTENCE);
}
