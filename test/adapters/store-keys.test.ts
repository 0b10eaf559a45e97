import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActivationRow, MobileKeyRow } from '../../src/ports/rows.ts';
import type { Tx } from '../../src/ports/store.ts';
import { barrier, DAY, HOUR, organisation, storeWorld } from './store-world.ts';
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

const inOurs = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(ours.orgId, work);

async function phone(org: Organisation = ours, memberId?: string) {
  const member = memberId ?? (await org.member()).id;
  const told = { memberId: member, uid: randomUUID(), name: 'Phone', publicKey: 'key' };
  return world.store.transaction(org.orgId, (tx) => tx.keys.saveDevice(told));
}

type Phone = Awaited<ReturnType<typeof phone>>;

const activationOf = (device: Phone, change: Partial<ActivationRow> = {}, org: Organisation = ours): ActivationRow => ({
  ...{
    id: world.secrets.newId(),
    memberId: device.memberId,
    locationId: org.location.id,
    integrationId: org.integration.id,
    deviceId: device.id,
  },
  ...{
    status: 'ACTIVATING',
    ticketHash: randomUUID(),
    ticketExpiresAt: Date.UTC(2100, 0, 1),
    ticketUsedAt: null,
    stateHash: null,
    verifier: null,
  },
  ...{ sealedTokens: null, tokensExpireAt: null, startedAt: 1_000, deadline: 61_000, finishedAt: null, failureMessage: null },
  ...change,
});

async function activated(device: Phone, change: Partial<ActivationRow> = {}): Promise<ActivationRow> {
  const row = activationOf(device, change);
  await inOurs((tx) => tx.keys.beginActivation(row, 'Replaced.', 0));
  return row;
}

const keyOf = (device: Phone, change: Partial<MobileKeyRow> = {}, org: Organisation = ours): MobileKeyRow => ({
  ...{
    id: world.secrets.newId(),
    memberId: device.memberId,
    locationId: org.location.id,
    integrationId: org.integration.id,
    deviceId: device.id,
  },
  ...{
    siteExternalId: org.siteExternalId,
    providerDeviceId: 'pd',
    providerKeyId: null,
    sealedKey: 'sealed',
    issuedAt: 1_000,
    expiresAt: 9_000,
  },
  ...{ renewAt: 8_000, cancelledAt: null, sealedTokens: 'tokens', tokensExpireAt: null, activatedAt: 1_000 },
  ...change,
});

test('a phone told again keeps its row and what was allowed on it', async () => {
  const device = await phone();
  await inOurs((tx) => tx.keys.allowBluetooth(device.id, 5_000));
  const again = await inOurs((tx) =>
    tx.keys.saveDevice({ memberId: device.memberId, uid: device.uid, name: 'New name', publicKey: 'new' }),
  );
  expect(again).toEqual({ ...device, name: 'New name', publicKey: 'new', bluetoothAllowedAt: 5_000 });
  expect(await inOurs((tx) => tx.keys.device(device.memberId, device.uid))).toEqual(again);
  expect(await inOurs((tx) => tx.keys.deviceById(device.id))).toEqual(again);
  expect(await inOurs((tx) => tx.keys.device(device.memberId, 'other'))).toBeNull();
});

test('what is under way on a phone is failed at once, and nothing of another phone; what is long over is forgotten', async () => {
  const one = await phone();
  const other = await phone(ours, one.memberId);
  const past = await activated(one, { status: 'DONE', startedAt: 999, finishedAt: 2_000 });
  const done = await activated(one, { status: 'DONE', finishedAt: 2_000 });
  const signedIn = await activated(one, {
    status: 'SIGNED_IN',
    verifier: 'v',
    stateHash: randomUUID(),
    sealedTokens: 't',
    tokensExpireAt: 3_000,
  });
  const ofOther = await activated(other);
  const next = activationOf(one, { startedAt: 500 });
  const now = await inOurs(async (tx) => {
    await tx.keys.beginActivation(next, 'Replaced.', 1_000);
    return tx.now;
  });
  const stored = (id: string) => inOurs((tx) => tx.keys.activation(id));
  expect(await stored(next.id)).toEqual(next);
  expect(await stored(past.id)).toBeNull();
  expect(await stored(done.id)).toEqual(done);
  expect(await stored(ofOther.id)).toEqual(ofOther);
  const failed = { status: 'FAILED', finishedAt: now, failureMessage: 'Replaced.', sealedTokens: null };
  expect(await stored(signedIn.id)).toEqual({ ...signedIn, ...failed });
});

