import { expect, test } from 'vitest';
import { createHttp, redact, retryAfter, type HttpOptions, type ObservedCall } from '../../src/vendors/http.ts';
import { scriptedServer } from './scripted-server.ts';

const http = (options: Partial<HttpOptions> = {}) => createHttp({ now: () => 1_000_000, ...options });
const get = (url: string) => ({ method: 'GET', url: new URL('/things/1', url), route: '/things/{thing}', headers: {} });

test('a server that nobody can reach was certainly not asked', async () => {
  const server = await scriptedServer(() => ({ status: 200 }));
  await server[Symbol.asyncDispose]();
  expect(await http().send('a', get(server.url))).toMatchObject({ ok: false, how: 'not-sent', why: 'no connection (ECONNREFUSED)' });
});

test('a header that is none is not sent, and its content is not told', async () => {
  const request = { ...get('http://127.0.0.1:9'), headers: { authorization: 'Bearer secret\nline' } };
  const reply = await http().send('a', request);
  expect(reply).toMatchObject({ ok: false, how: 'not-sent' });
  expect(JSON.stringify(reply)).not.toContain('secret');
});

test('a connection that breaks after the call was taken leaves it open whether it took effect', async () => {
  await using server = await scriptedServer(() => 'cut');
  expect(await http().send('a', get(server.url))).toMatchObject({ ok: false, how: 'reset' });
});

test('a server that does not answer is given up on in time', async () => {
  await using server = await scriptedServer(() => 'hang');
  expect(await http({ timeoutMs: 50 }).send('a', get(server.url))).toMatchObject({ ok: false, how: 'timed-out' });
});

test('an answer longer than allowed is not read, one just as long is', async () => {
  await using server = await scriptedServer(() => ({ status: 200, text: 'x'.repeat(1_000) }));
  expect(await http({ maxBytes: 999 }).send('a', get(server.url))).toMatchObject({ ok: false, how: 'too-large' });
  expect(await http({ maxBytes: 1_000 }).send('a', get(server.url))).toMatchObject({ ok: true, status: 200 });
});

test('a redirect is not followed', async () => {
  await using server = await scriptedServer(() => ({ status: 302, headers: { location: '/elsewhere' } }));
  expect(await http().send('a', get(server.url))).toMatchObject({ ok: true, status: 302 });
  expect(server.log()).toEqual(['GET /things/1']);
});

test('after a 429 the connection is not used until the instant it named, while others are', async () => {
  let now = 1_000_000;
  let status = 429;
  await using server = await scriptedServer(() => ({ status, headers: { 'retry-after': '7' } }));
  const client = http({ now: () => now });
  expect(await client.send('a', get(server.url))).toMatchObject({ ok: true, status: 429, retryAt: 1_007_000 });
  status = 200;
  expect(await client.send('a', get(server.url))).toMatchObject({ ok: false, how: 'not-sent', retryAt: 1_007_000 });
  expect(await client.send('b', get(server.url))).toMatchObject({ ok: true, status: 200 });
  now = 1_007_000;
  expect(await client.send('a', get(server.url))).toMatchObject({ ok: true, status: 200 });
  expect(server.calls).toHaveLength(3);
});

test('a 429 that names no instant pauses the connection all the same', async () => {
  await using server = await scriptedServer(() => ({ status: 429 }));
  const client = http();
  await client.send('a', get(server.url));
  expect(await client.send('a', get(server.url))).toMatchObject({ ok: false, how: 'not-sent', retryAt: 1_005_000 });
});

test('calls already waiting for a slot are not sent once a 429 came', async () => {
  await using server = await scriptedServer(() => ({ status: 429 }));
  const client = http({ concurrency: 1 });
  const replies = await Promise.all([1, 2, 3].map(() => client.send('a', get(server.url))));
  expect(replies.map((reply) => (reply.ok ? reply.status : reply.how))).toEqual([429, 'not-sent', 'not-sent']);
  expect(server.calls).toHaveLength(1);
});

test('a connection makes ten calls at a time, and a full one does not hold up another', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await using server = await scriptedServer(async () => {
    await released;
    return { status: 200 };
  });
  const client = http();
  const many = Array.from({ length: 25 }, () => client.send('a', get(server.url)));
  await server.arrived(10);
  const other = client.send('b', get(server.url));
  await server.arrived(11);
  // The other connection's call came through while fifteen of the first still wait.
  expect(server.calls).toHaveLength(11);
  release();
  expect((await Promise.all([...many, other])).every((reply) => reply.ok)).toBe(true);
  expect(server.calls).toHaveLength(26);
});

test('a call that gets no slot in time was certainly not sent, then or later', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await using server = await scriptedServer(async () => {
    await released;
    return { status: 200 };
  });
  const client = http({ concurrency: 1, waitMs: 100 });
  const first = client.send('a', get(server.url));
  await server.arrived(1);
  const second = await client.send('a', get(server.url));
  expect(second).toMatchObject({ how: 'not-sent', why: 'no free slot within 100 ms' });
  release();
  expect(await first).toMatchObject({ ok: true });
  // It comes to its turn before the third, and is passed over.
  expect(await client.send('a', get(server.url))).toMatchObject({ ok: true });
  expect(server.calls).toHaveLength(2);
});

test('each call is told to the metrics by its template, without ids', async () => {
  const seen: ObservedCall[] = [];
  await using server = await scriptedServer(() => ({ status: 204 }));
  await http({ observe: (call) => seen.push(call) }).send('a', get(server.url));
  expect(seen).toEqual([{ route: '/things/{thing}', method: 'GET', outcome: 204, ms: expect.any(Number) }]);
});

test.each([
  ['seconds', '30', 1_030_000],
  ['a date', 'Thu, 01 Jan 1970 00:17:00 GMT', 1_020_000],
  ['a date that is past', 'Thu, 01 Jan 1970 00:00:01 GMT', 1_000_000],
  ['longer than an hour', '86400', 4_600_000],
  ['nonsense', 'soon', null],
  ['nothing', '', null],
])('Retry-After as %s is an instant', (_, said, at) => {
  expect(retryAfter(new Headers({ 'retry-after': said }), 1_000_000)).toBe(at);
});

test('addresses, tokens and query strings do not survive redaction', () => {
  const sentence = `ann.lee@example.com refused for Bearer abc.def at https://example.com/x?code=1 with ${'eyJhbGciOi'.repeat(5)}`;
  expect(redact(sentence)).toBe('‹e-mail› refused for Bearer ‹secret› at https://example.com/x with ‹secret›');
  expect(redact(`Email 'ann lee' or "ann" is not valid`)).toBe(`Email '…' or "…" is not valid`);
  expect(redact(`${'long word '.repeat(50)}`)).toHaveLength(200);
});
