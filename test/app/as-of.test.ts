import { beforeAll, expect, test } from 'vitest';
import { cancelBooking } from '../../src/app/cancel-booking.ts';
import { cancelMemberSubscription } from '../../src/app/cancel-member-subscription.ts';
import { removeMember } from '../../src/app/remove-member.ts';
import { upsertBooking } from '../../src/app/upsert-booking.ts';
import { upsertCompany } from '../../src/app/upsert-company.ts';
import { upsertLocation } from '../../src/app/upsert-location.ts';
import { upsertMember } from '../../src/app/upsert-member.ts';
import { upsertMemberSubscription } from '../../src/app/upsert-member-subscription.ts';
import { upsertPlan } from '../../src/app/upsert-plan.ts';
import { upsertResource } from '../../src/app/upsert-resource.ts';
import { checksums } from './checksum.ts';
import { done } from './telling.ts';
import { connectedWorld, DAY, HOUR, MINUTE, type World } from './world.ts';

// Nothing of what follows may change anything, so one world serves all of it.
let world: World;
let toldAt: number;

const ref = (externalId: string): { externalId: string } => ({ externalId });

type Change = 'same' | 'other';
type Tells = (asOf: number | null, change: Change) => Promise<unknown>;

const verbs: Record<string, Tells> = {
  upsertLocation: (asOf, change) =>
    upsertLocation(world.deps, world.platform, {
      ...{
        externalId: 'harbour',
        name: change === 'same' ? 'harbour' : 'Port',
        timeZone: change === 'same' ? 'Europe/Berlin' : 'Asia/Tokyo',
        asOf,
      },
    }),
  upsertCompany: (asOf, change) =>
    upsertCompany(world.deps, world.platform, { externalId: 'anvil', name: change === 'same' ? 'anvil' : 'Other', asOf }),
  upsertMember: (asOf, change) => {
    const person = {
      externalId: 'ada',
      email: change === 'same' ? 'ada@example.com' : 'other@example.com',
      firstName: 'ada',
      lastName: 'Marsh',
    };
    const company = change === 'same' ? ref('anvil') : null;
    return upsertMember(world.deps, world.platform, { ...person, role: 'MEMBER', company, asOf });
  },
  upsertPlan: (asOf, change) =>
    upsertPlan(world.deps, world.platform, {
      ...{ externalId: 'full', location: ref('harbour'), name: 'full', dayPassesPerMonth: change === 'same' ? 3 : 9, asOf },
    }),
  upsertResource: (asOf, change) =>
    upsertResource(world.deps, world.platform, {
      ...{ externalId: 'desk', location: ref('harbour'), name: change === 'same' ? 'desk' : 'Table', kind: 'DESK', asOf },
    }),
  upsertMemberSubscription: (asOf, change) => {
    const subscriber = { location: ref('harbour'), member: null, company: ref('anvil') };
    const items = change === 'same' ? [{ externalId: 'firm-full', plan: ref('full'), resource: null }] : [];
    return upsertMemberSubscription(world.deps, world.platform, {
      externalId: 'firm',
      ...subscriber,
      startsOn: '2026-05-05',
      endsOn: null,
      items,
      asOf,
    });
  },
  upsertBooking: (asOf, change) => {
    const startsAt = world.instant('2026-05-07 09:00');
    const endsAt = startsAt + (change === 'same' ? 8 * HOUR : 2 * DAY);
    const people = { resource: ref('desk'), member: ref('ada'), invitees: [] };
    return upsertBooking(world.deps, world.platform, { externalId: 'one', ...people, startsAt, endsAt, payWithDayPass: true, asOf });
  },
};

const ends: Record<string, (asOf: number | null) => Promise<unknown>> = {
  removeMember: (asOf) => removeMember(world.deps, world.platform, { member: ref('ada'), asOf }),
  cancelMemberSubscription: (asOf) =>
    cancelMemberSubscription(world.deps, world.platform, { memberSubscription: ref('firm'), at: null, asOf }),
  cancelBooking: (asOf) => cancelBooking(world.deps, world.platform, { booking: ref('one'), asOf }),
};

beforeAll(async () => {
  world = await connectedWorld();
  await world.company('anvil');
  await world.plan('full', { group: 'Members 24/7', passes: 3 });
  await world.desk('desk', 'Office 12');
  toldAt = world.clock.now();
  for (const name of [
    'upsertLocation',
    'upsertCompany',
    'upsertMember',
    'upsertPlan',
    'upsertResource',
    'upsertMemberSubscription',
    'upsertBooking',
  ]) {
    done(await verbs[name]?.(toldAt, 'same'));
  }
  await world.drain();
  await world.advance(MINUTE);
});

async function writesNothing(tell: () => Promise<unknown>): Promise<void> {
  const before = await checksums(world);
  world.jobs.added.splice(0);
  done(await tell());
  expect(world.jobs.added).toEqual([]);
  expect(await checksums(world)).toEqual(before);
}

test.each(Object.keys(verbs))('%s: what was true before what is stored is a success and changes nothing', async (name) => {
  await writesNothing(async () => verbs[name]?.(toldAt - 1, 'other'));
});

test.each(Object.keys(ends))('%s: an end that was told before what is stored is a success and changes nothing', async (name) => {
  await writesNothing(async () => ends[name]?.(toldAt - 1));
});

test.each(Object.keys(verbs))(
  '%s: the same told again, with its instant or without one, changes nothing: no row, no version, no job',
  async (name) => {
    await writesNothing(async () => verbs[name]?.(toldAt, 'same'));
    await writesNothing(async () => verbs[name]?.(null, 'same'));
  },
);

test('the same instant told again with something else is taken: the platform may correct itself', async () => {
  done(await verbs['upsertCompany']?.(toldAt, 'other'));
  expect(await world.sql('select name from company')).toEqual([{ name: 'Other' }]);
  done(await verbs['upsertCompany']?.(toldAt + 1, 'same'));
  expect(await world.sql('select name from company')).toEqual([{ name: 'anvil' }]);
});
