import { after, emailOf, MIA, tryDoor, type DemoWorld } from './demo-world.ts';
import * as say from './documents.ts';
import type { Phone } from './phone/phone.ts';
import { success } from './success.ts';

const SECOND = 1_000;
/** the default grace of a location (B2) */
const GRACE_MS = 30 * 60 * SECOND;

/** A booking whose window opens in a few seconds, what the member does while it is open, and one whose window closes. */
export async function bookingChapters(world: DemoWorld, whileOpen: (app: Phone) => Promise<void>): Promise<void> {
  const { journey, platform, admin, location } = world;
  const app = world.openApp();
  journey.chapter('A booking opens a door');
  await journey.step('a new member, to whom the key is hidden', async () => {
    const input = { externalId: MIA, email: emailOf(MIA), firstName: 'Mia', lastName: 'Marsh' };
    success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
    const key = await app.key.until(({ hiddenReason }) => hiddenReason === 'NO_ACCESS_YET');
    return `${key.status}, ${key.hiddenReason}`;
  });
  const activity = admin.follow(say.ActivityAdded, { location });
  const opensAt = Date.now() + 3 * SECOND;
  const opens = await book(world, 'booking-opens', opensAt + GRACE_MS, opensAt + 2 * GRACE_MS);
  await journey.step('from the window’s opening: AVAILABLE is pushed', async () => {
    const { label } = await app.key.next(({ status }) => status === 'AVAILABLE');
    return { seen: label ?? '', milliseconds: after(opens.accessStartsAt) };
  });
  await journey.step('from the window’s opening: granted at SALTO KS', async () => {
    const { row } = await activity.until(({ row }) => row.type === 'ACCESS_GRANTED');
    const milliseconds = after(opens.accessStartsAt);
    const door = await tryDoor(world, emailOf(MIA), 'Meeting room 1');
    if (!door.opens) throw new Error(`The door stays closed: ${door.reason}`);
    return { seen: `in ${row.accessGroup?.name ?? ''}`, milliseconds };
  });
  await whileOpen(app);
  journey.chapter('A booking ends, and the door closes');
  const closesAt = Date.now() + 4 * SECOND;
  const closes = await book(world, 'booking-opens', closesAt - GRACE_MS - 2 * SECOND, closesAt - GRACE_MS);
  await journey.step('from the window’s end: revoked at SALTO KS', async () => {
    await activity.until(({ row }) => row.type === 'ACCESS_REVOKED');
    const late = after(closes.accessEndsAt);
    const door = await tryDoor(world, emailOf(MIA), 'Meeting room 1');
    if (door.opens) throw new Error('The door still opens.');
    return { seen: `the lock refuses: ${door.reason ?? ''}`, milliseconds: late };
  });
  activity.stop();
  await app.close();
}

/** A booking from and to these instants, to which the grace of the location is added. */
async function book(world: DemoWorld, externalId: string, startsAt: number, endsAt: number) {
  const input = {
    externalId,
    resource: { externalId: 'room-1' },
    member: { externalId: MIA },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  };
  const { result } = await world.platform.ask(say.UpsertBooking, { input });
  return success(result, 'UpsertBookingSuccess').booking;
}
