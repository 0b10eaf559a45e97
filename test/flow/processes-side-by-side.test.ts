import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createQueues } from '../../src/adapters/bullmq/queues.ts';
import { recordingLog, systemClock } from '../adapters/queue-backends.ts';
import { startApiProcess, startWorkerProcess, type RunningProcess } from './processes.ts';
import { openStream, type World } from './server-world.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startServices, tokenFor, type Services } from './stack.ts';

let services: Services;
let space: Space;
let apis: (RunningProcess & { url: string })[];
let workers: RunningProcess[];
beforeAll(async () => {
  services = await startServices({ redis: true, route: (path) => (path.startsWith('/oidc') ? 1 : 0) });
  const starting = [1, 2, 3].map(() => startWorkerProcess(services));
  apis = await Promise.all([startApiProcess(services), startApiProcess(services)]);
  workers = await Promise.all(starting);
  services.front.targets.push(...apis.map(({ url }) => url));
  space = await openSpace(
    services,
    apis.map(({ url }) => url),
  );
});
afterAll(async () => {
  await space.close();
  await services.close();
});

/** When SALTO was asked to put somebody into a group, in milliseconds, the last time. */
function lastGrant(): number {
  const calls = services.simulator.state.calls.find({ path: /access_groups\/[^/]+\/users/ }).filter(({ method }) => method !== 'GET');
  return calls.at(-1)?.receivedAt ?? 0;
}

/** How many runs of groups a worker has under way. */
const AT_A_TIME = 50;
const GROUPS = 240;

/** The queues that the processes work on, as one more process has them. */
async function queuesOf({ redisUrl = '' }: Services) {
  const { queues, jobQueue, close } = await createQueues({ backend: { redisUrl }, clock: systemClock, log: recordingLog() });
  return { queues, jobs: jobQueue, close };
}

const granted = (member: string) => space.activity.until((row) => row.type === 'ACCESS_GRANTED' && row.member?.externalId === member);

test('told to one API, pushed by the other, granted by a worker at the instant and never before, and a key got over all four', async () => {
  for (let round = 0; round < 3; round += 1) {
    const mia = await space.member();
    const phone = await space.phone(mia, { api: apis[1]?.url ?? '' });
    await phone.key.next(({ status }) => status === 'HIDDEN');
    const from = Date.now() + 1_200;
    await space.access(mia, { from });
    await phone.key.next(({ status }) => status === 'AVAILABLE');
    expect(Date.now()).toBeGreaterThanOrEqual(from);
    await granted(mia);
    expect(lastGrant()).toBeGreaterThanOrEqual(from);
    await phone.getDigitalKey();
    expect((await phone.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
  }
});

test('of 240 groups that fall due at once each worker takes as many as it may, and none is idle while another has some waiting', async () => {
  const { queues, jobs, close } = await queuesOf(services);
  onTestFinished(close);
  const access = queues.find(({ name }) => name === 'access');
  if (access === undefined) throw new Error('There is no queue of access.');
  // Nobody gets a claim while the table is locked: every run that was begun is still under way.
  await services.sql('begin');
  onTestFinished(async () => void (await services.sql('rollback')));
  await services.sql('lock table group_claim in exclusive mode');
  const names = Array.from({ length: GROUPS }, () => randomUUID());
  await jobs.add(names.map((accessGroupId) => ({ name: 'grant', payload: { accessGroupId, at: null }, at: null })));
  const took = (worker: RunningProcess) => names.filter((name) => worker.output().includes(name)).length;
  await vi.waitFor(async () => expect(await access.getActiveCount()).toBe(3 * AT_A_TIME), 10_000);
  expect(await access.getWaitingCount()).toBe(GROUPS - 3 * AT_A_TIME);
  expect(workers.map(took)).toEqual([0, 0, 0]);
  await services.sql('commit');
  await vi.waitFor(() => expect(workers.map(took).reduce((sum, count) => sum + count, 0)).toBe(GROUPS), 10_000);
  for (const worker of workers) expect(took(worker)).toBeGreaterThanOrEqual(AT_A_TIME);
});

test('workers killed before a window opens take nothing with them: one that is started after it opened grants at once', async () => {
  const mia = await space.member();
  const from = Date.now() + 1_000;
  await space.access(mia, { from });
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map(({ exited }) => exited));
  const phone = await space.phone(mia);
  // Nobody works, and the key appears all the same at its instant: it is read from the rows.
  await phone.key.next(({ status }) => status === 'AVAILABLE');
  workers = [await startWorkerProcess(services)];
  const started = Date.now();
  await granted(mia);
  expect(lastGrant()).toBeGreaterThanOrEqual(from);
  expect(Date.now() - started).toBeLessThan(5_000);
});

test('asked to stop, each process ends its streams, exits with 0, and leaves no connection behind', async () => {
  const [first] = apis as [RunningProcess & { url: string }];
  const token = await tokenFor('--org', space.org, '--role', 'member', '--sub', await space.member());
  const query = 'subscription { digitalKeyChanged(location: { externalId: "harbour" }) { status } }';
  const stream = await openStream({ server: first, token: async () => Promise.resolve(token) } as unknown as World, query);
  expect(await stream.next()).toMatchObject({ event: 'next' });
  await space.close();
  for (const running of [...apis, ...workers]) running.kill('SIGTERM');
  expect(await Promise.all([...apis, ...workers].map(({ exited }) => exited))).toEqual([0, 0, 0]);
  expect(await stream.next()).toBeNull();
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
  const redis = new Redis(services.redisUrl ?? '');
  const clients = String(await redis.client('LIST'))
    .trim()
    .split('\n');
  redis.disconnect();
  expect(clients).toHaveLength(1);
  const sessions = await services.sql(
    `select application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  expect(sessions).toEqual([]);
  for (const { output } of [...apis, ...workers]) expect(output()).not.toMatch(/"level":"error"|Error:/);
});