test('unlocks of long ago are forgotten, the member’s own and no others', async () => {
  const one = await phone();
  const other = await phone();
  const at = (startedAt: number, { id: deviceId, memberId } = one) =>
    inOurs((tx) => {
      const row = { memberId, locationId: ours.location.id, deviceId, outcome: null, startedAt, finishedAt: null };
      return tx.keys.insertUnlock({ ...row, status: 'READY' });
    });
  const [old, recent, ofOther] = [await at(1_000), await at(5_000), await at(1_000, other)];
  await inOurs((tx) => tx.keys.forgetUnlocks(one.memberId, 5_000));
  const kept = await Promise.all([old, recent, ofOther].map(({ id }) => inOurs((tx) => tx.keys.unlock(id))));
  expect(kept.map((row) => row?.id ?? null)).toEqual([null, recent.id, ofOther.id]);
});

test('an activation is written only where its status is as expected: of ten that end it, one does', async () => {
  const activation = await activated(await phone());
  const end = (finishedAt: number) =>
    inOurs((tx) => tx.keys.updateActivation(activation.id, ['ACTIVATING', 'SIGNED_IN'], { status: 'DONE', finishedAt }));
  const ended = (await Promise.all(Array.from({ length: 10 }, (_, n) => end(n + 1)))).filter((row) => row !== null);
  expect(ended).toHaveLength(1);
  expect(await inOurs((tx) => tx.keys.activation(activation.id))).toEqual(ended[0]);
});

test('a ticket is good once, whoever asks first, and looking at it does not use it', async () => {
  const device = await phone();
  const activation = await activated(device);
  const named = { orgId: ours.orgId, activationId: activation.id, memberId: device.memberId };
  expect(await world.store.ticket([activation.ticketHash], false)).toEqual(named);
  const used = await Promise.all(Array.from({ length: 10 }, () => world.store.ticket(['unknown', activation.ticketHash], true)));
  expect(used.filter((each) => each !== null)).toEqual([named]);
  expect(await world.store.ticket([activation.ticketHash], false)).toBeNull();
  expect(await world.store.ticket([], false)).toBeNull();
});

test('of several tickets the newest is taken, and an expired one never', async () => {
  const one = await phone();
  const [other, third] = [await phone(ours, one.memberId), await phone(ours, one.memberId)];
  const older = await activated(one, { startedAt: 1_000 });
  const newer = await activated(other, { startedAt: 2_000 });
  const expired = await activated(third, { startedAt: 3_000, ticketExpiresAt: (await world.store.now()) - 1 });
  const hashes = [older, newer, expired].map(({ ticketHash }) => ticketHash);
  expect((await world.store.ticket(hashes, true))?.activationId).toBe(newer.id);
  expect((await world.store.ticket(hashes, true))?.activationId).toBe(older.id);
  expect(await world.store.ticket(hashes, true)).toBeNull();
});

test('an activation is found by the state of its sign-in', async () => {
  const activation = await activated(await phone(), { stateHash: randomUUID() });
  expect(await world.store.activationByState(activation.stateHash ?? '')).toEqual({ orgId: ours.orgId, activationId: activation.id });
  expect(await world.store.activationByState('unknown')).toBeNull();
});

test('a phone has one key per connection: renewed it keeps its id, to which its secret is bound', async () => {
  const device = await phone();
  const key = keyOf(device);
  expect(await inOurs((tx) => tx.keys.mobileKeyIdFor(device.id, ours.integration.id))).toBeNull();
  expect(await inOurs((tx) => tx.keys.saveMobileKey(key))).toEqual(key);
  expect(await inOurs((tx) => tx.keys.mobileKeyIdFor(device.id, ours.integration.id))).toBe(key.id);
  const renewed = { ...key, sealedKey: 'again', expiresAt: 99_000, providerKeyId: 'pk', sealedTokens: null, tokensExpireAt: 5_000 };
  expect(await inOurs((tx) => tx.keys.saveMobileKey(renewed))).toEqual(renewed);
  await inOurs((tx) => tx.keys.updateMobileKey(key.id, { cancelledAt: 7_000 }));
  const stored = { ...renewed, cancelledAt: 7_000 };
  expect(await inOurs((tx) => tx.keys.mobileKey(key.id))).toEqual(stored);
  expect(await inOurs((tx) => tx.keys.mobileKeys(device.memberId, ours.location.id))).toEqual([{ ...stored, deviceUid: device.uid }]);
  expect(await inOurs((tx) => tx.keys.mobileKeysOfDevice(device.id))).toEqual([stored]);
});

