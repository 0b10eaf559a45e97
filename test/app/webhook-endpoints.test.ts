import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src/app/caller.ts';
import { createWebhookEndpoint } from '../../src/app/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from '../../src/app/delete-webhook-endpoint.ts';
import { replayFailedWebhooks } from '../../src/app/replay-failed-webhooks.ts';
import { replayWebhook } from '../../src/app/replay-webhook.ts';
import { rotateWebhookSecret } from '../../src/app/rotate-webhook-secret.ts';
import { sendTestWebhook } from '../../src/app/send-test-webhook.ts';
import { updateWebhookEndpoint } from '../../src/app/update-webhook-endpoint.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { checksums } from './checksum.ts';
import { done } from './telling.ts';
import { deliveries, endpointAt, expectSigned, type Endpoint } from './webhook-world.ts';
import { createWorld, DAY, HOUR, type World } from './world.ts';

let world: World;
let receiver: WebhookReceiver;
let endpoint: Endpoint;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
beforeEach(async () => {
  world = await createWorld();
  receiver.received.splice(0);
  receiver.answers(204);
  endpoint = await endpointAt(world, receiver.url);
});
afterAll(() => receiver.close());

/** A test message; answers with its delivery. */
async function ping(): Promise<string> {
  const { webhookDeliveryId } = done(await sendTestWebhook(world.deps, world.admin, { webhookEndpointId: endpoint.id }));
  await world.drain();
  return webhookDeliveryId;
}

test('a secret is told once and stored sealed, for its row alone', async () => {
  expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const [stored] = await world.sql<{ secret: string }>('select secret from webhook_endpoint');
  expect(stored?.secret).not.toContain(endpoint.secret.slice(6));
  expect(world.deps.secrets.open(stored?.secret ?? '', `webhook_endpoint:${endpoint.id}`)).toBe(endpoint.secret);
  expect(() => world.deps.secrets.open(stored?.secret ?? '', 'webhook_endpoint:other')).toThrow();
});

test('a test message reaches the endpoint, signed', async () => {
  await ping();
  const [message] = receiver.received as [WebhookReceiver['received'][number]];
  expect(message.type).toBe('webhook.test');
  expectSigned(message, endpoint.secret);
});

test('after a rotation both secrets sign for a day, then the new one alone; a second rotation ends the first at once', async () => {
  const rotate = async () => done(await rotateWebhookSecret(world.deps, world.admin, { webhookEndpointId: endpoint.id })).secret;
  const second = await rotate();
  await ping();
  await world.jump(world.clock.now() + DAY);
  await ping();
  const third = await rotate();
  const fourth = await rotate();
  await ping();
  const signedBy = receiver.received.map((message) =>
    [endpoint.secret, second, third, fourth].flatMap((secret, index) => {
      try {
        expectSigned(message, secret);
        return [index];
      } catch {
        return [];
      }
    }),
  );
  expect(signedBy).toEqual([[0, 1], [1], [2, 3]]);
});

