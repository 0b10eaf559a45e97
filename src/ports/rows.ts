import type { IntegrationProblemCode } from '../core/problems.ts';
import type { BlockedCause } from '../core/membership.ts';
import type { AccessReason, ResourceKind, UserRole } from '../core/rights.ts';
import type { Schedule } from '../core/schedule.ts';
import type { CalendarDay, Instant } from '../core/time.ts';

/** A thing named by our id or by its id in the caller's own system. */
export type Ref = { id: string } | { externalId: string };

/** What every fact told by the booking platform has: its id there, and when it was true there (null: not said). */
interface Told {
  id: string;
  externalId: string;
  asOf: Instant | null;
}

export interface LocationRow extends Told {
  name: string;
  timeZone: string;
  graceBeforeMinutes: number;
  graceAfterMinutes: number;
}

export interface CompanyRow extends Told {
  name: string;
}

export interface MemberRow extends Told {
  email: string;
  firstName: string;
  lastName: string;
  role: UserRole;
  companyId: string | null;
  companySince: Instant | null;
  removedAt: Instant | null;
}

export interface PlanRow extends Told {
  locationId: string;
  name: string;
  dayPassesPerMonth: number;
  accessGroupId: string | null;
}

export interface ResourceRow extends Told {
  locationId: string;
  name: string;
  kind: ResourceKind;
  accessGroupId: string | null;
}

export interface SubscriptionRow extends Told {
  locationId: string;
  memberId: string | null;
  companyId: string | null;
  startsOn: CalendarDay;
  endsOn: CalendarDay | null;
  canceledAt: Instant | null;
}

export interface ItemRow {
  id: string;
  externalId: string;
  subscriptionId: string;
  planId: string | null;
  resourceId: string | null;
  accessGroupId: string | null;
  endedAt: Instant | null;
}

export interface BookingRow extends Told {
  locationId: string;
  resourceId: string;
  memberId: string;
  startsAt: Instant;
  endsAt: Instant;
  paidWithDayPass: boolean;
  canceledAt: Instant | null;
}

export interface DayPassUseRow {
  bookingId: string;
  locationId: string;
  memberId: string | null;
  companyId: string | null;
  month: string;
  day: CalendarDay;
}

export type IntegrationStatus = 'AUTHORIZING' | 'SELECTING_SITE' | 'CONNECTED' | 'NEEDS_REAUTHORIZATION' | 'DISCONNECTED';

export interface IntegrationRow {
  id: string;
  locationId: string;
  status: IntegrationStatus;
  statusBefore: IntegrationStatus | null;
  siteExternalId: string | null;
  siteHeld: boolean;
  digitalKeyVisibility: UserRole[];
  pausedUntil: Instant | null;
  unavailableSince: Instant | null;
  entriesCursorAt: Instant | null;
  entriesCursorId: string | null;
  lastSyncedAt: Instant | null;
  connectedAt: Instant | null;
  /** when the tokens in use were consented to */
  authorizedAt: Instant | null;
  disconnectedAt: Instant | null;
}

export interface ConsentRow {
  stateHash: string;
  locationId: string;
  startedBy: string;
  cookieHash: string | null;
  /** sealed */
  verifier: string;
  expiresAt: Instant;
}

export interface AccessGroupRow {
  id: string;
  locationId: string;
  integrationId: string;
  siteExternalId: string;
  externalId: string;
  name: string;
  scheduled: boolean;
  alwaysOpen: boolean;
  /** on the wall clock of the site */
  schedules: Schedule[];
  strangers: number;
  missingSince: Instant | null;
}

export interface ProviderUserRow {
  id: string;
  integrationId: string;
  siteExternalId: string;
  memberId: string;
  email: string;
  siteUserId: string | null;
  platformUserId: string | null;
  createdThereAt: Instant | null;
  settledAt: Instant | null;
  subscriptionState: string | null;
  /** created by us when no seat was free, and given none since */
  seatAwaited: boolean;
  blocked: boolean;
  /** when they were last looked for or read there */
  checkedAt: Instant | null;
}

/** Somebody in a group whom we did not put there. `memberId`: the member whom the provider knows by that id, if there is one. */
export interface StrangerFound {
  platformUserId: string;
  memberId: string | null;
}

