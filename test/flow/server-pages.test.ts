import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignInVerbs } from '../../src/server/sign-in.ts';
import { testRedis } from '../support/redis.ts';
import type { TestRedisSpace } from '../support/redis.ts';
import type { World } from './server-world.ts';
import { startWorld } from './server-world.ts';

let world: World;
let space: TestRedisSpace;
let redis: Redis;
let queue: Queue;
const asked: unknown[] = [];
let database: () => Promise<void> = () => Promise.resolve();
let feed: () => Promise<void> = () => Promise.resolve();

const AUTHORIZE = 'https://id.salto.example.com/connect/authorize?state=s';

const signIn: SignInVerbs = {
  finishConsent: (input) => {
    asked.push(input);
    return Promise.resolve({ ok: input.cookie !== 'stolen', message: 'Said <by> the "app" & shown.' });
  },
  startSignIn: (input) => {
    asked.push(input);
    if (input.ticket.startsWith('used')) return Promise.resolve({ ok: false, message: 'Used up.' });
    return Promise.resolve({ ok: true, redirectTo: AUTHORIZE, activationId: '0192abcd-1111' });
  },
  finishSignIn: (input) => {
    asked.push(input);
    const deepLink = input.callbackUrl.includes('app') ? 'latchkey://done' : null;
    return Promise.resolve({ ok: !input.callbackUrl.includes('error'), message: 'Go back to the app.', deepLink });
  },
  redeemTicket: () => Promise.resolve(null),
};

