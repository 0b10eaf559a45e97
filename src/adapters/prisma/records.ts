import type {
  AccessGroupRow,
  ActivationRow,
  BookingRow,
  CompanyRow,
  ConsentRow,
  DayPassUseRow,
  DeviceRow,
  IntegrationRow,
  ItemRow,
  LocationRow,
  MemberRow,
  MobileKeyRow,
  PlanRow,
  ProviderUserRow,
  ResourceRow,
  SubscriptionRow,
  UnlockRow,
} from '../../ports/rows.ts';
import type { Membership } from '../../core/membership.ts';
import type { ProviderSite } from '../../ports/lock-vendor.ts';
import { refersTo, table } from './table.ts';

const told = { id: 'uuid', externalId: 'text', asOf: 'timestamptz' } as const;

export const LOCATION = table<LocationRow>('location', {
  ...told,
  name: 'text',
  timeZone: 'text',
  graceBeforeMinutes: 'int4',
  graceAfterMinutes: 'int4',
});

export const COMPANY = table<CompanyRow>('company', { ...told, name: 'text' });

export const MEMBER = table<MemberRow>(
  'member',
  {
    ...told,
    email: 'text',
    firstName: 'text',
    lastName: 'text',
    role: '"UserRole"',
    companyId: refersTo('company'),
    companySince: 'timestamptz',
    removedAt: 'timestamptz',
  },
  { emailKey: 'text' },
);

export const PLAN = table<PlanRow>('plan', {
  ...told,
  locationId: refersTo('location'),
  name: 'text',
  dayPassesPerMonth: 'int4',
  accessGroupId: refersTo('access_group'),
});

export const RESOURCE = table<ResourceRow>('resource', {
  ...told,
  locationId: refersTo('location'),
  name: 'text',
  kind: '"ResourceKind"',
  accessGroupId: refersTo('access_group'),
});

export const SUBSCRIPTION = table<SubscriptionRow>('member_subscription', {
  ...told,
  locationId: refersTo('location'),
  memberId: refersTo('member'),
  companyId: refersTo('company'),
  startsOn: 'date',
  endsOn: 'date',
  canceledAt: 'timestamptz',
});

export const ITEM = table<ItemRow>('subscription_item', {
  id: 'uuid',
  externalId: 'text',
  subscriptionId: refersTo('member_subscription'),
  planId: refersTo('plan'),
  resourceId: refersTo('resource'),
  accessGroupId: refersTo('access_group'),
  endedAt: 'timestamptz',
});

export const BOOKING = table<BookingRow>('booking', {
  ...told,
  locationId: refersTo('location'),
  resourceId: refersTo('resource'),
  memberId: refersTo('member'),
  startsAt: 'timestamptz',
  endsAt: 'timestamptz',
  paidWithDayPass: 'bool',
  canceledAt: 'timestamptz',
});

export const DAY_PASS_USE = table<DayPassUseRow>('day_pass_use', {
  bookingId: refersTo('booking'),
  locationId: refersTo('location'),
  memberId: refersTo('member'),
  companyId: refersTo('company'),
  month: 'text',
  day: 'date',
});

export const INTEGRATION = table<IntegrationRow>('integration', {
  id: 'uuid',
  locationId: refersTo('location'),
  status: '"IntegrationStatus"',
  statusBefore: '"IntegrationStatus"',
  siteExternalId: 'text',
  siteHeld: 'bool',
  digitalKeyVisibility: '"UserRole"[]',
  pausedUntil: 'timestamptz',
  unavailableSince: 'timestamptz',
  entriesCursorAt: 'timestamptz',
  entriesCursorId: 'text',
  lastSyncedAt: 'timestamptz',
  connectedAt: 'timestamptz',
  authorizedAt: 'timestamptz',
  disconnectedAt: 'timestamptz',
});

export const CONSENT = table<ConsentRow>('consent', {
  stateHash: 'text',
  locationId: refersTo('location'),
  startedBy: 'text',
  cookieHash: 'text',
  verifier: 'text',
  expiresAt: 'timestamptz',
});

