import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliverWebhooks } from '../../src/app/deliver-webhooks.ts';
import { encodeNodeId } from '../../src/core/ids.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { deliveries, endpointAt, verified } from './webhook-world.ts';
import { connectedWorld, DAY, HOUR, MINUTE, SECOND, type World } from './world.ts';

let world: World;
let receiver: WebhookReceiver;
beforeEach(async () => {
  [world, receiver] = await Promise.all([connectedWorld(), startWebhookReceiver()]);
});
afterEach(() => receiver.close());

/** A room that opens for ada from 11:30 to 13:30, Berlin. */
async function booked(): Promise<void> {
  await world.room('room', 'Meeting room 1');
  await world.member('ada');
  await world.book('lunch', { resource: 'room', member: 'ada', from: '12:00', to: '13:00' });
}

const ids = (data: Record<string, unknown> | undefined, of: string) => data?.[of] as { id: string; externalId: string };

test('a grant and a revoke are told as they come true, by ids and nothing personal', async () => {
  const { secret } = await endpointAt(world, receiver.url);
  await booked();
  await world.at('14:00');
  const told = verified(receiver, secret);
  expect(told.map(({ type }) => type)).toEqual(['access.granted', 'access.revoked']);
  const [location] = await world.sql<{ id: string }>('select id from location');
  const [activity] = await world.sql<{ id: string }>(`select id from activity where type = 'ACCESS_GRANTED'`);
  const group = await world.groupId('Meeting room 1');
  const [{ data }] = told as [(typeof told)[number]];
  expect(data).toMatchObject({
    activity: { id: encodeNodeId('Activity', activity?.id ?? '') },
    location: { id: encodeNodeId('Location', location?.id ?? ''), externalId: 'harbour' },
    member: { externalId: 'ada' },
    accessGroup: { id: encodeNodeId('AccessGroup', group) },
  });
  for (const { body } of receiver.received) expect(body).not.toMatch(/example\.com|Marsh|token|secret/i);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2);
  expect(await deliveries(world)).toMatchObject([{ state: 'DELIVERED' }, { state: 'DELIVERED' }]);
});

test('who has no seat is told of as blocked with the cause, and granted once there is one', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_BLOCKED', 'ACCESS_GRANTED'] });
  await world.dashboard('PATCH', '/switches', { seats: 3 });
  await booked();
  await world.at('11:45');
  await world.dashboard('PATCH', '/switches', { seats: 10 });
  await world.dashboard('PATCH', '/users/ada@example.com', { site: 'Harbour Campus', suspended: false });
  await world.at('12:30');
  expect(receiver.received.map(({ type, data }) => [type, data['cause'] ?? null])).toEqual([
    ['access.blocked', 'NO_SEAT'],
    ['access.granted', null],
  ]);
});

test('who was taken out by somebody else is told of as revoked, by drift', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_REVOKED'] });
  await booked();
  await world.at('11:31');
  await world.dashboard('DELETE', '/members', { group: 'Meeting room 1', email: 'ada@example.com' });
  await world.jobs.add([{ name: 'audit-memberships', payload: {}, at: null }]);
  await world.drain();
  expect(receiver.received.map(({ type, data }) => [type, data['cause']])).toEqual([['access.revoked', 'DRIFT']]);
});

test('a problem is told of when it opens and when it closes, with its code', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['PROBLEM_OPENED', 'PROBLEM_CLOSED'] });
  await booked();
  await world.dashboard('PATCH', '/switches', { apiOutage: true });
  await world.at('11:45');
  await world.dashboard('POST', '/reset', {});
  await world.at('12:00');
  const [integration] = await world.sql<{ id: string }>('select id from integration');
  expect(receiver.received.map(({ type, data }) => [type, data['problem'], ids(data, 'integration').id])).toEqual([
    ['problem.opened', { code: 'PROVIDER_UNAVAILABLE' }, encodeNodeId('Integration', integration?.id ?? '')],
    ['problem.closed', { code: 'PROVIDER_UNAVAILABLE' }, encodeNodeId('Integration', integration?.id ?? '')],
  ]);
});

