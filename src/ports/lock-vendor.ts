import type { Instant } from '../core/time.ts';
import type { Outcome } from '../core/membership.ts';
import type { Schedule } from '../core/schedule.ts';

/** Why a call to a lock provider gave no value. The sentences are for operators; they carry no token, key or personal data. */
export type ProviderProblem =
  /** out, overloaded or unreachable, and certainly nothing was changed */
  | { kind: 'unavailable'; why: string; retryAt: Instant | null }
  /** the connection's refresh token is lost or refused: an administrator must connect again (C7) */
  | { kind: 'needs-reauthorization'; why: string }
  /** the provider understood and said no */
  | { kind: 'refused'; why: string }
  | { kind: 'not-found'; why: string }
  /** the answer was lost: the call may or may not have taken effect */
  | { kind: 'unsure'; why: string };

export type ProviderAnswer<T> = { ok: true; value: T } | { ok: false; problem: ProviderProblem };

export interface ProviderTokens {
  accessToken: string;
  /** null when the provider sent none: the one in use stays valid */
  refreshToken: string | null;
  expiresAt: Instant;
}

/**
 * On whose behalf a call is made. `token` answers with an access token that is fresh; called with the token the provider has just
 * rejected (401) it gets another one, once for all callers of the connection.
 */
export interface ProviderSession {
  connectionId: string;
  siteExternalId: string;
  token(rejected: string | null): Promise<ProviderAnswer<string>>;
}

export interface ProviderSite {
  externalId: string;
  name: string;
  timeZone: string | null;
  digitalKeysSupported: boolean;
  /** the provider has taken the site into operation */
  released: boolean;
  seatsTotal: number | null;
  seatsUsed: number | null;
}

export interface ProviderLock {
  externalId: string;
  name: string;
  online: boolean | null;
}

export interface ProviderGroup {
  externalId: string;
  name: string;
  /** has at least one time schedule; without one the group opens nothing */
  scheduled: boolean;
  /** one of its schedules is every day, all day, without dates */
  alwaysOpen: boolean;
  /** on the wall clock of the site */
  schedules: Schedule[];
  lockExternalIds: string[];
  /** platform user ids of the people in it */
  people: string[];
}

export interface ProviderDirectory {
  site: ProviderSite;
  groups: ProviderGroup[];
  locks: ProviderLock[];
}

export interface ProviderPerson {
  siteUserId: string;
  platformUserId: string;
  email: string | null;
  /** may open doors: has a seat. Null where the provider does not say */
  subscribed: boolean | null;
  blocked: boolean;
}

export interface NewPerson {
  email: string;
  firstName: string;
  lastName: string;
}

/** One person of a batch: since when the provider may not know them yet matters for judging "not found". */
export interface GroupPerson {
  platformUserId: string;
  /** when we created the person there; null when found there */
  createdThereAt: Instant | null;
}

export interface GroupChange {
  add: GroupPerson[];
  remove: GroupPerson[];
}

export interface GroupChanged {
  /** by platform user id, one for everybody named in the change */
  outcomes: Map<string, Outcome>;
  /**
   * what stopped the change half-way because of the connection, not of a person: out, asked to wait, an answer lost, to be connected again
   */
  problem: ProviderProblem | null;
}

export interface DeviceToRegister {
  uid: string;
  /** at most 50 characters reach the provider */
  name: string;
  /** P-256, SPKI DER, base64 */
  publicKey: string;
}

export interface IssuedKey {
  providerDeviceId: string;
  providerKeyId: string | null;
  /** secret: what the phone presents to a lock */
  mobileKey: string;
  issuedAt: Instant;
  expiresAt: Instant;
}

/** An entry of the provider's door log. */
export interface DoorEntry {
  externalId: string;
  at: Instant;
  lockExternalId: string | null;
  lockName: string | null;
  platformUserId: string | null;
  opened: boolean;
  /** why it was rejected, in the provider's word; null when opened or not said */
  reason: string | null;
  /** how: tag, pin_code, mobile key … in the provider's word */
  by: string | null;
}

