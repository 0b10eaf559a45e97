import { expect, test } from 'vitest';
import { disconnectIntegration } from '../../src/app/disconnect-integration.ts';
import { noteProblem } from '../../src/app/provider-session.ts';
import { whatToDo } from '../../src/core/problems.ts';
import type { IntegrationRow } from '../../src/ports/rows.ts';
import { status } from './consenting.ts';
import { codes, openProblems, pullDirectory, switches, toldOfProblems } from './seeing.ts';
import { done, OWNER } from './telling.ts';
import { connectedWorld, MINUTE, SECOND, type World } from './world.ts';

const SITE = '/sites/Harbour%20Campus';

type SiteProblem = [code: 'SITE_NOT_RELEASED' | 'CLOCK_OR_ZONE_MISMATCH' | 'SEATS_FULL', cause: object, mend: object, message: RegExp];

const SITE_PROBLEMS: SiteProblem[] = [
  ['SITE_NOT_RELEASED', { released: false }, { released: true }, /not released.*installer/],
  ['CLOCK_OR_ZONE_MISMATCH', { timeZone: 'Europe/Lisbon' }, { timeZone: 'Europe/Berlin' }, /Europe\/Lisbon.*Set both to one zone/],
  ['SEATS_FULL', { seats: 3 }, { seats: 30 }, /3 of 3 seats.*buy more/],
];

test.each(SITE_PROBLEMS)(
  '%s opens when the site shows it, says what to do, and closes when it does not; both are told and pushed (C4, X3)',
  async (code, cause, mend, message) => {
    const world = await connectedWorld();
    await world.dashboard('PATCH', SITE, cause);
    await pullDirectory(world);
    await pullDirectory(world);
    expect(await openProblems(world)).toEqual([{ code, message: expect.stringMatching(message) as string, group: null }]);
    expect(whatToDo(code)).toMatch(/\.$/);
    world.announced.splice(0);
    await world.dashboard('PATCH', SITE, mend);
    await pullDirectory(world);
    expect(await codes(world)).toEqual([]);
    expect(await toldOfProblems(world)).toEqual([expect.stringMatching(message), expect.stringMatching(/^Mended: /)]);
    expect(world.announced.some((topic) => topic.startsWith('location:'))).toBe(true);
  },
);

test('at 80 % of the seats a warning opens, and gives way to the problem when none is left (X3)', async () => {
  const world = await connectedWorld();
  for (const name of ['ada', 'ben'])
    await world.dashboard('POST', '/members', { group: 'Reception (theirs)', email: `${name}@example.com` });
  await world.dashboard('PATCH', SITE, { seats: 6 });
  await pullDirectory(world);
  expect(await openProblems(world)).toMatchObject([
    { code: 'SEATS_ALMOST_FULL', message: expect.stringContaining('5 of 6 seats') as string },
  ]);
  await world.dashboard('PATCH', SITE, { seats: 5 });
  await pullDirectory(world);
  expect(await codes(world)).toEqual(['SEATS_FULL']);
  expect(await toldOfProblems(world)).toHaveLength(3);
});

test('a location that moves to the zone of its site has no mismatch any more, at once (X3)', async () => {
  const world = await connectedWorld();
  await world.location('harbour', { timeZone: 'Europe/Lisbon' });
  expect(await codes(world)).toEqual(['CLOCK_OR_ZONE_MISMATCH']);
  await world.location('harbour', { timeZone: 'Europe/Berlin' });
  expect(await codes(world)).toEqual([]);
  expect(await toldOfProblems(world)).toHaveLength(2);
});

const follow = async (world: World): Promise<void> => {
  await world.jobs.add([{ name: 'follow-entries', payload: {}, at: null }]);
  await world.drain();
};

test('an outage is told of although only upkeep calls, any success ends it, and the groups are compared then (X3)', async () => {
  const world = await connectedWorld();
  await switches(world, { apiOutage: true });
  await follow(world);
  await world.advance(10 * SECOND);
  expect(await codes(world)).toEqual([]);
  await world.advance(21 * SECOND);
  await follow(world);
  expect(await openProblems(world)).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }]);
  await switches(world, { apiOutage: null });
  await world.advance(MINUTE);
  world.jobs.added.splice(0);
  await follow(world);
  expect(await codes(world)).toEqual([]);
  expect(world.jobs.added).toContain('audit-memberships');
  expect(await toldOfProblems(world)).toEqual([expect.stringContaining('does not answer'), 'The lock system answers again.']);
});

async function integration(world: World): Promise<IntegrationRow> {
  const [row] = await world.sql<{ id: string }>('select id from integration');
  const found = await world.deps.store.transaction(world.admin.orgId, (tx) => tx.integrations.get(row?.id ?? ''));
  if (found === null) throw new Error('The location is connected.');
  return found;
}

test('a refusal met with former tokens undoes no consent given since; one met with the present ones counts (C7)', async () => {
  const world = await connectedWorld();
  const before = await integration(world);
  await world.dashboard('POST', '/tokens/revoke', { accountEmail: OWNER.email, accessTokens: true });
  await follow(world);
  expect(await codes(world)).toEqual(['REAUTHORIZATION_NEEDED']);
  await world.advance(SECOND);
  expect(await world.consent('harbour')).toMatchObject({ ok: true });
  const late = { kind: 'needs-reauthorization', why: 'The refresh token was refused.' } as const;
  await noteProblem(world.deps, world.admin.orgId, before, late);
  expect([await status(world), await codes(world)]).toEqual(['CONNECTED', []]);
  await noteProblem(world.deps, world.admin.orgId, await integration(world), late);
  expect([await status(world), await codes(world)]).toEqual(['NEEDS_REAUTHORIZATION', ['REAUTHORIZATION_NEEDED']]);
  expect(await toldOfProblems(world)).toEqual([
    expect.stringContaining('Connect again'),
    'The connection was authorized again.',
    expect.stringContaining('Connect again'),
  ]);
});

test('a disconnect ends every problem, and says so (C8, X3)', async () => {
  const world = await connectedWorld();
  await world.dashboard('PATCH', SITE, { released: false });
  await pullDirectory(world);
  done(await disconnectIntegration(world.deps, world.admin, { location: world.externalId('harbour'), confirm: true }));
  expect(await codes(world)).toEqual([]);
  expect((await toldOfProblems(world)).at(-1)).toBe('Over: the lock system was disconnected.');
});