test('two that store the first key of a phone at once: the second runs again and finds the id of the first', async () => {
  const device = await phone();
  const both = barrier(2);
  let runs = 0;
  const save = () =>
    inOurs(async (tx) => {
      runs += 1;
      const id = (await tx.keys.mobileKeyIdFor(device.id, ours.integration.id)) ?? world.secrets.newId();
      if (runs <= 2) await both();
      return tx.keys.saveMobileKey(keyOf(device, { id, sealedKey: `for ${id}` }));
    });
  const [one, other] = await Promise.all([save(), save()]);
  expect(one).toEqual(other);
  expect(one.sealedKey).toBe(`for ${one.id}`);
  expect(runs).toBe(3);
});

test('an unlock is written until it is finished, and not after', async () => {
  const device = await phone();
  const told = {
    memberId: device.memberId,
    locationId: ours.location.id,
    deviceId: device.id,
    outcome: null,
    startedAt: 1_000,
    finishedAt: null,
  };
  const unlock = await inOurs((tx) => tx.keys.insertUnlock({ ...told, status: 'READY' }));
  const update = (change: Parameters<Tx['keys']['updateUnlock']>[1]) => inOurs((tx) => tx.keys.updateUnlock(unlock.id, change));
  const sent = await update({ status: 'SIGNAL_SENT', outcome: 'SIGNAL_SENT', finishedAt: 2_000 });
  expect(sent).toEqual({ ...unlock, status: 'SIGNAL_SENT', outcome: 'SIGNAL_SENT', finishedAt: 2_000 });
  expect(await update({ status: 'FAILED' })).toBeNull();
  expect(await inOurs((tx) => tx.keys.unlock(unlock.id))).toEqual(sent);
});

test('all that a digital key is judged by comes in one statement', async () => {
  const member = await ours.member({ role: 'GUEST' });
  const facts = () => world.store.digitalKeyFacts(ours.orgId, member.externalId, { externalId: ours.location.externalId });
  const integration = {
    ...{
      id: ours.integration.id,
      status: 'CONNECTED',
      visibility: ['ADMIN', 'MEMBER', 'GUEST'],
      siteSupportsKeys: true,
      wasConnected: false,
    },
  };
  const { asOf: _asOf, ...location } = ours.location;
  const found = {
    location,
    member: { id: member.id, role: 'GUEST' },
    integration,
    firstBegunAt: null,
    nextStartsAt: null,
    activations: [],
    keys: [],
  };
  expect(await facts()).toEqual(found);

  const one = await phone(ours, member.id);
  const other = await phone(ours, member.id);
  await activated(one, { startedAt: 1_000, status: 'FAILED', failureMessage: 'Too long.' });
  await activated(one, { startedAt: 2_000, status: 'FAILED', failureMessage: 'Refused.' });
  await activated(other, { startedAt: 3_000 });
  const key = await inOurs((tx) => tx.keys.saveMobileKey(keyOf(other, { cancelledAt: 4_000 })));
  await inOurs((tx) => tx.keys.saveMobileKey(keyOf(one, { siteExternalId: 'site of before' })));
  const item = await ours.item((await ours.subscription({ memberId: member.id })).id);
  const now = await world.store.now();
  const right = { memberId: member.id, accessGroupId: ours.front.id, reason: 'SUBSCRIPTION' as const, endsAt: null };
  const booking = await ours.booking(member.id, now + DAY);
  await inOurs((tx) =>
    tx.rights.apply({
      ...{ close: [], withdraw: [], move: [] },
      add: [
        { ...right, source: { kind: 'item', id: item.id }, startsAt: now - HOUR },
        { ...right, source: { kind: 'booking', id: booking.id }, startsAt: now + DAY },
      ],
    }),
  );
  const told = { deadline: 61_000, failureMessage: null };
  expect(await facts()).toEqual({
    ...found,
    ...{ firstBegunAt: now - HOUR, nextStartsAt: now + DAY },
    activations: [
      { ...told, deviceUid: other.uid, status: 'ACTIVATING', startedAt: 3_000 },
      { ...told, deviceUid: one.uid, status: 'FAILED', startedAt: 2_000, failureMessage: 'Refused.' },
    ],
    keys: [{ deviceUid: other.uid, activatedAt: key.activatedAt, expiresAt: key.expiresAt, cancelledAt: 4_000 }],
  });
  const before = world.statements();
  await world.store.digitalKeyFacts(ours.orgId, member.externalId, ours.location);
  expect(world.statements() - before).toBe(1);
});

