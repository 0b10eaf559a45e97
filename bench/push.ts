import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLObjectType } from 'graphql';
import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import * as say from '../src/dev/documents.ts';
import { open } from '../src/dev/phone/phone.ts';
import type { Stack } from '../src/dev/stack.ts';
import { success } from '../src/dev/success.ts';
import { percentile, type Row } from './row.ts';
import type { BenchWorld } from './world.ts';

const TIMES = 60;
const WARM_UP = 10;
const HOUR = 3_600_000;

/** P3: activateDigitalKey sent → ACTIVATING at the member's WebSocket, beside one commit → a bare graphql-ws message. */
export async function push(stack: Stack, world: BenchWorld): Promise<Row> {
  const { demo, platform, memberToken } = world;
  const startsAt = new Date(Date.now() - HOUR).toISOString();
  const endsAt = new Date(Date.now() + HOUR).toISOString();
  const input = { externalId: 'push', resource: { externalId: 'room-1' }, member: { externalId: 'mia' }, startsAt, endsAt };
  success((await platform.ask(say.UpsertBooking, { input })).result, 'UpsertBookingSuccess');
  const ours: number[] = [];
  for (let index = 0; index < TIMES; index += 1) {
    const device = { uid: `push-${index}`, name: 'Phone' };
    const phone = open({ url: stack.url, token: memberToken, location: demo.location, device, simulatorUrl: stack.simulator.url });
    await phone.key.until((state) => state.status === 'AVAILABLE');
    const from = performance.now();
    const asked = phone.activate();
    await phone.key.until((state) => state.status === 'ACTIVATING');
    ours.push(performance.now() - from);
    await asked;
    await phone.close();
  }
  const floors = await bare(world);
  const [measured, floor] = [ours.slice(WARM_UP), floors.slice(WARM_UP)];
  const note = `p50 ${percentile(measured, 0.5).toFixed(1)} ms, floor p50 ${percentile(floor, 0.5).toFixed(1)} ms; in one process, without Redis`;
  return { name: 'P3 push', what: 'p99', ours: percentile(measured, 0.99), floor: percentile(floor, 0.99), unit: 'ms', goal: 2, note };
}

/** One committed insert, then a message of a subscription with one string in it. */
async function bare({ database }: BenchWorld): Promise<number[]> {
  let tell: (text: string) => void = () => undefined;
  const schema = buildSchema('type Query { x: String } type Subscription { told: String }');
  const subscription = schema.getSubscriptionType() as GraphQLObjectType<unknown, unknown>;
  const field = subscription.getFields()['told'];
  if (field === undefined) throw new Error('The bare schema has no subscription.');
  field.subscribe = async function* () {
    for (;;) yield { told: await new Promise<string>((resolve) => (tell = resolve)) };
  };
  const http = createServer();
  const cleanup = useServer({ schema }, new WebSocketServer({ server: http }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const client = createClient({ url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, webSocketImpl: WebSocket, lazy: false });
  let heard: () => void = () => undefined;
  client.subscribe({ query: 'subscription { told }' }, { next: () => heard(), error: () => undefined, complete: () => undefined });
  const took: number[] = [];
  await database.query('select 1');
  for (let index = 0; index < TIMES; index += 1) {
    // The subscription has to wait for its next event before it can be told of it.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const message = new Promise<void>((resolve) => (heard = resolve));
    const from = performance.now();
    await database.query(`insert into oidc_record (model, id, payload, "expiresAt") values ('bench', $1, '{}', now())`, [String(index)]);
    tell('now');
    await message;
    took.push(performance.now() - from);
  }
  await client.dispose();
  await cleanup.dispose();
  http.closeAllConnections();
  http.close();
  return took;
}
