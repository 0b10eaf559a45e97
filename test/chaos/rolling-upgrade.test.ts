import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openEnds } from './check.ts';
import { openRun, type Run } from './run.ts';
import { startServers, type Servers } from './servers.ts';

vi.setConfig({ testTimeout: 120_000 });

/** An API of a later release on tables of a later release, and two workers: the first of the later release, the second of this one. */
let servers: Servers;
let run: Run;
beforeAll(async () => {
  servers = await startServers({ apis: 1, workers: 2, newer: { apis: 1, workers: 1 } });
  // Migrations come first, and only add.
  await servers.sql(`alter table booking add column "toldBy" text not null default 'the platform'`);
  await servers.sql(`create table later (id uuid primary key, "bookingId" uuid references booking (id))`);
  run = await openRun(servers, 1, 'upgrade');
});
afterAll(() => servers.close());

const HOUR = 3_600_000;
const LEFT = 'a job is left for a newer worker';

async function book(who: string): Promise<void> {
  const [startsAt, endsAt] = [Date.now() - 1_000, Date.now() + HOUR];
  const told = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() };
  const input = { externalId: who, resource: { externalId: 'room' }, member: { externalId: who }, ...told };
  expect(await run.platform.tellOnce('upsertBooking', input)).toMatchObject({ __typename: 'UpsertBookingSuccess' });
  run.facts.bookings[who] = { resource: 'room', member: who, invitees: [], startsAt, endsAt, canceled: false };
}

const until = (look: () => unknown) => vi.waitFor(look, { timeout: 60_000, interval: 100 });
const everythingRight = () => until(async () => expect(await openEnds(servers, run)).toEqual([]));

test('an older worker alone beside a newer API: what it cannot read it leaves, and whoever booked gets in all the same (X2)', async () => {
  const [newer, older] = servers.workers;
  newer?.running.kill('SIGTERM');
  await newer?.running.exited;
  await book('ada');
  await older?.running.said(LEFT);
  await everythingRight();
  expect(run.site.inGroup(run.facts.resources['room']?.group ?? '')).toContain(run.facts.emails['ada']);
});

test('a newer worker takes what the older one left; nothing fails, and both let people in', async () => {
  const [newer, older] = servers.workers;
  await newer?.replace('SIGTERM');
  await until(() => expect(newer?.running.output()).toMatch(/"job":"admit".*"msg":"job done"/));
  for (const who of ['ben', 'cyd', 'dee', 'eve']) await book(who);
  await everythingRight();
  for (const worker of [newer, older]) expect(worker?.running.output()).not.toMatch(/"level":"error"/);
});
