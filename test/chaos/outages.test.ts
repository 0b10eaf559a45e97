import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openEnds } from './check.ts';
import { switchboard } from './faults.ts';
import { connect, openRun, type Run } from './run.ts';
import { startServers, type Servers } from './servers.ts';

// A worker's claim, and a job of its, outlive it by a quarter of a minute.
vi.setConfig({ testTimeout: 120_000 });

/** One API, and one worker, on a machine whose clock is a minute ahead. */
let servers: Servers;
let run: Run;
beforeAll(async () => {
  servers = await startServers({ apis: 1, workers: 1, ahead: 1 });
  run = await openRun(servers, 1, 'outages');
});
afterEach(() => servers.simulator.state.resetSwitches());
afterAll(() => servers.close());

const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

/** Books the room, whose access is from and until these instants: there is no grace. */
async function book(id: string, who: string, from: number, until = from + HOUR): Promise<void> {
  const input = { externalId: id, resource: { externalId: 'room' }, member: { externalId: who }, startsAt: iso(from), endsAt: iso(until) };
  // Once: an outage is no reason to refuse.
  const answer = await run.platform.tellOnce('upsertBooking', input);
  expect(answer).toMatchObject({ __typename: 'UpsertBookingSuccess' });
  run.facts.bookings[id] = { resource: 'room', member: who, invitees: [], startsAt: from, endsAt: until, canceled: false };
}

async function cancel(id: string): Promise<void> {
  expect(await run.platform.tell('cancelBooking', { booking: { externalId: id } })).toMatchObject({ __typename: 'CancelBookingSuccess' });
  const booking = run.facts.bookings[id];
  if (booking !== undefined) booking.canceled = true;
}

const everythingRight = () => vi.waitFor(async () => expect(await openEnds(servers, run)).toEqual([]), { timeout: 60_000, interval: 100 });

const group = (): string => run.facts.resources['room']?.group ?? '';
const holds = (who: string): boolean => run.site.inGroup(group()).includes(run.facts.emails[who] ?? '');

test('a mutation is accepted while SALTO KS is out, and what it wants is done when SALTO KS answers again (X2)', async () => {
  const back = switchboard(servers.simulator).on('apiOutage', { value: true });
  await book('during-salto', 'ada', Date.now() - 1_000);
  expect(holds('ada')).toBe(false);
  back();
  await everythingRight();
  expect(holds('ada')).toBe(true);
});

test('a mutation is accepted while Redis is out, and what it wants is done when Redis is back, empty (X2)', async () => {
  const told = new Promise<void>((resolve, reject) => {
    const client = new Redis(servers.redisUrl, { retryStrategy: null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    client.on('end', () => void book('during-redis', 'ben', Date.now() - 1_000).then(resolve, reject));
  });
  await Promise.all([servers.killRedis(2_000), told]);
  await everythingRight();
  expect(holds('ben')).toBe(true);
});

test('PostgreSQL is restarted while bookings come in: whatever was accepted is there, and done (X2)', async () => {
  const accepted: string[] = [];
  let stop = false;
  const load = Promise.all(
    ['cyd', 'dee', 'eve'].map(async (who) => {
      for (let count = 0; !stop; count += 1) {
        const [id, from] = [`load-${who}-${count}`, Date.now() - 1_000];
        const input = {
          externalId: id,
          resource: { externalId: 'room' },
          member: { externalId: who },
          startsAt: iso(from),
          endsAt: iso(from + HOUR),
        };
        const answer = await run.platform.tellOnce('upsertBooking', input);
        // What got no answer may be there or not, and gives the same people the same access.
        if (answer !== null) accepted.push(id);
        run.facts.bookings[id] = { resource: 'room', member: who, invitees: [], startsAt: from, endsAt: from + HOUR, canceled: false };
      }
    }),
  );
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(5), { timeout: 20_000 });
  await servers.killPostgres('SIGKILL', 200);
  const before = accepted.length;
  await vi.waitFor(() => expect(accepted.length).toBeGreaterThan(before + 5), { timeout: 20_000 });
  stop = true;
  await load;
  const stored = await servers.sql<{ id: string }>(`select "externalId" as id from booking where "orgId" = $1`, [run.org]);
  expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted));
  await everythingRight();
});

