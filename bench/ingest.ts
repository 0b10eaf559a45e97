import { randomUUID } from 'node:crypto';
import { success } from '../src/dev/success.ts';
import * as say from '../src/dev/documents.ts';
import { connect } from '../src/adapters/prisma/connection.ts';
import type { Stack } from '../src/dev/stack.ts';
import { timed, type Row } from './row.ts';
import type { BenchWorld } from './world.ts';

const CONNECTIONS = 20;
const BOOKINGS = 400;
const HOUR = 3_600_000;

/** P5: upsertBooking at 20 connections, new ones then the same again, beside a bare Prisma transaction that writes the same rows. */
export async function ingest(stack: Stack, world: BenchWorld): Promise<Row> {
  const members = await people(world);
  const input = (index: number) => {
    const startsAt = Date.now() + 100 * 24 * HOUR + index * HOUR;
    return {
      externalId: `ingest-${index}`,
      resource: { externalId: 'room-1' },
      member: { externalId: members[index % members.length] ?? 'mia' },
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(startsAt + HOUR).toISOString(),
    };
  };
  const send = async (index: number) =>
    success((await world.platform.ask(say.UpsertBooking, { input: input(index) })).result, 'UpsertBookingSuccess');
  await timed(40, CONNECTIONS, (index) => send(100_000 + index));
  const from = performance.now();
  await timed(BOOKINGS, CONNECTIONS, send);
  await timed(BOOKINGS, CONNECTIONS, send);
  const ours = (2 * BOOKINGS) / ((performance.now() - from) / 1_000);
  const floor = await bare(stack, world);
  return {
    name: 'P5 ingest',
    what: 'upsertBooking',
    ours,
    floor,
    unit: '/s',
    goal: 0.6,
    moreIsBetter: true,
    note: 'floor: Prisma transaction, the same writes, no HTTP',
  };
}

async function people(world: BenchWorld): Promise<string[]> {
  const ids = Array.from({ length: 40 }, (_, index) => `ingest-${index}`);
  for (const externalId of ids) {
    const input = { externalId, email: `${externalId}@example.com`, firstName: 'Inge', lastName: 'Stone' };
    success((await world.platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  }
  return ids;
}

async function bare(stack: Stack, world: BenchWorld): Promise<number> {
  const { rows } = await world.database.query<
    Record<'orgId' | 'locationId' | 'resourceId' | 'memberId' | 'accessGroupId' | 'integrationId', string>
  >(
    `select b."orgId", b."locationId", b."resourceId", b."memberId", m."accessGroupId", m."integrationId"
     from booking b join group_membership m on m."memberId" = b."memberId" limit 1`,
  );
  const [place] = rows;
  if (place === undefined) throw new Error('There is no booking to copy.');
  const { prisma, close } = connect(stack.databaseUrl, { poolSize: CONNECTIONS });
  const write = (index: number) =>
    prisma.$transaction(async (tx) => {
      const startsAt = new Date(Date.now() + 200 * 24 * HOUR + index * HOUR);
      const endsAt = new Date(startsAt.getTime() + HOUR);
      const { orgId, locationId, resourceId, memberId, accessGroupId, integrationId } = place;
      await tx.resource.findFirst({ where: { id: resourceId, orgId } });
      await tx.member.findFirst({ where: { id: memberId, orgId } });
      const booking = await tx.booking.create({
        data: { orgId, locationId, resourceId, memberId, externalId: randomUUID(), startsAt, endsAt },
      });
      await tx.accessRight.create({
        data: {
          orgId,
          locationId,
          memberId,
          accessGroupId,
          reason: 'ROOM_BOOKING',
          bookingId: booking.id,
          startsAt,
          endsAt,
          createdAt: new Date(),
        },
      });
      await tx.groupMembership.updateMany({ where: { memberId, accessGroupId, integrationId }, data: { version: { increment: 0 } } });
    });
  try {
    await timed(40, CONNECTIONS, (index) => write(100_000 + index));
    const from = performance.now();
    await timed(BOOKINGS, CONNECTIONS, write);
    return BOOKINGS / ((performance.now() - from) / 1_000);
  } finally {
    await close();
  }
}
