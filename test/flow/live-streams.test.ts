import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { picked } from '../../src/dev/api-client.ts';
import { success } from '../../src/dev/success.ts';
import { ProblemsChanged, SyncAccessGroups } from './documents.ts';
import { openStream, type SseStream, type World } from './server-world.ts';
import { openSpace, type Space } from './space.ts';
import { startTestStack, tokenFor, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
beforeAll(async () => {
  stack = await startTestStack({ redis: true, apis: 2 });
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

const KEY = 'subscription { digitalKeyChanged(location: { externalId: "harbour" }) { id status hiddenReason } }';

function tokenOf(member: string, ttlSeconds = 3_600): Promise<string> {
  return tokenFor('--org', space.org, '--role', 'member', '--sub', member, '--ttl', String(ttlSeconds));
}

/** Over server-sent events, from the API that is not the one where mutations arrive. */
async function sse(member: string, ttlSeconds?: number): Promise<SseStream> {
  const token = await tokenOf(member, ttlSeconds);
  return openStream({ server: { url: stack.apis[1] }, token: async () => Promise.resolve(token) } as unknown as World, KEY);
}

const pushed = (status: string) => ({ event: 'next', data: { data: { digitalKeyChanged: expect.objectContaining({ status }) } } });

test('over server-sent events the state of the moment comes first, then each change, made at whichever process', async () => {
  const mia = await space.member();
  const stream = await sse(mia);
  expect(stream.status).toBe(200);
  expect(await stream.next()).toEqual(pushed('HIDDEN'));
  await space.access(mia);
  expect(await stream.next()).toEqual(pushed('AVAILABLE'));
  stream.abort();
});

test('a stream of server-sent events ends with its token, and says why', async () => {
  const stream = await sse(await space.member(), 2);
  expect(await stream.next()).toEqual(pushed('HIDDEN'));
  const last = await stream.next();
  expect(last).toMatchObject({ event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  expect(await stream.next()).toMatchObject({ event: 'complete' });
  expect(await stream.next()).toBeNull();
});

test('a WebSocket is closed with 4403 at the instant its token ends, and not before', async () => {
  const expiresAt = (Math.floor(Date.now() / 1_000) + 2) * 1_000;
  const authorization = `Bearer ${await tokenOf(await space.member(), expiresAt / 1_000 - Math.floor(Date.now() / 1_000))}`;
  const states: unknown[] = [];
  const closed = await new Promise<{ code: number }>((resolve) => {
    const client = createClient({
      url: `${(stack.apis[1] ?? '').replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
      on: { closed: (event) => resolve(event as { code: number }) },
    });
    client.subscribe({ query: KEY }, { next: (state) => states.push(state.data), error: () => undefined, complete: () => undefined });
  });
  expect(closed.code).toBe(4403);
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  expect(states).toEqual([{ digitalKeyChanged: expect.objectContaining({ status: 'HIDDEN' }) }]);
});

test('whoever comes back after a broken connection is told the state of the moment first, and misses nothing', async () => {
  const mia = await space.member();
  const before = await sse(mia);
  expect(await before.next()).toEqual(pushed('HIDDEN'));
  before.abort();
  await space.access(mia);
  const again = await sse(mia);
  expect(await again.next()).toEqual(pushed('AVAILABLE'));
  again.abort();
});

test('a problem is pushed to administrators when the site shows it, with what to do, and again when it is mended', async () => {
  const { admin, location } = space;
  const live = picked(admin.follow(ProblemsChanged, { location }), ({ integrationChanged }) => integrationChanged);
  await live.until((state) => state?.problems.length === 0);
  const pull = async (released: boolean): Promise<void> => {
    await space.control('PATCH', 'sites/Harbour%20Campus', { released });
    success((await admin.ask(SyncAccessGroups, { input: { location } })).result, 'SyncAccessGroupsSuccess');
  };
  await pull(false);
  const opened = await live.until((state) => state?.problems.length === 1);
  const what = { code: 'SITE_NOT_RELEASED', message: expect.stringContaining('not released') as string, closedAt: null, accessGroup: null };
  expect(opened?.problems[0]).toMatchObject({ ...what, action: 'Ask your installer to release the site.' });
  await pull(true);
  const closed = await live.until((state) => state?.problems.length === 0 && state.problemHistory.edges.length === 1);
  expect(closed?.problemHistory.edges[0]?.node).toMatchObject({ code: 'SITE_NOT_RELEASED', closedAt: expect.any(String) as string });
  const told = (text: string) => space.activity.until(({ type, detail }) => type === 'INTEGRATION_PROBLEM' && detail.includes(text));
  await told('not released');
  await told('Mended: the site is released.');
});

test('a subscription to no location, or to one of another organisation, is refused and leaves the socket to others', async () => {
  const phone = await space.phone(await space.guest());
  await phone.key.next(({ status }) => status === 'AVAILABLE');
  const nowhere = await space.phone(await space.member(), { location: { externalId: 'nowhere' } });
  await expect(nowhere.key.next()).rejects.toThrow('No such location.');
});
