// The bare API that P3, P4 and P5 are held against: Yoga, Pothos and Prisma with our connection settings, graphql-ws, Redis' publish and
// subscribe; no tokens, limits, tenancy, log or metrics, and no thought about what the rows mean.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga } from 'graphql-yoga';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { connect } from '../../src/adapters/prisma/connection.ts';
import { datamodel } from '../../src/adapters/prisma/datamodel.ts';
import type PrismaTypes from '../../src/adapters/prisma/generated/pothos.ts';
import { given, ready } from './ready.ts';

const POOL_SIZE = 20;
/** As ours: who measures lets a connection rest while the other side has its turn. */
const KEEP_ALIVE_MS = 72_000;
const AS_OURS = { isolationLevel: 'ReadCommitted', maxWait: 5_000, timeout: 20_000 } as const;
const { prisma } = connect(given('DATABASE_URL'), { poolSize: POOL_SIZE });
const publisher = new Redis(given('REDIS_URL'));
const subscriber = new Redis(given('REDIS_URL'));
const hearers = new Map<string, () => void>();
subscriber.on('message', (_channel: string, key: string) => hearers.get(key)?.());
await subscriber.subscribe('floor');

const builder = new SchemaBuilder<{ PrismaTypes: PrismaTypes; DefaultFieldNullability: false }>({
  plugins: [PrismaPlugin],
  defaultFieldNullability: false,
  prisma: { client: prisma as never, dmmf: datamodel },
  // Wanted by the types of our own schema; without its plugin nobody asks.
  scopeAuth: { authScopes: () => ({}) },
});
builder.prismaObject('Location', { fields: (t) => ({ id: t.exposeID('id'), name: t.exposeString('name') }) });
builder.prismaObject('Booking', { fields: (t) => ({ id: t.exposeID('id') }) });

builder.queryType({
  fields: (t) => ({
    location: t.prismaField({
      type: 'Location',
      args: { id: t.arg.string({ required: true }) },
      resolve: (query, _root, { id }) => prisma.location.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const BookingInput = builder.inputType('BookingInput', {
  fields: (t) => ({
    orgId: t.string({ required: true }),
    externalId: t.string({ required: true }),
    resource: t.string({ required: true }),
    member: t.string({ required: true }),
    startsAt: t.string({ required: true }),
    endsAt: t.string({ required: true }),
  }),
});

builder.mutationType({
  fields: (t) => ({
    // P3: one commit, one publish.
    say: t.boolean({
      args: { key: t.arg.string({ required: true }) },
      resolve: async (_root, { key }) => {
        await prisma.oidcRecord.create({ data: { model: 'floor', id: randomUUID(), payload: {}, expiresAt: new Date() } });
        await publisher.publish('floor', key);
        return true;
      },
    }),
    // P5: the rows that upsertBooking reads and writes, as one would write it with Prisma.
    book: t.prismaField({
      type: 'Booking',
      args: { input: t.arg({ type: BookingInput, required: true }) },
      resolve: (_query, _root, { input }) => book(input),
    }),
  }),
});

builder.subscriptionType({
  fields: (t) => ({
    said: t.boolean({
      args: { key: t.arg.string({ required: true }) },
      subscribe: async function* (_root, { key }) {
        yield false;
        await new Promise<void>((resolve) => hearers.set(key, resolve));
        hearers.delete(key);
        yield true;
      },
      resolve: (told) => told,
    }),
  }),
});

function book({ orgId, resource: room, member: booker, ...told }: typeof BookingInput.$inferInput) {
  const [startsAt, endsAt] = [new Date(told.startsAt), new Date(told.endsAt)];
  const { externalId } = told;
  return prisma.$transaction(async (tx) => {
    const resource = await tx.resource.findUniqueOrThrow({
      where: { orgId_externalId: { orgId, externalId: room } },
      include: { accessGroup: true },
    });
    const member = await tx.member.findUniqueOrThrow({ where: { orgId_externalId: { orgId, externalId: booker } } });
    const { accessGroup, locationId } = resource;
    if (accessGroup === null) throw new Error('The room has no group.');
    const [memberId, accessGroupId] = [member.id, accessGroup.id];
    const stored = await tx.booking.findUnique({ where: { orgId_externalId: { orgId, externalId } } });
    if (stored !== null)
      return tx.booking.update({ where: { id: stored.id }, data: { startsAt, endsAt, memberId, resourceId: resource.id } });
    const booking = await tx.booking.create({
      data: { orgId, externalId, locationId, resourceId: resource.id, memberId, startsAt, endsAt },
    });
    const right = { orgId, locationId, memberId, accessGroupId, reason: 'ROOM_BOOKING', bookingId: booking.id, startsAt, endsAt } as const;
    await tx.accessRight.create({ data: { ...right, createdAt: new Date() } });
    const { integrationId } = accessGroup;
    await tx.groupMembership.upsert({
      where: { memberId_accessGroupId: { memberId, accessGroupId } },
      create: { orgId, locationId, integrationId, memberId, accessGroupId, nextChangeAt: startsAt, dueAt: startsAt },
      update: { nextChangeAt: startsAt, dueAt: startsAt, version: { increment: 1 } },
    });
    return booking;
  }, AS_OURS);
}

const schema = builder.toSchema();
const yoga = createYoga({ schema, logging: false, maskedErrors: false, graphiql: false, landingPage: false });
// eslint-disable-next-line @typescript-eslint/no-misused-promises -- Yoga answers by itself, and never rejects
const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, yoga);
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
