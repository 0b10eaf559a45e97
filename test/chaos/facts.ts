import { oracle, type World } from '../support/oracle.ts';

export const PEOPLE = ['ada', 'ben', 'cyd', 'dee', 'eve', 'fay'];
/** access groups of a run's site, each with a door of its own and the same name */
export const GROUPS = ['Front', 'Office', 'Room', 'Desks'];
export const PLANS = ['full', 'team'];
export const PASSES_A_MONTH = 2;
export const RESOURCES = { room: 'ROOM', desk: 'DESK', office: 'OFFICE' } as const;
export const ZONES = ['Europe/Berlin', 'America/Santiago', 'Pacific/Auckland'];

/** What was told and accepted, as the naive oracle knows it, and what is to be counted. */
export interface Facts extends World {
  removed: string[];
  emails: Record<string, string>;
  plans: Record<string, string | null>;
  /** when a thing was last told of, where that was said: by kind and external id */
  asOf: Record<string, number>;
  /** bookings that were last told of as paid with day passes */
  paid: string[];
  /** bookings that had started, paid with passes, when they were told of otherwise: those passes are spent */
  spent: string[];
  visibleTo: string;
  connected: boolean;
  /** accepted changes, each of which leaves one row of activity */
  changes: { settings: number; selected: number; disconnected: number };
}

export function beginning(run: string): Facts {
  const resources = Object.entries(RESOURCES).map(([id, kind]) => [id, { kind: kind === 'ROOM' ? kind : 'DESK', group: null }] as const);
  return {
    zone: ZONES[0] ?? '',
    graceBefore: 30,
    graceAfter: 30,
    employees: [],
    resources: Object.fromEntries(resources),
    subscriptions: {},
    bookings: {},
    removed: [],
    emails: Object.fromEntries(PEOPLE.map((who) => [who, `${who}.${run}@example.com`])),
    plans: Object.fromEntries(PLANS.map((plan) => [plan, null])),
    asOf: {},
    paid: [],
    spent: [],
    visibleTo: 'ADMIN,GUEST,MEMBER',
    connected: false,
    changes: { settings: 0, selected: 0, disconnected: 0 },
  };
}

/** To be noted before the booking is told of otherwise. */
export function noteSpent(facts: Facts, booking: string, at: number): void {
  const { startsAt = Infinity } = facts.bookings[booking] ?? {};
  if (facts.paid.includes(booking) && startsAt <= at) facts.spent.push(booking);
}

/** Whether the person should be in the group: the naive oracle's word, in a world that stands still from here on. */
export function isWanted(facts: Facts, who: string, group: string, at: number): boolean {
  return !facts.removed.includes(who) && oracle([{ at: 0, world: facts }], who, group, at);
}

/** The worlds that may have been from an instant on: several where changes were under way at once. */
export interface Moment {
  at: number;
  worlds: Facts[];
}

const GRID_MS = 250;

/** Whether there was an instant between the two at which some world that may have been says so. */
export function everWanted(
  moments: readonly Moment[],
  pair: { who: string; group: string },
  between: [number, number],
  is: boolean,
): boolean {
  const [from, until] = between;
  for (const [index, { at, worlds }] of moments.entries()) {
    const ends = Math.min(until, moments[index + 1]?.at ?? until);
    for (let instant = Math.max(from, at); instant <= ends; instant += GRID_MS) {
      if (worlds.some((world) => isWanted(world, pair.who, pair.group, instant) === is)) return true;
    }
    if (ends >= from && worlds.some((world) => isWanted(world, pair.who, pair.group, ends) === is)) return true;
  }
  return false;
}
