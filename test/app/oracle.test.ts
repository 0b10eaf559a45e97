import fc from 'fast-check';
import { expect, test } from 'vitest';
import { releaseHeldRemoval } from '../../src/app/release-held-removal.ts';
import { setRemovalGuard } from '../../src/app/set-removal-guard.ts';
import type { Moment } from '../support/oracle.ts';
import { beginning, compare, events, QUARTER, storyOf, type Event } from './story.ts';
import { done } from './telling.ts';
import { HOUR, MINUTE, type World } from './world.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] || 6);
const TIMEOUT = { timeout: 30_000 + RUNS * 5_000 };

test('whatever is told, in whatever order, and whatever jobs are lost: the doors open to whom they should (X1, X2)', TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(storyOf(events, 48), async (story) => {
      const { world, facts } = await beginning();
      const moments: Moment[] = [{ at: world.clock.now(), world: structuredClone(facts) }];
      for (const { after, event } of story) {
        await world.advance(after * QUARTER);
        await compare(world, moments);
        await event({ world, facts, now: world.clock.now() });
        moments.push({ at: world.clock.now(), world: structuredClone(facts) });
        await world.sweep();
        await compare(world, moments);
      }
      await world.advance(36 * HOUR);
      await compare(world, moments);
    }),
    { numRuns: RUNS },
  );
});

/** Whatever is held is released, as by an administrator who looks at it at once. */
async function releaseAll(world: World): Promise<void> {
  const held = await world.sql<{ id: string }>(`select id from held_removal where "resolvedAt" is null`);
  for (const { id } of held) done(await releaseHeldRemoval(world.deps, world.admin, { heldRemoval: id }));
}

test(
  'where every removal by a mapping is held, and released at once, the doors open to whom they should all the same (X1)',
  TIMEOUT,
  async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(events, 24), async (story) => {
        const { world, facts } = await beginning();
        done(await setRemovalGuard(world.deps, world.admin, { location: world.externalId('harbour'), sharePercent: 0, leastPeople: 1 }));
        const moments: Moment[] = [{ at: world.clock.now(), world: structuredClone(facts) }];
        for (const { after, event } of story) {
          await world.advance(after * QUARTER);
          await event({ world, facts, now: world.clock.now() });
          await releaseAll(world);
          moments.push({ at: world.clock.now(), world: structuredClone(facts) });
          await world.drain();
          await compare(world, moments);
        }
        await world.advance(36 * HOUR);
        await compare(world, moments);
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  },
);

const share = fc.constantFrom(0.1, 0.3, 0.6);
const fault = fc
  .oneof(
    fc.constant({ apiOutage: true }),
    fc.constant({ identityOutage: true, tokenTtlSeconds: 600 }),
    share.map((rate) => ({ loseAnswers: { rate } })),
    fc.record({ rate: share, status: fc.constantFrom(500, 502, 503), performed: fc.boolean() }).map((errors) => ({ errors })),
    share.map((rate) => ({ rateLimit: { rate, retryAfterSeconds: 5 } })),
    fc.constantFrom('partial', 'skip', 'refused_400', 'refused_405').map((batch) => ({ batch, consistencyDelayMs: 20_000 })),
    fc.record({
      lateGroupReadsMs: fc.constant(10_000),
      duplicateAdd: fc.constantFrom('ok', 400, 409),
      absentRemove: fc.constantFrom('ok', 404, 400),
    }),
  )
  .map(
    (switches): Event =>
      async ({ world }) =>
        void (await world.dashboard('PATCH', '/switches', switches)),
  );
const seed = fc.nat(1_000).map(
  (drawn): Event =>
    async ({ world }) =>
      void (await world.dashboard('PATCH', '/switches', { seed: drawn })),
);

/** Of one person and group, a grant is told of, then a revoke, then a grant, and as the last what is so now. */
async function toldOnce(world: World): Promise<void> {
  const rows = await world.activity('ACCESS_GRANTED', 'ACCESS_REVOKED');
  const last = new Map<string, string>();
  for (const { type, member, group } of rows) {
    const pair = `${member ?? ''} in ${group ?? ''}`;
    expect({ pair, type }).toEqual({ pair, type: last.get(pair) === 'ACCESS_GRANTED' ? 'ACCESS_REVOKED' : 'ACCESS_GRANTED' });
    last.set(pair, type);
  }
  const held = await world.sql<{ pair: string }>(
    `select m."externalId" || ' in ' || g.name as pair from group_membership s join member m on m.id = s."memberId"
     join access_group g on g.id = s."accessGroupId" where s.state = 'ACTIVE' order by 1`,
  );
  const granted = [...last].filter(([, type]) => type === 'ACCESS_GRANTED').map(([pair]) => pair);
  expect(granted.sort()).toEqual(held.map(({ pair }) => pair).sort());
}

test(
  'whatever fails meanwhile, a minute after the last fault the doors are right, strangers untouched, each change told once (C6, X2, X3)',
  TIMEOUT,
  async () => {
    await fc.assert(
      fc.asyncProperty(storyOf([...events, fault, fault, fault, fault, fault, seed], 6), async (story) => {
        const { world, facts } = await beginning();
        const moments: Moment[] = [{ at: world.clock.now(), world: structuredClone(facts) }];
        for (const { after, event } of story) {
          await world.advance(after * QUARTER);
          await event({ world, facts, now: world.clock.now() });
          moments.push({ at: world.clock.now(), world: structuredClone(facts) });
          await world.drain();
        }
        await world.dashboard('POST', '/reset', {});
        await world.sweep();
        await world.advance(MINUTE);
        await compare(world, moments);
        await toldOnce(world);
        for (const theirs of ['desk@example.com', 'cleaner@example.com']) expect(await world.opens(theirs, 'Loading bay')).toBe(true);
      }),
      { numRuns: RUNS },
    );
  },
);
