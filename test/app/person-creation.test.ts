import { expect, test } from 'vitest';
import { beginSteps } from '../../src/app/begin-steps.ts';
import type { Deps } from '../../src/app/deps.ts';
import { reconcileGroup } from '../../src/app/reconcile-group.ts';
import { gate } from '../adapters/queue-backends.ts';
import { connectedWorld, SECOND, type World } from './world.ts';

const [ROOM, OFFICE] = ['Meeting room 1', 'Office 12'];

/** Somebody whom the lock system does not know yet, and two groups they are to be in from now on. */
async function newcomer(): Promise<World> {
  const world = await connectedWorld();
  await world.room('room', ROOM);
  await world.room('office', OFFICE);
  await world.member('ada');
  for (const resource of ['room', 'office']) await world.book(resource, { resource, member: 'ada', from: '10:00', to: '16:00' });
  return world;
}

const creating = (world: World, createPerson: Deps['vendor']['createPerson']): Deps => ({
  ...world.deps,
  vendor: { ...world.deps.vendor, createPerson },
});

/** A creation that takes until the test says so. */
function slowCreation(world: World) {
  const [asked, mayAnswer] = [gate(), gate()];
  const slow = creating(world, async (...question) => {
    asked.open();
    await mayAnswer.opened;
    return world.deps.vendor.createPerson(...question);
  });
  return { slow, isAsked: asked.opened, answer: mayAnswer.open };
}

/** As a worker that is killed right after it leaves the group. */
async function beginOffice({ deps, groupId }: World): Promise<void> {
  const context = await deps.store.groupOf(await groupId(OFFICE));
  if (context !== null) await beginSteps(deps, context);
}

test.each([
  ['waits to put them in', () => Promise.resolve()],
  ['lost its worker, and waits to look who is in it', beginOffice],
])('who is being created for one group is let in by another one, which %s, as soon as they are created (B1)', async (_, before) => {
  const world = await newcomer();
  await before(world);
  const { slow, isAsked, answer } = slowCreation(world);
  const first = reconcileGroup(slow, { accessGroupId: await world.groupId(ROOM) });
  await isAsked;
  await world.drain();
  expect(await world.opens('ada', OFFICE)).toBe(false);
  answer();
  await first;
  await world.drain();
  expect([await world.opens('ada', ROOM), await world.opens('ada', OFFICE)]).toEqual([true, true]);
});

test('who is created while another group is about to wait for that is let in by it within three seconds (B1)', async () => {
  const world = await newcomer();
  const { slow, isAsked, answer } = slowCreation(world);
  const { store } = slow;
  // Nobody seems to wait yet.
  const transaction: typeof store.transaction = (orgId, work) =>
    store.transaction(orgId, (tx) => work({ ...tx, memberships: { ...tx.memberships, ofMember: () => Promise.resolve([]) } }));
  const first = reconcileGroup({ ...slow, store: { ...store, transaction } }, { accessGroupId: await world.groupId(ROOM) });
  await isAsked;
  await world.drain();
  answer();
  await first;
  await world.drain();
  expect([await world.opens('ada', ROOM), await world.opens('ada', OFFICE)]).toEqual([true, false]);
  await world.advance(3 * SECOND);
  expect(await world.opens('ada', OFFICE)).toBe(true);
});

test('a worker killed while it creates somebody holds up all of their groups for 45 seconds at most (X2)', async () => {
  const world = await newcomer();
  const killed = creating(world, () => Promise.reject(new Error('killed')));
  await expect(reconcileGroup(killed, { accessGroupId: await world.groupId(ROOM) })).rejects.toThrow('killed');
  await world.advance(45 * SECOND - 1);
  expect([await world.opens('ada', ROOM), await world.opens('ada', OFFICE)]).toEqual([false, false]);
  await world.advance(1);
  expect([await world.opens('ada', ROOM), await world.opens('ada', OFFICE)]).toEqual([true, true]);
});
