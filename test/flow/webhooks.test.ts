import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSigned } from '../app/webhook-world.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { openSpace, type Space } from './space.ts';
import { startTestStack, tokenFor, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let receiver: WebhookReceiver;
beforeAll(async () => {
  stack = await startTestStack({ redis: true, workers: 2 });
  space = await openSpace(stack, stack.apis);
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await space.close();
  await stack.close();
  await receiver.close();
});

test('a grant and a key are told over real queues and two workers, once each, and the secret is in no log', async () => {
  const document = `mutation($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) { ... on CreateWebhookEndpointSuccess { secret } ... on Error { message } } }`;
  const response = await fetch(`${stack.apis[0] ?? ''}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor('--role', 'admin', '--org', space.org)}` },
    body: JSON.stringify({ query: document, variables: { input: { url: receiver.url } } }),
  });
  const { data } = (await response.json()) as { data: { createWebhookEndpoint: { secret: string } } };
  const { secret } = data.createWebhookEndpoint;

  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.getDigitalKey();
  await receiver.has(2);
  expect(receiver.received.map(({ type }) => type)).toEqual(['access.granted', 'key.activated']);
  for (const message of receiver.received) {
    expectSigned(message, secret);
    expect(message.data['member']).toMatchObject({ externalId: mia });
    expect(message.body).not.toContain('@');
  }
  expect(stack.logged()).not.toContain(secret.slice('whsec_'.length));
});