test('a delivery is replayed under its id, delivered or not', async () => {
  const webhookDeliveryId = await ping();
  done(await replayWebhook(world.deps, world.admin, { webhookDeliveryId }));
  await world.drain();
  expect(receiver.received).toHaveLength(2);
  expect(new Set(receiver.received.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
  expect(await deliveries(world)).toMatchObject([{ state: 'DELIVERED', attempts: 1, log: [{ status: 204 }, { status: 204 }] }]);
});

test('what was given up since an instant is replayed together, and nothing else', async () => {
  receiver.answers(500);
  await ping();
  await world.advance(4 * DAY);
  const since = world.clock.now();
  await ping();
  await ping();
  await world.advance(4 * DAY);
  receiver.answers(204);
  await ping();
  receiver.received.splice(0);
  expect((await deliveries(world)).map(({ state }) => state)).toEqual(['FAILED', 'FAILED', 'FAILED', 'DELIVERED']);
  const { replayed } = done(await replayFailedWebhooks(world.deps, world.admin, { webhookEndpointId: endpoint.id, since }));
  expect(replayed).toBe(2);
  await world.drain();
  expect(receiver.received).toHaveLength(2);
  expect((await deliveries(world)).map(({ state }) => state)).toEqual(['FAILED', 'DELIVERED', 'DELIVERED', 'DELIVERED']);
});

test('a log of attempts keeps the last twenty', async () => {
  const webhookDeliveryId = await ping();
  for (let count = 0; count < 22; count += 1) {
    done(await replayWebhook(world.deps, world.admin, { webhookDeliveryId }));
    await world.jump(world.clock.now() + 1_000);
    await world.drain();
  }
  const [delivery] = await deliveries(world);
  expect(delivery?.log).toHaveLength(20);
  expect(delivery?.log.at(-1)?.at).toBe(world.clock.now());
});

test('a disabled endpoint is told nothing; what waited for it comes when it is enabled again', async () => {
  receiver.answers(500);
  await ping();
  const enable = (enabled: boolean) => updateWebhookEndpoint(world.deps, world.admin, { webhookEndpointId: endpoint.id, enabled });
  done(await enable(false));
  receiver.answers(204);
  await world.advance(HOUR);
  expect(receiver.received).toHaveLength(1);
  expect((await sendTestWebhook(world.deps, world.admin, { webhookEndpointId: endpoint.id })) as Error).toMatchObject({ code: 'CONFLICT' });
  done(await enable(true));
  await world.drain();
  expect(receiver.received).toHaveLength(2);
  expect(await world.sql('select "disabledAt", "disabledWhy", "failingSince", "changedBy" from webhook_endpoint')).toEqual([
    { disabledAt: null, disabledWhy: null, failingSince: null, changedBy: 'admin:grace' },
  ]);
});

test('a deleted endpoint goes with all that was to be sent to it', async () => {
  receiver.answers(500);
  await ping();
  done(await deleteWebhookEndpoint(world.deps, world.admin, { webhookEndpointId: endpoint.id }));
  await world.advance(HOUR);
  expect(receiver.received).toHaveLength(1);
  expect(await deliveries(world)).toEqual([]);
});

test('what is left out of an update stays, null makes it everything', async () => {
  const location = { id: await world.location('harbour') };
  const update = (change: object) => updateWebhookEndpoint(world.deps, world.admin, { webhookEndpointId: endpoint.id, ...change });
  const stored = async () =>
    (
      await world.sql<object>(
        'select url, description, "eventTypes"::text[] as types, cardinality("locationIds") as locations from webhook_endpoint',
      )
    )[0];
  done(await update({ eventTypes: ['KEY_ACTIVATED', 'KEY_ACTIVATED'], locations: [location, location], description: 'Front desk' }));
  const narrowed = { url: receiver.url, description: 'Front desk', types: ['KEY_ACTIVATED'], locations: 1 };
  expect(await stored()).toEqual(narrowed);
  done(await update({ url: 'https://hooks.example.com/a' }));
  expect(await stored()).toEqual({ ...narrowed, url: 'https://hooks.example.com/a' });
  done(await update({ eventTypes: null, locations: null }));
  expect(await stored()).toMatchObject({ types: [], locations: 0 });
});

const told = { url: 'https://hooks.example.com/', description: '', eventTypes: null, locations: null };

test.each<[string, object, string]>([
  ['an address that is none', { url: 'hooks.example.com' }, 'url'],
  ['another protocol', { url: 'ftp://hooks.example.com/' }, 'url'],
  ['a password in the address', { url: 'https://a:b@hooks.example.com/' }, 'url'],
  ['a blank in the address', { url: 'https://hooks.example.com/ a' }, 'url'],
  ['a zero character', { url: 'https://hooks.example.com/\u0000' }, 'url'],
  ['an address that is too long', { url: `https://hooks.example.com/${'a'.repeat(2_000)}` }, 'url'],
  ['a description that is too long', { description: 'x'.repeat(201) }, 'description'],
  ['no type at all', { eventTypes: [] }, 'eventTypes'],
  ['the type of tests', { eventTypes: ['WEBHOOK_TEST'] }, 'eventTypes'],
  ['no location at all', { locations: [] }, 'locations'],
  ['too many locations', { locations: Array.from({ length: 101 }, () => ({ externalId: 'harbour' })) }, 'locations'],
])('%s is refused, names the field and changes nothing', async (_, change, field) => {
  const before = await checksums(world);
  const { webhookEndpointId } = { webhookEndpointId: endpoint.id };
  for (const answer of [
    await createWebhookEndpoint(world.deps, world.admin, { ...told, ...change }),
    await updateWebhookEndpoint(world.deps, world.admin, { webhookEndpointId, ...change }),
  ]) {
    expect(answer).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: [field] }] });
  }
  expect(await checksums(world)).toEqual(before);
});

test('unknown locations are not found, an instant that does not exist is refused, and the twenty-first endpoint too', async () => {
  const far = await createWebhookEndpoint(world.deps, world.admin, { ...told, locations: [{ externalId: 'far' }] });
  expect(far).toMatchObject({ code: 'NOT_FOUND' });
  const never = await replayFailedWebhooks(world.deps, world.admin, { webhookEndpointId: endpoint.id, since: NaN });
  expect(never).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['since'] }] });
  for (let count = 1; count < 20; count += 1) done(await createWebhookEndpoint(world.deps, world.platform, told));
  expect(await createWebhookEndpoint(world.deps, world.platform, told)).toMatchObject({ code: 'CONFLICT' });
});

test('endpoints are for the platform and administrators of the whole organisation, and of another one as if they did not exist', async () => {
  const webhookDeliveryId = await ping();
  const before = await checksums(world);
  const [webhookEndpointId, since] = [endpoint.id, 0];
  const verbs: ((caller: Caller) => Promise<unknown>)[] = [
    (caller) => updateWebhookEndpoint(world.deps, caller, { webhookEndpointId, description: 'x' }),
    (caller) => deleteWebhookEndpoint(world.deps, caller, { webhookEndpointId }),
    (caller) => rotateWebhookSecret(world.deps, caller, { webhookEndpointId }),
    (caller) => sendTestWebhook(world.deps, caller, { webhookEndpointId }),
    (caller) => replayWebhook(world.deps, caller, { webhookDeliveryId }),
    (caller) => replayFailedWebhooks(world.deps, caller, { webhookEndpointId, since }),
  ];
  for (const verb of verbs) {
    expect(await verb({ ...world.admin, locationExternalIds: ['harbour'] })).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await verb({ ...world.admin, orgId: 'another-organisation' })).toMatchObject({ code: 'NOT_FOUND' });
  }
  const limited = await createWebhookEndpoint(world.deps, { ...world.admin, locationExternalIds: ['harbour'] }, told);
  expect(limited).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(await checksums(world)).toEqual(before);
});
