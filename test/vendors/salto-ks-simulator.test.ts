import { expect, test } from 'vitest';
import { groupCalled, harbourCampus, OWNER, roleId, simulated, siteCalled, type Json } from './salto-ks-simulator-session.ts';

test('a person has two ids; the site user id is unknown to groups, the platform id to /users (SALTO facts §0.1)', async () => {
  const { api, path, siteId, create, members } = await harbourCampus(await simulated());
  const group = await groupCalled(api, siteId, 'Office 12');
  const person = (await create('ann@example.com')).json;
  expect(person.id).not.toBe(person.user.id);

  const wrong = await api('POST', `${path}/access_groups/${group}/users`, { user_id: person.id });
  expect(wrong.status).toBe(404);
  expect(wrong.json).toEqual({ ErrorCode: '2202', Message: 'User not found' });
  expect((await api('GET', `${path}/users/${person.user.id}`)).json.ErrorCode).toBe('2202');

  const right = await api('POST', `${path}/access_groups/${group}/users`, { user_id: person.user.id });
  expect(right.status).toBe(200);
  expect(right.json).toEqual({ id: person.user.id, first_name: 'Ann', last_name: 'Lee' });
  expect(await members(group)).toEqual([person.user.id]);
  expect((await api('DELETE', `${path}/access_groups/${group}/users/${person.user.id}`)).status).toBe(204);
  expect(await members(group)).toEqual([]);
});

test('a full site still answers 201, and the person is suspended without an error (SALTO facts §0.4)', async () => {
  const session = await simulated();
  const { api, path, create } = await harbourCampus(session);
  await session.control('PATCH', '/sites/Harbour%20Campus', { seats: 4 });
  expect((await create('first@example.com')).json.subscription_state).toBe('subscribed');
  const late = await create('late@example.com');
  expect(late.status).toBe(201);
  expect(late.json.subscription_state).toBe('suspended');
  expect((await api('GET', path)).json).toMatchObject({ subscribed_user_amount: 4, active_user_amount: 4 });

  const stillFull = await api('PATCH', `${path}/users/${late.json.id}/subscription`, { state: 'subscribed' });
  expect(stillFull.json.subscription_state).toBe('suspended');
});

test('deleting a person answers 202, frees the seat at once and takes them out of every group (SALTO facts §2.6)', async () => {
  const session = await simulated();
  const { api, path, siteId, create, members } = await harbourCampus(session);
  const group = await groupCalled(api, siteId, 'Members 24/7');
  const person = (await create('ann@example.com')).json;
  await api('POST', `${path}/access_groups/${group}/users`, { user_id: person.user.id });
  const before = (await api('GET', path)).json.active_user_amount;
  await session.control('PATCH', '/switches', { deleteDelayMs: 10_000 });

  expect((await api('DELETE', `${path}/users/${person.id}`)).status).toBe(202);
  expect((await api('GET', path)).json.active_user_amount).toBe(before - 1);
  expect(await members(group)).toEqual([]);
  expect((await api('GET', `${path}/users/${person.id}`)).status).toBe(200);
  await session.control('POST', '/clock', { advanceMs: 10_000 });
  expect((await api('GET', `${path}/users/${person.id}`)).status).toBe(404);
  expect((await create('ann@example.com')).status).toBe(201);
});

test('an empty or wrong e-mail, no role, an unknown role and an address in use are refused (SALTO facts §2.6)', async () => {
  const { create } = await harbourCampus(await simulated());
  const empty = await create('');
  expect(empty.status).toBe(400);
  expect(empty.json.Message).toContain("Email '' is not valid");
  expect((await create('no-address')).status).toBe(400);
  expect((await create('ann@example.com', { role_ids: [] })).status).toBe(400);
  expect((await create('ann@example.com', { role_ids: ['8f6081a3-80fb-41e8-a892-000d3a221c5b'] })).status).toBe(400);
  expect((await create('ann@example.com')).status).toBe(201);
  expect((await create('ANN@example.com')).status).toBe(400);
});

test('an address with a profile is linked, one without is invited; no address makes a person of the site (SALTO facts §2.6)', async () => {
  const session = await simulated();
  const { create } = await harbourCampus(session);
  expect((await create('nobody@example.com')).json.user).toMatchObject({ first_name: 'Nico', has_profile: true });
  expect((await create('ann@example.com')).json.user).toMatchObject({ has_profile: false, is_managed_by_current_site: false });
  expect((await create(undefined)).json.user).toMatchObject({ email: null, is_managed_by_current_site: true });
  expect((await session.control('GET', '/invitations')).json).toEqual({ invitations: ['ann@example.com'] });
});