beforeAll(async () => {
  space = await testRedis();
  redis = new Redis(space.url, { maxRetriesPerRequest: null });
  queue = new Queue('access', { connection: redis, prefix: space.prefix });
  await queue.add('grant', { accessGroupId: 'g1' }, { delay: 60_000 });
  const probes = { database: () => database(), queue: async () => void (await queue.getJobCounts()), feed: () => feed() };
  const config = { operatorOrgIds: ['harbour'], publicUrl: 'https://doors.example.com' };
  world = await startWorld({ signIn, queues: [queue], probes, config });
});
afterAll(async () => {
  await world.server.close();
  await queue.close();
  redis.disconnect();
  await space.drop();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${world.server.url}${path}`, { headers, redirect: 'manual' });

function expectSafe(response: Response): void {
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
}

test("the consent callback hands the whole address, as it was registered, and the browser's cookie to the app", async () => {
  const headers = { cookie: 'other=1; lk_admin_browser=mine', host: 'evil.example.com' };
  const response = await get('/integrations/salto-ks/callback?code=c&state=s', headers);
  expect(asked.at(-1)).toEqual({ callbackUrl: 'https://doors.example.com/integrations/salto-ks/callback?code=c&state=s', cookie: 'mine' });
  expect(response.status).toBe(200);
  expectSafe(response);
  expect(await response.text()).toContain('Said &#60;by&#62; the &#34;app&#34; &#38; shown.');
});

test('a consent that is refused shows a page that says so', async () => {
  const response = await get('/integrations/salto-ks/callback?error=access_denied', { cookie: 'lk_admin_browser=stolen' });
  expect(response.status).toBe(400);
  expectSafe(response);
  expect(await response.text()).toContain('<h1>Not connected</h1>');
});

test("the start of a sign-in sets the ticket's cookie and sends the browser on", async () => {
  const ticket = 't'.repeat(43);
  const response = await get(`/digital-key/start?ticket=${ticket}`);
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe(AUTHORIZE);
  expect(response.headers.get('set-cookie')).toBe(`lk_ticket_0192abcd=${ticket}; Path=/oidc; Max-Age=120; HttpOnly; SameSite=None; Secure`);
  expect(asked.at(-1)).toEqual({ ticket });
});

test.each([
  ['no ticket', ''],
  ['too short a ticket', '?ticket=short'],
  ['a ticket that would add a header', '?ticket=a%0d%0aset-cookie:x=1;aaaaaaaaaaaaaaa'],
  ['two tickets', `?ticket=${'a'.repeat(40)}&ticket=${'b'.repeat(40)}`],
  ['a ticket that was used', '?ticket=used-aaaaaaaaaaaaaaaaaaa'],
])('a start with %s is a 410 page, and sets no cookie', async (_what, query) => {
  const response = await get(`/digital-key/start${query}`);
  expect(response.status).toBe(410);
  expect(response.headers.get('set-cookie')).toBeNull();
  expectSafe(response);
});

test("the end of a sign-in is a page, or the app's deep link where the app has one", async () => {
  const page = await get('/digital-key/callback?code=c&state=s');
  expect(page.status).toBe(200);
  expectSafe(page);
  expect((await get('/digital-key/callback?error=access_denied&state=s')).status).toBe(400);
  expect((await get('/digital-key/callback?code=app&state=s')).headers.get('location')).toBe('latchkey://done');
});

test('/healthz is alive whatever else is not, /readyz names what is not and tells no addresses', async () => {
  expect(await (await get('/readyz')).json()).toMatchObject({
    status: 'ready',
    checks: { database: { ok: true, milliseconds: expect.any(Number) as number }, queue: { ok: true }, feed: { ok: true } },
  });
  database = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:5432'));
  feed = () => new Promise(() => undefined);
  const [alive, ready] = await Promise.all([get('/healthz'), get('/readyz')]);
  database = feed = () => Promise.resolve();
  expect(alive.status).toBe(200);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    status: 'not ready',
    checks: {
      database: { ok: false, reason: 'cannot be reached' },
      queue: { ok: true },
      feed: { ok: false, reason: 'did not answer within 2 s' },
    },
  });
  expect(world.lines.some(({ fields }) => fields['error'] === 'Error: connect ECONNREFUSED 10.0.0.1:5432')).toBe(true);
  expect((await get('/readyz')).status).toBe(200);
});

test('/metrics counts answers by route, operations, and the jobs of each queue', async () => {
  await world.post('{ hello }');
  await world.post('{ broken }');
  await get('/digital-key/callback?code=secret-code&state=s');
  const answers = 'http_request_duration_seconds_count{method="GET",route="/digital-key/callback",status="200"}';
  await expect.poll(async () => (await get('/metrics')).text()).toContain(answers);
  const text = await (await get('/metrics')).text();
  expect(text).toContain('graphql_operation_duration_seconds_count{type="query",outcome="ok"} 1');
  expect(text).toContain('graphql_operation_duration_seconds_count{type="query",outcome="error"} 1');
  expect(text).toContain('queue_jobs{queue="access",state="delayed"} 1');
  expect(text).toContain('graphql_subscriptions 0');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).not.toContain('secret-code');
});

const bearerOf = async (claims: Record<string, unknown>) => ({ authorization: `Bearer ${await world.token(claims)}` });

test('the dashboard sends a browser without a token to its login page, and answers everything else with 401', async () => {
  const page = await get('/admin/queues/', { accept: 'text/html' });
  expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/queues/login']);
  expect((await get('/admin/queues/api/queues')).status).toBe(401);
  expect((await get('/admin/queues/static/favicon.svg')).status).toBe(401);
});

test.each<[string, Record<string, unknown>]>([
  ['a member', { roles: ['member'] }],
  ['a service', { roles: ['service'] }],
  ['an administrator of another organisation', { org_id: 'elsewhere' }],
  ['nobody any more', { exp: 1_000 }],
])('a token of %s does not open the dashboard', async (_who, claims) => {
  expect((await get('/admin/queues/api/queues', await bearerOf(claims))).status).toBe(401);
  const body = new URLSearchParams({ token: await world.token(claims) });
  const login = await fetch(`${world.server.url}/admin/queues/login`, { method: 'POST', body, redirect: 'manual' });
  expect(login.status).toBe(401);
  expect(login.headers.get('set-cookie')).toBeNull();
});

test('an operator signs in to the dashboard, sees the jobs, and the cookie is of use to nobody else', async () => {
  const body = new URLSearchParams({ token: await world.token() });
  const login = await fetch(`${world.server.url}/admin/queues/login`, { method: 'POST', body, redirect: 'manual' });
  expect([login.status, login.headers.get('location')]).toEqual([303, '/admin/queues/']);
  const cookie = login.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^lk_admin=[\w.-]+; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=3600; Secure$/);
  const signedIn = { cookie: cookie.split(';')[0] ?? '', accept: 'text/html' };
  const page = await get('/admin/queues/', signedIn);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const jobs = (await (await get('/admin/queues/api/queues?activeQueue=access&status=delayed', signedIn)).json()) as { queues: unknown[] };
  const title = expect.stringMatching(/^grant · group g1 · due \d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC$/) as string;
  const externalUrl = { href: '/admin/groups/g1', displayText: 'Its group' };
  expect(jobs.queues).toMatchObject([{ name: 'access', jobs: [{ name: title, data: { accessGroupId: 'g1' }, externalUrl }] }]);
  expect((await get('/admin/queues/api/queues', await bearerOf({}))).status).toBe(200);
});

const put = async (path: string, method = 'PUT', body = '{}') =>
  fetch(`${world.server.url}/admin/queues/api/queues/${path}`, {
    method,
    headers: { ...(await bearerOf({})), 'content-type': 'application/json' },
    body,
  });

test.each([
  ['added', 'POST', 'access/add'],
  ['rewritten', 'PATCH', 'access/1/update-data'],
  ['moved', 'PATCH', 'access/1/delay'],
  ['promoted', 'PUT', 'access/promote'],
  ['thrown away', 'PUT', 'access/obliterate'],
])('in the dashboard no job is %s by hand, not even by an operator', async (_what, method, path) => {
  const refused = await put(
    path,
    method,
    JSON.stringify({ name: 'grant', data: { accessGroupId: 'g2' }, options: {}, delay: 5, force: true }),
  );
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('are not edited');
  expect(await queue.getJobCounts('delayed', 'waiting')).toEqual({ delayed: 1, waiting: 0 });
});

test('an operator holds a queue and lets it go on; who did it is in the log', async () => {
  expect((await put('access/pause')).status).toBe(200);
  expect(await queue.isPaused()).toBe(true);
  expect((await put('access/resume')).status).toBe(200);
  expect(await queue.isPaused()).toBe(false);
  const acts = world.lines.filter(({ message }) => message === 'an operator acts on a queue');
  expect(acts.at(-1)?.fields).toMatchObject({ orgId: 'harbour', by: 'admin:ada', params: { queueName: 'access' } });
});

test('who comes by a link logs in and gets there, and never anywhere else', async () => {
  const page = await get('/admin/groups/g1?x=1', { accept: 'text/html' });
  expect(page.headers.get('location')).toBe('/admin/queues/login?to=%2Fadmin%2Fgroups%2Fg1%3Fx%3D1');
  const login = async (to: string) => {
    const body = new URLSearchParams({ token: await world.token(), to });
    const answer = await fetch(`${world.server.url}/admin/queues/login`, { method: 'POST', body, redirect: 'manual' });
    return answer.headers.get('location');
  };
  expect(await login('/admin/groups/g1?x=1')).toBe('/admin/groups/g1?x=1');
  const elsewhere = [
    'https://evil.example.com/admin/',
    '//evil.example.com/admin',
    '/graphql',
    '/admin/../graphql',
    '/administrators',
    '',
    'http://[',
  ];
  for (const to of elsewhere) expect(await login(to), to).toBe('/admin/queues/');
  const shown = await (await get(`/admin/queues/login?to=${encodeURIComponent('/admin/"><script>')}`)).text();
  expect(shown).not.toContain('<script>');
});

test('an address that is none is a 404 that says so', async () => {
  const response = await get('/nothing');
  expect([response.status, await response.json()]).toEqual([404, { error: 'There is nothing at this address.' }]);
  expect((await get('/oidc/.well-known/openid-configuration')).status).toBe(404);
});
