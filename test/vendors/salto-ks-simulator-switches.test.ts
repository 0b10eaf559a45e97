import { expect, test } from 'vitest';
import { harbourCampus, OWNER, simulated, siteCalled, type Session } from './salto-ks-simulator-session.ts';

const set = async (session: Session, switches: object) => {
  const answer = await session.control('PATCH', '/switches', switches);
  expect(answer.status).toBe(200);
};

async function connected() {
  const session = await simulated();
  const campus = await harbourCampus(session);
  const groups = `${campus.path}/access_groups`;
  const names = async () => (await campus.api('GET', `${groups}?$top=100`)).json.items.map((group) => group.customer_reference);
  const create = (name: string) => campus.api('POST', groups, { customer_reference: name });
  return { session, ...campus, groups, names, create };
}

test('an outage of the API is 503 everywhere while the identity server works', async () => {
  const { session, api } = await connected();
  await set(session, { apiOutage: true });
  expect((await api('GET', '/v1.2/me')).status).toBe(503);
  await session.as(OWNER.email, OWNER.password);
  await session.control('POST', '/reset');
  expect((await api('GET', '/v1.2/me')).status).toBe(200);
});

test('a switch may be limited to a site, a method, a path; the first rule that fits holds', async () => {
  const { session, api, path, groups } = await connected();
  const annex = await siteCalled(api, 'Harbour Annex');
  await set(session, {
    apiOutage: [
      { value: false, method: 'GET' },
      { value: true, site: annex.id },
      { value: true, path: 'access_groups$' },
    ],
  });
  expect((await api('GET', `/v1.2/sites/${annex.id}`)).status).toBe(200);
  expect((await api('POST', `/v1.2/sites/${annex.id}/users`, {})).status).toBe(503);
  expect((await api('POST', groups, { customer_reference: 'New' })).status).toBe(503);
  expect((await api('POST', `${path}/guests`, { alias: 'Plumber' })).status).toBe(201);
});

test('429 with Retry-After strikes the next calls, or all beyond a number per window (not seen in the wild)', async () => {
  const { session, api } = await connected();
  await set(session, { rateLimit: { next: 2, retryAfterSeconds: 7 } });
  const limited = await api('GET', '/v1.2/me');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect([(await api('GET', '/v1.2/me')).status, (await api('GET', '/v1.2/me')).status]).toEqual([429, 200]);

  await set(session, { rateLimit: { calls: 2, windowMs: 60_000 } });
  const statuses = [];
  for (let call = 0; call < 3; call += 1) statuses.push((await api('GET', '/v1.2/me')).status);
  await session.control('POST', '/clock', { advanceMs: 60_000 });
  statuses.push((await api('GET', '/v1.2/me')).status);
  expect(statuses).toEqual([200, 200, 429, 200]);
});

test('a lost answer: the connection breaks, the call took effect', async () => {
  const { session, create, names } = await connected();
  await set(session, { loseAnswers: { value: { next: 1 }, method: 'POST' } });
  await expect(create('Lost')).rejects.toThrow('fetch failed');
  expect(await names()).toContain('Lost');
  expect((await create('Found')).status).toBe(200);
});

test('a call that hangs gets no answer; performed says whether it took effect', async () => {
  const { session, groups, names, api } = await connected();
  const token = await session.as(OWNER.email, OWNER.password);
  for (const performed of [false, true]) {
    await set(session, { hang: { value: { next: 1, performed }, method: 'POST' } });
    const hanging = token('POST', groups, { customer_reference: `Hung ${performed}` });
    let answered = false;
    hanging.then(() => (answered = true)).catch(() => undefined);
    await session.control('GET', '/calls/wait?method=POST&path=access_groups&count=1');
    // The answer to a later call shows that there was time for the first.
    expect((await api('GET', '/v1.2/me')).status).toBe(200);
    expect(answered).toBe(false);
    expect((await names()).includes(`Hung ${performed}`)).toBe(performed);
    await session.control('DELETE', '/calls');
  }
});

