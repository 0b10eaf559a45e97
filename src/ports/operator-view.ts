import type { IntegrationProblemCode } from '../core/problems.ts';
import type { BlockedCause } from '../core/membership.ts';
import type { Instant } from '../core/time.ts';
import type { ActivityType, IntegrationStatus } from './rows.ts';

/**
 * What operators read, over all organisations (docs/decisions/0009): ids, external ids, names of locations and groups, states and
 * sentences. No name, no address, no secret of a person. Every list is short, whatever is stored.
 */
export interface OperatorView {
  /** what is wrong now, the oldest first */
  overview(): Promise<Overview>;
  /** null when there is none */
  location(id: string): Promise<LocationView | null>;
  /** null when there is none */
  group(id: string): Promise<GroupView | null>;
  /** where the id of a job, a log line or an activity row leads; null when it is not known */
  find(id: string): Promise<Found | null>;
  /** what the metrics tell of the database */
  counts(): Promise<Counts>;
}

export interface Found {
  kind: 'group' | 'location';
  id: string;
}

/** A place, as it is named on every page. */
export interface Place {
  orgId: string;
  locationId: string;
  location: string;
}

export interface OpenProblem {
  code: IntegrationProblemCode;
  message: string;
  since: Instant;
}

/** A group with something due that was not done. */
export interface OverdueGroup extends Place {
  groupId: string;
  group: string;
  memberships: number;
  since: Instant;
  /** false while its connection is out, paused or not authorized: nothing can be done before that is mended */
  callable: boolean;
}

export interface Overview {
  problems: (Place & OpenProblem)[];
  overdue: OverdueGroup[];
  blocked: (Place & { cause: BlockedCause | null; memberships: number })[];
}

export interface ToldActivity {
  id: string;
  at: Instant;
  type: ActivityType;
  actor: string;
  detail: string;
  member: string | null;
  groupId: string | null;
}

export interface ConnectionView {
  id: string;
  status: IntegrationStatus;
  siteExternalId: string | null;
  site: string | null;
  seatsTotal: number | null;
  seatsUsed: number | null;
  pausedUntil: Instant | null;
  unavailableSince: Instant | null;
  lastSyncedAt: Instant | null;
}

/** How many memberships of a group are in each state, and when the earliest of them is due. */
export interface GroupTally {
  groupId: string;
  group: string;
  memberships: number;
  wanted: number;
  active: number;
  blocked: number;
  dueAt: Instant | null;
}

export interface LocationView extends Place {
  externalId: string;
  timeZone: string;
  connection: ConnectionView | null;
  problems: OpenProblem[];
  groups: GroupTally[];
  activity: ToldActivity[];
}

export interface MembershipView {
  id: string;
  /** the member's external id */
  member: string;
  wanted: boolean;
  state: string;
  blockedCause: BlockedCause | null;
  managed: boolean;
  attempts: number;
  dueAt: Instant | null;
  lastError: string | null;
}

export interface GroupView extends Place {
  id: string;
  name: string;
  externalId: string;
  /** of the site it belongs to, which may be another than is connected now */
  siteExternalId: string;
  connection: ConnectionView;
  scheduled: boolean;
  locks: number;
  strangers: number;
  missingSince: Instant | null;
  /** null where nobody is due */
  nextDueAt: Instant | null;
  states: { state: string; wanted: boolean; managed: boolean; memberships: number }[];
  /** those that wait for their next step or need somebody, the longest due first */
  waiting: MembershipView[];
  activity: ToldActivity[];
}

export interface Counts {
  memberships: { state: string; count: number }[];
  /** due more than a minute ago, by what is owed and whether the connection may be called */
  overdue: { step: 'grant' | 'revoke'; connection: 'usable' | 'out'; count: number; oldestSeconds: number }[];
  connections: { status: string; count: number }[];
  problems: { code: string; count: number }[];
  keys: { state: 'valid' | 'expired' | 'cancelled'; count: number }[];
  /** begun within the last hour */
  activations: { status: string; count: number }[];
}
