import { expect, test } from 'vitest';
import { doorEntryFrom, instantFrom, isAlways, personFrom, scheduleFrom, siteFrom } from '../../src/vendors/salto-ks/translate.ts';
import { entryShape, scheduleShape, siteShape } from '../../src/vendors/salto-ks/shapes.ts';
import { scriptedServer, type ScriptedAnswer, type ScriptedCall } from './scripted-server.ts';
import { NOT_FOUND, session, vendorAt } from './salto-ks-world.ts';

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second)).toISOString().replace('.000', '');
const instant = (second: number) => Date.UTC(2026, 4, 1, 12, 0, second);
const opened = (id: string, second: number) => ({ id, event_category: 'lock_opened', utc_date_time: at(second), user_id: 'u' });

/** A log, newest first, in pages of three that a token leads through. */
function log(entries: object[]): (call: ScriptedCall) => ScriptedAnswer {
  return ({ query }) => {
    const start = Number(query.get('continuation_token') ?? 0);
    const more = start + 3 < entries.length;
    return { status: 200, json: { items: entries.slice(start, start + 3), continuation_token: more ? String(start + 3) : null } };
  };
}

const SEVEN = [7, 6, 5, 4, 3, 2, 1].map((second) => opened(`e${second}`, second));

test('door events come oldest first, of v1.1, and no page is read beyond the cursor', async () => {
  await using server = await scriptedServer(log(SEVEN));
  const read = await vendorAt(server.url).entriesAfter(session(), { at: instant(4), externalId: 'e4' }, 100);
  expect(read.ok && read.value.map(({ externalId }) => externalId)).toEqual(['e5', 'e6', 'e7']);
  expect(server.calls).toHaveLength(2);
  expect(server.log()[0]).toBe('GET /v1.1/sites/site-1/entries');
  expect(server.calls[0]?.query.get('$orderby')).toBe('utc_date_time desc');
});

test('of more than asked for the oldest come, so that the next call goes on after them', async () => {
  await using server = await scriptedServer(log(SEVEN));
  const vendor = vendorAt(server.url);
  const first = await vendor.entriesAfter(session(), { at: 0, externalId: null }, 4);
  expect(first.ok && first.value.map(({ externalId }) => externalId)).toEqual(['e1', 'e2', 'e3', 'e4']);
  const second = await vendor.entriesAfter(session(), { at: instant(4), externalId: 'e4' }, 4);
  expect(second.ok && second.value.map(({ externalId }) => externalId)).toEqual(['e5', 'e6', 'e7']);
});

test('of one second, each event comes once, in whatever order the log has them and across pages', async () => {
  await using server = await scriptedServer(log([opened('d', 1), opened('b', 1), opened('a', 1), opened('a', 1), opened('c', 1)]));
  const vendor = vendorAt(server.url);
  const seen: string[] = [];
  let cursor: { at: number; externalId: string | null } = { at: instant(1), externalId: null };
  for (let turn = 0; turn < 3; turn += 1) {
    const read = await vendor.entriesAfter(session(), cursor, 2);
    const entries = read.ok ? read.value : [];
    seen.push(...entries.map(({ externalId }) => externalId));
    cursor = entries.at(-1) ?? cursor;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
});

test('a log that names the same token again and again ends', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: { items: [opened('e', 5)], continuation_token: 'again' } }));
  const read = await vendorAt(server.url).entriesAfter(session(), { at: 0, externalId: null }, 10);
  expect(read).toMatchObject({ ok: true, value: [{ externalId: 'e' }] });
  expect(server.calls).toHaveLength(2);
});

test('only attempts to open a door are door events, in our words', () => {
  const rejected = { id: 'e', event_category: 'lock_rejected', event_detail: 'suspended', utc_date_time: at(1) };
  const entry = (more: object) => doorEntryFrom(entryShape.parse({ ...rejected, ...more }));
  expect(entry({})).toMatchObject({ externalId: 'e', at: instant(1), opened: false, reason: 'suspended', platformUserId: null });
  expect(entry({ event_category: 'lock_opened' })).toMatchObject({ opened: true, reason: null });
  for (const category of ['office_mode', 'easy_office_mode', 'privacy_mode', null]) expect(entry({ event_category: category })).toBeNull();
  expect(entry({ id: null })).toBeNull();
  expect(entry({ utc_date_time: 'yesterday' })).toBeNull();
});