test('roles are the same on every site, or one per site by switch (SALTO facts §2.3)', async () => {
  const session = await simulated();
  const { api, siteId, create, siteUserRole } = await harbourCampus(session);
  const annex = await siteCalled(api, 'Harbour Annex');
  expect(await roleId(api, annex.id, 'site_user')).toBe(siteUserRole);
  await session.control('PATCH', '/switches', { rolesPerSite: true });
  const own = await roleId(api, siteId, 'site_user');
  expect(own).not.toBe(await roleId(api, annex.id, 'site_user'));
  expect((await create('ann@example.com')).status).toBe(400);
  expect((await create('ann@example.com', { role_ids: [own] })).status).toBe(201);
});

test('the roles of a caller end at their own rank (SALTO facts §2.3)', async () => {
  const { api } = await harbourCampus(await simulated());
  const codesAt = async (name: string) => {
    const site = await siteCalled(api, name);
    return (await api('GET', `/v1.2/sites/${site.id}/roles`)).json.items.map((role) => role.code);
  };
  expect(await codesAt('Harbour Campus')).toContain('site_owner');
  expect(await codesAt('Harbour Annex')).not.toContain('site_owner');
  expect(await codesAt('Old Mill')).not.toContain('site_admin');
});

test('users come in pages of 20 with an absolute link to the next (SALTO facts §5)', async () => {
  const { api, path, create } = await harbourCampus(await simulated());
  for (let number = 1; number <= 22; number += 1) await create(`member${number}@example.com`);
  const ids = new Set<string>();
  const sizes: number[] = [];
  let next: string | null = `${path}/users`;
  while (next !== null) {
    const page: Json = (await api('GET', next)).json;
    sizes.push(page.items.length);
    expect(page.count).toBeNull();
    for (const item of page.items) ids.add(item.id);
    next = page.next_page_link;
    if (next !== null) expect(next).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\.2\//);
  }
  expect(sizes).toEqual([20, 5]);
  expect(ids.size).toBe(25);
  const counted = await api('GET', `${path}/users?$top=7&$skip=21&$inlinecount=allpages`);
  expect(counted.json).toMatchObject({ count: 25, next_page_link: null });
  expect(counted.json.items).toHaveLength(4);
});

test('$filter understands eq, contains, and, or; an unknown property is 400 (SALTO facts §5)', async () => {
  const { api, path, create } = await harbourCampus(await simulated());
  await create("o'neill@example.com", { alias: 'Booking #123' });
  await create('ben@example.com', { alias: 'Booking #124' });
  const emails = async (filter: string) => {
    const found = await api('GET', `${path}/users?$filter=${encodeURIComponent(filter)}`);
    return found.json.items.map((item) => item.user.email);
  };
  expect(await emails("user/email eq 'BEN@example.com'")).toEqual(['ben@example.com']);
  expect(await emails("user/email eq 'o''neill@example.com'")).toEqual(["o'neill@example.com"]);
  expect(await emails("user/email eq 'absent@example.com'")).toEqual([]);
  expect(await emails("contains(alias,'#123')")).toEqual(["o'neill@example.com"]);
  expect(await emails("substringof('#124',alias) and blocked eq false")).toEqual(['ben@example.com']);
  expect(await emails("user/email eq 'ben@example.com' or alias eq 'Booking #123'")).toHaveLength(2);
  const unknown = await api('GET', `${path}/users?$filter=${encodeURIComponent("colour eq 'red'")}`);
  expect(unknown.status).toBe(400);
  expect(unknown.json.ErrorCode).toBe('1100');
});

test('sites are a bare array in v1.2 and {items} in v1.1 (SALTO facts §2.1)', async () => {
  const session = await simulated();
  const { api } = await harbourCampus(session);
  expect(Array.isArray((await api('GET', '/v1.2/sites')).json)).toBe(true);
  const annex = await api('GET', "/v1.1/sites?$filter=site_uid eq 'PT4500000002'");
  expect(annex.json.items).toMatchObject([{ customer_reference: 'Harbour Annex' }]);
  await session.control('PATCH', '/switches', { sitesShape: 'items' });
  expect((await api('GET', '/v1.2/sites')).json.items).toHaveLength(3);
});