/** Somebody whom a member was at the provider before the address changed, to be taken out of a group. */
export interface LeaverRow {
  id: string;
  memberId: string;
  platformUserId: string;
  createdThereAt: Instant | null;
}

export interface RightRow {
  id: string;
  memberId: string;
  accessGroupId: string;
  reason: AccessReason;
  startsAt: Instant;
  endsAt: Instant | null;
  createdAt: Instant;
  withdrawnAt: Instant | null;
  withdrawnWhy: string | null;
  /** why it was to be withdrawn, where that is held or was dropped */
  heldWhy: string | null;
}

export interface ProblemRow {
  code: IntegrationProblemCode;
  /** the group it is about; null where it is about the connection */
  accessGroupId: string | null;
  message: string;
  since: Instant;
  /** when it was last looked into */
  checkedAt: Instant;
}

export interface DeviceRow {
  id: string;
  memberId: string;
  uid: string;
  name: string;
  publicKey: string;
  bluetoothAllowedAt: Instant | null;
}

export interface MobileKeyRow {
  id: string;
  memberId: string;
  locationId: string;
  integrationId: string;
  siteExternalId: string;
  deviceId: string;
  providerDeviceId: string;
  providerKeyId: string | null;
  sealedKey: string;
  issuedAt: Instant;
  expiresAt: Instant;
  renewAt: Instant;
  cancelledAt: Instant | null;
  sealedTokens: string | null;
  tokensExpireAt: Instant | null;
  activatedAt: Instant;
}

export type ActivationStatus = 'ACTIVATING' | 'SIGNED_IN' | 'DONE' | 'FAILED';

export interface ActivationRow {
  id: string;
  memberId: string;
  locationId: string;
  integrationId: string;
  deviceId: string;
  status: ActivationStatus;
  ticketHash: string;
  ticketExpiresAt: Instant;
  ticketUsedAt: Instant | null;
  stateHash: string | null;
  /** sealed */
  verifier: string | null;
  sealedTokens: string | null;
  tokensExpireAt: Instant | null;
  startedAt: Instant;
  deadline: Instant;
  finishedAt: Instant | null;
  failureMessage: string | null;
}

export type UnlockStatus =
  'WAITING_FOR_BLUETOOTH_PERMISSION' | 'READY' | 'SIGNAL_SENT' | 'REFUSED' | 'NO_LOCK_FOUND' | 'FAILED' | 'CANCELED';

export interface UnlockRow {
  id: string;
  memberId: string;
  locationId: string;
  deviceId: string;
  status: UnlockStatus;
  outcome: string | null;
  startedAt: Instant;
  finishedAt: Instant | null;
}

export type ActivityType =
  | 'ACCESS_GRANTED'
  | 'ACCESS_REVOKED'
  | 'ACCESS_FAILED'
  | 'ACCESS_DRIFT_FOUND'
  | 'KEY_AVAILABLE'
  | 'KEY_ACTIVATING'
  | 'KEY_ACTIVATED'
  | 'KEY_FAILED'
  | 'UNLOCK_REPORTED'
  | 'INTEGRATION_CONNECTED'
  | 'SITE_SELECTED'
  | 'INTEGRATION_DISCONNECTED'
  | 'INTEGRATION_PROBLEM'
  | 'SETTINGS_CHANGED';

interface ActivityFacts {
  locationId: string;
  at: Instant;
  memberId?: string | null;
  accessGroupId?: string | null;
  /** `member:‹external id›`, `admin:‹subject›`, `service:‹subject›` or `system` */
  actor: string;
  /** one plain sentence; never a token, PIN or key */
  detail: string;
  /** what must be told once only: a second row of the same key is not written */
  onceKey?: string;
  /** why an ACCESS_FAILED is BLOCKED. Not stored: for webhooks */
  blockedCause?: BlockedCause | null;
}

/** A problem that opened or closed with what is told. Not stored with the activity: for webhooks. */
export interface ProblemTurn {
  code: IntegrationProblemCode;
  opened: boolean;
}

export type NewActivity = ActivityFacts &
  (
    | { type: Exclude<ActivityType, 'INTEGRATION_PROBLEM'>; problems?: ProblemTurn[] }
    | { type: 'INTEGRATION_PROBLEM'; problems: ProblemTurn[] }
  );
