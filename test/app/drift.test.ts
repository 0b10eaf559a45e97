import { expect, test } from 'vitest';
import { beginSteps } from '../../src/app/begin-steps.ts';
import { resyncAccess } from '../../src/app/resync-access.ts';
import { audit, blocked, callsDuring, explained, pullDirectory, toldOfAccess } from './seeing.ts';
import { done } from './telling.ts';
import { connectedWorld, MINUTE, SECOND, type World } from './world.ts';

const ROOM = 'Meeting room 1';
const FRONT = 'Front door';
const SITE = 'Harbour Campus';

/** ada and ben by subscription, a room for bookings. */
async function inhabited(): Promise<World> {
  const world = await connectedWorld();
  await world.plan('full', { group: 'Members 24/7' });
  await world.room('room', ROOM);
  for (const name of ['ada', 'ben']) {
    await world.member(name);
    await world.subscribe(`sub-${name}`, { member: name, plans: ['full'] });
  }
  await world.drain();
  expect(await world.whoOpens(FRONT)).toEqual(['ada', 'ben']);
  return world;
}

const person = (world: World, name: string, change: object) =>
  world.dashboard('PATCH', `/users/${name}@example.com`, { site: SITE, ...change });

const DISABLED: [string, string, object, object, RegExp][] = [
  ['blocked', 'PERSON_BLOCKED', { blocked: true }, { blocked: false }, /is blocked there/],
  ['suspended', 'NO_SEAT', { suspended: true }, { suspended: false }, /has no seat there/],
];

test.each(DISABLED)(
  'who was %s there by hand is shown as such by the next audit, and is right again once resumed (X2, X3)',
  async (_, cause, off, on, why) => {
    const world = await inhabited();
    await person(world, 'ada', off);
    await audit(world);
    expect(await blocked(world)).toEqual({ ada: cause });
    expect((await explained(world, 'ada', 'Members 24/7')).staffMessage).toMatch(why);
    await person(world, 'ada', on);
    await audit(world);
    await world.advance(MINUTE);
    expect(await blocked(world)).toEqual({});
    expect((await explained(world, 'ada', 'Members 24/7')).allowed).toBe(true);
    expect((await toldOfAccess(world)).filter((told) => told.startsWith('ada'))).toEqual(
      ['ada GRANTED', 'ada FAILED', 'ada GRANTED'].slice(0, 2),
    );
  },
);

test('who was deleted there is found missing, created anew and put in again (X2)', async () => {
  const world = await inhabited();
  await world.dashboard('DELETE', `/users/ada@example.com?site=Harbour%20Campus`);
  await audit(world);
  expect(await world.opens('ada', FRONT)).toBe(true);
  expect((await toldOfAccess(world)).filter((told) => told.startsWith('ada'))).toEqual(['ada GRANTED', 'ada DRIFT_FOUND', 'ada GRANTED']);
});

test('a group that is gone is told of for everybody who was in it (C6, X3)', async () => {
  const world = await inhabited();
  await world.dashboard('DELETE', '/groups/Members%2024%2F7');
  await audit(world);
  expect(await blocked(world)).toEqual({ ada: 'GROUP_MISSING', ben: 'GROUP_MISSING' });
  expect((await toldOfAccess(world)).filter((told) => told.endsWith('FAILED')).sort()).toEqual(['ada FAILED', 'ben FAILED']);
});

test('resyncAccess for a member, a group or the location mends what was changed by hand (X2)', async () => {
  const world = await inhabited();
  const resync = async (change: object): Promise<void> => {
    await world.dashboard('DELETE', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
    expect(await world.opens('ada', FRONT)).toBe(false);
    const input = { location: world.externalId('harbour'), member: null, accessGroup: null, ...change };
    done(await resyncAccess(world.deps, world.admin, input));
    await world.drain();
    expect(await world.opens('ada', FRONT)).toBe(true);
  };
  await resync({ member: world.externalId('ada') });
  await resync({ accessGroup: await world.groupId('Members 24/7') });
  await resync({});
});

interface Listed {
  member: string | null;
  told: boolean;
}

const strangers = (world: World, group: string) =>
  world.sql<Listed>(
    `select m."externalId" as member, s."toldAt" is not null as told from stranger s
     join access_group g on g.id = s."accessGroupId" left join member m on m.id = s."memberId" where g.name = $1 order by 1`,
    [group],
  );

test('one of ours put in by hand without a right is listed and told of once, never touched, and forgotten when they leave (C6)', async () => {
  const world = await inhabited();
  await world.cancelSubscription('sub-ada');
  await world.drain();
  await world.dashboard('POST', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  await audit(world);
  expect(await strangers(world, 'Members 24/7')).toEqual([{ member: 'ada', told: false }]);
  await world.advance(3 * MINUTE);
  await audit(world);
  await pullDirectory(world);
  await audit(world);
  expect(await strangers(world, 'Members 24/7')).toEqual([{ member: 'ada', told: true }]);
  expect(await world.opens('ada', FRONT)).toBe(true);
  expect((await toldOfAccess(world)).filter((told) => told === 'ada DRIFT_FOUND')).toHaveLength(1);
  await world.dashboard('DELETE', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  await audit(world);
  expect(await strangers(world, 'Members 24/7')).toEqual([]);
  expect(await strangers(world, 'Reception (theirs)')).toEqual([
    { member: null, told: false },
    { member: null, told: false },
  ]);
});

test('an audit reads each group once and its people together, not one by one', async () => {
  const world = await inhabited();
  for (let count = 0; count < 12; count += 1) {
    await world.member(`m${count}`);
    await world.subscribe(`sub-m${count}`, { member: `m${count}`, plans: ['full'] });
  }
  await world.drain();
  const groups = 7;
  expect(await callsDuring(world, () => audit(world))).toBe(groups + 1);
});

test('a group that is being worked on is compared when that is done', async () => {
  const world = await inhabited();
  const accessGroupId = await world.groupId('Members 24/7');
  await world.dashboard('DELETE', '/members', { group: 'Members 24/7', email: 'ada@example.com' });
  const token = await world.deps.store.claimGroup(accessGroupId, 5 * SECOND);
  await audit(world);
  expect(await world.opens('ada', FRONT)).toBe(false);
  await world.deps.store.releaseClaim(accessGroupId, token ?? '');
  await world.advance(10 * SECOND);
  expect(await world.opens('ada', FRONT)).toBe(true);
});

test('a grant of the person of a former address that is under way while the address changes leaves nobody behind (C6)', async () => {
  const world = await inhabited();
  await world.book('one', { resource: 'room', member: 'ada', from: '10:00', to: '16:00' });
  const context = await world.deps.store.groupOf(await world.groupId(ROOM));
  if (context === null) throw new Error('the group is known');
  const claim = await world.deps.store.claimGroup(context.group.id, MINUTE);
  await beginSteps(world.deps, context);
  await world.member('ada', { email: 'countess@example.com' });
  await world.drain();
  // What the grant that had begun sends only now.
  await world.dashboard('POST', '/members', { group: ROOM, email: 'ada@example.com' });
  await world.deps.store.releaseClaim(context.group.id, claim ?? '');
  await world.sweep();
  for (const door of [ROOM, FRONT]) {
    expect(await world.opens('ada', door)).toBe(true);
    expect(await world.opens('ada@example.com', door)).toBe(false);
  }
  expect(await world.sql('select id from leaver')).toEqual([]);
});
