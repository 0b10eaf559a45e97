import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsentRow } from '../../src/ports/rows.ts';
import type { Tx } from '../../src/ports/store.ts';
import { directory, HOUR, MINUTE, organisation, storeWorld } from './store-world.ts';
import type { Organisation, World } from './store-world.ts';

let world: World;
let ours: Organisation;
let theirs: Organisation;

beforeAll(async () => {
  world = await storeWorld();
  ours = await organisation(world);
  theirs = await organisation(world);
});
afterAll(() => world.close());

const within = <T>(org: Organisation, work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(org.orgId, work);

test('an integration is stored with what is said of it, and read with or without a lock', async () => {
  const org = await organisation(world);
  const { id } = org.integration;
  const change = {
    ...{ status: 'AUTHORIZING' as const, statusBefore: 'CONNECTED' as const, digitalKeyVisibility: ['ADMIN' as const, 'GUEST' as const] },
    ...{ pausedUntil: 1_000, unavailableSince: 2_000, entriesCursorAt: 3_000, entriesCursorId: 'e1', lastSyncedAt: 4_000 },
  };
  const updated = await within(org, (tx) => tx.integrations.update(id, change));
  expect(updated).toMatchObject({ id, ...change, siteExternalId: org.siteExternalId, siteHeld: true });
  expect(await within(org, (tx) => tx.integrations.get(id))).toEqual(updated);
  expect(await within(org, (tx) => tx.integrations.ofLocation(org.location.id, 'change'))).toEqual(updated);
  const none = await within(org, (tx) => tx.integrations.update(id, { digitalKeyVisibility: [] }));
  expect(none).toMatchObject({ digitalKeyVisibility: [] });
});

test('a site that another organisation’s location holds is taken, until it lets go; the transaction goes on meanwhile', async () => {
  const org = await organisation(world);
  const take = () =>
    within(org, async (tx) => {
      const answer = await tx.integrations.update(org.integration.id, { siteExternalId: theirs.siteExternalId, siteHeld: true });
      await tx.locations.update(org.location.id, { name: `tried ${answer === 'site-taken' ? 'in vain' : 'well'}` });
      return answer;
    });
  expect(await take()).toBe('site-taken');
  expect((await within(org, (tx) => tx.locations.find({ externalId: 'loc' })))?.name).toBe('tried in vain');
  expect(await within(org, (tx) => tx.integrations.get(org.integration.id))).toMatchObject({ siteExternalId: org.siteExternalId });
  // Knowing the site of before is no holding of it.
  const known = await within(org, (tx) =>
    tx.integrations.update(org.integration.id, { siteExternalId: theirs.siteExternalId, siteHeld: false }),
  );
  expect(known).toMatchObject({ siteExternalId: theirs.siteExternalId, siteHeld: false });
  expect(await within(org, (tx) => tx.integrations.update(org.integration.id, { siteHeld: true }))).toBe('site-taken');
  await within(theirs, (tx) => tx.integrations.update(theirs.integration.id, { siteHeld: false }));
  expect(await take()).toMatchObject({ siteExternalId: theirs.siteExternalId, siteHeld: true });
  await within(org, (tx) => tx.integrations.update(org.integration.id, { siteHeld: false }));
  await within(theirs, (tx) => tx.integrations.update(theirs.integration.id, { siteHeld: true }));
});

test('of two locations that take one free site at the same instant, one gets it and the other is told', async () => {
  const [one, other] = [await organisation(world), await organisation(world)];
  const siteExternalId = `site-${randomUUID()}`;
  const take = (tx: Tx, org: Organisation) => tx.integrations.update(org.integration.id, { siteExternalId, siteHeld: true });
  let runs = 0;
  let second: Promise<unknown> = Promise.resolve();
  const first = await within(one, async (tx) => {
    const taken = await take(tx, one);
    // Seen as free by the other, who waits for this transaction to end.
    second = within(other, (later) => {
      runs += 1;
      return take(later, other);
    });
    await world.someoneWaits();
    return taken;
  });
  expect(first).toMatchObject({ siteExternalId, siteHeld: true });
  expect(await second).toBe('site-taken');
  expect(runs).toBe(2);
});

test('a first consent that came to nothing leaves nothing', async () => {
  const org = await organisation(world);
  const location = await within(org, (tx) =>
    tx.locations.insert({ externalId: 'new', name: 'New', timeZone: 'UTC', graceBeforeMinutes: 0, graceAfterMinutes: 0, asOf: null }),
  );
  const made = await within(org, (tx) => tx.integrations.insert({ locationId: location.id, status: 'AUTHORIZING', statusBefore: null }));
  expect(made).toMatchObject({
    locationId: location.id,
    status: 'AUTHORIZING',
    siteHeld: false,
    digitalKeyVisibility: ['ADMIN', 'MEMBER', 'GUEST'],
  });
  await within(org, async (tx) => {
    await tx.integrations.saveTokens(made.id, { accessToken: 'a', refreshToken: 'r', expiresAt: tx.now });
    await tx.integrations.saveSites(made.id, [directory('s').site]);
    await tx.integrations.openProblem(made.id, { code: 'PROVIDER_UNAVAILABLE', accessGroupId: null, message: 'Out.' });
    await tx.integrations.delete(made.id);
  });
  expect(await within(org, (tx) => tx.integrations.ofLocation(location.id))).toBeNull();
});

const consent = (org: Organisation, change: Partial<ConsentRow> = {}): ConsentRow => ({
  ...{ stateHash: randomUUID(), locationId: org.location.id, startedBy: 'admin:ada', cookieHash: null, verifier: 'sealed' },
  ...{ expiresAt: Date.UTC(2100, 0, 1) },
  ...change,
});

test('a consent is taken out once, by one of many, and by its state alone', async () => {
  const row = consent(ours, { cookieHash: 'cookie' });
  await within(ours, (tx) => tx.integrations.addConsent(row));
  const taken = await Promise.all(Array.from({ length: 10 }, () => world.store.takeConsent(row.stateHash)));
  expect(taken.filter((each) => each !== null)).toEqual([{ ...row, orgId: ours.orgId }]);
  expect(await world.store.takeConsent('unknown')).toBeNull();
});

test('consents that ran out are listed, oldest first, and can still be taken out', async () => {
  const now = await world.store.now();
  const [older, newer] = [consent(ours, { expiresAt: now - HOUR }), consent(ours, { expiresAt: now - MINUTE })];
  for (const row of [newer, older, consent(ours)]) await within(ours, (tx) => tx.integrations.addConsent(row));
  expect(await world.store.expiredConsents(10)).toEqual([older.stateHash, newer.stateHash]);
  expect(await world.store.expiredConsents(1)).toEqual([older.stateHash]);
  expect(await world.store.takeConsent(older.stateHash)).toEqual({ ...older, orgId: ours.orgId });
  await within(ours, (tx) => tx.integrations.dropConsents(ours.location.id));
  expect(await world.store.takeConsent(newer.stateHash)).toBeNull();
  expect(await world.store.expiredConsents(10)).toEqual([]);
});

test('sites are saved as a whole or one by one, and those no longer told go', async () => {
  const org = await organisation(world);
  const { id } = org.integration;
  const site = (externalId: string, name: string) => ({ ...directory(externalId).site, name });
  const sites = () => within(org, (tx) => tx.integrations.sites(id));
  await within(org, (tx) => tx.integrations.saveSites(id, [site('b', 'Bay'), site('a', 'Annexe')]));
  expect(await sites()).toEqual([site('a', 'Annexe'), site('b', 'Bay')]);
  const changed = { ...site('b', 'Bay'), timeZone: null, seatsTotal: null, seatsUsed: null, released: false };
  await within(org, (tx) => tx.integrations.saveSites(id, [changed]));
  expect(await sites()).toEqual([changed]);
  await within(org, (tx) => tx.integrations.saveSite(id, site('c', 'Cove')));
  expect(await sites()).toEqual([changed, site('c', 'Cove')]);
});

test('a problem is open once for each group it is about, takes newer words, and may come again after it was closed', async () => {
  const org = await organisation(world);
  const { id } = org.integration;
  const open = (message: string) =>
    within(org, (tx) => tx.integrations.openProblem(id, { code: 'SEATS_FULL', accessGroupId: null, message }));
  const close = () => within(org, (tx) => tx.integrations.closeProblem(id, { code: 'SEATS_FULL', accessGroupId: null }));
  expect(await close()).toBe(false);
  expect([await open('First.'), await open('First.'), await open('Second.')]).toEqual(['opened', 'same', 'told-anew']);
  const problems = await within(org, (tx) => tx.integrations.problems(id));
  expect(problems).toMatchObject([{ code: 'SEATS_FULL', accessGroupId: null, message: 'Second.' }]);
  expect(problems[0]?.since).toBeLessThanOrEqual(await world.store.now());
  expect([await close(), await close()]).toEqual([true, false]);
  expect(await open('Again.')).toBe('opened');
  const about = (accessGroupId: string) => ({ code: 'ACCESS_AT_RISK' as const, accessGroupId });
  const risk = (group: string) => within(org, (tx) => tx.integrations.openProblem(id, { ...about(group), message: 'Shut.' }));
  expect([await risk(org.front.id), await risk(org.office.id), await risk(org.front.id)]).toEqual(['opened', 'opened', 'same']);
  expect(await within(org, (tx) => tx.integrations.closeProblem(id, about(org.front.id)))).toBe(true);
  const left = await within(org, (tx) => tx.integrations.problems(id));
  expect(left.map(({ accessGroupId }) => accessGroupId)).toEqual([null, org.office.id]);
});

test('a directory is taken over: groups and locks new, changed, missing and back, and which is in which', async () => {
  const org = await organisation(world);
  const { id } = org.integration;
  const told = directory(org.siteExternalId);
  const save = (change: Partial<typeof told>) =>
    within(org, (tx) => tx.groups.saveDirectory(id, org.siteExternalId, { ...told, ...change }));
  const groups = () => within(org, (tx) => tx.groups.ofIntegration(id));
  const locks = async (groupId: string) => (await within(org, (tx) => tx.groups.locks(groupId))).map(({ externalId }) => externalId);
  expect(await locks(org.office.id)).toEqual(['l-door', 'l-office']);

  const [front] = told.groups;
  const [door] = told.locks;
  if (front === undefined || door === undefined) throw new Error('The directory is empty.');
  const renamed = { ...front, name: 'Entrance', alwaysOpen: true, scheduled: false, lockExternalIds: [] };
  const added = { ...front, externalId: 'g-new', name: 'Studio', lockExternalIds: ['l-door', 'l-unknown', 'l-door'] };
  await save({ groups: [renamed, added], locks: [{ ...door, name: 'Gate' }] });
  const after = await groups();
  expect(after.map(({ name }) => name)).toEqual(['Entrance', 'Office', 'Studio']);
  expect(after[0]).toEqual({ ...org.front, name: 'Entrance', alwaysOpen: true, scheduled: false });
  expect(after[1]?.missingSince).not.toBeNull();
  expect(await locks(org.front.id)).toEqual([]);
  expect(await locks(org.office.id)).toEqual([]);
  expect(await within(org, (tx) => tx.groups.locks(after[2]?.id ?? ''))).toEqual([{ externalId: 'l-door', name: 'Gate' }]);

  await save({ groups: [renamed] });
  const missing = await groups();
  expect(missing[1]?.missingSince).toBe(after[1]?.missingSince);
  await save({});
  expect((await groups()).map(({ name, missingSince }) => [name, missingSince === null])).toEqual([
    ['Front', true],
    ['Office', true],
    ['Studio', false],
  ]);
});

test('groups of another site are another site’s: what is told of one leaves the other alone', async () => {
  const org = await organisation(world);
  const told = directory('elsewhere');
  await within(org, (tx) => tx.groups.saveDirectory(org.integration.id, 'elsewhere', { ...told, groups: told.groups.slice(0, 1) }));
  const groups = await within(org, (tx) => tx.groups.ofIntegration(org.integration.id));
  expect(groups).toHaveLength(3);
  expect(groups.every(({ missingSince }) => missingSince === null)).toBe(true);
  expect(await within(org, (tx) => tx.groups.locks(org.office.id))).toHaveLength(2);
});

test('strangers are counted and a missing group is marked', async () => {
  const org = await organisation(world);
  await within(org, async (tx) => {
    await tx.groups.setStrangers([{ accessGroupId: org.front.id, strangers: 3 }]);
    await tx.groups.setMissing(org.office.id, 5_000);
  });
  expect(await within(org, (tx) => tx.groups.get(org.front.id))).toMatchObject({ strangers: 3, missingSince: null });
  expect(await within(org, (tx) => tx.groups.get(org.office.id))).toMatchObject({ strangers: 0, missingSince: 5_000 });
});

test('a different site clears the mappings to the groups of before and tells whose; mappings to its own groups stay', async () => {
  const org = await organisation(world);
  const member = await org.member();
  const subscription = await org.subscription({ memberId: member.id });
  const item = await org.item(subscription.id);
  await within(org, (tx) => tx.groups.saveDirectory(org.integration.id, 'next', directory('next')));
  const next = (await within(org, (tx) => tx.groups.ofIntegration(org.integration.id))).find((group) => group.siteExternalId === 'next');
  const kept = await org.item((await org.subscription({ memberId: member.id })).id, { accessGroupId: next?.id ?? null });
  const cleared = await within(org, (tx) => tx.groups.clearMappings(org.location.id, 'next'));
  expect(cleared).toEqual({ subscriptionIds: [subscription.id], resourceIds: [org.room.id] });
  const mapped = await within(org, async (tx) => [
    (await tx.plans.find({ id: org.plan.id }))?.accessGroupId,
    (await tx.resources.find({ id: org.room.id }))?.accessGroupId,
    (await tx.items.find({ id: item.id }))?.accessGroupId,
    (await tx.items.find({ id: kept.id }))?.accessGroupId,
  ]);
  expect(mapped).toEqual([null, null, null, next?.id]);
});

test('a stranger’s connection is neither read nor written', async () => {
  const { id } = theirs.integration;
  const member = await ours.member();
  await expect(within(ours, (tx) => tx.integrations.update(id, { status: 'DISCONNECTED' }))).rejects.toThrow('No such integration');
  await expect(within(ours, (tx) => tx.integrations.addConsent(consent(theirs)))).rejects.toThrow('No such location');
  await expect(
    within(ours, (tx) => tx.integrations.saveTokens(id, { accessToken: 'a', refreshToken: null, expiresAt: 0 })),
  ).rejects.toThrow('No such integration');
  const kept = consent(theirs);
  await within(theirs, async (tx) => {
    await tx.integrations.addConsent(kept);
    await tx.integrations.openProblem(id, { code: 'PROVIDER_UNAVAILABLE', accessGroupId: null, message: 'Out.' });
    await tx.integrations.saveTokens(id, { accessToken: 'a', refreshToken: null, expiresAt: Date.UTC(2100, 0, 1) });
  });
  const before = await within(theirs, async (tx) => [
    await tx.integrations.get(id),
    await tx.integrations.sites(id),
    await tx.groups.ofIntegration(id),
  ]);
  const seen = await within(ours, async (tx) => {
    await tx.integrations.delete(id);
    await tx.integrations.dropTokens(id);
    await tx.integrations.dropConsents(theirs.location.id);
    await tx.integrations.saveSites(id, []);
    await tx.groups.saveDirectory(id, theirs.siteExternalId, { ...directory(theirs.siteExternalId), groups: [], locks: [] });
    await tx.groups.saveDirectory(id, 'planted', directory('planted'));
    await tx.groups.setStrangers([{ accessGroupId: theirs.front.id, strangers: 9 }]);
    await tx.groups.setMissing(theirs.front.id, tx.now);
    await tx.groups.clearMappings(theirs.location.id, 'none');
    return [
      await tx.integrations.get(id),
      await tx.integrations.openProblem(id, { code: 'SEATS_FULL', accessGroupId: null, message: 'Mischief.' }),
      await tx.integrations.closeProblem(id, { code: 'PROVIDER_UNAVAILABLE', accessGroupId: null }),
      await tx.integrations.problems(id),
      await tx.integrations.sites(id),
      await tx.groups.ofIntegration(id),
      await tx.groups.get(theirs.front.id),
      'row' in (await tx.providerUsers.claim(id, theirs.siteExternalId, member.id, member.email, MINUTE)),
    ];
  });
  expect(seen).toEqual([null, 'same', false, [], [], [], null, false]);
  const after = await within(theirs, async (tx) => [
    await tx.integrations.get(id),
    await tx.integrations.sites(id),
    await tx.groups.ofIntegration(id),
  ]);
  expect(after).toEqual(before);
  expect(await world.store.takeConsent(kept.stateHash)).not.toBeNull();
  expect(await world.store.connectionToken(id, null, () => Promise.reject(new Error('No refresh was due.')))).toEqual({
    ok: true,
    value: 'a',
  });
});
