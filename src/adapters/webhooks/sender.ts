import { lookup as dnsLookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Instant } from '../../core/time.ts';
import type { WebhookReply } from '../../core/webhooks.ts';
import type { WebhookSender, WebhookToSend } from '../../ports/webhook-sender.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebhookSenderOptions {
  /** http as well as https: for development */
  allowHttp: boolean;
  /** addresses that are not of the public network as well */
  allowPrivate: boolean;
  /** from the name to the end of the answer, in milliseconds */
  timeoutMs?: number;
  /** how names become addresses; the system's way unless told */
  lookup?: LookupFunction;
}

const TIMEOUT_MS = 15_000;
/** Of an answer, read and thrown away: only its status counts. */
const MAX_ANSWER_BYTES = 64 * 1024;

class NotPublic extends Error {
  constructor() {
    super('The address is not one of the public network.');
  }
}

/** Sends with the addresses judged as they are connected to: a name may lead elsewhere at each look (DNS rebinding). */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { allowHttp, allowPrivate, timeoutMs = TIMEOUT_MS, lookup = dnsLookup as LookupFunction } = options;
  const guarded = allowPrivate ? lookup : publicOnly(lookup);
  const refusal: WebhookSender['refusal'] = (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'Must be an https URL.';
    if (url.protocol === 'http:' && !allowHttp) return 'Must be an https URL.';
    if (url.username !== '' || url.password !== '') return 'Must not contain a user name or a password: the signature says who sends.';
    if (url.hash !== '') return 'Must not have a fragment.';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return 'Must be an address of the public network.';
    return null;
  };
  return {
    refusal,
    async send(message, signal) {
      // A literal address is never looked up, so it is judged here.
      const refused = refusal(message.url);
      if (refused !== null) return { ok: false, why: `The URL is refused: ${refused}` };
      const late = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await exchange(message, { lookup: guarded, signal: AbortSignal.any([late, signal]) });
        return { ok: true, status: answer.status, retryAt: retryAt(answer.retryAfter, message.at) };
      } catch (error) {
        return { ok: false, why: late.aborted ? `No answer within ${timeoutMs / 1000} s.` : whyNot(error) };
      }
    },
  };
}

/** Fails where any of the addresses is not public: a name that means both is not to be trusted with either. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) return callback(new NotPublic(), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
}

function exchange(message: WebhookToSend, how: Pick<RequestOptions, 'lookup' | 'signal'>): Promise<Answer> {
  const { url, body } = message;
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'latchkey-webhooks',
    ...signed(message),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false, ...how });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      // The status has been said: whatever becomes of the rest changes nothing.
      drain(response, () => resolve(answer));
    });
    sent.end(body);
  });
}

function signed({ id, at, body, secrets }: WebhookToSend): Record<string, string> {
  const when = new Date(at);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, when, body)).join(' '),
  };
}

function drain(response: IncomingMessage, end: () => void): void {
  let bytes = 0;
  response.on('error', end);
  response.on('close', end);
  response.on('data', (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
}

/** Retry-After in seconds or as a date. */
function retryAt(said: string | undefined, now: Instant): Instant | null {
  if (said === undefined) return null;
  const at = /^\d{1,9}$/.test(said) ? now + Number(said) * 1_000 : Date.parse(said);
  return Number.isNaN(at) ? null : at;
}

/** For operators and the delivery log: the error's code, never its words. */
function whyNot(error: unknown): string {
  if (error instanceof NotPublic) return error.message;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  return `No connection (${code}).`;
}