test('an endpoint is told what it wants to know and no more, and an organisation without one writes nothing', async () => {
  await world.location('annex');
  await booked();
  await world.at('11:31');
  expect(await world.sql('select id from webhook_message')).toEqual([]);
  await endpointAt(world, receiver.url, { eventTypes: ['KEY_ACTIVATED'] });
  await endpointAt(world, receiver.url, { locations: [world.externalId('annex')] });
  await world.at('14:00');
  expect(await world.activity('ACCESS_REVOKED')).toHaveLength(1);
  expect(await world.sql('select id from webhook_message')).toEqual([]);
  expect(receiver.received).toEqual([]);
});

test('what is not taken is sent again, later each time, under the same id and with a fresh timestamp, until it is', async () => {
  const { secret } = await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_GRANTED'] });
  receiver.answers(503);
  await booked();
  await world.at('11:30');
  expect(await deliveries(world)).toMatchObject([{ state: 'PENDING', attempts: 1, lastStatus: 503 }]);
  expect(await world.sql('select "failingSince" from webhook_endpoint')).toEqual([{ failingSince: new Date(world.instant('11:30')) }]);
  await world.at('11:40');
  expect(receiver.received).toHaveLength(4);
  receiver.answers(200);
  await world.at('13:00');
  expect(receiver.received).toHaveLength(5);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  const at = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']) * SECOND - world.instant('11:30'));
  for (const [index, expected] of [0, 5 * SECOND, 65 * SECOND, 365 * SECOND, 365 * SECOND + 30 * MINUTE].entries()) {
    expect(Math.abs((at[index] ?? NaN) - expected)).toBeLessThanOrEqual(expected / 10 + SECOND);
  }
  verified(receiver, secret);
  const [delivery] = await deliveries(world);
  expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 5, nextAttemptAt: null, lastError: null });
  expect(delivery?.log.map(({ status }) => status)).toEqual([503, 503, 503, 503, 200]);
  expect(await world.sql('select "failingSince" from webhook_endpoint')).toEqual([{ failingSince: null }]);
});

test('a receiver that is gone for three days is given up, and shown as failing', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_GRANTED'] });
  receiver.answers(500);
  await booked();
  await world.at('11:30');
  await world.advance(3 * DAY + HOUR);
  const [delivery] = await deliveries(world);
  expect(delivery).toMatchObject({ state: 'FAILED', nextAttemptAt: null, lastStatus: 500, lastError: 'The receiver answered 500.' });
  expect(receiver.received.length).toBe(delivery?.attempts);
  expect(delivery?.attempts).toBeGreaterThan(8);
  expect(await world.sql('select "failingSince" is not null as failing, "disabledAt" from webhook_endpoint')).toEqual([
    { failing: true, disabledAt: null },
  ]);
});

test('a receiver that asks for a pause is left alone for as long', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_GRANTED'] });
  receiver.answers({ status: 429, headers: { 'retry-after': '600' } });
  await booked();
  await world.at('11:39');
  expect(receiver.received).toHaveLength(1);
  await world.at('11:41');
  expect(receiver.received).toHaveLength(2);
});

test('a receiver that answers 410 is disabled and told nothing more', async () => {
  await endpointAt(world, receiver.url);
  receiver.answers(410);
  await booked();
  await world.at('14:00');
  expect(receiver.received).toHaveLength(1);
  expect(await deliveries(world)).toMatchObject([{ state: 'FAILED', lastStatus: 410 }]);
  const [endpoint] = await world.sql<{ disabledWhy: string }>('select "disabledWhy" from webhook_endpoint');
  expect(endpoint?.disabledWhy).toBe('The receiver answered 410: it wants nothing any more.');
});

test('what the queue lost is found by the sweep, first attempts and later ones', async () => {
  await endpointAt(world, receiver.url, { eventTypes: ['ACCESS_GRANTED'] });
  receiver.answers(500);
  await booked();
  await world.at('11:30');
  world.loseJobs();
  receiver.answers(200);
  await world.jump('11:31');
  await world.sweep();
  expect(receiver.received).toHaveLength(2);
  await world.sweep();
  expect(receiver.received).toHaveLength(2);
});