test('an instant without a zone is UTC', () => {
  expect(instantFrom('2026-05-01T12:00:01')).toBe(instant(1));
  expect(instantFrom('2026-05-01T14:00:01+02:00')).toBe(instant(1));
  expect(instantFrom('')).toBeNull();
});

const ALWAYS = {
  ...{ monday: true, tuesday: true, wednesday: true, thursday: true, friday: true, saturday: true, sunday: true },
  ...{ start_time: '00:00:00', end_time: '23:59:59', start_date: null, end_date: null },
};

test.each([
  [{}, true],
  [{ end_time: '23:59' }, true],
  [{ sunday: false }, false],
  [{ start_time: '08:00:00' }, false],
  [{ end_time: '18:00:59' }, false],
  [{ end_date: '2026-05-01T15:00:00' }, false],
])('a schedule with %j is always: %s', (change, always) => {
  expect(isAlways(scheduleShape.parse({ ...ALWAYS, ...change }))).toBe(always);
});

test.each<[what: string, told: object, read: object]>([
  ['minutes', { start_time: '08:00', end_time: '18:00' }, { from: '08:00:00', until: '18:00:59' }],
  ['seconds', { start_time: '08:00:00', end_time: '18:00:59' }, { from: '08:00:00', until: '18:00:59' }],
  ['some days', { monday: true, sunday: true }, { days: [1, 7] }],
  ['nothing', {}, { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00:00', until: '23:59:59', notBefore: null, notAfter: null }],
  ['dates with a zone', { start_date: '2026-05-01T08:30:00Z' }, { notBefore: '2026-05-01T08:30:00' }],
  ['dates without a time', { end_date: '2026-05-31' }, { notAfter: '2026-05-31T23:59:59' }],
  ['what is no time and no date', { start_time: '25:00', end_date: 'soon' }, { from: '00:00:00', notAfter: null }],
])('a schedule that tells %s is read as hours on the wall of its site', (_, told, read) => {
  expect(scheduleFrom(scheduleShape.parse(told))).toMatchObject(read);
});

test('a site that tells little is taken as released and without digital keys; a field of another kind counts as not told', () => {
  const unknown = { name: 's', timeZone: null, digitalKeysSupported: false, released: true, seatsTotal: null, seatsUsed: null };
  expect(siteFrom(siteShape.parse({ id: 's' }))).toEqual({ externalId: 's', ...unknown });
  expect(siteFrom(siteShape.parse({ id: 's', subscribed_user_amount: 'ten' }))).toMatchObject({ seatsTotal: null });
  expect(siteFrom(siteShape.parse({ id: 's', installation_state: 'in_installation' }))).toMatchObject({ released: false });
});

test('whether a person has a seat is not guessed where it is not told', () => {
  const person = { id: 's', user: { id: 'p', email: '' }, blocked: null, subscription_state: null };
  expect(personFrom(person)).toEqual({ siteUserId: 's', platformUserId: 'p', email: null, subscribed: null, blocked: false });
  expect(personFrom({ ...person, subscription_state: 'suspended' })).toMatchObject({ subscribed: false });
  expect(personFrom({ ...person, user: null })).toBeNull();
});

test('a group that disappears while the directory is read is left out of it', async () => {
  await using server = await scriptedServer(({ path }) => {
    if (path.endsWith('/access_groups')) return { status: 200, json: [{ id: 'stays', customer_reference: 'Stays' }, { id: 'gone' }] };
    if (path.includes('/gone/')) return NOT_FOUND;
    if (path.endsWith('/time_schedules')) return { status: 200, json: [ALWAYS] };
    if (path.endsWith('/users')) return { status: 200, json: [{ id: 'p' }, { id: 'p' }] };
    if (path.endsWith('/locks')) return { status: 200, json: [{ id: 'l', customer_reference: 'Door' }] };
    return { status: 200, json: { id: 'site-1' } };
  });
  expect(await vendorAt(server.url).directory(session())).toMatchObject({
    ok: true,
    value: {
      locks: [{ externalId: 'l', name: 'Door', online: null }],
      groups: [{ externalId: 'stays', name: 'Stays', scheduled: true, alwaysOpen: true, lockExternalIds: ['l'], people: ['p'] }],
    },
  });
});

test('a directory of which a part is out is no directory', async () => {
  await using server = await scriptedServer(({ path }) => {
    if (path.endsWith('/time_schedules')) return { status: 503 };
    return { status: 200, json: path.endsWith('/site-1') ? { id: 'site-1' } : [{ id: 'x' }] };
  });
  expect(await vendorAt(server.url).directory(session())).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
});

const DEVICE = { uid: "phone's", name: 'x'.repeat(60), publicKey: 'spki' };

test('a phone is registered with at most 50 characters of its name, and its expiry read after the key', async () => {
  const mkey = { id: 'm', key_id: 'k', registration_date: at(1), expiry_date: at(9) };
  await using server = await scriptedServer(({ method, path }) => {
    if (path.endsWith('/mkey')) return { status: 200, json: { mkey_data: 'secret' } };
    if (path.endsWith('/d1')) return { status: 200, json: { id: 'd1', mkey } };
    return method === 'POST' ? { status: 200, json: { id: 'd1', mkey: null } } : { status: 200, json: { items: [] } };
  });
  expect(await vendorAt(server.url).issueKey(session(), DEVICE)).toEqual({
    ok: true,
    value: { providerDeviceId: 'd1', providerKeyId: 'k', mobileKey: 'secret', issuedAt: instant(1), expiresAt: instant(9) },
  });
  expect(server.calls[0]?.query.get('$filter')).toBe("device_uid eq 'phone''s'");
  expect(server.calls[1]?.json).toEqual({ device_name: 'x'.repeat(50), device_uid: "phone's", public_key: 'spki' });
});

test('a key whose expiry is not told is taken to live a day', async () => {
  await using server = await scriptedServer(({ path }) => {
    if (path.endsWith('/mkey')) return { status: 200, json: { mkey_data: 'secret' } };
    if (path.endsWith('/certificate')) return { status: 204 };
    if (path.endsWith('/d1')) return NOT_FOUND;
    return {
      status: 200,
      json: [
        { id: 'other', device_uid: 'other' },
        { id: 'd1', device_uid: "phone's" },
      ],
    };
  });
  const issued = await vendorAt(server.url, { now: () => 5_000 }).issueKey(session(), DEVICE);
  expect(issued).toMatchObject({ ok: true, value: { providerDeviceId: 'd1', issuedAt: 5_000, expiresAt: 86_405_000 } });
  expect(server.log().slice(0, 2)).toEqual(['GET /v1.1/me/devices', 'PUT /v1.1/me/devices/d1/certificate']);
});

test('a phone that was registered by a call whose answer was lost gets its certificate renewed', async () => {
  let registered = false;
  await using server = await scriptedServer(({ method, path }) => {
    if (path.endsWith('/mkey')) return { status: 200, json: { mkey_data: 'secret' } };
    if (method === 'PUT') return { status: 200, json: { id: 'd1', device_uid: "phone's" } };
    if (path.endsWith('/d1')) return { status: 200, json: { id: 'd1' } };
    if (method === 'GET') return { status: 200, json: registered ? [{ id: 'd1', device_uid: "phone's" }] : [] };
    registered = true;
    return { status: 400, json: { ErrorCode: '1101', Message: 'exists' } };
  });
  expect(await vendorAt(server.url).issueKey(session(), DEVICE)).toMatchObject({ ok: true, value: { mobileKey: 'secret' } });
});

test('a key that is not there yet is asked for again soon, a refused phone is refused', async () => {
  await using late = await scriptedServer(({ path }) => {
    if (path.endsWith('/mkey')) return NOT_FOUND;
    return { status: 200, json: path.endsWith('/devices') ? [{ id: 'd1', device_uid: "phone's" }] : { id: 'd1' } };
  });
  const early = await vendorAt(late.url, { now: () => 0 }).issueKey(session(), DEVICE);
  expect(early).toMatchObject({ problem: { kind: 'unavailable', retryAt: 3_000 } });
  const tooMany = { status: 400, json: { ErrorCode: '1101' } };
  await using full = await scriptedServer(({ method }) => (method === 'POST' ? tooMany : { status: 200, json: [] }));
  expect(await vendorAt(full.url).issueKey(session(), DEVICE)).toMatchObject({ problem: { kind: 'refused' } });
});
