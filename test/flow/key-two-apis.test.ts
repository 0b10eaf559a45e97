import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let asked = 0;
beforeAll(async () => {
  // Of our OpenID provider every other request goes to the other process; the browser’s pages are the first one's.
  stack = await startTestStack({ redis: true, apis: 2, workers: 2, route: (path) => (path.startsWith('/oidc') ? (asked += 1) : 0) });
  space = await openSpace(stack, stack.apis);
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

test('one activation over two API processes and two workers: started at one, signed in at either, told to a phone at the other', async () => {
  const [one = '', other = ''] = stack.apis;
  for (let round = 0; round < 3; round += 1) {
    const mia = await space.guest();
    const here = await space.phone(mia, { api: one });
    const there = await space.phone(mia, { api: other });
    await Promise.all([here, there].map(({ key }) => key.next(({ status }) => status === 'AVAILABLE')));
    await here.getDigitalKey();
    await there.key.next(({ status }) => status === 'ACTIVATING');
    await there.key.next(({ status }) => status === 'UNLOCK_AVAILABLE');
    expect((await here.unlock(space.lock(ROOM))).at(-1)?.status).toBe('SIGNAL_SENT');
  }
  const byPath = (path: string) => new Set(stack.front.taken.filter((taken) => taken.path === path).map(({ target }) => target));
  const ours = ['/oidc/auth', '/oidc/token', '/oidc/jwks', '/oidc/.well-known/openid-configuration'];
  expect(new Set(ours.flatMap((path) => [...byPath(path)]))).toEqual(new Set([0, 1]));
  expect(byPath('/digital-key/callback')).toEqual(new Set([0]));
});
