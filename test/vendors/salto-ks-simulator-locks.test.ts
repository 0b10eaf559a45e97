import { expect, test } from 'vitest';
import { createPhone } from '../../src/vendors/salto-ks/simulator/phone-stand-in.ts';
import { groupCalled, harbourCampus, simulated, TUESDAY, type Ask, type Session } from './salto-ks-simulator-session.ts';

const DESK = { email: 'desk@example.com', password: 'front-desk' };
const DAY_MS = 86_400_000;

const tryDoor = async (session: Session, email: string, lockName: string) =>
  (await session.control('POST', '/doors/try', { email, lockName, site: 'Harbour Campus' })).json;

/** The receptionist's phone, registered, with its mobile key. */
async function receptionist() {
  const session = await simulated({ now: () => TUESDAY });
  const campus = await harbourCampus(session);
  const api = await session.as(DESK.email, DESK.password);
  const phone = createPhone();
  const registration = { device_name: "Dana's phone", device_uid: 'uid-1', public_key: phone.publicKey };
  const device = (await api('POST', '/v1.1/me/devices', registration)).json;
  const fetchKey = async () => (await api('GET', `/v1.1/me/devices/${device.id}/mkey`)).json.mkey_data;
  const locks = (await campus.api('GET', `${campus.path}/locks`)).json.items;
  const lock = (name: string) => locks.find((item) => item.customer_reference === name)?.id ?? '';
  const tap = (key: string, name = 'Front door') => phone.tap(session.url, lock(name), key);
  return { session, campus, api, phone, device, fetchKey, lock, tap };
}

async function entriesOf(api: Ask, v11: string) {
  return (await api('GET', `${v11}/entries?$top=20&$orderby=utc_date_time%20desc`)).json.items;
}

test('a device is found by its uid, renamed keys replace its certificate, both versions answer (SALTO facts §4.1)', async () => {
  const { api, device } = await receptionist();
  for (const version of ['v1.1', 'v1.2']) {
    const found = await api('GET', `/${version}/me/devices?$filter=${encodeURIComponent("device_uid eq 'uid-1'")}`);
    expect(found.json.items).toMatchObject([{ id: device.id, device_uid: 'uid-1', mkey: null }]);
  }
  const certified = await api('PUT', `/v1.1/me/devices/${device.id}/certificate`, { public_key: createPhone().publicKey });
  expect(certified.status).toBe(200);
  expect(certified.json['certificate']).not.toBe(device['certificate']);
});

test("a device needs a P-256 key and a name of at most 50 characters, and is its owner's alone (SALTO facts §4.1)", async () => {
  const { session, api, device, phone } = await receptionist();
  const body = { device_name: 'Phone', device_uid: 'uid-2', public_key: phone.publicKey };
  expect((await api('POST', '/v1.1/me/devices', { ...body, public_key: 'bm90IGEga2V5' })).status).toBe(400);
  expect((await api('POST', '/v1.1/me/devices', { ...body, device_name: 'x'.repeat(51) })).status).toBe(400);
  expect((await api('POST', '/v1.1/me/devices', { ...body, device_uid: 'uid-1' })).status).toBe(400);
  const owner = await session.as('owner@example.com', 'harbour-light');
  expect((await owner('GET', `/v1.1/me/devices/${device.id}/mkey`)).json.ErrorCode).toBe('2202');
});

test('a mobile key opens on the phone it was made for only, and the lock it may open (SALTO facts §4.1)', async () => {
  const { api, campus, device, fetchKey, tap, phone } = await receptionist();
  const key = await fetchKey();
  await expect(createPhone().openKey(key)).rejects.toThrow();
  expect((await phone.openKey(key)).split('.')).toHaveLength(3);
  expect(await tap(key)).toEqual({ result: 'accepted' });
  expect(await tap(key, 'Office 12')).toEqual({ result: 'rejected', reason: 'no_group_with_this_lock' });

  const shown = (await api('GET', `/v1.1/me/devices/${device.id}`)).json;
  expect(shown.mkey?.expiry_date).toBe('2026-06-05T08:00:00Z');
  const [rejected, opened] = await entriesOf(campus.api, campus.v11);
  const me = (await api('GET', '/v1.2/me')).json.id;
  expect(opened).toMatchObject({ event_category: 'lock_opened', event_detail: null, access_by: 'mobile_key', user_id: me });
  expect(opened).toMatchObject({ utc_date_time: '2026-05-05T08:00:00Z', local_date_time: '2026-05-05T10:00:00' });
  expect(rejected).toMatchObject({ event_category: 'lock_rejected', event_detail: 'no_access', lock_customer_reference: 'Office 12' });
});

test('one who fetched a mobile key has role site_mobile_user (SALTO facts §2.3: inferred)', async () => {
  const { campus, fetchKey } = await receptionist();
  const codes = async () => {
    const found = await campus.api('GET', `${campus.path}/users?$filter=${encodeURIComponent("user/email eq 'desk@example.com'")}`);
    return found.json.items[0]?.roles.map((role) => role.code);
  };
  expect(await codes()).toEqual(['site_user']);
  await fetchKey();
  expect(await codes()).toEqual(['site_user', 'site_mobile_user']);
});