test('errors strike as often as the seed says, the same each time; performed ones took effect', async () => {
  const { session, api, create, names } = await connected();
  const draw = async () => {
    await set(session, { seed: 7, errors: { rate: 0.5, status: 502 } });
    const statuses: number[] = [];
    for (let call = 0; call < 20; call += 1) statuses.push((await api('GET', '/v1.2/me')).status);
    return statuses;
  };
  const first = await draw();
  expect(new Set(first)).toEqual(new Set([200, 502]));
  expect(await draw()).toEqual(first);
  await set(session, { errors: { next: 1, performed: true } });
  expect((await create('Broken')).status).toBe(500);
  expect(await names()).toContain('Broken');
});

test('latency holds up the calls it is meant for, others pass', async () => {
  const { session, groups, api, names } = await connected();
  await set(session, { latencyMs: { value: 3_600_000, method: 'POST' } });
  const givingUp = new AbortController();
  const held = fetch(`${session.url}${groups}`, { method: 'POST', signal: givingUp.signal });
  await session.control('GET', '/calls/wait?method=POST&path=access_groups');
  expect(await names()).toContain('Office 12');
  expect((await session.control('GET', '/calls?method=POST&path=access_groups')).json.calls).toMatchObject([{ finished: false }]);
  givingUp.abort();
  await expect(held).rejects.toThrow('abort');
  expect((await api('GET', '/v1.2/me')).status).toBe(200);
});

test('no more calls than switched are in work at once; the next is let in when one leaves', async () => {
  const { session, api } = await connected();
  await session.control('DELETE', '/calls');
  await set(session, { maxConcurrentCalls: 1, hang: { next: 1 } });
  const givingUp = new AbortController();
  const first = fetch(`${session.url}/v1.2/me`, { signal: givingUp.signal });
  await session.control('GET', '/calls/wait?count=1');
  const second = api('GET', '/v1.2/sites');
  await session.control('GET', '/calls/wait?count=2');
  expect((await session.control('GET', '/calls')).json).toMatchObject({
    maxConcurrency: 2,
    calls: [{ finished: false }, { finished: false }],
  });
  givingUp.abort();
  await expect(first).rejects.toThrow('abort');
  expect((await second).status).toBe(200);
});

test('calls are counted by method and route and told with their instant, status and body; identity bodies are not kept', async () => {
  const { session, groups, api } = await connected();
  await session.control('DELETE', '/calls');
  const before = performance.timeOrigin + performance.now();
  await api('POST', groups, { customer_reference: 'New' });
  await api('GET', groups);
  await session.as(OWNER.email, OWNER.password);
  await session.control('GET', '/calls/wait?count=3&finished=true');
  const { totals, calls } = (await session.control('GET', '/calls')).json;
  expect(totals).toEqual({
    'POST /v1.2/sites/:siteId/access_groups': 1,
    'GET /v1.2/sites/:siteId/access_groups': 1,
    'POST /connect/token': 1,
  });
  const [posted, , signedIn] = calls;
  expect(posted).toMatchObject({ method: 'POST', path: groups, status: 200, body: { customer_reference: 'New' } });
  expect(posted?.receivedAt).toBeGreaterThanOrEqual(before - 1);
  expect(signedIn?.body).toBeNull();
});

test('waiting for calls ends when they arrive, or after the time given', async () => {
  const { session, api } = await connected();
  await session.control('DELETE', '/calls');
  const waiting = session.control('GET', '/calls/wait?method=GET&path=/me$&count=2');
  await api('GET', '/v1.2/me');
  await api('GET', '/v1.1/me');
  expect((await waiting).json).toMatchObject({ reached: true, matching: 2 });
  expect((await session.control('GET', '/calls/wait?path=nowhere&timeoutMs=1')).json).toEqual({ reached: false, matching: 0, calls: [] });
});

test('an unknown switch or a wrong value is refused with a sentence, and nothing is set', async () => {
  const session = await simulated();
  const unknown = await session.control('PATCH', '/switches', { apiOutage: true, colour: 'red' });
  expect([unknown.status, String(unknown.json['error'])]).toEqual([400, expect.stringContaining('no switch is called colour')]);
  expect((await session.control('PATCH', '/switches', { latencyMs: 'long' })).status).toBe(400);
  expect((await session.control('PATCH', '/switches', { apiOutage: { value: true, path: '(' } })).status).toBe(400);
  expect((await session.control('GET', '/switches')).json).toMatchObject({ apiOutage: false, latencyMs: 0 });
});