test('a worker whose clock is a minute ahead lets nobody in early and takes nobody out early (B2)', async () => {
  const opens = Date.now() + 3_000;
  const closes = opens + 2_000;
  await book('ahead', 'fay', opens, closes);
  await vi.waitFor(() => expect(run.site.changes(group()).filter(({ email }) => email === run.facts.emails['fay'])).toHaveLength(2), {
    timeout: 60_000,
    interval: 50,
  });
  const [came, went] = run.site.changes(group()).filter(({ email }) => email === run.facts.emails['fay']);
  expect([came?.added, went?.added]).toEqual([true, false]);
  expect(came?.at).toBeGreaterThanOrEqual(opens);
  expect(went?.at).toBeGreaterThanOrEqual(closes);
});

const inRoom = (...people: string[]): string[] => [...people.map((who) => run.facts.emails[who] ?? ''), ...run.site.strangers].sort();
const untilInRoom = (...people: string[]) =>
  vi.waitFor(() => expect(run.site.inGroup(group())).toEqual(inRoom(...people)), { timeout: 60_000, interval: 50 });

/** As it is done: the backup in place of the database, an empty Redis, and processes that start on them. */
async function restoreBackup(): Promise<void> {
  await servers.restore();
  await servers.emptyRedis();
  await Promise.all([...servers.apis, ...servers.workers].map((place) => place.replace('SIGTERM')));
}

test('a restored backup and an empty Redis lead to what the restored facts say, by themselves; what was told since is told again (X2)', async () => {
  run = await openRun(servers, 2, 'backup');
  const edge = Date.now() + 6_000;
  await book('stays', 'ada', Date.now() - HOUR, edge + HOUR);
  await book('ends', 'ben', Date.now() - HOUR, edge);
  await book('begins', 'cyd', edge);
  await book('cancelled', 'dee', Date.now() - HOUR, edge + HOUR);
  await untilInRoom('ada', 'ben', 'dee');
  await servers.backUp();
  await book('told since', 'eve', Date.now() - HOUR, edge + HOUR);
  await cancel('cancelled');
  await untilInRoom('ada', 'cyd', 'eve');

  await restoreBackup();
  // The cancellation is forgotten, and so is why eve is there: nobody takes her for ours.
  await untilInRoom('ada', 'cyd', 'dee', 'eve');
  await vi.waitFor(
    async () => {
      const [counted] = await servers.sql<{ unknown: number }>(
        `select count(*)::int as unknown from stranger s join access_group g on g.id = s."accessGroupId"
          where g.name = $1 and g."orgId" = $2 and s."memberId" is null`,
        [group(), run.org],
      );
      expect(counted?.unknown).toBe(run.site.strangers.length + 1);
    },
    { timeout: 60_000, interval: 100 },
  );

  await cancel('cancelled');
  await book('told since', 'eve', Date.now() - HOUR, edge + HOUR);
  await everythingRight();
  await cancel('told since');
  await untilInRoom('ada', 'cyd');
  await everythingRight();
});

test('where SALTO KS has given new tokens since the backup, it is said that consent is needed, and with it everything is right again (C7, X2)', async () => {
  await servers.backUp();
  // Tokens last an hour: whatever is asked next is asked with new ones.
  run.site.endAccessTokens();
  await book('with new tokens', 'ben', Date.now() - HOUR, Date.now() + HOUR);
  await untilInRoom('ada', 'ben', 'cyd');
  run.site.endAccessTokens();
  await restoreBackup();
  await vi.waitFor(
    async () => {
      const [row] = await servers.sql<{ status: string }>('select status::text from integration where "orgId" = $1', [run.org]);
      expect(row?.status).toBe('NEEDS_REAUTHORIZATION');
    },
    { timeout: 60_000, interval: 100 },
  );
  await connect(run);
  await book('with new tokens', 'ben', Date.now() - HOUR, Date.now() + HOUR);
  await everythingRight();
});
