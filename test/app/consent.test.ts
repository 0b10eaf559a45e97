import { expect, test } from 'vitest';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { finishConsent } from '../../src/app/finish-consent.ts';
import { selectSite } from '../../src/app/select-site.ts';
import { cameBack, siteId, status } from './consenting.ts';
import { done, OWNER, type Account } from './telling.ts';
import { createWorld, MINUTE } from './world.ts';

const NOBODY: Account = { email: 'nobody@example.com', password: 'no-site-at-all' };
const harbour = { location: { externalId: 'harbour' } };

test('the redirect of a consent leads to the choice of a site, of those where the account is an administrator and no others (C2, C3)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  expect(await world.consent('harbour')).toMatchObject({ ok: true });
  expect(await status(world)).toBe('SELECTING_SITE');
  const offered = await world.sql<{ name: string }>('select name from site order by name');
  expect(offered.map(({ name }) => name)).toEqual(['Harbour Annex', 'Harbour Campus']);
  const answer = await selectSite(world.deps, world.admin, { ...harbour, siteExternalId: siteId(world, 'Old Mill') });
  expect(answer).toMatchObject({ name: 'InvalidInputError', issues: [{ path: ['siteExternalId'] }] });
});

test('a sign-in that was taken back before a site was selected asks for connecting again, and for nothing to be waited for (C2, C7)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  await world.consent('harbour');
  await world.dashboard('POST', '/tokens/revoke', { accountEmail: OWNER.email, accessTokens: true });
  const select = () => selectSite(world.deps, world.admin, { ...harbour, siteExternalId: siteId(world, 'Harbour Campus') });
  expect(await select()).toMatchObject({ name: 'ConflictError', message: expect.stringContaining('Connect again') as string });
  await world.jump(world.clock.now() + MINUTE);
  await world.consent('harbour');
  done(await select());
  expect(await status(world)).toBe('CONNECTED');
});

test('an account that is nowhere an administrator is offered no site (C3)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  expect(await world.consent('harbour', NOBODY)).toMatchObject({ ok: true });
  expect(await world.sql('select id from site')).toEqual([]);
});

test('a first consent that is refused leaves nothing, a later one leads back to where it was started from (C2)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  expect(await world.consent('harbour', OWNER, false)).toMatchObject({ ok: false });
  expect(await status(world)).toBeNull();
  await world.connect('harbour');
  expect(await world.consent('harbour', OWNER, false)).toMatchObject({ ok: false });
  expect(await status(world)).toBe('CONNECTED');
  done(await disconnectIntegration(world.deps, world.admin, { ...harbour, confirm: true }));
  expect(await world.consent('harbour', OWNER, false)).toMatchObject({ ok: false });
  expect(await status(world)).toBe('DISCONNECTED');
});

test('a state is good once, and for its own start only: used twice, or after another start, it does nothing (C2)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  const outdated = await cameBack(world);
  const callbackUrl = await cameBack(world);
  expect(await finishConsent(world.deps, { callbackUrl: outdated, cookie: null })).toMatchObject({ ok: false });
  expect(await status(world)).toBe('AUTHORIZING');
  expect(await finishConsent(world.deps, { callbackUrl, cookie: null })).toMatchObject({ ok: true });
  expect(await finishConsent(world.deps, { callbackUrl, cookie: null })).toMatchObject({ ok: false });
  expect(await status(world)).toBe('SELECTING_SITE');
});

test('a state lives ten minutes, and where nobody came back the location is as it was before (C2)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  const callbackUrl = await cameBack(world);
  await world.jump(world.clock.now() + 10 * MINUTE);
  expect(await finishConsent(world.deps, { callbackUrl, cookie: null })).toMatchObject({ ok: false });
  expect(await status(world)).toBeNull();
  await cameBack(world);
  await world.jump(world.clock.now() + 10 * MINUTE - 1);
  await world.sweep();
  expect(await status(world)).toBe('AUTHORIZING');
  await world.jump(world.clock.now() + 1);
  await world.sweep();
  expect(await status(world)).toBeNull();
});

test('a consent that was started in one browser does not finish in another (C2)', async () => {
  const world = await createWorld();
  await world.location('harbour');
  const foreign = await cameBack(world, 'cookie-of-grace');
  expect(await finishConsent(world.deps, { callbackUrl: foreign, cookie: 'cookie-of-mallory' })).toMatchObject({ ok: false });
  expect(await status(world)).toBeNull();
  const own = await cameBack(world, 'cookie-of-grace');
  expect(await finishConsent(world.deps, { callbackUrl: own, cookie: 'cookie-of-grace' })).toMatchObject({ ok: true });
});