test('mobile keys need a completed profile and a site that does them (SALTO facts §4.1, §2.2)', async () => {
  const { session, api, device } = await receptionist();
  await session.control('PATCH', '/sites/Harbour%20Campus', { mkeyCompatible: false });
  const refused = await api('GET', `/v1.1/me/devices/${device.id}/mkey`);
  expect([refused.status, refused.json.ErrorCode]).toEqual([403, '2203']);
});

test('an expired key is rejected, and so is a forged one', async () => {
  const { session, lock, fetchKey, tap } = await receptionist();
  const key = await fetchKey();
  await session.control('POST', '/clock', { advanceMs: 31 * DAY_MS });
  expect(await tap(key)).toEqual({ result: 'rejected', reason: 'key_expired' });
  expect((await session.control('POST', `/locks/${lock('Front door')}/tap`, { mkey: 'forged' })).json).toEqual({
    result: 'failure',
    reason: 'bad_signature',
  });
});

test('a cancelled key needs a new certificate, then a new key (SALTO facts §4.3)', async () => {
  const { session, api, device, phone, fetchKey, tap } = await receptionist();
  const key = await fetchKey();
  await session.control('POST', '/mkeys/cancel', { email: DESK.email });
  expect((await tap(key)).result).toBe('cancelled_key');
  expect((await tap(await fetchKey())).result).toBe('cancelled_key');
  await api('PUT', `/v1.1/me/devices/${device.id}/certificate`, { public_key: phone.publicKey });
  expect((await tap(await fetchKey())).result).toBe('accepted');
  expect((await tap(key)).result).toBe('cancelled_key');
});

test('a key fetched before opens what its person may open later, until they may not (SALTO facts §4.1: inferred)', async () => {
  const { api, campus, fetchKey, tap } = await receptionist();
  const key = await fetchKey();
  const office = `${campus.path}/access_groups/${await groupCalled(campus.api, campus.siteId, 'Office 12')}/users`;
  const me = (await api('GET', '/v1.2/me')).json.id;
  await campus.api('POST', office, { user_id: me });
  expect((await tap(key, 'Office 12')).result).toBe('accepted');
  await campus.api('DELETE', `${office}/${me}`);
  expect((await tap(key, 'Office 12')).result).toBe('rejected');
});

test('the radio: out of range nobody hears of it; an unknown result still opens; no such lock', async () => {
  const { session, campus, fetchKey, phone, tap } = await receptionist();
  const key = await fetchKey();
  await session.control('PATCH', '/switches', { radio: 'out_of_range' });
  expect((await tap(key)).result).toBe('no_lock');
  expect(await entriesOf(campus.api, campus.v11)).toEqual([]);
  await session.control('PATCH', '/switches', { radio: 'unknown_result' });
  expect(await tap(key)).toEqual({ result: 'unknown' });
  expect(await entriesOf(campus.api, campus.v11)).toMatchObject([{ event_category: 'lock_opened' }]);
  expect((await phone.tap(session.url, campus.siteId, key)).result).toBe('no_lock');
});

test('suspended and offline have their own detail in the log; blocked is no_access (SALTO facts §2.6, §2.8)', async () => {
  const { session, campus, fetchKey, tap } = await receptionist();
  const key = await fetchKey();
  const edit = (change: object) => session.control('PATCH', '/users/desk@example.com', { site: 'Harbour Campus', ...change });
  await edit({ suspended: true });
  expect(await tap(key)).toEqual({ result: 'rejected', reason: 'suspended' });
  await edit({ suspended: false, blocked: true });
  expect(await tap(key)).toEqual({ result: 'rejected', reason: 'blocked' });
  await edit({ blocked: false });
  await session.control('PATCH', '/locks/Front%20door', { online: false });
  expect(await tap(key)).toEqual({ result: 'rejected', reason: 'lock_offline' });
  const details = (await entriesOf(campus.api, campus.v11)).map((entry) => entry['event_detail']);
  expect(details).toEqual(['offline', 'no_access', 'suspended']);
});

test('a group without a time schedule opens nothing, until it gets one (SALTO facts §0.3)', async () => {
  const session = await simulated();
  const { api, path, v11, siteId, create } = await harbourCampus(session);
  const group = await groupCalled(api, siteId, 'No schedule');
  const person = (await create('ann@example.com')).json;
  expect((await api('POST', `${path}/access_groups/${group}/users`, { user_id: person.user.id })).status).toBe(200);
  expect(await tryDoor(session, 'ann@example.com', 'Front door')).toMatchObject({ opens: false, reason: 'no_time_schedule' });
  const always = { start_time: '00:00:00', end_time: '23:59:59' };
  const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, true]));
  await api('POST', `${v11}/access_groups/${group}/time_schedules`, { ...days, ...always });
  expect(await tryDoor(session, 'ann@example.com', 'Front door')).toMatchObject({ opens: true, through: 'No schedule' });
});

