import { expect, test } from 'vitest';
import { setPlanAccess } from '../../src/app/set-plan-access.ts';
import { setResourceAccess } from '../../src/app/set-resource-access.ts';
import { setSubscriptionItemAccess } from '../../src/app/set-subscription-item-access.ts';
import { MILLER } from './telling.ts';
import { connectedWorld, createWorld, MINUTE, type World } from './world.ts';

/** everything that may be mapped */
async function mappable(world: World): Promise<void> {
  await world.plan('full');
  await world.room('room');
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
}

const maps = {
  plan: (world: World, accessGroup: string) => setPlanAccess(world.deps, world.admin, { plan: { externalId: 'full' }, accessGroup }),
  resource: (world: World, accessGroup: string) =>
    setResourceAccess(world.deps, world.admin, { resource: { externalId: 'room' }, accessGroup }),
  item: (world: World, accessGroup: string) =>
    setSubscriptionItemAccess(world.deps, world.admin, { subscriptionItem: { externalId: 'sub-full' }, accessGroup }),
};
const MAPPABLE = ['plan', 'resource', 'item'] as const;

test.each(MAPPABLE)('a %s cannot be mapped to a group of another location (C1)', async (what) => {
  const world = await connectedWorld();
  await world.location('mill');
  await world.connect('mill', { account: MILLER, site: 'Old Mill' });
  await mappable(world);
  const answer = await maps[what](world, await world.groupId('Mill members', 'mill'));
  expect(answer).toMatchObject({ name: 'InvalidInputError', issues: [{ path: ['accessGroup'] }] });
});

test.each(MAPPABLE)('a %s cannot be mapped where nothing is connected', async (what) => {
  const world = await createWorld();
  await world.location('harbour');
  await mappable(world);
  expect(await maps[what](world, world.deps.secrets.newId())).toMatchObject({ name: 'IntegrationNotConnectedError' });
});

test.each(MAPPABLE)('a %s cannot be mapped to a group that does not exist', async (what) => {
  const world = await connectedWorld();
  await mappable(world);
  expect(await maps[what](world, world.deps.secrets.newId())).toMatchObject({ name: 'NotFoundError' });
});

test('a group deleted at SALTO KS blocks its grants and says so, and back again it is filled (C6, X2)', async () => {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  await world.member('ada');
  const { groups } = world.simulator.state;
  const group = [...groups.values()].find(({ name }) => name === 'Meeting room 1');
  if (group === undefined) throw new Error('the scenario has the group');
  groups.delete(group.id);
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '12:00' });
  await world.drain();
  const stored = () =>
    world.sql<{ state: string; cause: string | null; missing: boolean }>(
      `select m.state, m."blockedCause" as cause, g."missingSince" is not null as missing
       from group_membership m join access_group g on g.id = m."accessGroupId"`,
    );
  expect(await stored()).toEqual([{ state: 'BLOCKED', cause: 'GROUP_MISSING', missing: true }]);
  expect(await world.activity('ACCESS_FAILED')).toHaveLength(1);
  groups.set(group.id, group);
  await world.advance(10 * MINUTE);
  expect(await stored()).toEqual([{ state: 'ACTIVE', cause: null, missing: false }]);
  expect(await world.opens('ada', 'Meeting room 1')).toBe(true);
  expect(await world.activity('ACCESS_FAILED')).toHaveLength(1);
});

test('a group deleted at SALTO KS with people in it leaves nobody to revoke (X2)', async () => {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  await world.member('ada');
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '11:00' });
  await world.drain();
  await world.dashboard('DELETE', '/groups/Meeting%20room%201');
  await world.at('11:30');
  const [row] = await world.sql<{ state: string }>('select state from group_membership');
  expect(row?.state).toBe('ABSENT');
  expect(await world.activity('ACCESS_REVOKED')).toHaveLength(1);
});
