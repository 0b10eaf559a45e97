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
  readClient(world.database, callerOf(kind, { subject })) as unknown as PrismaClient;

test('a model without a rule cannot be read, neither by itself nor below another', () => {
  const client = clientOf('service');
  for (const model of ['device', 'mobileKey', 'activation', 'integrationToken', 'consent', 'providerUser', 'signingKey'] as const) {
    expect(world.prisma[model]).toBeDefined();
    expect(client[model]).toBeUndefined();
  }
  expect(() => client.member.findMany({ include: { devices: true } })).toThrow('Device has no visibility rule');
  expect(() => client.unlock.findMany({ select: { device: true } })).toThrow('Device has no visibility rule');
  expect(() => client.location.findMany({ select: { integration: { select: { token: true } } } })).toThrow('visibility rule');
});

test('there is nothing in it that writes, and no raw statement', () => {
  const client = clientOf('service') as unknown as Record<string, Record<string, unknown> | undefined>;
  for (const write of ['create', 'createMany', 'update', 'updateMany', 'upsert', 'delete', 'deleteMany']) {
    expect(client['location']?.[write]).toBeUndefined();
  }
  for (const raw of ['$queryRaw', '$executeRaw', '$queryRawUnsafe', '$transaction', '$extends']) expect(client[raw]).toBeUndefined();
});

test('lists below a row are filtered too, however deep, and so are their counts', async () => {
  const client = clientOf('member');
  const booking = await client.booking.findFirstOrThrow({
    select: { member: { select: { bookings: true, rights: true, _count: { select: { rights: true, bookings: true } } } } },
  });
  expect(booking.member.rights).toEqual([]);
  expect(booking.member.bookings).toHaveLength(1);
  expect(booking.member._count).toEqual({ rights: 0, bookings: 1 });
  expect(() => client.booking.findFirst({ include: { member: { include: { _count: true } } } })).toThrow('name its relations');
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