test('schedules are read on the wall clock of the site (SALTO facts §2.7)', async () => {
  const session = await simulated({ now: () => TUESDAY });
  await session.control('POST', '/members', { group: 'Weekdays', email: 'ann@example.com' });
  const opensAfter = async (hours: number) => {
    await session.control('POST', '/clock', { advanceMs: hours * 3_600_000 });
    return (await tryDoor(session, 'ann@example.com', 'Front door')).opens;
  };
  expect(await opensAfter(0)).toBe(true);
  expect(await opensAfter(8)).toBe(true);
  expect(await opensAfter(1)).toBe(false);
  expect(await opensAfter(4 * 24 - 9)).toBe(false);
  await session.control('PATCH', '/sites/Harbour%20Campus', { timeZone: 'Pacific/Honolulu' });
  expect(await opensAfter(0)).toBe(false);
  // Friday, 10:00 in Honolulu; in Berlin it is 22:00.
  expect(await opensAfter(-12)).toBe(true);
});

test('start and end dates bound a schedule, to the second (SALTO facts §2.7)', async () => {
  const session = await simulated({ now: () => TUESDAY });
  const group = await session.control('POST', '/groups', {
    site: 'Harbour Campus',
    name: 'One stay',
    locks: ['Office 12'],
    schedules: [{ startDate: '2026-05-05T10:00:01', endDate: '2026-05-05T10:00:02' }],
  });
  await session.control('POST', '/members', { group: group.json.id, email: 'ann@example.com' });
  const opens: boolean[] = [];
  for (let second = 0; second < 4; second += 1) {
    opens.push((await tryDoor(session, 'ann@example.com', 'Office 12')).opens);
    await session.control('POST', '/clock', { advanceMs: 1000 });
  }
  expect(opens).toEqual([false, true, true, false]);
});

test('a membership, or a schedule, reaches the lock as late as switched (SALTO facts §2.7)', async () => {
  const session = await simulated();
  await session.control('PATCH', '/switches', { memberReachesLockMs: 45_000, scheduleReachesLockMs: 210_000 });
  await session.control('POST', '/members', { group: 'Office 12', email: 'ann@example.com' });
  await session.control('POST', '/members', { group: 'No schedule', email: 'ben@example.com' });
  await session.control('POST', '/schedules', { group: 'No schedule' });
  const opens = async () => [
    (await tryDoor(session, 'ann@example.com', 'Office 12')).opens,
    (await tryDoor(session, 'ben@example.com', 'Front door')).opens,
  ];
  expect(await opens()).toEqual([false, false]);
  await session.control('POST', '/clock', { advanceMs: 45_000 });
  expect(await opens()).toEqual([true, false]);
  await session.control('POST', '/clock', { advanceMs: 165_000 });
  expect(await opens()).toEqual([true, true]);
});

test('a door tried writes an entry only when asked to', async () => {
  const session = await simulated();
  const { api, v11 } = await harbourCampus(session);
  await tryDoor(session, 'owner@example.com', 'Front door');
  expect(await entriesOf(api, v11)).toEqual([]);
  await session.control('POST', '/doors/try', { email: 'owner@example.com', lockName: 'Front door', record: true });
  expect(await entriesOf(api, v11)).toMatchObject([{ event_category: 'lock_rejected', access_by: 'tag' }]);
});

test('entries go on behind a continuation token though new ones come in; another order is 1102 (SALTO facts §2.8)', async () => {
  const session = await simulated();
  const { api, v11 } = await harbourCampus(session);
  const open = () => session.control('POST', '/doors/try', { email: 'desk@example.com', lockName: 'Loading bay', record: true });
  for (let number = 0; number < 3; number += 1) await open();
  const newest = `${v11}/entries?$top=2&$orderby=utc_date_time%20desc`;
  const first = (await api('GET', newest)).json;
  await open();
  const second = (await api('GET', `${newest}&continuation_token=${first.continuation_token}`)).json;
  expect([first.items.length, second.items.length, second.continuation_token]).toEqual([2, 1, null]);
  expect(new Set([...first.items, ...second.items].map((entry) => entry.id)).size).toBe(3);
  const wrong = await api('GET', `${v11}/entries?$orderby=date`);
  expect([wrong.status, wrong.json.ErrorCode]).toEqual([400, '1102']);
});

test('with subscribeOnlyWithMeans a new person is suspended until a first PIN or key (SALTO facts §3: inferred)', async () => {
  const session = await simulated();
  const { api, path, create } = await harbourCampus(session);
  await session.control('PATCH', '/switches', { subscribeOnlyWithMeans: true });
  const person = (await create('ann@example.com')).json;
  expect(person.subscription_state).toBe('suspended');
  await api('PUT', `${path}/users/${person.id}/pin`, {});
  expect((await api('GET', `${path}/users/${person.id}`)).json.subscription_state).toBe('subscribed');
});
