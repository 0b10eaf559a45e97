import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/adapters/webhooks/public-address.ts';
import { createWebhookSender, type WebhookSenderOptions } from '../../src/adapters/webhooks/sender.ts';
import { gate } from './queue-backends.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OLD = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const BODY = JSON.stringify({ type: 'webhook.test', timestamp: '2026-05-05T10:00:00Z', data: { name: 'Café ⚷' } });

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(() => receiver.close());

const send = (options: Partial<WebhookSenderOptions> = {}, url = receiver.url, at = Date.now(), signal = new AbortController().signal) =>
  createWebhookSender({ allowHttp: true, allowPrivate: true, ...options }).send(
    { url, id: 'msg_1', at, body: BODY, secrets: [SECRET, OLD] },
    signal,
  );

test('a message is signed as the library of Standard Webhooks verifies it, with each secret', async () => {
  expect(await send()).toEqual({ ok: true, status: 204, retryAt: null });
  const [{ body, headers }] = receiver.received as [WebhookReceiver['received'][number]];
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'msg_1' });
  for (const secret of [SECRET, OLD]) {
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(BODY));
  }
  const stranger = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  expect(() => new Webhook(stranger).verify(body, headers as Record<string, string>)).toThrow('No matching signature');
});

test('a redirect is an answer like any other, and not followed', async () => {
  receiver.answers({ status: 307, headers: { location: receiver.url } });
  expect(await send()).toMatchObject({ ok: true, status: 307 });
  expect(receiver.received).toHaveLength(1);
});

test.each([
  ['120', 120_000],
  ['Tue, 05 May 2026 10:05:00 GMT', 300_000],
  ['soon', null],
])('Retry-After %s is an instant', async (said, after) => {
  const at = Date.UTC(2026, 4, 5, 10);
  receiver.answers({ status: 429, headers: { 'retry-after': said } });
  expect(await send({}, receiver.url, at)).toEqual({ ok: true, status: 429, retryAt: after === null ? null : at + after });
});

test('an answer that never comes, or breaks, is none, and says so in plain words', async () => {
  receiver.answers(() => undefined);
  expect(await send({ timeoutMs: 100 })).toEqual({ ok: false, why: 'No answer within 0.1 s.' });
  receiver.answers((request) => request.socket.destroy());
  expect(await send()).toEqual({ ok: false, why: 'No connection (ECONNRESET).' });
  const gone = receiver.url;
  await receiver.close();
  expect(await send({}, gone)).toEqual({ ok: false, why: 'No connection (ECONNREFUSED).' });
});

test('an answer without an end counts by its status, and no more of it is read than a little', async () => {
  const broken = gate();
  receiver.answers((_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', more);
    response.on('close', broken.open);
    more();
  });
  expect(await send()).toEqual({ ok: true, status: 200, retryAt: null });
  await broken.opened;
});

test('what is stopped from outside is given up at once', async () => {
  const stop = new AbortController();
  receiver.answers(() => stop.abort());
  expect(await send({}, receiver.url, Date.now(), stop.signal)).toMatchObject({ ok: false });
});

describe('only the public network is reached', () => {
  const resolved =
    (...addresses: string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1', '203.0.113.9', '::1', '::', 'fe80::1', 'fc00::1', 'fd12::1'],
    ...['ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', 'localhost', ''],
  ])('%s is not of it', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])('%s is of it', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    ['ftp://example.com', 'Must be an https URL.'],
    ['example.com', 'Must be an https URL.'],
    ['http://example.com/', 'Must be an https URL.'],
    ['https://ada:secret@example.com/', 'Must not contain a user name or a password: the signature says who sends.'],
    ['https://example.com/#top', 'Must not have a fragment.'],
    ['https://127.0.0.1/', 'Must be an address of the public network.'],
    ['https://2130706433/', 'Must be an address of the public network.'],
    ['https://0x7f.1/', 'Must be an address of the public network.'],
    ['https://[::1]/', 'Must be an address of the public network.'],
    ['https://[::ffff:7f00:1]/', 'Must be an address of the public network.'],
    ['https://example.com/hooks?of=us', null],
    ['https://8.8.8.8/', null],
  ])('in production %s is refused with %s', async (url, why) => {
    const strict = { allowHttp: false, allowPrivate: false };
    expect(createWebhookSender(strict).refusal(url)).toBe(why);
    if (why !== null) expect(await send(strict, url)).toEqual({ ok: false, why: `The URL is refused: ${why}` });
  });

  test('a name is judged by the address it is connected to, and one that also means a private one is refused', async () => {
    const port = new URL(receiver.url).port;
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], []]) {
      const answer = await send({ allowPrivate: false, lookup: resolved(...addresses) }, `http://hooks.example.com:${port}/`);
      expect(answer).toEqual({ ok: false, why: 'The address is not one of the public network.' });
    }
    expect(receiver.received).toEqual([]);
    expect(await send({ lookup: resolved('127.0.0.1') }, `http://hooks.example.com:${port}/`)).toMatchObject({ ok: true, status: 204 });
  });
});
