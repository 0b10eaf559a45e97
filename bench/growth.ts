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
import type { Stack } from '../src/dev/stack.ts';
import { fill } from './growth/fill.ts';
import { LARGE, type Sizes } from './growth/sizes.ts';
import { percentile, timed, type Row } from './row.ts';

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
 * rights and members. The two take turns, so that whatever else the machine does meets both. The worse of the two ratios is the row's.
 */
export async function growth(stack: Stack): Promise<Row> {
  const [young, grown] = [await operator(stack, YOUNG), await operator(stack, GROWN)];
  try {
    const took = { young: { booking: [] as number[], sweep: [] as number[] }, grown: { booking: [] as number[], sweep: [] as number[] } };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, one] of Object.entries({ young, grown }) as ['young' | 'grown', Operator][]) {
        const booking = await one.book(round);
        const swept = await one.sweep();
        // The first round warms both up.
        if (round > 0) took[name].booking.push(booking);
        if (round > 0) took[name].sweep.push(...swept);
      }
    }
    const middle = (values: number[]): number => percentile(values, 0.5);
    const parts = (['booking', 'sweep'] as const).map((what) => {
      const [ours, floor] = [middle(took.grown[what]), middle(took.young[what])];
      return { what, ours, floor, told: `${what} ${ours.toFixed(2)} ms and ${floor.toFixed(2)} ms` };
    });
    const [worst] = parts.toSorted((a, b) => b.ours / b.floor - a.ours / a.floor);
    const queued = `jobs queued by a sweep ${grown.queued()} and ${young.queued()}, none beyond the horizon`;
    return {
      name: 'P7 growth',
      what: `a ${worst?.what ?? ''}`,
      ours: worst?.ours ?? Number.NaN,
      floor: worst?.floor ?? Number.NaN,
      unit: 'ms',
      goal: 1.3,
      note: `${GROWN.rights} rights and ${GROWN.members} members, floor ${YOUNG.rights} and ${YOUNG.members}: ${parts.map(({ told }) => told).join(', ')}; ${queued}`,
    };
  } finally {
    await young.close();
    await grown.close();
  }
}

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

/** An operator in a database of its own on the stack's server, and the verbs over it, without HTTP and without a queue. */
async function operator(stack: Stack, sizes: Sizes): Promise<Operator> {
  const name = `growth_${sizes.org}`;
  await administer(stack.databaseUrl, `drop database if exists ${name} with (force)`);
  await administer(stack.databaseUrl, `create database ${name}`);
  const url = Object.assign(new URL(stack.databaseUrl), { pathname: `/${name}` }).href;
  await deploy(url);
  await fill(url, sizes);
  const { prisma, pool, close } = connect(url, { poolSize: CONNECTIONS });
  await pool.query(AS_MUCH_DUE, [GROUPS_DUE]);
  const log = createLogger({ level: 'error' });
  const secrets = createSecrets([randomBytes(32)]);
  let queued = 0;
  const deps: Deps = {
    ...{ secrets, log, clock: systemClock, feed: createLocalFeed(log), vendor: {} as Deps['vendor'], webhooks: {} as Deps['webhooks'] },
    store: createStore({ prisma, secrets }),
    settings: { publicUrl: stack.url, scheduleHorizonMs: HORIZON_MS, activityRetentionMs: null, operatorOrgIds: [], federated: false },
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
      await administer(stack.databaseUrl, `drop database ${name} with (force)`);
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
