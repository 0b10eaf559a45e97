import { afterAll, beforeAll, expect, test } from 'vitest';
import { statementOf } from '../../src/adapters/prisma/plain-read.ts';
import { readClient } from '../../src/adapters/prisma/read-client.ts';
import type { Caller } from '../../src/app/caller.ts';
import { plantHarbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await plantHarbour(world);
});
afterAll(() => world.close());

const MODELS = ['location', 'company', 'member', 'plan', 'resource', 'booking'] as const;
const NOBODY = '00000000-0000-0000-0000-000000000000';

type Read = (args: object) => Promise<unknown>;
type Reads = Record<string, { findUnique: Read; findUniqueOrThrow: Read }>;

const ours = (caller: Caller): Reads => readClient(world.database, caller) as unknown as Reads;
const prismas = (caller: Caller): Reads => readClient({ ...world.database, readPlain: () => undefined }, caller) as unknown as Reads;

const VIEWERS: [string, Caller][] = [
  ['the platform', callerOf('service')],
  ['an administrator of one location', { ...callerOf('admin'), locationExternalIds: ['harbour'] }],
  ['an administrator of another location', { ...callerOf('admin'), locationExternalIds: ['elsewhere'] }],
  ['a member', callerOf('member', { subject: 'ada' })],
  ['somebody of another organisation', { ...callerOf('service'), orgId: 'rival' }],
];

test.each(VIEWERS)('%s sees of every row exactly what Prisma’s client would show', async (_, caller) => {
  const [mine, theirs] = [ours(caller), prismas(caller)];
  for (const model of MODELS) {
    const rows = await (world.prisma[model].findMany as (args: object) => Promise<{ id: string; orgId: string; externalId: string }[]>)({});
    expect(rows.length).toBeGreaterThan(0);
    for (const { id, orgId, externalId } of rows) {
      for (const where of [
        { id },
        { orgId_externalId: { orgId, externalId } },
        { id, AND: [{ externalId }, { orgId: { in: [orgId] } }] },
      ]) {
        expect(await mine[model]?.findUnique({ where })).toEqual(await theirs[model]?.findUnique({ where }));
        const some = { where, select: { externalId: true, createdAt: true, orgId: false } };
        expect(await mine[model]?.findUnique(some)).toEqual(await theirs[model]?.findUnique(some));
      }
    }
  }
});

test('who is not found is null, or thrown as Prisma’s client throws it', async () => {
  const client = ours(callerOf('service'));
  expect(await client['booking']?.findUnique({ where: { id: NOBODY } })).toBeNull();
  await expect(client['booking']?.findUniqueOrThrow({ where: { id: NOBODY } })).rejects.toMatchObject({ code: 'P2025' });
});

test.each<[string, string, Record<string, unknown>]>([
  ['a relation is selected', 'Location', { where: { id: 'a' }, select: { plans: true } }],
  ['a relation is included', 'Location', { where: { id: 'a' }, include: { plans: true } }],
  ['nothing is selected', 'Location', { where: { id: 'a' }, select: { id: false } }],
  ['a relation is a condition', 'Booking', { where: { id: 'a', member: { externalId: 'ada' } } }],
  ['one of several conditions is enough', 'Booking', { where: { OR: [{ id: 'a' }, { id: 'b' }] } }],
  ['a condition is no equality', 'Booking', { where: { id: 'a', startsAt: { gt: new Date() } } }],
  ['a list has another condition beside it', 'Member', { where: { id: { in: ['a'], not: 'b' } } }],
  ['there is no condition', 'Member', { where: {} }],
  ['there is an order', 'Member', { where: { id: 'a' }, orderBy: { id: 'asc' } }],
  ['it is a model with dates', 'MemberSubscription', { where: { id: 'a' } }],
])('it is Prisma’s to read where %s', (_, model, args) => {
  expect(statementOf(model, args)).toBeNull();
});

test('values are never part of the statement', () => {
  const { text, values } =
    statementOf('Location', { where: { externalId: "x' or true --", AND: [{ orgId: 'o' }] }, select: { id: true } }) ?? {};
  expect(text).toBe('select "id" from "location" where "externalId" = $1 and "orgId" = $2 limit 1');
  expect(values).toEqual(["x' or true --", 'o']);
});