export const SITE = table<ProviderSite>('site', {
  externalId: 'text',
  name: 'text',
  timeZone: 'text',
  digitalKeysSupported: 'bool',
  released: 'bool',
  seatsTotal: 'int4',
  seatsUsed: 'int4',
});

export const ACCESS_GROUP = table<AccessGroupRow>('access_group', {
  id: 'uuid',
  locationId: refersTo('location'),
  integrationId: refersTo('integration'),
  siteExternalId: 'text',
  externalId: 'text',
  name: 'text',
  scheduled: 'bool',
  alwaysOpen: 'bool',
  schedules: 'jsonb',
  strangers: 'int4',
  missingSince: 'timestamptz',
});

export const PROVIDER_USER = table<ProviderUserRow>(
  'provider_user',
  {
    id: 'uuid',
    integrationId: refersTo('integration'),
    siteExternalId: 'text',
    memberId: refersTo('member'),
    email: 'text',
    siteUserId: 'text',
    platformUserId: 'text',
    createdThereAt: 'timestamptz',
    settledAt: 'timestamptz',
    subscriptionState: 'text',
    seatAwaited: 'bool',
    blocked: 'bool',
    checkedAt: 'timestamptz',
  },
  { claimToken: 'text', claimedUntil: 'timestamptz' },
);

export const MEMBERSHIP = table<Membership>('group_membership', {
  id: 'uuid',
  memberId: refersTo('member'),
  accessGroupId: refersTo('access_group'),
  wanted: 'bool',
  state: '"MembershipState"',
  blockedCause: '"BlockedCause"',
  held: 'bool',
  managed: 'bool',
  nextChangeAt: 'timestamptz',
  from: { type: 'timestamptz', name: 'windowFrom' },
  until: { type: 'timestamptz', name: 'windowUntil' },
  attempts: 'int4',
  retryAt: 'timestamptz',
  lastError: 'text',
  version: 'int4',
  failing: 'bool',
});

export const DEVICE = table<DeviceRow>('device', {
  id: 'uuid',
  memberId: refersTo('member'),
  uid: 'text',
  name: 'text',
  publicKey: 'text',
  bluetoothAllowedAt: 'timestamptz',
});

export const MOBILE_KEY = table<MobileKeyRow>('mobile_key', {
  id: 'uuid',
  memberId: refersTo('member'),
  locationId: refersTo('location'),
  integrationId: refersTo('integration'),
  siteExternalId: 'text',
  deviceId: refersTo('device'),
  providerDeviceId: 'text',
  providerKeyId: 'text',
  sealedKey: 'text',
  issuedAt: 'timestamptz',
  expiresAt: 'timestamptz',
  renewAt: 'timestamptz',
  cancelledAt: 'timestamptz',
  sealedTokens: 'text',
  tokensExpireAt: 'timestamptz',
  activatedAt: 'timestamptz',
});

export const ACTIVATION = table<ActivationRow>('activation', {
  id: 'uuid',
  memberId: refersTo('member'),
  locationId: refersTo('location'),
  integrationId: refersTo('integration'),
  deviceId: refersTo('device'),
  status: '"ActivationStatus"',
  ticketHash: 'text',
  ticketExpiresAt: 'timestamptz',
  ticketUsedAt: 'timestamptz',
  stateHash: 'text',
  verifier: 'text',
  sealedTokens: 'text',
  tokensExpireAt: 'timestamptz',
  startedAt: 'timestamptz',
  deadline: 'timestamptz',
  finishedAt: 'timestamptz',
  failureMessage: 'text',
});

export const UNLOCK = table<UnlockRow>('unlock', {
  id: 'uuid',
  memberId: refersTo('member'),
  locationId: refersTo('location'),
  deviceId: refersTo('device'),
  status: '"UnlockStatus"',
  outcome: 'text',
  startedAt: 'timestamptz',
  finishedAt: 'timestamptz',
});
