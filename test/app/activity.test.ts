import { expect, test } from 'vitest';
import { setDigitalKeyVisibility } from '../../src/app/set-digital-key-visibility.ts';
import { done } from './telling.ts';
import { connectedWorld, type World } from './world.ts';

/** a change of a setting, and the same again */
const SETTINGS: [what: string, set: (world: World) => Promise<unknown>][] = [
  ['a plan’s group', (world) => world.planAccess('full', 'Office 12')],
  ['a resource’s group', (world) => world.resourceAccess('room', 'Office 12')],
  ['an item’s group', (world) => world.itemAccess('sub-full', 'Office 12')],
  ['the grace of bookings', (world) => world.grace(10, 10)],
  [
    'who sees the digital key',
    async (world) =>
      done(await setDigitalKeyVisibility(world.deps, world.admin, { location: world.externalId('harbour'), roles: ['MEMBER'] })),
  ],
];

test.each(SETTINGS)('a change of %s is told once, with who made it; the same again is none (X3)', async (_, set) => {
  const world = await connectedWorld();
  await world.plan('full');
  await world.room('room');
  await world.member('ada');
  await world.subscribe('sub', { member: 'ada', plans: ['full'] });
  await set(world);
  await set(world);
  const rows = await world.activity('SETTINGS_CHANGED');
  expect(rows.map(({ actor }) => actor)).toEqual(['admin:grace']);
});

test('each grant, revoke and first access is told once, of whom and where, and no word of it is personal (X3, K1)', async () => {
  const world = await connectedWorld();
  await world.room('room', 'Meeting room 1');
  await world.member('ada', { email: 'countess@example.com' });
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
  await world.book('two', { resource: 'room', member: 'ada', from: '15:00', to: '16:00' });
  await world.at('17:00');
  const rows = (await world.activity()).filter(({ member }) => member !== null);
  expect(rows.map(({ type, member, group, actor }) => [type, member, group, actor])).toEqual([
    ['KEY_AVAILABLE', 'ada', null, 'system'],
    ['ACCESS_GRANTED', 'ada', 'Meeting room 1', 'system'],
    ['ACCESS_REVOKED', 'ada', 'Meeting room 1', 'system'],
    ['ACCESS_GRANTED', 'ada', 'Meeting room 1', 'system'],
    ['ACCESS_REVOKED', 'ada', 'Meeting room 1', 'system'],
  ]);
  expect(JSON.stringify(await world.activity())).not.toContain('countess');
});

test('a connection shows the digital key to every role until somebody says otherwise (C5)', async () => {
  const world = await connectedWorld();
  const [row] = await world.sql<{ roles: string[] }>('select "digitalKeyVisibility"::text[] as roles from integration');
  expect([...(row?.roles ?? [])].sort()).toEqual(['ADMIN', 'GUEST', 'MEMBER']);
});
