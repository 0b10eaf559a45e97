import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { consentOverHttp, CookieJar } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { serveMetrics } from '../../workers/serve-metrics.ts';
import { metricsNamed } from './metrics-named.ts';
import { emailOf, openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, tokenFor, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let operator: string;
beforeAll(async () => {
  stack = await startTestStack({ environment: { MEMBER_APP_DEEP_LINK: 'memberapp://digital-key' } });
  space = await openSpace(stack, stack.apis);
  operator = await tokenFor('--role', 'admin', '--org', space.org);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

const get = (path: string) =>
  fetch(`${stack.front.url}${path}`, { redirect: 'manual', headers: { authorization: `Bearer ${operator}`, accept: 'text/html' } });

/** Over HTTP, as a browser's page or a backend asks. */
async function ask<Data>(token: string, query: string, headers: Record<string, string> = {}): Promise<{ data: Data; response: Response }> {
  const response = await fetch(`${stack.front.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });
  return { data: ((await response.json()) as { data: Data }).data, response };
}

interface Told {
  activity: { edges: { node: { type: string; dashboardUrl: string | null } }[] };
}
const TOLD = `{ activity(location: { externalId: "harbour" }, first: 50) { edges { node { type dashboardUrl } } } }`;

test('from the activity a way leads to the group’s page, which tells of its memberships and of nobody’s name or address', async () => {
  const mia = await space.guest();
  const { data } = await ask<Told>(operator, TOLD);
  const url = data.activity.edges.find(({ node }) => node.type === 'ACCESS_GRANTED')?.node.dashboardUrl ?? '';
  expect(url).toMatch(/^http:.*\/admin\/groups\/[\w-]{36}#[\w-]{36}$/);
  const page = await get(new URL(url).pathname);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
  const text = await page.text();
  for (const part of [ROOM, 'Harbour', 'ACTIVE', mia, `Was put into the access group ${ROOM}.`, new URL(url).hash.slice(1)]) {
    expect(text).toContain(part);
  }
  for (const part of [emailOf(mia), 'Marsh']) expect(text).not.toContain(part);
});

test('who is no operator is told of no page', async () => {
  const service = await tokenFor('--role', 'service', '--org', space.org);
  const { data } = await ask<Told>(service, TOLD);
  expect(new Set(data.activity.edges.map(({ node }) => node.dashboardUrl))).toEqual(new Set([null]));
});

async function linesOfJobs(): Promise<string[]> {
  const access = stack.queues.find(({ name }) => name === 'access');
  if (access === undefined) return [];
  const found = await Promise.all((await access.getJobs(['completed'])).map(({ id = '' }) => access.getJobLogs(id)));
  return found.flatMap(({ logs }) => logs);
}

test('a job’s log names the activity it wrote, and that id is found; an id of nothing is not', async () => {
  await space.guest();
  const [line = ''] = await vi.waitFor(async () => {
    const lines = (await linesOfJobs()).filter((one) => one.startsWith('Told in the activity: '));
    expect(lines).not.toEqual([]);
    return lines;
  });
  const [id = ''] = /[\w-]{36}/.exec(line) ?? [];
  const found = await get(`/admin/find?id=${id}`);
  expect(found.headers.get('location')).toMatch(new RegExp(`^/admin/groups/[\\w-]{36}#${id}$`));
  expect((await get(found.headers.get('location') ?? '')).status).toBe(200);
  for (const nothing of ['', 'nonsense', '00000000-0000-7000-8000-000000000000', "'; drop table activity; --"]) {
    expect((await get(`/admin/find?id=${encodeURIComponent(nothing)}`)).status).toBe(404);
  }
  for (const page of ['groups', 'locations']) expect((await get(`/admin/${page}/nonsense`)).status).toBe(404);
});

test('what is wrong now: a problem of a connection, a membership that is late, and one that waits for somebody', async () => {
  const [row] = await stack.sql<{ location: string; integration: string }>(
    'select "locationId" as location, id as integration from integration where "orgId" = $1',
    [space.org],
  );
  await stack.sql(
    `insert into integration_problem (id, "orgId", "integrationId", code, message, since)
     values (gen_random_uuid(), $1, $2, 'SEATS_FULL', 'No seat <b>is</b> free.', now())`,
    [space.org, row?.integration],
  );
  const text = await (await get('/admin')).text();
  expect(text).toContain('SEATS_FULL');
  expect(text).toContain('No seat &#60;b&#62;is&#60;/b&#62; free.');
  expect(text).toContain(`/admin/locations/${row?.location}`);
  const place = await (await get(`/admin/locations/${row?.location}`)).text();
  for (const part of ['Harbour Campus', 'CONNECTED', 'SEATS_FULL', ROOM, 'Europe/Berlin', space.org]) expect(place).toContain(part);
  await stack.sql('update integration_problem set "closedAt" = now() where "integrationId" = $1', [row?.integration]);
});

test('nobody but an operator opens these pages', async () => {
  for (const path of ['/admin', '/admin/find?id=x', '/admin/groups/x', '/admin/locations/x']) {
    for (const token of [await tokenFor('--role', 'service', '--org', space.org), 'nonsense']) {
      const answer = await fetch(`${stack.front.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status, path).toBe(401);
    }
  }
});

const CONNECT = `mutation { connectIntegration(input: { location: { externalId: "harbour" } }) {
  ... on ConnectIntegrationSuccess { authorizationUrl } } }`;
interface Connect {
  connectIntegration: { authorizationUrl: string };
}
const OWNER = { email: 'owner@example.com', password: 'harbour-light', allow: true };

test('a consent that is started on a page of ours finishes in that browser alone (C2)', async () => {
  const { data, response } = await ask<Connect>(operator, CONNECT, { origin: stack.front.url });
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^lk_admin_browser=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
  const back = await consentOverHttp(data.connectIntegration.authorizationUrl, OWNER);
  expect((await fetch(back)).status).toBe(400);

  const [own = ''] = cookie.split(';');
  const again = await ask<Connect>(operator, CONNECT, { origin: stack.front.url, cookie: own });
  expect(again.response.headers.get('set-cookie')).toBeNull();
  const returned = await consentOverHttp(again.data.connectIntegration.authorizationUrl, OWNER);
  expect((await fetch(returned, { headers: { cookie: own } })).status).toBe(200);
});

test.each<[string, Record<string, string>]>([
  ['a backend', {}],
  ['a page of another origin', { origin: 'https://app.example.com' }],
])('a consent that %s starts is bound to no browser of ours', async (_who, headers) => {
  const { data, response } = await ask<Connect>(operator, CONNECT, headers);
  expect(response.headers.get('set-cookie')).toBeNull();
  expect((await fetch(await consentOverHttp(data.connectIntegration.authorizationUrl, OWNER))).status).toBe(200);
});

test('a member’s sign-in that succeeds ends in the member app, where it has a link', async () => {
  const phone = await space.phone(await space.guest());
  const jar = new CookieJar();
  let at = await phone.activate();
  for (let hops = 0; hops < 10 && at.startsWith('http'); hops += 1) {
    const response = await fetch(at, { redirect: 'manual', headers: { cookie: jar.header(new URL(at)) } });
    jar.keep(new URL(at), response);
    at = new URL(response.headers.get('location') ?? 'nowhere:', at).href;
  }
  expect(at).toBe('memberapp://digital-key');
  await phone.key.next(({ status }) => status === 'UNLOCK_AVAILABLE');
});

test('a link of the member app that would run a script is refused by name', () => {
  const read = () => readConfig({ ...stack.environment, MEMBER_APP_DEEP_LINK: 'javascript:alert(1)' });
  expect(read).toThrow('MEMBER_APP_DEEP_LINK must be');
});

test('a worker tells Prometheus of itself where it is given a port, and nowhere else', async () => {
  const { registry, observeJob } = createMetrics();
  observeJob({ job: 'sweep', outcome: 'done', milliseconds: 20, lateMilliseconds: 10, result: { groups: 3 } });
  const place = await serveMetrics(registry, { host: '127.0.0.1', workerMetricsPort: 0 });
  const url = place.url ?? '';
  expect(await (await fetch(url)).text()).toContain('job_results_total{job="sweep",what="groups"} 3');
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  expect((await fetch(new URL('/', url))).status).toBe(404);
  await place.close();
  expect((await serveMetrics(registry, { host: '127.0.0.1', workerMetricsPort: undefined })).url).toBeNull();
});

test('every metric that the alerts and the dashboard of docs/operating name is one that a process tells', async () => {
  const text = await (await fetch(`${stack.front.url}/metrics`)).text();
  const told = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) => (type === 'histogram' ? parts(name) : [name])),
  );
  const named = metricsNamed();
  expect(named.size).toBeGreaterThan(15);
  expect([...named].filter((name) => !told.has(name))).toEqual([]);
});

const parts = (histogram: string): string[] => ['bucket', 'sum', 'count'].map((part) => `${histogram}_${part}`);

test('/metrics counts what the database holds, what jobs did and what the provider answered, with no label of a tenant', async () => {
  await space.guest();
  const text = await (await fetch(`${stack.front.url}/metrics`)).text();
  for (const line of [
    /^memberships\{state="ACTIVE"\} \d+$/m,
    /^connections\{status="CONNECTED"\} 1$/m,
    /^queue_paused\{queue="access"\} 0$/m,
    /^queue_oldest_waiting_seconds\{queue="access"\} [\d.]+$/m,
    /^job_duration_seconds_count\{job="grant",outcome="done"\} \d+$/m,
    /^job_lateness_seconds_count\{job="grant"\} \d+$/m,
    /^job_results_total\{job="grant",what="steps"\} \d+$/m,
    /^lock_provider_call_duration_seconds_count\{provider="SALTO_KS",outcome="200"\} \d+$/m,
  ]) {
    expect(text).toMatch(line);
  }
  expect(text).not.toContain(space.org);
});
