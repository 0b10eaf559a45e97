import { once } from 'node:events';
import { Server } from 'node:http';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { openStream, socketClient, startWorld } from './server-world.ts';

const closed = (socket: ReturnType<typeof connect>) => once(socket, 'close');

test('closing ends sockets with 1001, streams, and connections that ask nothing, and lets every source go', async () => {
  const world = await startWorld();
  const [first, second] = await Promise.all(
    [1, 2].map(async () => {
      const opened = socketClient(world, `Bearer ${await world.token()}`);
      await opened.connected;
      void (opened.client.iterate({ query: 'subscription { ticks }' }).next() as Promise<unknown>).catch(() => undefined);
      return opened;
    }),
  );
  const stream = await openStream(world, 'subscription { ticks }');
  await world.untilListening(3);
  await world.post('{ hello }');
  const silent = connect(world.server.port, '127.0.0.1');
  const half = connect(world.server.port, '127.0.0.1', () => half.write('GET /healthz HTTP/1.1\r\nHost: x'));
  await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
  const gone = Promise.all([closed(silent), closed(half)]);

  const net = vi.spyOn(Server.prototype, 'closeAllConnections');
  await Promise.all([world.server.close(), world.server.close()]);

  expect((await first?.closed)?.code).toBe(1001);
  expect((await second?.closed)?.code).toBe(1001);
  expect(await stream.next()).toBeNull();
  await gone;
  await world.untilListening(0);
  // The net that is cast after 5 s had nothing to catch.
  expect(net).not.toHaveBeenCalled();
  net.mockRestore();
  await expect(fetch(`${world.server.url}/healthz`)).rejects.toThrow('fetch failed');
  await Promise.all([first?.client.dispose(), second?.client.dispose()]);
});

const never = () => Promise.reject(new Error('not expected here'));

test('what is asked when the server closes is answered first', async () => {
  let release = (): void => undefined;
  let asked = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (asked = resolve));
  const hold = new Promise<void>((resolve) => (release = resolve));
  const finishSignIn = async () => {
    asked();
    await hold;
    return { ok: true, message: 'Signed in.' };
  };
  const world = await startWorld({ signIn: { finishConsent: never, startSignIn: never, redeemTicket: never, finishSignIn } });
  const answer = fetch(`${world.server.url}/digital-key/callback?code=c&state=s`);
  await waiting;
  const closing = world.server.close();
  release();
  expect((await answer).status).toBe(200);
  await closing;
});

test("a server that waits for a socket's goodbye says that it is closing, and waits no longer than a moment", async () => {
  const world = await startWorld();
  const deaf = new WebSocket(`${world.server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(deaf, 'open');
  deaf.pause();
  const closing = world.server.close();
  const ready = await fetch(`${world.server.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'closing' }]);
  await closing;
  deaf.terminate();
});

test('a closed server leaves no timer and no connection of its own behind', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name.startsWith('TCP')).length;
  const world = await startWorld();
  const { client, connected } = socketClient(world, `Bearer ${await world.token()}`);
  await connected;
  await world.server.close();
  await client.dispose();
  const resources = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name.startsWith('TCP')).length;
  await expect.poll(resources).toBeLessThanOrEqual(before);
});