test('what is not in a version is 405, a site_uid in place of the id 400 with 1100, /v2 403 (SALTO facts §1.1, §2, §5)', async () => {
  const { api, path, v11, siteId } = await harbourCampus(await simulated());
  const group = await groupCalled(api, siteId, 'Office 12');
  expect((await api('GET', `${path}/entries`)).status).toBe(405);
  expect((await api('GET', `${v11}/entries`)).status).toBe(200);
  expect((await api('GET', `${path}/access_groups/${group}/time_schedules`)).status).toBe(405);
  expect((await api('GET', `${v11}/access_groups/${group}/time_schedules`)).json.items).toHaveLength(1);
  const uid = await api('GET', '/v1.2/sites/DE4500000001');
  expect([uid.status, uid.json.ErrorCode]).toEqual([400, '1100']);
  const second = await api('GET', `/v2/sites/${siteId}/roles`);
  expect([second.status, second.json.status]).toEqual([403, 403]);
});

test('a person sees only sites they belong to, and administers only as admin or owner (SALTO facts §2.3, §5)', async () => {
  const session = await simulated();
  const { api, siteId } = await harbourCampus(session);
  const mill = await siteCalled(api, 'Old Mill');
  const refused = await api('GET', `/v1.2/sites/${mill.id}/access_groups`);
  expect([refused.status, refused.json.ErrorCode]).toEqual([403, '2203']);
  expect((await api('GET', `/v1.2/sites/${mill.id}/me`)).json.roles).toMatchObject([{ code: 'site_user' }]);
  expect((await api('GET', `/v1.2/sites/${siteId}/me`)).json).toMatchObject({ ownership_state: 'site_owner' });

  const stranger = await session.as('nobody@example.com', 'no-site-at-all');
  expect((await stranger('GET', '/v1.2/sites')).json).toEqual([]);
  expect((await stranger('GET', `/v1.2/sites/${siteId}`)).status).toBe(403);
});

test('an administrator who is suspended or blocked by hand administers nothing (SALTO facts §7)', async () => {
  const session = await simulated();
  const { api, path } = await harbourCampus(session);
  for (const change of [{ suspended: true }, { suspended: false, blocked: true }]) {
    await session.control('PATCH', '/users/owner@example.com', { site: 'Harbour Campus', ...change });
    expect((await api('GET', `${path}/users`)).status).toBe(403);
  }
  await session.control('PATCH', '/users/owner@example.com', { site: 'Harbour Campus', blocked: false });
  expect((await api('GET', `${path}/users`)).status).toBe(200);
});

test('PATCH of a person shows no roles though they are kept; a wrong field in subscription is 1101 (SALTO facts §2.6, §5)', async () => {
  const { api, path, create } = await harbourCampus(await simulated());
  const person = (await create('ann@example.com')).json;
  const patched = await api('PATCH', `${path}/users/${person.id}`, { blocked: true });
  expect(patched.json).toMatchObject({ blocked: true, roles: [] });
  expect((await api('GET', `${path}/users/${person.id}`)).json.roles).toMatchObject([{ code: 'site_user' }]);
  const wrong = await api('PATCH', `${path}/users/${person.id}/subscription`, { subscription_state: 'suspended' });
  expect([wrong.status, wrong.json.ErrorCode]).toEqual([400, '1101']);
});

test('a guest takes a seat, gets role site_guest and no mail (SALTO facts §2.6)', async () => {
  const session = await simulated();
  const { api, path } = await harbourCampus(session);
  const guest = await api('POST', `${path}/guests`, { alias: 'Plumber', expires_at: '2030-01-01T00:00:00Z' });
  expect(guest.status).toBe(201);
  expect(guest.json).toMatchObject({ subscription_state: 'subscribed', expires_at: '2030-01-01T00:00:00Z', use_pin: false });
  expect(guest.json.roles).toMatchObject([{ code: 'site_guest' }]);
  expect((await session.control('GET', '/invitations')).json.invitations).toEqual([]);
});

test('a PIN is a bare JSON string of six digits and shows as a key afterwards (SALTO facts §2.6)', async () => {
  const { api, path, create } = await harbourCampus(await simulated());
  const person = (await create('ann@example.com')).json;
  const pin = await api('PUT', `${path}/users/${person.id}/pin`, {});
  expect(pin.text).toMatch(/^"\d{6}"$/);
  expect((await api('GET', `${path}/users/${person.id}/keys`)).json.items).toMatchObject([{ type: 'pin', key_identifier: 'pin' }]);
});