test('what the switches show can be sent back, and null is the default', async () => {
  const session = await simulated();
  const plain = (await session.control('GET', '/switches')).json;
  await set(session, { seats: 3, rateLimit: { value: { next: 1 }, path: 'users' }, radio: 'out_of_range' });
  const changed = (await session.control('GET', '/switches')).json;
  await set(session, { ...plain });
  await set(session, { ...changed });
  expect((await session.control('GET', '/switches')).json).toEqual(changed);
  await set(session, { seats: null, rateLimit: null, radio: null });
  expect((await session.control('GET', '/switches')).json).toEqual(plain);
});

test('reset of everything brings back the scenario with the same ids', async () => {
  const { session, create, names, siteId } = await connected();
  await create('New');
  await session.control('POST', '/reset', { everything: true });
  const api = await session.as(OWNER.email, OWNER.password);
  expect((await siteCalled(api, 'Harbour Campus')).id).toBe(siteId);
  await expect(names()).rejects.toThrow();
  const groups = (await api('GET', `/v1.2/sites/${siteId}/access_groups`)).json.items;
  expect(groups.map((group) => group.customer_reference)).not.toContain('New');
});

test("by hand: sites, groups, locks and memberships come and go as in SALTO's own dashboard", async () => {
  const session = await simulated();
  const api = await session.as(OWNER.email, OWNER.password);
  const site = await session.control('POST', '/sites', { name: 'New Pier', timeZone: 'Europe/Paris', admin: OWNER.email });
  const lock = await session.control('POST', '/locks', { site: 'New Pier', name: 'Pier gate' });
  const anglers = { site: 'New Pier', name: 'Anglers', locks: ['Pier gate'], schedules: ['always'] };
  const group = await session.control('POST', '/groups', anglers);
  expect([site.status, lock.status, group.status]).toEqual([201, 201, 201]);
  const path = `/v1.2/sites/${site.json.id}/access_groups`;
  expect((await api('GET', path)).json.items).toEqual([{ id: group.json.id, customer_reference: 'Anglers' }]);
  await session.control('POST', '/members', { group: 'Anglers', email: 'ann@example.com' });
  expect((await session.control('GET', '/doors/try?email=ann@example.com&lockName=Pier%20gate')).json.opens).toBe(true);
  expect((await session.control('DELETE', '/members', { group: 'Anglers', email: 'ann@example.com' })).status).toBe(204);
  expect((await session.control('DELETE', `/groups/${group.json.id}`)).status).toBe(204);
  expect((await api('GET', path)).json.items).toEqual([]);
  expect((await session.control('GET', '/doors/try?email=ann@example.com&lockName=Front%20door')).json.reason).toBe('not_at_this_site');
});

test('the page shows sites, seats, who opens which door and why not, and escapes what people are called', async () => {
  const session = await simulated();
  await session.control('POST', '/members', { group: 'No schedule', email: 'ann@example.com', firstName: '<b>Ann</b>', lastName: 'Lee' });
  await set(session, { seats: { value: 7, site: 'nowhere' } });
  for (const path of ['/', '/_simulator/']) {
    const page = await (await fetch(`${session.url}${path}`)).text();
    expect(page).toContain('Harbour Campus');
    expect(page).toContain('of 50 seats taken');
    expect(page).toContain('&lt;b&gt;Ann&lt;/b&gt; Lee (no time schedule)');
    expect(page).not.toContain('<b>Ann');
    expect(page).toContain('Reception (theirs)');
    expect(page).toContain('nowhere');
  }
});

test('a scenario that contradicts itself is refused at the start', async () => {
  const site = { name: 'Pier', timeZone: 'Europe/Berlin', groups: [{ name: 'Anglers', doors: ['Gate'] }] };
  const scenario = { accounts: [], clients: [], sites: [site] };
  await expect(simulated({ scenario })).rejects.toThrow('names a door "Gate"');
  await expect(simulated({ scenario: { ...scenario, sites: [{ ...site, timeZone: 'Mars/Olympus' }] } })).rejects.toThrow('IANA');
});
