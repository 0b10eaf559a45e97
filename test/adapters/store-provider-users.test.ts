import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { MINUTE, organisation, storeWorld } from './store-world.ts';
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

/** The claim, or null where another run has it. */
const claimBy = (org: Organisation, memberId: string, email: string, leaseMs = MINUTE) =>
  within(org, async (tx) => {
    const claim = await tx.providerUsers.claim(org.integration.id, org.siteExternalId, memberId, email, leaseMs);
    return 'row' in claim ? claim : null;
  });

test('the creation of a person is claimed by one of many; the claim is given back with what was found', async () => {
  const member = await ours.member();
  const claim = () => claimBy(ours, member.id, member.email);
  const claims = (await Promise.all(Array.from({ length: 8 }, () => claim()))).filter((each) => each !== null);
  expect(claims).toHaveLength(1);
  const [first] = claims;
  expect(first?.row).toMatchObject({ memberId: member.id, siteUserId: null, platformUserId: null, email: member.email, blocked: false });
  const found = { siteUserId: 's1', platformUserId: 'p1', createdThereAt: 1_000, settledAt: null, subscriptionState: 'subscribed' };
  await within(ours, (tx) => tx.providerUsers.settle(first?.row.id ?? '', first?.token ?? '', { ...found, email: member.email }));
  expect(await claim()).toEqual({ row: { ...first?.row, ...found }, token: null });
  expect(await within(ours, (tx) => tx.providerUsers.byPlatformIds(ours.integration.id, ['p1', 'p2']))).toHaveLength(1);
  expect(await within(ours, (tx) => tx.providerUsers.ofMember(member.id))).toHaveLength(1);
  await within(ours, (tx) =>
    tx.providerUsers.update([{ id: first?.row.id ?? '', subscriptionState: null, blocked: true, settledAt: 9_000 }]),
  );
  expect(await within(ours, (tx) => tx.providerUsers.ofMembers(ours.integration.id, ours.siteExternalId, [member.id]))).toMatchObject([
    { siteUserId: 's1', subscriptionState: null, blocked: true, settledAt: 9_000 },
  ]);
});

test('a claim that nobody gave back is free when its lease is over, and who lost it stores nothing', async () => {
  const member = await ours.member();
  const claim = (leaseMs: number) => claimBy(ours, member.id, member.email, leaseMs);
  const lost = await claim(-1);
  const held = await claim(MINUTE);
  expect(held?.token).not.toBe(lost?.token);
  await within(ours, (tx) =>
    tx.providerUsers.settle(lost?.row.id ?? '', lost?.token ?? '', { siteUserId: 'late', platformUserId: 'late' }),
  );
  expect(await claim(MINUTE)).toBeNull();
  await within(ours, (tx) => tx.providerUsers.settle(held?.row.id ?? '', held?.token ?? '', {}));
  expect((await claim(MINUTE))?.row).toMatchObject({ siteUserId: null, platformUserId: null });
});

test('who comes second is told until when the claim is held', async () => {
  const member = await ours.member();
  const claim = () =>
    within(ours, async (tx) => ({
      ...(await tx.providerUsers.claim(ours.integration.id, ours.siteExternalId, member.id, member.email, MINUTE)),
      now: tx.now,
    }));
  const [first, second] = [await claim(), await claim()];
  expect(second).toEqual({ now: second.now, heldUntil: first.now + MINUTE });
});

test('a person known under another address is claimed to be linked anew, and stays as it was until that is settled', async () => {
  const member = await ours.member();
  const claim = (email: string) => claimBy(ours, member.id, email);
  const first = await claim('old@example.com');
  await within(ours, (tx) => tx.providerUsers.settle(first?.row.id ?? '', first?.token ?? '', { siteUserId: 's', platformUserId: 'p' }));
  const again = await claim('new@example.com');
  expect(again?.token).not.toBeNull();
  expect(again?.row).toMatchObject({ email: 'old@example.com', platformUserId: 'p' });
  expect(await claim('new@example.com')).toBeNull();
});

test('a stranger’s people at the provider are neither read nor written', async () => {
  const member = await theirs.member();
  const claim = await claimBy(theirs, member.id, member.email);
  const claimed = claim?.row.id ?? '';
  await within(theirs, (tx) => tx.providerUsers.settle(claimed, claim?.token ?? '', { siteUserId: 's9', platformUserId: 'p9' }));
  const stored = await within(theirs, (tx) => tx.providerUsers.ofMember(member.id));
  expect(stored).toMatchObject([{ id: claimed, platformUserId: 'p9' }]);
  const seen = await within(ours, async (tx) => {
    await tx.providerUsers.settle(claimed, null, { platformUserId: 'mine' });
    await tx.providerUsers.update([{ id: claimed, subscriptionState: 'mine', blocked: true, settledAt: 1 }]);
    return [
      await tx.providerUsers.ofMember(member.id),
      await tx.providerUsers.ofMembers(theirs.integration.id, theirs.siteExternalId, [member.id]),
      await tx.providerUsers.byPlatformIds(theirs.integration.id, ['p9']),
    ];
  });
  expect(seen).toEqual([[], [], []]);
  expect(await within(theirs, (tx) => tx.providerUsers.ofMember(member.id))).toEqual(stored);
});
