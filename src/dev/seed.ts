import { emailOf, MIA, type DemoWorld } from './demo-world.ts';
import * as say from './documents.ts';
import { success } from './success.ts';

/** Some people, a desk, and a booking of tomorrow, so that there is something to look at. Safe to repeat. */
export async function seedPeople(world: DemoWorld): Promise<void> {
  const { platform, location } = world;
  for (const [externalId, firstName, lastName] of [
    [MIA, 'Mia', 'Marsh'],
    ['noor', 'Noor', 'Nash'],
    ['otto', 'Otto', 'Oakes'],
  ] as const) {
    const input = { externalId, email: emailOf(externalId), firstName, lastName };
    success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  }
  await platform.ask(say.UpsertResource, { input: { externalId: 'desk-1', location, name: 'Desk 1', kind: 'DESK' } });
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  const input = {
    externalId: `seed-${tomorrow}`,
    resource: { externalId: 'room-1' },
    member: { externalId: MIA },
    startsAt: `${tomorrow}T10:00:00Z`,
    endsAt: `${tomorrow}T11:00:00Z`,
    invitees: [{ externalId: 'noor' }],
  };
  success((await platform.ask(say.UpsertBooking, { input })).result, 'UpsertBookingSuccess');
}
