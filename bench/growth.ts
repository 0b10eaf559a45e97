import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { deploy } from '../prisma/migrate.ts';
import { systemClock } from '../src/adapters/clock.ts';
import { createSecrets } from '../src/adapters/crypto/secrets.ts';
import { createLocalFeed } from '../src/adapters/feed-local.ts';
import { createLogger } from '../src/adapters/logger.ts';
import { connect } from '../src/adapters/prisma/connection.ts';
import { createStore } from '../src/adapters/prisma/store.ts';
import type { Caller } from '../src/app/caller.ts';
import type { Deps } from '../src/app/deps.ts';
import { sweep } from '../src/app/sweep.ts';
import { upsertBooking } from '../src/app/upsert-booking.ts';
import { median } from './figures.ts';
import { fill } from './growth/fill.ts';
import { LARGE, type Sizes } from './growth/sizes.ts';
import { timed } from './load.ts';
import type { Measure } from './row.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HORIZON_MS = 2 * DAY;
const CONNECTIONS = 20;
const BOOKINGS = 200;
const ROUNDS = 6;

/** As many locations, groups and bookings to come; what differs is what lies behind. */
const GROWN: Sizes = { ...LARGE, ahead: 6_000 };
const YOUNG: Sizes = { ...GROWN, org: 'young', members: 2_000, rights: 10_000 };

/**
 * P7: upsertBooking at 20 connections, new ones and the same again, and one sweep, beside the same in a database with a hundredth of the
 * rights and members. The two take turns, so that whatever else the machine does meets both.
 */
export const growth: Measure = async ({ deployment, quick, progress }) => {
  const [rounds, large] = quick ? [1, { ...YOUNG, org: 'grown', members: 4_000, rights: 20_000 }] : [ROUNDS, GROWN];
  progress(`filling databases with ${large.rights} rights and with ${YOUNG.rights}`);
  const [young, grown] = [await operator(deployment.databaseUrl, YOUNG), await operator(deployment.databaseUrl, large)];
  try {
    const booking = { ours: [] as number[], floor: [] as number[] };
    const swept = { ours: [] as number[], floor: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const [side, one] of [
        ['floor', young],
        ['ours', grown],
      ] as const) {
        const [booked, sweeps] = [await one.book(round), median(await one.sweep())];
        // The first round warms both up.
        if (round > 0) booking[side].push(booked);
        if (round > 0) swept[side].push(sweeps);
      }
    }
    const sizes = `${large.rights} rights and ${large.members} members; floor: ${YOUNG.rights} and ${YOUNG.members}`;
    const queued = `jobs queued by a sweep: ${grown.queued()} and ${young.queued()}, none beyond the horizon`;
    return [
      { name: 'P7 growth', what: 'a booking', ...booking, unit: 'ms', goal: 1.3, note: `${sizes}; the verb alone, without HTTP` },
      { name: 'P7 growth', what: 'a sweep', ...swept, unit: 'ms', goal: 1.3, note: `${sizes}; ${queued}` },
    ];
  } finally {
    await young.close();
    await grown.close();
  }
};

/** So many groups have something due within the horizon; what is due in the others is put off. */
const GROUPS_DUE = 200;
const AS_MUCH_DUE = `
  update group_membership set "dueAt" = "dueAt" + interval '90 days'
  where "dueAt" < now() + interval '${HORIZON_MS} milliseconds' and "accessGroupId" not in (
    select "accessGroupId" from group_membership where "dueAt" < now() + interval '${HORIZON_MS} milliseconds'
    group by 1 order by 1 limit $1)`;

interface Operator {
  /** milliseconds that a booking takes, with twenty at a time, in the mean */
  book(round: number): Promise<number>;
  /** milliseconds of some sweeps */
  sweep(): Promise<number[]>;
  queued(): number;
  close(): Promise<void>;
}

/** An operator in a database of its own on the same server, and the verbs over it, without HTTP and without a queue. */
async function operator(server: string, sizes: Sizes): Promise<Operator> {
  const name = `growth_${sizes.org}`;
  await administer(server, `drop database if exists ${name} with (force)`);
  await administer(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await deploy(url);
  await fill(url, sizes);
  const { pool, close } = connect(url, { poolSize: CONNECTIONS });
  await pool.query(AS_MUCH_DUE, [GROUPS_DUE]);
  const log = createLogger({ level: 'error' });
  const secrets = createSecrets([randomBytes(32)]);
  let queued = 0;
  const deps: Deps = {
    ...{ secrets, log, clock: systemClock, feed: createLocalFeed(log), vendor: {} as Deps['vendor'], webhooks: {} as Deps['webhooks'] },
    store: createStore({ pool, secrets }),
    settings: {
      publicUrl: 'http://127.0.0.1',
      scheduleHorizonMs: HORIZON_MS,
      activityRetentionMs: null,
      operatorOrgIds: [],
      federated: false,
    },
    jobs: {
      add: async (jobs) => {
        queued += jobs.length;
        const beyond = jobs.find(({ at }) => at !== null && at > Date.now() + HORIZON_MS);
        if (beyond !== undefined) throw new Error(`${beyond.name} was queued beyond the horizon.`);
        return true;
      },
    },
  };
  const caller: Caller = {
    ...{ orgId: sizes.org, kind: 'service', subject: 'platform', inMemberApp: false, locationExternalIds: null, expiresAt: Infinity },
  };
  const { rows: places } = await pool.query<{ member: string; resource: string }>(`
    select m."externalId" as member, r."externalId" as resource from group_membership g join member m on m.id = g."memberId"
    join resource r on r."accessGroupId" = g."accessGroupId" and r.kind = 'DESK' order by random() limit ${BOOKINGS}`);
  return {
    async book(round) {
      const send = async (index: number): Promise<void> => {
        const { member = '', resource = '' } = places[index] ?? {};
        const startsAt = Date.now() + (100 + round) * DAY + index * HOUR;
        const told = { externalId: `new-${round}-${index}`, invitees: [], payWithDayPass: false, asOf: null };
        const at = { startsAt, endsAt: startsAt + HOUR };
        const answer = await upsertBooking(deps, caller, {
          ...{ ...told, ...at, resource: { externalId: resource }, member: { externalId: member } },
        });
        if (answer instanceof Error) throw answer;
      };
      const from = performance.now();
      for (let time = 0; time < 2; time += 1) await timed(BOOKINGS, CONNECTIONS, send);
      return (performance.now() - from) / (2 * BOOKINGS);
    },
    sweep: () =>
      timed(5, 1, async () => {
        queued = 0;
        await sweep(deps);
      }),
    queued: () => queued,
    async close() {
      await close();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
