// What a browser is told by headers, and what a client gets that asks too slowly, too often or in a strange form.
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { networkOf } from '../../src/server/rate-limit.ts';
import type { SignInVerbs } from '../../src/server/sign-in.ts';
import { createLog, startWorld, type World } from './server-world.ts';

let world: World;
const asked: string[] = [];
const signIn: SignInVerbs = {
  finishConsent: ({ callbackUrl }) => {
    asked.push(callbackUrl);
    return Promise.resolve({ ok: false, message: '<img src=x onerror=alert(1)>' });
  },
  startSignIn: () => Promise.resolve({ ok: true, redirectTo: 'https://id.salto.example.com/authorize', activationId: '0192abcd-1111' }),
  finishSignIn: ({ callbackUrl }) => {
    asked.push(callbackUrl);
    return Promise.resolve({ ok: false, message: 'Try again.' });
  },
  redeemTicket: () => Promise.resolve(null),
};
const STRANGERS = { perSecond: 1_000, burst: 1_000 };

beforeAll(async () => {
  world = await startWorld({ signIn, config: { publicUrl: 'https://doors.example.com', strangerRateLimit: STRANGERS } });
});
afterAll(() => world.server.close());

/** Sends a text as it is, and reads until the server closes the connection. */
function raw(text: string, port = world.server.port): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (got += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
  });
}

const rawGet = (target: string, headers = ''): Promise<string> =>
  raw(`GET ${target} HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n${headers}\r\n`);

test.each(['/healthz', '/nothing', '/graphql', '/digital-key/callback?state=s', `/digital-key/start?ticket=${'t'.repeat(43)}`])(
  'the answer of %s is shown inside no other site, read by none, and taken for nothing that it is not',
  async (path) => {
    const { headers } = await fetch(`${world.server.url}${path}`, { redirect: 'manual' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'server' || name === 'x-powered-by')).toEqual(
      [],
    );
  },
);

test('over plain http no browser is told to come by https', async () => {
  const plain = await startWorld();
  expect((await fetch(`${plain.server.url}/healthz`)).headers.get('strict-transport-security')).toBeNull();
  await plain.server.close();
});

test.each([
  `/digital-key/start?ticket=${'t'.repeat(43)}`,
  '/digital-key/callback?code=c&state=s',
  '/integrations/salto-ks/callback?code=c&state=s',
])('what %s answers is kept nowhere, and its address is told to nobody', async (path) => {
  const { headers } = await fetch(`${world.server.url}${path}`, { redirect: 'manual' });
  expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
});

test('what the app says on a page is text', async () => {
  const page = await (await fetch(`${world.server.url}/integrations/salto-ks/callback?state=s`)).text();
  expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;');
  expect(page).not.toContain('<img');
});

test.each([
  ['another host', '/digital-key/callback?code=c&state=s'],
  ['a whole address for a target', 'http://evil.example.com/digital-key/callback?code=c&state=s'],
])('a redirect that comes back with %s is judged as one to our own address', async (_what, target) => {
  expect(await rawGet(target, 'X-Forwarded-Host: evil.example.com\r\nX-Forwarded-Proto: gopher\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(asked.at(-1)).toBe('https://doors.example.com/digital-key/callback?code=c&state=s');
});

test.each([
  '/digital-key/start?ticket=https://evil.example.com/aaaaaaaaa',
  '/digital-key/start?ticket=aaaaaaaaaaaaaaaa&redirect=https://evil.example.com',
  '/digital-key/callback?state=s&redirect_uri=https://evil.example.com&return_to=https://evil.example.com',
  '/integrations/salto-ks/callback?state=s&next=//evil.example.com',
  '//evil.example.com/%2e%2e',
  '//evil.example.com/digital-key/start',
  '/admin/queues//evil.example.com',
  '/%5cevil.example.com/',
])('%s leads to no address of the asker’s', async (target) => {
  expect((await rawGet(target, 'Accept: text/html\r\n')).toLowerCase()).not.toMatch(/location:[^\r]*evil/);
});

test.each([
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}'],
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a header that is folded', 'X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
])('a request with %s is refused, so that no proxy sees another request than we do', async (_what, rest) => {
  expect(await raw(`POST /graphql HTTP/1.1\r\nHost: a\r\n${rest}`)).toMatch(/^HTTP\/1\.1 (400|401) /);
});

test('headers beyond 16 KiB, and a line that is no request, are refused', async () => {
  expect(await rawGet('/healthz', `X-Long: ${'x'.repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await raw('\x16\x03\x01 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('who opens a connection and says nothing, or says it letter by letter, is sent away', async () => {
  const takeStrangersTurn = () => 0;
  const [log, metrics, patience] = [createLog([]), createMetrics(), { request: 60, headers: 40, init: 0 }];
  const app = createApp({ log, metrics, secure: false, trustedProxies: [], takeStrangersTurn, patience });
  app.post('/', (_request, reply) => reply.send('never'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const beginnings = [
    '',
    'GET / HTTP/1.1\r\nHost: a\r\nX-A: ',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
  ];
  const answers = await Promise.all(beginnings.map((text) => raw(text, port)));
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408', 'HTTP/1.1 408']);
  await app.close();
});

test('an address may ask so often without a token, is told when it may again, and does not hinder who has one', async () => {
  const limited = await startWorld({ signIn, config: { strangerRateLimit: { perSecond: 2, burst: 3 } } });
  const authorization = `Bearer ${await limited.token()}`;
  const page = () => fetch(`${limited.server.url}/digital-key/callback?state=s`);
  const badToken = () => limited.post('{ hello }', { authorization: 'Bearer rubbish' });
  expect((await page()).status).toBe(400);
  expect((await badToken()).status).toBe(401);
  expect((await page()).status).toBe(400);
  for (const refused of [await page(), await badToken()]) {
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  }
  expect((await limited.post('{ hello }', { authorization })).status).toBe(200);
  expect((await fetch(`${limited.server.url}/healthz`)).status).toBe(200);
  limited.clock.advance(500);
  expect((await page()).status).toBe(400);
  await limited.server.close();
});

test('whom a proxy speaks for counts where the proxy is trusted, and nowhere else', async () => {
  const strangerRateLimit = { perSecond: 1, burst: 1 };
  const statuses = async (trustedProxies: string[]) => {
    const limited = await startWorld({ signIn, config: { strangerRateLimit, trustedProxies } });
    const from = (address: string) =>
      fetch(`${limited.server.url}/digital-key/callback`, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);
    const seen = [await from('192.0.2.1'), await from('192.0.2.2')];
    await limited.server.close();
    return seen;
  };
  expect(await statuses(['127.0.0.1'])).toEqual([400, 400]);
  expect(await statuses([])).toEqual([400, 429]);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::7', '2001:db8:1:2'],
  ['2001:db8::7', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('the address %s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