test('two workers at one endpoint at once send each message once, and no more than five at a time', async () => {
  const { id } = await endpointAt(world, receiver.url);
  await many(12, id);
  let [under, most] = [0, 0];
  receiver.answers((_request, response) => {
    under += 1;
    most = Math.max(most, under);
    setImmediate(() => {
      under -= 1;
      response.writeHead(204).end();
    });
  });
  const run = () => deliverWebhooks(world.deps, { webhookEndpointId: id }, new AbortController().signal);
  await Promise.all([run(), run(), run()]);
  await world.drain();
  expect(receiver.received).toHaveLength(12);
  expect(new Set(receiver.received.map(({ id: message }) => message)).size).toBe(12);
  expect(most).toBeLessThanOrEqual(5);
});

test('a worker that dies with a message in hand holds it up for half a minute, and then it is sent again', async () => {
  const { id } = await endpointAt(world, receiver.url);
  await many(1, id);
  const [orgId] = [world.admin.orgId];
  const taken = await world.deps.store.transaction(orgId, (tx) => tx.webhooks.take(id, 5, 30 * SECOND));
  expect(taken?.deliveries).toHaveLength(1);
  await world.sweep();
  expect(receiver.received).toEqual([]);
  await world.jump(world.clock.now() + 31 * SECOND);
  await world.sweep();
  expect(receiver.received).toHaveLength(1);
  // The one who was believed dead comes back: what it says is of before.
  const late = { at: 0, ms: 0, status: 500, error: 'late' };
  const [delivery] = taken?.deliveries ?? [];
  const settled = await world.deps.store.transaction(orgId, (tx) =>
    tx.webhooks.settle(id, delivery!, { kind: 'failed', gone: false, why: 'late' }, late),
  );
  expect(settled).toBe(false);
  expect(await deliveries(world)).toMatchObject([{ state: 'DELIVERED', attempts: 2 }]);
});

test('a slow endpoint does not hold up another', async () => {
  const quick = await startWebhookReceiver();
  const slow = await endpointAt(world, receiver.url);
  const other = await endpointAt(world, quick.url);
  receiver.answers(() => undefined);
  await many(3, slow.id);
  await many(3, other.id);
  const stop = new AbortController();
  const held = deliverWebhooks(world.deps, { webhookEndpointId: slow.id }, stop.signal);
  await receiver.has(3);
  await deliverWebhooks(world.deps, { webhookEndpointId: other.id }, stop.signal);
  expect(quick.received).toHaveLength(3);
  stop.abort();
  await held;
  await quick.close();
  // Whoever was stopped has said nothing of the receiver.
  expect((await deliveries(world)).filter(({ state }) => state === 'PENDING')).toHaveLength(3);
  expect(await world.sql('select id from webhook_endpoint where "failingSince" is not null')).toEqual([]);
});

test('after thirty days a message is forgotten with its deliveries', async () => {
  const { id } = await endpointAt(world, receiver.url);
  await many(2, id);
  await world.drain();
  await world.jump(world.clock.now() + 29 * DAY);
  await world.sweep();
  expect(await deliveries(world)).toHaveLength(2);
  await world.jump(world.clock.now() + 2 * DAY);
  await world.sweep();
  expect(await deliveries(world)).toEqual([]);
  expect(await world.sql('select id from webhook_message')).toEqual([]);
});

/** so many messages for one endpoint */
async function many(count: number, endpointId: string): Promise<void> {
  const message = { type: 'WEBHOOK_TEST' as const, locationId: null, activityId: null, body: '{"type":"webhook.test","data":{}}' };
  const told = Array.from({ length: count }, () => ({ ...message, endpointIds: [endpointId] }));
  await world.deps.store.transaction(world.admin.orgId, (tx) => tx.webhooks.add(told));
}
