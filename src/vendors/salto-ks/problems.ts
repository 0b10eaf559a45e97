import type { Instant } from '../../core/time.ts';
import type { ProviderProblem } from '../../ports/lock-vendor.ts';
import { redact, type HttpAnswer, type HttpFailure } from '../http.ts';

/** A problem together with what SALTO said in its own figures, for callers that know better what it means in their case. */
export interface Refusal {
  ok: false;
  problem: ProviderProblem;
  /** HTTP status; null when there was no answer */
  status: number | null;
  /** SALTO's ErrorCode, e.g. '2202' */
  code: string | null;
}

export type SaltoAnswer<T> = { ok: true; value: T } | Refusal;

/** The call as sentences and judgement need it: whether it changes anything decides what a lost answer means. */
export interface Asked {
  method: string;
  route: string;
}

const USER_NOT_FOUND = '2202';
/** Refused at the door: the server says that it did not do it. */
const AT_THE_DOOR = new Set([408, 425, 429, 503]);

export function refuse(problem: ProviderProblem, status: number | null = null, code: string | null = null): Refusal {
  return { ok: false, problem, status, code };
}

export function unavailable(why: string, retryAt: Instant | null = null): Refusal {
  return refuse({ kind: 'unavailable', why, retryAt });
}

/** No answer: whatever reads changed nothing; whatever writes is unsure as soon as it was sent. */
export function lost(asked: Asked, failure: HttpFailure): Refusal {
  const why = `${called(asked)}: ${failure.why}`;
  if (failure.how === 'not-sent' || reads(asked)) return unavailable(why, failure.retryAt);
  return refuse({ kind: 'unsure', why });
}

/** An answer that was not understood. */
export function unreadable(asked: Asked, answer: HttpAnswer, what: string): Refusal {
  const why = `${called(asked)}: ${what} (HTTP ${answer.status})`;
  const problem: ProviderProblem = reads(asked) ? { kind: 'unavailable', why, retryAt: answer.retryAt } : { kind: 'unsure', why };
  return refuse(problem, answer.status);
}

/** What an answer other than a success means; `said` is its JSON, undefined where it is none. */
export function refused(asked: Asked, answer: HttpAnswer, said: unknown): Refusal {
  const { status, retryAt } = answer;
  const { code, message } = errorIn(said);
  const why = `${called(asked)}: HTTP ${status}${code ? ` ${code}` : ''}${message ? ` ${message}` : ''}`;
  if (AT_THE_DOOR.has(status)) return refuse({ kind: 'unavailable', why, retryAt }, status, code);
  const gatewaySpoke = status >= 300 && said === undefined && answer.text !== '';
  const brokeDown = status >= 500 && status !== 501;
  const elsewhere = status >= 300 && status < 400;
  if (gatewaySpoke || brokeDown || elsewhere) {
    return refuse(reads(asked) ? { kind: 'unavailable', why, retryAt } : { kind: 'unsure', why }, status, code);
  }
  if (status === 404 || code === USER_NOT_FOUND) return refuse({ kind: 'not-found', why }, status, code);
  return refuse({ kind: 'refused', why }, status, code);
}

/** SALTO's error body: `{ErrorCode, Message}`, the code as text or number. A code of nought is none. */
export function errorIn(said: unknown): { code: string | null; message: string | null } {
  if (typeof said !== 'object' || said === null) return { code: null, message: null };
  const { ErrorCode: code, Message: message } = said as { ErrorCode?: unknown; Message?: unknown };
  const known = (typeof code === 'string' || typeof code === 'number') && !/^0*$/.test(String(code));
  return { code: known ? String(code) : null, message: typeof message === 'string' && message ? redact(message) : null };
}

/** A success that carries a failure all the same: integrators guard against it (SALTO facts §5). */
export function hidesError(said: unknown): boolean {
  return errorIn(said).code !== null;
}

function reads(asked: Asked): boolean {
  return asked.method === 'GET';
}

function called(asked: Asked): string {
  return `SALTO KS ${asked.method} ${asked.route}`;
}
