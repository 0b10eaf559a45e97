import type { Weekday } from './local-time.ts';
import type { RoleCode } from './roles.ts';

/** A person of the whole platform: has one id everywhere, the one access groups want. */
export interface PlatformUser {
  id: string;
  /** Identity subject: the `sub` of tokens, which is not the platform id. */
  subject: string;
  firstName: string;
  lastName: string;
  email: string | null;
  password: string | null;
  hasProfile: boolean;
  managedBySite: string | null;
  /** Access tokens issued before this instant are refused. */
  tokensRevokedAt: number;
}

/** A person at one site: has its own id per site, the one `/users/{…}` paths want. */
export interface SiteUser {
  id: string;
  siteId: string;
  platformUserId: string;
  roles: RoleCode[];
  alias: string | null;
  blocked: boolean;
  subscription: 'subscribed' | 'suspended';
  usePin: boolean;
  remoteAccess: boolean;
  overridePrivacyMode: boolean;
  toggleEasyOfficeMode: boolean;
  toggleManualOfficeMode: boolean;
  expiresAt: number | null;
  pin: { digits: string; expiryDate: string | null } | null;
  createdAt: number;
  deletedAt: number | null;
}

export interface Site {
  id: string;
  siteUid: string;
  name: string;
  countryCode: string;
  timeZone: string;
  released: boolean;
  mkeyCompatible: boolean;
  seats: number;
  ownerId: string | null;
  features: string[];
  /** By platform user id; holds a deleted person only while its site user still answers. */
  people: Map<string, SiteUser>;
}

export interface Iq {
  id: string;
  siteId: string;
  name: string;
  mac: string;
  online: boolean;
}

export interface Lock {
  id: string;
  siteId: string;
  name: string;
  mac: string;
  lockType: string;
  online: boolean;
  iqId: string;
}

export interface AccessGroup {
  id: string;
  siteId: string;
  name: string;
  lockIds: Set<string>;
  /** Platform user ids. */
  members: Set<string>;
  /** Recent changes, oldest first, so that a late reader can be shown the past. */
  changes: { at: number; platformUserId: string; added: boolean }[];
}

export interface TimeSchedule {
  id: string;
  groupId: string;
  days: Record<Weekday, boolean>;
  /** 'HH:MM:SS', wall clock of the site. */
  startTime: string;
  endTime: string;
  /** 'YYYY-MM-DDTHH:MM:SS', wall clock of the site. */
  startDate: string | null;
  endDate: string | null;
  changedAt: number;
}

export interface Entry {
  id: string;
  sequence: number;
  siteId: string;
  category: 'lock_opened' | 'lock_rejected';
  detail: 'no_access' | 'suspended' | 'offline' | null;
  at: number;
  lockId: string;
  lockName: string;
  platformUserId: string | null;
  accessBy: 'mobile_key' | 'tag';
}

export interface Device {
  id: string;
  platformUserId: string;
  name: string;
  uid: string;
  /** EC P-256, SPKI, base64. */
  publicKey: string;
  /** Changes with each new public key; a mobile key belongs to one certificate. */
  certificate: string;
  certificateCancelled: boolean;
  mkey: { id: string; keyId: string; registeredAt: number; expiresAt: number } | null;
}
