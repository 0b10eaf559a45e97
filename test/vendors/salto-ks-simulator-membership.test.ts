import { expect, test } from 'vitest';
import { groupCalled, harbourCampus, simulated } from './salto-ks-simulator-session.ts';

async function withGroup(name = 'Office 12') {
  const session = await simulated();
  const campus = await harbourCampus(session);
  const group = await groupCalled(campus.api, campus.siteId, name);
  const path = `${campus.path}/access_groups/${group}/users`;
  const newPerson = async (email: string) => (await campus.create(email)).json.user.id;
  const set = (switches: object) => session.control('PATCH', '/switches', switches);
  return { ...campus, control: session.control, group, groupPath: path, newPerson, set };
}

test('a batch adds and removes by platform id (SALTO facts §3)', async () => {
  const { api, groupPath, newPerson, members, group } = await withGroup();
  const [ann, ben, cat] = [await newPerson('ann@example.com'), await newPerson('ben@example.com'), await newPerson('cat@example.com')];
  expect((await api('PATCH', groupPath, { add_ids: [ann, ben], remove_ids: [] })).status).toBe(204);
  expect((await api('PATCH', groupPath, { add_ids: [cat], remove_ids: [ann] })).status).toBe(204);
  expect(await members(group)).toEqual([ben, cat]);
});

test.each([
  ['ok', 404, 0],
  ['partial', 404, 1],
  ['skip', 204, 1],
  ['refused_400', 400, 0],
  ['refused_405', 405, 0],
] as const)('an unknown id in a batch, switch %s: %i, %i of the known added (SALTO facts §9.4: unknown)', async (batch, status, added) => {
  const { api, groupPath, newPerson, members, group, set } = await withGroup();
  await set({ batch });
  const ann = await newPerson('ann@example.com');
  const answer = await api('PATCH', groupPath, { add_ids: [ann, 'f2b9b1c4-3b0c-4a5e-9c55-0d3a2f4e5a6b'] });
  expect(answer.status).toBe(status);
  expect(await members(group)).toHaveLength(added);
});

test('a batch beyond its limit is refused as a whole with 1100, its limit is a switch', async () => {
  const { api, groupPath, newPerson, members, group, set } = await withGroup();
  await set({ batchLimit: 1 });
  const people = [await newPerson('ann@example.com'), await newPerson('ben@example.com')];
  const answer = await api('PATCH', groupPath, { add_ids: people });
  expect([answer.status, answer.json.ErrorCode]).toEqual([400, '1100']);
  expect(await members(group)).toEqual([]);
});

test('adding twice and removing the absent answer as switched (SALTO facts §9.4: unknown)', async () => {
  const { api, groupPath, newPerson, set } = await withGroup();
  const ann = await newPerson('ann@example.com');
  const add = async () => (await api('POST', groupPath, { user_id: ann })).status;
  const remove = async () => (await api('DELETE', `${groupPath}/${ann}`)).status;
  expect([await add(), await add()]).toEqual([200, 200]);
  for (const duplicateAdd of [400, 409]) {
    await set({ duplicateAdd });
    expect(await add()).toBe(duplicateAdd);
  }
  expect([await remove(), await remove()]).toEqual([204, 204]);
  for (const absentRemove of [400, 404]) {
    await set({ absentRemove });
    expect(await remove()).toBe(absentRemove);
  }
});

test('a new person is unknown to groups (2202) and PINs (2203) until settled, in batches too (SALTO facts §0.5)', async () => {
  const { api, path, groupPath, create, control, set } = await withGroup();
  await set({ consistencyDelayMs: 60_000 });
  const { id, user } = (await create('ann@example.com')).json;
  const tries = async () => [
    await api('POST', groupPath, { user_id: user.id }),
    await api('PATCH', groupPath, { add_ids: [user.id] }),
    await api('PUT', `${path}/users/${id}/pin`, {}),
  ];
  expect((await tries()).map((answer) => [answer.status, answer.json.ErrorCode])).toEqual([
    [404, '2202'],
    [404, '2202'],
    [403, '2203'],
  ]);
  await control('POST', '/clock', { advanceMs: 60_000 });
  expect((await tries()).map((answer) => answer.status)).toEqual([200, 204, 200]);
});

test('people of the scenario have settled from the start', async () => {
  const { api, groupPath, set } = await withGroup();
  await set({ consistencyDelayMs: 60_000 });
  const me = (await api('GET', '/v1.2/me')).json.id;
  expect((await api('POST', groupPath, { user_id: me })).status).toBe(200);
});

test('lists of members lag behind as switched, the lock does not', async () => {
  const { api, groupPath, newPerson, members, group, control, set } = await withGroup();
  await set({ lateGroupReadsMs: 5_000 });
  const ann = await newPerson('ann@example.com');
  await api('POST', groupPath, { user_id: ann });
  expect(await members(group)).toEqual([]);
  const door = await control('GET', '/doors/try?email=ann@example.com&lockName=Office%2012');
  expect(door.json.opens).toBe(true);
  await control('POST', '/clock', { advanceMs: 5_000 });
  expect(await members(group)).toEqual([ann]);
  await api('DELETE', `${groupPath}/${ann}`);
  expect(await members(group)).toEqual([ann]);
  await control('POST', '/clock', { advanceMs: 5_000 });
  expect(await members(group)).toEqual([]);
});

test("the scenario has a group with people that are not the client's, and more can be put in by hand (SALTO facts §7)", async () => {
  const { api, siteId, members, control, group } = await withGroup();
  expect(await members(await groupCalled(api, siteId, 'Reception (theirs)'))).toHaveLength(2);
  const put = await control('POST', '/members', { group: 'Office 12', email: 'stranger@example.com' });
  expect(put.status).toBe(201);
  expect(await members(group)).toEqual([put.json.platformUserId]);
});