test('a removed or unknown member, a location without a connection, and a connection being renewed are told as such', async () => {
  const org = await organisation(world);
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(org.orgId, work);
  const member = await org.member();
  await within((tx) => tx.members.update(member.id, { removedAt: tx.now }));
  const facts = (subject: string | null, id = org.location.id) => world.store.digitalKeyFacts(org.orgId, subject, { id });
  expect((await facts(member.externalId))?.member).toBeNull();
  expect((await facts('nobody'))?.member).toBeNull();
  expect((await facts(null))?.member).toBeNull();
  const { id: _id, ...location } = org.location;
  const bare = await within((tx) => tx.locations.insert({ ...location, externalId: 'bare' }));
  expect((await facts(null, bare.id))?.integration).toBeNull();
  await within(async (tx) => {
    const change = {
      status: 'AUTHORIZING' as const,
      statusBefore: 'NEEDS_REAUTHORIZATION' as const,
      digitalKeyVisibility: ['MEMBER' as const],
    };
    await tx.integrations.update(org.integration.id, change);
    await tx.integrations.saveSite(org.integration.id, {
      ...{ externalId: org.siteExternalId, name: 'Harbour', timeZone: null, digitalKeysSupported: false, released: true },
      ...{ seatsTotal: null, seatsUsed: null },
    });
  });
  expect((await facts(null))?.integration).toMatchObject({
    ...{ status: 'AUTHORIZING', wasConnected: true, visibility: ['MEMBER'], siteSupportsKeys: false },
  });
  await within((tx) => tx.integrations.update(org.integration.id, { statusBefore: 'DISCONNECTED' }));
  expect((await facts(null))?.integration).toMatchObject({ wasConnected: false });
});

test('a stranger’s phones, activations, keys and unlocks are neither read nor written', async () => {
  const device = await phone(theirs);
  const inTheirs = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.transaction(theirs.orgId, work);
  const activation = activationOf(device, {}, theirs);
  await inTheirs((tx) => tx.keys.beginActivation(activation, 'Replaced.', 0));
  const key = await inTheirs((tx) => tx.keys.saveMobileKey(keyOf(device, {}, theirs)));
  const told = {
    memberId: device.memberId,
    locationId: theirs.location.id,
    deviceId: device.id,
    outcome: null,
    startedAt: 1_000,
    finishedAt: null,
  };
  const unlock = await inTheirs((tx) => tx.keys.insertUnlock({ ...told, status: 'READY' }));
  const seen = await inOurs(async (tx) => {
    await tx.keys.allowBluetooth(device.id, 1);
    await tx.keys.forgetUnlocks(device.memberId, Date.now());
    return [
      await tx.keys.device(device.memberId, device.uid),
      await tx.keys.deviceById(device.id),
      await tx.keys.activation(activation.id),
      await tx.keys.updateActivation(activation.id, ['ACTIVATING'], { status: 'DONE' }),
      await tx.keys.mobileKey(key.id),
      await tx.keys.mobileKeys(device.memberId, theirs.location.id),
      await tx.keys.mobileKeysOfDevice(device.id),
      await tx.keys.mobileKeyIdFor(device.id, theirs.integration.id),
      await tx.keys.unlock(unlock.id),
      await tx.keys.updateUnlock(unlock.id, { status: 'FAILED' }),
    ];
  });
  expect(seen).toEqual([null, null, null, null, null, [], [], null, null, null]);
  for (const refused of [
    (tx: Tx) => tx.keys.saveDevice({ memberId: device.memberId, uid: device.uid, name: 'Mine', publicKey: 'mine' }),
    (tx: Tx) => tx.keys.beginActivation(activationOf(device), 'Mine.', 2_000),
    (tx: Tx) => tx.keys.saveMobileKey(key),
    (tx: Tx) => tx.keys.updateMobileKey(key.id, { sealedKey: 'mine' }),
    (tx: Tx) => tx.keys.insertUnlock({ ...told, status: 'READY' }),
  ]) {
    await expect(inOurs<unknown>(refused)).rejects.toThrow(/^No such/);
  }
  // Even with everything referred to of our own, the row of another cannot be overwritten.
  const own = await phone();
  await expect(inOurs((tx) => tx.keys.saveMobileKey(keyOf(own, { id: key.id })))).rejects.toThrow(/^No such/);
  expect(await inTheirs((tx) => tx.keys.mobileKey(key.id))).toEqual(key);
  expect(await inTheirs((tx) => tx.keys.deviceById(device.id))).toEqual(device);
  expect(await inTheirs((tx) => tx.keys.activation(activation.id))).toEqual(activation);
  expect(await world.store.digitalKeyFacts(ours.orgId, null, theirs.location)).toBeNull();
});
