import type { RemovalGuard } from '../core/guard.ts';
import type { Instant } from '../core/time.ts';
import type { LockMode, Pair } from './store.ts';

export type RemovalCause = 'IMPORT' | 'MAPPING' | 'AUDIT';
export type RemovalResolution = 'RELEASED' | 'DROPPED' | 'OVERTAKEN';

/** One change whose removals are judged as a whole: one call, or one audit. */
export interface GuardedChange {
  id: string;
  cause: RemovalCause;
  /** what it is, to follow "by": `a new mapping of Room 1` */
  detail: string;
  actor: string;
  /** when it began; null: with its one transaction */
  startedAt: Instant | null;
}

/** What one change would have taken out of one group. */
export interface HeldRemovalRow {
  id: string;
  locationId: string;
  integrationId: string;
  accessGroupId: string;
  cause: RemovalCause;
  detail: string;
  actor: string;
  createdAt: Instant;
  judgedAt: Instant | null;
  people: number;
  resolution: RemovalResolution | null;
  resolvedAt: Instant | null;
}

/** A right whose withdrawal is held, not over yet. */
export interface HeldRightRow extends Pair {
  id: string;
  why: string;
  /** no other right holds the person in the group now but those held with the same change */
  leaves: boolean;
}

export interface HeldRemovalStore {
  guard(locationId: string): Promise<RemovalGuard>;
  setGuard(locationId: string, guard: RemovalGuard): Promise<void>;
  /** holds these open rights for the change; nobody is shown them until they are judged */
  hold(change: GuardedChange, rights: { id: string; accessGroupId: string; why: string; given: boolean }[]): Promise<void>;
  /** makes them rights like any other, or like any other that was withdrawn */
  unhold(rightIds: string[]): Promise<void>;
  /** whose rights are held for the change and not judged */
  peopleOf(changeId: string): Promise<string[]>;
  /** what is held for the change and not judged, locked; `inGroup`: who was in the group before it */
  toJudge(changeId: string): Promise<(HeldRemovalRow & { inGroup: number })[]>;
  /** from now on it is held for an administrator to decide about */
  keep(id: string, counted: { people: number; inGroup: number }): Promise<void>;
  /** it is none after all; its rights are no longer held */
  discard(id: string): Promise<void>;
  /** judged ones only */
  get(id: string, lock?: LockMode): Promise<HeldRemovalRow | null>;
  rights(id: string): Promise<HeldRightRow[]>;
  /** who would be taken out of which group */
  pairs(ids: string[]): Promise<Pair[]>;
  /** of these, what is held still although no right of it is left, by time or by facts; locked */
  spent(ids: string[]): Promise<HeldRemovalRow[]>;
  resolve(id: string, resolution: RemovalResolution, by: string): Promise<void>;
  /** whether anything is held at the connection; two that begin or end a hold wait for each other here */
  anyHeld(integrationId: string): Promise<boolean>;
  /** what gave the rights held of the member or at the location */
  sources(of: { memberId: string } | { locationId: string }): Promise<{ subscriptionIds: string[]; bookingIds: string[] }>;
}
