import { expect, test } from 'vitest';
import { connectedWorld } from './world.ts';

test('a booking opens its door at the first instant of its window and closes it at the end (B2)', async () => {
  const t0 = performance.now();
  const world = await connectedWorld();
  console.log('world', performance.now() - t0);
  await world.member('ada');
  await world.room('room', 'Meeting room 1');
  await world.book('one', { resource: 'room', member: 'ada', from: '12:00', to: '16:00' });
  console.log('told', performance.now() - t0);
  await world.at('11:29:59');
  expect(await world.opens('ada', 'Meeting room 1')).toBe(false);
  await world.at('11:30');
  expect(await world.opens('ada', 'Meeting room 1')).toBe(true);
  await world.at('16:29:59');
  expect(await world.opens('ada', 'Meeting room 1')).toBe(true);
  await world.at('16:30');
  expect(await world.opens('ada', 'Meeting room 1')).toBe(false);
  console.log('end', performance.now() - t0, await world.activity());
});
