import { opensWithin, type Schedule } from './schedule.ts';
import { spokenTime, type Instant, type Window } from './time.ts';

/** What was found at the lock system some minutes before access begins. */
export interface ProofFacts {
  readonly now: Instant;
  /** The location's IANA zone, in which times are told. */
  readonly zone: string;
  /** The site's, in which its schedules are. */
  readonly siteZone: string;
  readonly released: boolean;
  readonly groupName: string;
  /** null: it is gone */
  readonly group: { readonly locks: number; readonly schedules: readonly Schedule[] } | null;
  /** Of everybody whose access is about to begin: at least one. */
  readonly people: readonly PersonAhead[];
}

export interface PersonAhead {
  readonly window: Window;
  /** What is in this person's way there; null when nothing is. */
  readonly obstacle: Obstacle | null;
}

export type Obstacle = 'no-seat' | 'suspended' | 'blocked' | 'refused';

const OBSTACLES: readonly Obstacle[] = ['no-seat', 'suspended', 'blocked', 'refused'];

/** What stands in the way of access that is about to begin, as a sentence for operators with what to do; null when nothing does. */
export function whatIsInTheWay(facts: ProofFacts): string | null {
  const { people, groupName, zone, now } = facts;
  const reasons = [...forAll(facts), ...forSome(facts)];
  if (reasons.length === 0) return null;
  const first = Math.min(...people.map(({ window }) => window.from));
  const whose = people.length === 1 ? 'Access of 1 person' : `Access of ${people.length} people`;
  return `${whose} to ${groupName} begins at ${spokenTime(first, zone, now)}, and will not open as things stand. ${reasons.join(' ')}`;
}

function forAll({ group, released }: ProofFacts): string[] {
  const reasons: string[] = [];
  if (!released) reasons.push('The site is not released at the lock system: ask your installer.');
  if (group === null) return [...reasons, 'The access group is gone from the lock system: map another in its place.'];
  if (group.locks === 0) reasons.push('The access group has no locks: add some at the lock system.');
  if (group.schedules.length === 0) reasons.push('The access group has no time schedule: give it one at the lock system, best "Always".');
  return reasons;
}

function forSome({ group, people, siteZone }: ProofFacts): string[] {
  const closed =
    group === null || group.schedules.length === 0
      ? 0
      : people.filter(({ window }) => !opensWithin(group.schedules, window, siteZone)).length;
  const reasons =
    closed === 0 ? [] : [`Its time schedules are closed all through the access of ${told(closed)}: change them, or the booking.`];
  const count = (obstacle: Obstacle): number => people.filter((person) => person.obstacle === obstacle).length;
  return [...reasons, ...OBSTACLES.filter((obstacle) => count(obstacle) > 0).map((obstacle) => sentence(obstacle, told(count(obstacle))))];
}

const told = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

function sentence(obstacle: Obstacle, whom: string): string {
  switch (obstacle) {
    case 'no-seat':
      return `No seat is free for ${whom}: buy more at the lock system, or suspend people who no longer come.`;
    case 'suspended':
      return `At the lock system ${whom} had their seat taken away: resume them there.`;
    case 'blocked':
      return `At the lock system ${whom} had their access blocked: unblock them there.`;
    case 'refused':
      return `The lock system refuses ${whom}: look at their addresses.`;
  }
}
