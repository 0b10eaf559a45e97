import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClient } from '../../src/adapters/prisma/read-client.ts';
import type { PrismaClient } from '../../src/adapters/prisma/generated/client.ts';
import { plantHarbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await plantHarbour(world);
});
afterAll(() => world.close());

/** As a careless programmer would hold it: every method of every model. */
const clientOf = (kind: 'service' | 'member', subject = 'cas') =>
  readClient(world.prisma, callerOf(kind, { subject })) as unknown as PrismaClient;

test('a model without a rule is refused, at the root and below', async () => {
  const client = clientOf('service');
  await expect(client.device.findMany()).rejects.toThrow('Device has no visibility rule');
  await expect(client.integrationToken.findMany()).rejects.toThrow('visibility rule');
  await expect(client.member.findMany({ include: { devices: true } })).rejects.toThrow('Device has no visibility rule');
  await expect(client.unlock.findMany({ select: { device: true } })).rejects.toThrow('Device has no visibility rule');
});

test('writes and raw statements are refused', async () => {
  const client = clientOf('service');
  await expect(client.location.deleteMany()).rejects.toThrow('refuses');
  await expect(client.location.update({ where: { id: 'x' }, data: { name: 'y' } })).rejects.toThrow('refuses');
  await expect(client.$queryRaw`select 1`).rejects.toThrow('refuses');
  await expect(client.$executeRaw`select 1`).rejects.toThrow('refuses');
  expect(await world.prisma.location.count()).toBe(3);
});

test('lists below a row are filtered too, however deep, and so are their counts', async () => {
  const client = clientOf('member');
  const booking = await client.booking.findFirstOrThrow({
    select: { member: { select: { bookings: true, rights: true, _count: { select: { rights: true, bookings: true } } } } },
  });
  expect(booking.member.rights).toEqual([]);
  expect(booking.member.bookings).toHaveLength(1);
  expect(booking.member._count).toEqual({ rights: 0, bookings: 1 });
  await expect(client.booking.findFirst({ include: { member: { include: { _count: true } } } })).rejects.toThrow('name its relations');
});

test('what a caller filters by is added to what they may see, and cannot widen it', async () => {
  const client = clientOf('member');
  expect(
    await client.member.findMany({ where: { OR: [{ externalId: 'ada' }, { externalId: 'cas' }] }, select: { externalId: true } }),
  ).toEqual([{ externalId: 'cas' }]);
  expect(await client.member.findMany({ where: { AND: { externalId: 'ada' } } })).toEqual([]);
  expect(await client.member.count()).toBe(1);
  expect(await client.member.aggregate({ _count: true })).toEqual({ _count: 1 });
  expect(await client.location.findMany({ where: { orgId: 'rival' } })).toEqual([]);
});
