import { setRemovalGuard } from '../../src/app/set-removal-guard.ts';
import { upsertBooking, type UpsertBookingInput } from '../../src/app/upsert-booking.ts';
import { upsertMany } from '../../src/app/upsert-many.ts';
import { upsertMemberSubscription, type UpsertMemberSubscriptionInput } from '../../src/app/upsert-member-subscription.ts';
import { done } from './telling.ts';
import { connectedWorld, MINUTE, type World } from './world.ts';

export const FRONT = 'Front door';
export const CROWD = ['ada', 'ben', 'cyd', 'dee'];

export const guard = async (world: World, sharePercent: number, leastPeople: number): Promise<void> => {
  done(await setRemovalGuard(world.deps, world.admin, { location: world.externalId('harbour'), sharePercent, leastPeople }));
};

/** Four people of a company, whose subscription lets them in at the front door since a minute ago; three leaving at once are held. */
export async function crowd(): Promise<World> {
  const world = await connectedWorld();
  await guard(world, 50, 3);
  await world.company('anvil');
  await world.plan('full', { group: 'Members 24/7' });
  for (const name of CROWD) await world.member(name, { company: 'anvil' });
  await world.subscribe('firm', { company: 'anvil', plans: ['full'] });
  await settled(world);
  return world;
}

/** The same four, each with a subscription of their own. */
export async function singles(): Promise<World> {
  const world = await connectedWorld();
  await guard(world, 50, 3);
  await world.plan('full', { group: 'Members 24/7' });
  await world.plan('bare');
  for (const name of CROWD) {
    await world.member(name);
    await world.subscribe(name, { member: name, plans: ['full', 'bare'] });
  }
  await settled(world);
  return world;
}

/** What was told is done, and what follows is later than it. */
export async function settled(world: World): Promise<void> {
  await world.drain();
  await world.advance(MINUTE);
  world.simulator.state.calls.clear();
  world.jobs.added.splice(0);
  world.announced.splice(0);
}

export interface Held {
  id: string;
  cause: string;
  group: string;
  people: number;
  resolution: string | null;
}

export const heldRemovals = (world: World): Promise<Held[]> =>
  world.sql<Held>(
    `select h.id, h.cause, g.name as group, h.people, h.resolution from held_removal h join access_group g on g.id = h."accessGroupId"
     order by h.id`,
  );

export const problems = async (world: World): Promise<string[]> =>
  (await world.sql<{ code: string }>(`select code from integration_problem where "closedAt" is null`)).map(({ code }) => code);

export const subscriptionOf = (
  world: World,
  name: string,
  plans: string[],
  endsOn: string | null = null,
): UpsertMemberSubscriptionInput => ({
  ...{ externalId: name, location: world.externalId('harbour'), member: world.externalId(name), company: null },
  ...{ startsOn: '2026-05-05', endsOn, asOf: null },
  items: plans.map((plan) => ({ externalId: `${name}-${plan}`, plan: world.externalId(plan), resource: null })),
});

export const importSubscriptions = async (world: World, subscriptions: UpsertMemberSubscriptionInput[], deps = world.deps) =>
  done(
    await upsertMany(deps, world.platform, { field: 'memberSubscriptions', of: 'subscriptions' }, subscriptions, (each, change) =>
      upsertMemberSubscription(deps, world.platform, each, change),
    ),
  );

export const importBookings = async (world: World, bookings: UpsertBookingInput[], deps = world.deps) =>
  done(
    await upsertMany(deps, world.platform, { field: 'bookings', of: 'bookings' }, bookings, (each, change) =>
      upsertBooking(deps, world.platform, each, change),
    ),
  );
