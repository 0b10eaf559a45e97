/**
 * A naive second opinion on who has access when. It knows nothing of rights, windows or merging: it keeps every state the world was in,
 * and asks of one instant whether anything in the world of that instant lets a person into a group. Days are found by walking a zone
 * minute by minute.
 */

const MINUTE = 60_000;

export interface WorldSubscription {
  subscriber: { member: string } | { company: true };
  startsOn: string;
  endsOn: string | null;
  canceledAt: number | null;
  items: { id: string; group: string | null; endedAt: number | null }[];
}

export interface WorldBooking {
  resource: string;
  member: string;
  invitees: string[];
  startsAt: number;
  endsAt: number;
  canceled: boolean;
}

/** One location with one company. */
export interface World {
  zone: string;
  graceBefore: number;
  graceAfter: number;
  employees: string[];
  resources: Record<string, { kind: 'ROOM' | 'DESK'; group: string | null }>;
  subscriptions: Record<string, WorldSubscription>;
  bookings: Record<string, WorldBooking>;
}

export interface Moment {
  at: number;
  world: World;
}

/** Whether the person could be in the group at `at`, in the world as it was at that instant; after the last moment the last world holds. */
export function oracle(moments: readonly Moment[], person: string, group: string, at: number): boolean {
  const world = moments.findLast((moment) => moment.at <= at)?.world;
  if (world === undefined) return false;
  return bySubscription(world, person, group, at) || byBooking(world, person, group, at);
}

function bySubscription(world: World, person: string, group: string, at: number): boolean {
  return Object.values(world.subscriptions).some((subscription) => {
    const { subscriber } = subscription;
    const belongs = 'member' in subscriber ? subscriber.member === person : world.employees.includes(person);
    if (!belongs || at < dayBegins(subscription.startsOn, world.zone)) return false;
    if (subscription.endsOn !== null && at >= dayBegins(nextDay(subscription.endsOn), world.zone)) return false;
    if (subscription.canceledAt !== null && at >= subscription.canceledAt) return false;
    return subscription.items.some((item) => item.group === group && (item.endedAt === null || at < item.endedAt));
  });
}

function byBooking(world: World, person: string, group: string, at: number): boolean {
  return Object.values(world.bookings).some((booking) => {
    const resource = world.resources[booking.resource];
    if (booking.canceled || resource === undefined || resource.group !== group) return false;
    const takesPart = booking.member === person || (resource.kind === 'ROOM' && booking.invitees.includes(person));
    return takesPart && at >= booking.startsAt - world.graceBefore * MINUTE && at < booking.endsAt + world.graceAfter * MINUTE;
  });
}

const begins = new Map<string, number>();
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The first minute at which a calendar on the wall shows the day or a later one. */
export function dayBegins(day: string, zone: string): number {
  const key = `${day} ${zone}`;
  const known = begins.get(key);
  if (known !== undefined) return known;
  let at = Date.parse(`${day}T00:00:00Z`) - 15 * 60 * MINUTE;
  while (dateOnTheWall(at, zone) < day) at += MINUTE;
  begins.set(key, at);
  return at;
}

export function dateOnTheWall(at: number, zone: string): string {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  clocks.set(zone, clock);
  return clock.format(at);
}

export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * MINUTE).toISOString().slice(0, 10);
}