export interface SignInRequest {
  redirectUri: string;
  state: string;
  /** the one-time ticket: passed on to our identity provider where federation is configured */
  loginHint?: string;
  /** a member signs in: through our identity provider where it is configured, and never as whoever is signed in at the moment */
  federated?: boolean;
}

/**
 * What the app asks of a lock maker. Every call is bounded in time, is safe to repeat, and never throws for what the provider
 * does: an outage, a refusal and a lost answer are values.
 */
export interface LockVendor {
  readonly provider: 'SALTO_KS';
  /** what this maker's system can do: core and app ask here, never by name */
  readonly can: {
    /** people per batch call; 1 where there is no batch */
    batchSize: number;
    digitalKeys: boolean;
    /** a person created just now may be unknown to other calls for this long, in milliseconds */
    settlesWithinMs: number;
  };
  /** where to send an administrator or a member to sign in, and the secret verifier that redeems the answer (C2, K3) */
  signInUrl(request: SignInRequest): Promise<{ url: string; verifier: string }>;
  /** redeems the redirect's code; `callbackUrl` is the whole URL the browser came back with. A person's refusal is 'refused'. */
  redeem(input: { callbackUrl: string; redirectUri: string; state: string; verifier: string }): Promise<ProviderAnswer<ProviderTokens>>;
  /** 'needs-reauthorization' only when the provider refused the refresh token itself; 'unsure' when it may have rotated unseen */
  refresh(refreshToken: string): Promise<ProviderAnswer<ProviderTokens>>;

  /** every site of the account where it holds an administrator role (C3). `siteExternalId` of the session is not used. */
  sites(session: ProviderSession): Promise<ProviderAnswer<ProviderSite[]>>;
  site(session: ProviderSession): Promise<ProviderAnswer<ProviderSite>>;
  /** groups with their locks, schedules and people (C4, C6) */
  directory(session: ProviderSession): Promise<ProviderAnswer<ProviderDirectory>>;
  /** one group as the directory has it, null when it is gone; under the name given */
  group(session: ProviderSession, group: { externalId: string; name: string }): Promise<ProviderAnswer<ProviderGroup | null>>;
  /** platform user ids of the people in a group; 'not-found' when the group is gone */
  groupPeople(session: ProviderSession, groupExternalId: string): Promise<ProviderAnswer<string[]>>;

  /** by e-mail, case-insensitively; null when the site knows nobody of that address */
  findPerson(session: ProviderSession, email: string): Promise<ProviderAnswer<ProviderPerson | null>>;
  /** 'refused' with the provider's reason, e.g. an address it does not take */
  createPerson(session: ProviderSession, person: NewPerson): Promise<ProviderAnswer<ProviderPerson>>;
  /**
   * A seat for somebody who was created when none was free. They come back as they are then: not subscribed where the provider gives none.
   */
  giveSeat(session: ProviderSession, siteUserId: string): Promise<ProviderAnswer<ProviderPerson>>;
  /** those asked for that still exist, by site user id; chooses between single reads and the list by their number */
  readPeople(session: ProviderSession, siteUserIds: string[]): Promise<ProviderAnswer<ProviderPerson[]>>;

  /**
   * Puts people into a group and takes others out, in as few calls as the provider allows; falls back to single calls where a batch is
   * refused. One outcome per platform user id: done, later (with the instant to try again), refused, or unsure (answer lost).
   */
  changeGroup(session: ProviderSession, groupExternalId: string, change: GroupChange, now: Instant): Promise<GroupChanged>;

  /** the platform user id behind a member's own token */
  whoAmI(session: ProviderSession): Promise<ProviderAnswer<{ platformUserId: string; email: string | null }>>;
  /** registers the phone (or renews its certificate) and fetches its mobile key; with a member's own session (K3) */
  issueKey(session: ProviderSession, device: DeviceToRegister): Promise<ProviderAnswer<IssuedKey>>;

  /** door events after the cursor, oldest first, at most `limit`; the cursor is the last one's instant and id */
  entriesAfter(
    session: ProviderSession,
    cursor: { at: Instant; externalId: string | null },
    limit: number,
  ): Promise<ProviderAnswer<DoorEntry[]>>;
}