test('a group is id and name; it can be renamed, filtered and deleted with 204 (SALTO facts §2.1, §2.7)', async () => {
  const { api, path, v11 } = await harbourCampus(await simulated());
  const group = await api('POST', `${path}/access_groups`, { customer_reference: 'Booking #7' });
  expect(group.status).toBe(200);
  expect(Object.keys(group.json)).toEqual(['id', 'customer_reference']);
  expect((await api('PATCH', `${path}/access_groups/${group.json.id}`, { customer_reference: 'Booking #8' })).status).toBe(200);
  const filter = encodeURIComponent("contains(customer_reference,'#8')");
  const found = await api('GET', `${v11}/access_groups?$filter=${filter}`);
  expect(found.json.items).toEqual([{ id: group.json.id, customer_reference: 'Booking #8' }]);
  expect((await api('DELETE', `${path}/access_groups/${group.json.id}`)).status).toBe(204);
  expect((await api('GET', `${path}/access_groups/${group.json.id}`)).status).toBe(404);
});

test('locks are put into and taken out of a group one by one or in a batch (SALTO facts §2.1)', async () => {
  const { api, path, siteId } = await harbourCampus(await simulated());
  const group = `${path}/access_groups/${await groupCalled(api, siteId, 'No locks')}/locks`;
  const locks = (await api('GET', `${path}/locks`)).json.items;
  const [first, second] = locks.map((lock) => lock.id);
  expect((await api('POST', group, { lock_id: first })).status).toBe(200);
  expect((await api('PATCH', group, { add_ids: [second], remove_ids: [first] })).status).toBe(204);
  expect((await api('GET', group)).json.items.map((lock) => lock.id)).toEqual([second]);
  expect((await api('DELETE', `${group}/${second}`)).status).toBe(204);
  expect((await api('GET', group)).json.items).toEqual([]);
});

test('a schedule needs a day, and its end keeps the last minute: 18:00 comes back as 18:00:59 (SALTO facts §2.7)', async () => {
  const { api, v11, siteId } = await harbourCampus(await simulated());
  const path = `${v11}/access_groups/${await groupCalled(api, siteId, 'No schedule')}/time_schedules`;
  const dayless = await api('POST', path, { monday: false, start_time: '08:00', end_time: '18:00' });
  expect([dayless.status, dayless.json.ErrorCode, dayless.json.Message]).toEqual([400, '1101', 'At least one day should be selected']);
  const made = await api('POST', path, { monday: true, start_time: '08:00', end_time: '18:00' });
  expect(made.json).toMatchObject({ monday: true, sunday: false, start_time: '08:00:00', end_time: '18:00:59', start_date: null });
  expect((await api('PATCH', `${path}/${made.json.id}`, { monday: false })).json.ErrorCode).toBe('1101');
  expect((await api('DELETE', `${path}/${made.json.id}`)).status).toBe(204);
  expect((await api('GET', path)).json.items).toEqual([]);
});

test('remote opening is refused: 404 without a one-time password, 400 with one (SALTO facts §4.7)', async () => {
  const { api, path } = await harbourCampus(await simulated());
  const lock = (await api('GET', `${path}/locks`)).json.items[0]?.id;
  const without = await api('PATCH', `${path}/locks/${lock}/locking`, { locked_state: 'unlocked' });
  expect([without.status, without.json.ErrorCode]).toEqual([404, '2202']);
  const withOne = await api('PATCH', `${path}/locks/${lock}/locking`, { locked_state: 'unlocked', otp: 'a1b2c' });
  expect([withOne.status, withOne.json.ErrorCode]).toEqual([400, '3102']);
});

test('a body of another content type is 415, broken JSON 400 (SALTO facts §5)', async () => {
  const session = await simulated();
  const { path } = await harbourCampus(session);
  const tokens = await session.form(
    '/connect/token',
    { grant_type: 'password', username: OWNER.email, password: OWNER.password },
    { authorization: `Basic ${Buffer.from('back-office:back-office-simulated-secret').toString('base64')}` },
  );
  const send = (type: string, body: string) =>
    fetch(`${session.url}${path}/access_groups`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, authorization: `Bearer ${tokens.json.access_token}` },
    });
  expect((await send('text/plain', 'x')).status).toBe(415);
  expect((await send('application/json', '{')).status).toBe(400);
});
