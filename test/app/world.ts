import { randomBytes, randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { createSecrets } from '../../src/adapters/crypto/secrets.ts';
import { createLocalFeed } from '../../src/adapters/feed-local.ts';
import { createStore } from '../../src/adapters/prisma/store.ts';
import { createWebhookSender } from '../../src/adapters/webhooks/sender.ts';
import type { Caller } from '../../src/app/caller.ts';
import type { Deps } from '../../src/app/deps.ts';
import type { Feed } from '../../src/ports/feed.ts';
import { createSaltoKs } from '../../src/vendors/salto-ks/index.ts';
import { harbour } from '../../src/vendors/salto-ks/simulator/scenario.ts';
import type { Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import type { MovedClock } from './moved-clock.ts';
import { recordedJobs, runJob, type RecordedJobs } from './recorded-jobs.ts';
import { emptyStage } from './stage.ts';
import { telling, type Telling } from './telling.ts';
import type { WorldBase } from './world-base.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface WorldOptions {
  timeZone?: string;
  /** on the wall of `timeZone`, as 'YYYY-MM-DD HH:MM'; a Tuesday at ten unless told */
  start?: string;
}

/** What a test is given: the product, its clock, and sentences to tell it of things in. */
export type World = WorldBase & Telling;

const MOST_JOBS = 2_000;
const SWEPT_AT_LEAST_EVERY = 12 * HOUR;

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const timeZone = options.timeZone ?? 'Europe/Berlin';
  const start = options.start ?? '2026-05-05 10:00';
  const instant = wallClock(timeZone, start.slice(0, 10));
  const { connection, clock, simulator } = await emptyStage(instant(start));
  const jobs = recordedJobs();
  const announced: string[] = [];
  const deps = depsOf({ simulator, clock, jobs, announced, pool: connection.pool });
  const orgId = `org-${randomUUID()}`;
  const platform: Caller = {
    orgId,
    kind: 'service',
    subject: 'platform',
    inMemberApp: false,
    locationExternalIds: null,
    expiresAt: Infinity,
  };
  const admin: Caller = { ...platform, kind: 'admin', subject: 'grace' };
  const time = passing(deps, clock, jobs);
  const sql = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await connection.pool.query(text, values)).rows as Row[];
  const when = (to: string | number): number => (typeof to === 'number' ? to : instant(to));
  const base = {
    ...{ deps, simulator, clock, jobs, announced, timeZone, platform, admin, instant, sql },
    at: (to: string | number) => time.passTo(when(to)),
    advance: (milliseconds: number) => time.passTo(clock.now() + milliseconds),
    jump: (to: string | number) => clock.move(when(to)),
    drain: time.drain,
    sweep: time.sweep,
    loseJobs: () => jobs.lose(),
  };
  return { ...base, ...telling(base) };
}

/** The same with a location that is connected to Harbour Campus; its set-up has been worked off. */
export async function connectedWorld(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options);
  await world.location('harbour');
  await world.connect('harbour');
  await world.drain();
  world.announced.splice(0);
  world.jobs.added.splice(0);
  world.simulator.state.calls.clear();
  return world;
}

interface Parts {
  simulator: Simulator;
  clock: MovedClock;
  jobs: RecordedJobs;
  announced: string[];
  pool: Parameters<typeof createStore>[0]['pool'];
}

function depsOf({ simulator, clock, jobs, announced, pool }: Parts): Deps {
  const secrets = createSecrets([randomBytes(32)]);
  const [client] = harbour().clients;
  const config = { apiUrl: simulator.url, identityUrl: simulator.url, clientId: client?.id ?? '', clientSecret: client?.secret ?? '' };
  const local = createLocalFeed(silent);
  const feed: Feed = {
    ...local,
    announce: (announcements) => {
      announced.push(...announcements.map(({ topic }) => topic));
      return local.announce(announcements);
    },
  };
  return {
    store: createStore({ pool, secrets }),
    vendor: createSaltoKs(config, { now: clock.now, timeoutMs: 5_000 }),
    jobs,
    feed,
    clock,
    secrets,
    webhooks: createWebhookSender({ allowHttp: true, allowPrivate: true, timeoutMs: 5_000 }),
    log: silent,
    settings: {
      publicUrl: 'http://127.0.0.1:4999',
      scheduleHorizonMs: 2 * DAY,
      activityRetentionMs: 730 * DAY,
      operatorOrgIds: [],
      federated: false,
    },
  };
}

const silent: Deps['log'] = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

function wallClock(timeZone: string, firstDay: string): World['instant'] {
  return (wall) => {
    const whole = /^\d\d:/.test(wall) ? `${firstDay} ${wall}` : wall;
    return Temporal.PlainDateTime.from(whole.replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds;
  };
}

function passing(deps: Deps, clock: MovedClock, jobs: RecordedJobs) {
  const drain = async (): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const job = jobs.takeDue(clock.now());
      if (job === null) return;
      if (count === MOST_JOBS) throw new Error(`${MOST_JOBS} jobs have run and ${job.name} is still due.`);
      await runJob(deps, job);
    }
  };
  const sweep = async (): Promise<void> => {
    await jobs.add([{ name: 'sweep', payload: {}, at: null }]);
    await drain();
  };
  const passTo = async (to: number): Promise<void> => {
    await drain();
    while (clock.now() < to) {
      await clock.move(Math.min(to, jobs.nextAt() ?? Infinity, clock.now() + SWEPT_AT_LEAST_EVERY));
      // Far ahead, only the sweep knows what comes.
      if (jobs.nextAt() === null || jobs.nextAt()! > clock.now()) await sweep();
      else await drain();
    }
  };
  return { drain, sweep, passTo };
}
