import type { Membership } from '../core/membership.ts';
import type { HeldRight } from '../core/guard.ts';
import type { Facts, OpenRight, RightsDiff, UserRole } from '../core/rights.ts';
import type { Seats } from '../core/seats.ts';
import type { CalendarDay, Instant, Window } from '../core/time.ts';
import type { HeldRemovalStore } from './held-removals.ts';
import type { ProviderAnswer, ProviderDirectory, ProviderGroup, ProviderSite, ProviderTokens } from './lock-vendor.ts';
import type * as Rows from './rows.ts';
import type { WebhookLookups, WebhookStore } from './webhooks.ts';

/**
 * The database, in our words. Everything that belongs together happens in one `transaction`; it is run again when the database
 * refuses it for a conflict with another (deadlock, serialization, two inserts of one external id), so `work` must not act outside it.
 * Only rows of the transaction's organisation are seen or written: a stranger's id is as if it did not exist. It may take `withinMs`, 20 s
 * unless said, and is undone then.
 */
export interface Store extends WebhookLookups {
  transaction<T>(orgId: string, work: (tx: Tx) => Promise<T>, withinMs?: number): Promise<T>;
  /** the database's clock: what "due" is judged by, so that processes agree */
  now(): Promise<Instant>;
  /** whether the database answers */
  ping(): Promise<void>;

  // What workers need before they know whose data it is. Ids in, the organisation comes with the answer.
  groupOf(accessGroupId: string): Promise<GroupContext | null>;
  orgOfActivation(activationId: string): Promise<string | null>;
  orgOfMobileKey(mobileKeyId: string): Promise<string | null>;
  orgOfIntegration(integrationId: string): Promise<string | null>;
  /** the activation a one-time ticket belongs to, unused and unexpired; marks it used when `consume`. Of several the newest. */
  ticket(ticketHashes: string[], consume: boolean): Promise<{ orgId: string; activationId: string; memberId: string } | null>;
  activationByState(stateHash: string): Promise<{ orgId: string; activationId: string } | null>;
  /** takes the consent out, expired or not: a state is used once */
  takeConsent(stateHash: string): Promise<(Rows.ConsentRow & { orgId: string }) | null>;
  /** the claim on a group's work, or null when another holds it; held until given back or the lease runs out */
  claimGroup(accessGroupId: string, leaseMs: number): Promise<string | null>;
  /** false when the claim was lost meanwhile */
  renewClaim(accessGroupId: string, token: string, leaseMs: number): Promise<boolean>;
  releaseClaim(accessGroupId: string, token: string): Promise<void>;

  // What is read on every query and event of a subscriber: one statement each.
  /** what a digital key is judged by; null when the location is not of the organisation */
  digitalKeyFacts(orgId: string, memberExternalId: string | null, location: Rows.Ref): Promise<DigitalKeyFacts | null>;

  // What the sweep looks for, in bounded pages ordered by id.
  /** groups with memberships due before `before`, of connections that may be called, with the earliest instant and what is due there */
  dueGroups(before: Instant, after: string | null, limit: number): Promise<DueGroup[]>;
  /**
   * groups with windows that open by `before`, in more than half a minute, and are not proven yet, and those with access at risk that has not been looked into for a
   * minute; of connections that may be called
   */
  groupsToProve(before: Instant, limit: number): Promise<string[]>;
  /** groups with former people of ours still to be taken out, of connections that may be called */
  groupsToLeave(limit: number): Promise<string[]>;
  /** activations past their deadline and not finished */
  overdueActivations(limit: number): Promise<string[]>;
  /** signed in and not yet finished: their `activate` job may be lost */
  signedInActivations(limit: number): Promise<string[]>;
  keysToRenew(before: Instant, limit: number): Promise<string[]>;
  /** connections that may be called, and where somebody waits for a seat */
  integrationsAwaitingSeats(limit: number): Promise<string[]>;
  /** connections that may be called, or the one named if it may */
  connectedIntegrations(page: { after: string | null; limit: number } | { id: string }): Promise<Connected[]>;
  /** state hashes of consents that ran out unused */
  expiredConsents(limit: number): Promise<string[]>;
  /**
   * held removals to look after: `unjudged` ones of a change that was cut off, begun before `before`, and those of which no right is left
   */
  heldRemovalsDue(before: Instant, limit: number): Promise<{ orgId: string; id: string; changeId: string; unjudged: boolean }[]>;
  /** deletes what has run out and is of no more use: OpenID provider records. How many; fewer than `limit`: that was all */
  deleteExpired(limit: number): Promise<number>;
  /**
   * Marks open rights that ended before `before` as worked off, the earliest first; how many. It must lie further back than a transaction
   * may last: one that is just extending a right has read it as open.
   */
  closeEnded(before: Instant, limit: number): Promise<number>;
  /** moves activity of before `before` to the archive, the oldest first; how many. What keeps something from being told twice stays. */
  archiveActivity(before: Instant, limit: number): Promise<number>;

  /**
   * The connection's access token, refreshed when it is about to run out or is the one just rejected. One refresh per connection over all
   * processes: the token row is locked during `refresh`, and what it answers is stored before anybody may use it.
   */
  connectionToken(
    integrationId: string,
    rejected: string | null,
    refresh: (refreshToken: string) => Promise<ProviderAnswer<ProviderTokens>>,
  ): Promise<ProviderAnswer<string>>;
}

export interface DigitalKeyFacts {
  location: Omit<Rows.LocationRow, 'asOf'>;
  /** null: no such member (yet), or removed */
  member: { id: string; role: UserRole } | null;
  /** null before the first connect */
  integration: {
    id: string;
    status: Rows.IntegrationStatus;
    visibility: UserRole[];
    siteSupportsKeys: boolean;
    wasConnected: boolean;
  } | null;
  firstBegunAt: Instant | null;
  nextStartsAt: Instant | null;
  /** the newest activation of each phone */
  activations: { deviceUid: string; status: Rows.ActivationStatus; startedAt: Instant; deadline: Instant; failureMessage: string | null }[];
  keys: { deviceUid: string; activatedAt: Instant; expiresAt: Instant; cancelledAt: Instant | null }[];
}

export interface GroupContext {
  orgId: string;
  group: Rows.AccessGroupRow;
  integration: Rows.IntegrationRow;
  timeZone: string;
}

/** A connection, and whose it is. */
export interface Connected {
  orgId: string;
  integrationId: string;
}

export interface DueGroup {
  accessGroupId: string;
  at: Instant;
  /** what is due first there */
  kind: 'grant' | 'revoke';
}

/** A person and a group: what a membership is about. */
export interface Pair {
  memberId: string;
  accessGroupId: string;
}

/** In the order in which a transaction locks: people last, so that whoever derives memberships may lock them at the end. */
export type Lockable = 'integration' | 'company' | 'plan' | 'resource' | 'location' | 'subscription' | 'booking' | 'member';
/** 'change' (FOR NO KEY UPDATE) excludes everybody; 'share' (FOR SHARE) excludes those who change, for who only builds on the row. */
export type LockMode = 'share' | 'change';

export interface Told<Row extends { id: string; externalId: string }> {
  /** with `lock` the row is locked in the same statement and read as it is once the lock is held */
  find(ref: Rows.Ref, lock?: LockMode): Promise<Row | null>;
  insert(row: Omit<Row, 'id'>): Promise<Row>;
  update(id: string, change: Partial<Omit<Row, 'id' | 'externalId'>>): Promise<Row>;
}

export interface Tx {
  readonly orgId: string;
  /** the database's clock at the start of the transaction */
  readonly now: Instant;

  /**
   * locks the rows against each other's changes and derivations, always in the same order of kind and id; one statement per kind and mode
   */
  lock(rows: { kind: Lockable; id: string; mode: LockMode }[]): Promise<void>;
  /** what `work` throws undoes what it wrote, and nothing else of the transaction; one at a time */
  attempt<T>(work: () => Promise<T>): Promise<T>;

  readonly locations: Told<Rows.LocationRow>;
  readonly companies: Told<Rows.CompanyRow>;
  /** removed members are found too: look at `removedAt` */
  readonly members: Told<Rows.MemberRow> & {
    byEmail(email: string): Promise<Rows.MemberRow | null>;
    /** in the order of ids */
    byIds(ids: string[]): Promise<Rows.MemberRow[]>;
    /** those named, and those of the booking as it is stored, locked in the order of ids. The booking is locked already. */
    lockParty(refs: Rows.Ref[], stored: Rows.BookingRow | null): Promise<Party>;
    ofCompany(companyId: string): Promise<Rows.MemberRow[]>;
  };
  readonly plans: Told<Rows.PlanRow>;
  readonly resources: Told<Rows.ResourceRow> & {
    /** with the time zone of its location; both are locked against changes ('share') */
    findPlaced(ref: Rows.Ref): Promise<(Rows.ResourceRow & { timeZone: string }) | null>;
  };
  readonly subscriptions: Told<Rows.SubscriptionRow> & { byIds(ids: string[]): Promise<Rows.SubscriptionRow[]> };
  /** items are locked with their subscription */
  readonly items: Told<Rows.ItemRow> & { ofSubscription(subscriptionId: string): Promise<Rows.ItemRow[]> };
  readonly bookings: Told<Rows.BookingRow> & {
    byIds(ids: string[]): Promise<Rows.BookingRow[]>;
    setInvitees(bookingId: string, invitees: Invited[]): Promise<void>;
  };
  readonly dayPasses: DayPassStore;
  readonly rights: RightStore;
  readonly heldRemovals: HeldRemovalStore;
  readonly memberships: MembershipStore;
  readonly integrations: IntegrationStore;
  readonly groups: GroupStore;
  readonly providerUsers: ProviderUserStore;
  readonly keys: KeyStore;
  readonly webhooks: WebhookStore;
  readonly activity: {
    /** the id of each row; null where it was not written, since its onceKey exists */
    add(rows: Rows.NewActivity[]): Promise<(string | null)[]>;
  };
}

export interface Invited {
  memberId: string;
  invitedAt: Instant;
}

/** Everybody whom a booking concerns, now and before. */
export interface Party {
  /** one for each reference, in their order; null where there is none */
  named: (Rows.MemberRow | null)[];
  /** by what is stored */
  invited: Invited[];
  ids: string[];
}

export interface DayPassStore {
  ofBooking(bookingId: string): Promise<Rows.DayPassUseRow[]>;
  /** how many passes of the pool are taken in that month */
  used(locationId: string, pool: { memberId: string } | { companyId: string }, month: string): Promise<number>;
  /** subscriptions of that subscriber at the location with the passes their running items bring each month */
  allowances(
    locationId: string,
    pool: { memberId: string } | { companyId: string },
  ): Promise<
    {
      startsOn: CalendarDay;
      endsOn: CalendarDay | null;
      canceledAt: Instant | null;
      items: { passes: number; endedAt: Instant | null }[];
    }[]
  >;
  /** false when no slot up to the allowance is free: somebody else took the last one */
  take(use: Rows.DayPassUseRow, allowance: number): Promise<boolean>;
  giveBack(bookingId: string, days: CalendarDay[]): Promise<void>;
  /**
   * the pools these subscriptions belong to, in a fixed number of statements: all of the subscriber's subscriptions there, and what is
   * taken by month
   */
  poolsOf(subscriptionIds: string[]): Promise<PassPoolFacts[]>;
}

export interface PassPoolFacts {
  /** those asked for that belong to it */
  subscriptionIds: string[];
  zone: string;
  subscriptions: {
    startsOn: CalendarDay;
    endsOn: CalendarDay | null;
    canceledAt: Instant | null;
    items: { passes: number; endedAt: Instant | null }[];
  }[];
  usedByMonth: Map<string, number>;
}

/** Which facts to derive rights from: a change names the subscriptions and bookings it touches. */
export interface FactsScope {
  subscriptionIds: string[];
  bookingIds: string[];
}

export interface RightStore {
  /** subscriptions of the member itself, of the company, or of the location, that are not over yet */
  subscriptionsOf(of: { memberId: string } | { companyId: string } | { locationId: string }): Promise<string[]>;
  /**
   * bookings made by or inviting the member, of the resource, or of the location, whose access has not ended (with `graceMinutesMax` to
   * spare)
   */
  bookingsOf(of: { memberId: string } | { resourceId: string } | { locationId: string }): Promise<string[]>;
  /** the rows, beside people and companies, that these sources' rights are read from: to be locked by who derives them for somebody new */
  groundsOf(scope: FactsScope): Promise<{ kind: Lockable; id: string }[]>;
  /** what rights are founded on. Removed members are nobody's people. */
  facts(scope: FactsScope): Promise<Facts>;
  /**
   * what may found rights at the location, of one kind and in order of id: what is not over, and what is and still has an open right
   */
  sourcesAt(locationId: string, kind: 'subscription' | 'booking', page: { after: string | null; limit: number }): Promise<string[]>;
  /** open rights founded on these sources (all items of the subscriptions); those whose withdrawal is held say so */
  openOf(scope: FactsScope): Promise<(OpenRight | HeldRight)[]>;
  openOfMember(memberId: string): Promise<OpenRight[]>;
  /** close, withdraw, move, add, in this order, all at the transaction's `now` */
  apply(diff: RightsDiff): Promise<void>;
  /** open rights of the pairs, as windows by pair key `‹memberId›/‹accessGroupId›` */
  windows(pairs: Pair[]): Promise<Map<string, Window[]>>;
  /** every right of the person in the group, newest first, at most `limit` */
  history(pair: Pair, limit: number): Promise<Rows.RightRow[]>;
  /** whether and when the person's first right at the location begins; withdrawn before their start do not count (K1) */
  firstBegins(memberId: string, locationId: string): Promise<{ firstBegunAt: Instant | null; nextStartsAt: Instant | null }>;
}

export interface MembershipStore {
  ofPairs(pairs: Pair[]): Promise<Membership[]>;
  ofMember(memberId: string, locationId: string | null): Promise<Membership[]>;
  ofGroup(accessGroupId: string): Promise<Membership[]>;
  ofLocation(locationId: string, page: { after: string | null; limit: number }): Promise<Membership[]>;
  /** memberships of the group due at `now`, earliest first */
  due(accessGroupId: string, now: Instant, limit: number): Promise<Membership[]>;
  /** the next instant at which a membership of the group is due, or somebody's leaving it; null when nothing is */
  nextDueAt(accessGroupId: string): Promise<Instant | null>;
  /** new rows for pairs without one, ABSENT and unwanted */
  create(pairs: Pair[]): Promise<Membership[]>;
  /**
   * Compare-and-set, all in one statement: each row is written where its stored version is `was`; the ids that were written come back,
   * the others are stale and dropped. `dueAt` is computed by core and stored with the row.
   */
  save(changes: { membership: Membership; was: number; dueAt: Instant | null }[]): Promise<string[]>;
  /** moves what is due before `until` of the connection's memberships to that instant: an outage or a pause (architecture §5.5) */
  postpone(integrationId: string, until: Instant): Promise<void>;
  /**
   * wanted and BLOCKED for want of a seat, of people who are to be given one by us: not created yet, or created when none was free. The
   * earliest-starting first.
   */
  awaitingSeat(integrationId: string, siteExternalId: string, limit: number): Promise<Membership[]>;
  /** the same, of people who have had a seat since */
  seatedMeanwhile(integrationId: string, siteExternalId: string, limit: number): Promise<Membership[]>;
  /** BLOCKED for this cause at the integration, the earliest-starting first */
  blocked(integrationId: string, cause: string, limit: number): Promise<Membership[]>;
  /** remembers that the window to come (its start) has been prepared for */
  markPrepared(ids: string[]): Promise<void>;
  /** remembers that nothing stands in the way of the window to come */
  markProven(ids: string[]): Promise<void>;
  /** of the group, opening in (now, until] and not proven yet, the earliest first */
  toProve(accessGroupId: string, until: Instant, limit: number): Promise<Membership[]>;
  /** of the group, opening in (now, until] and not prepared for yet */
  toPrepare(accessGroupId: string, until: Instant, limit: number): Promise<Membership[]>;
}

export interface IntegrationStore {
  ofLocation(locationId: string, lock?: LockMode): Promise<Rows.IntegrationRow | null>;
  get(id: string, lock?: LockMode): Promise<Rows.IntegrationRow | null>;
  insert(row: Pick<Rows.IntegrationRow, 'locationId' | 'status' | 'statusBefore'>): Promise<Rows.IntegrationRow>;
  /** 'site-taken' when another connected location holds the site */
  update(id: string, change: Partial<Omit<Rows.IntegrationRow, 'id' | 'locationId'>>): Promise<Rows.IntegrationRow | 'site-taken'>;
  /** a first consent that was refused leaves nothing */
  delete(id: string): Promise<void>;
  saveTokens(integrationId: string, tokens: ProviderTokens): Promise<void>;
  dropTokens(integrationId: string): Promise<void>;
  addConsent(consent: Rows.ConsentRow): Promise<void>;
  dropConsents(locationId: string): Promise<void>;
  sites(integrationId: string): Promise<ProviderSite[]>;
  saveSites(integrationId: string, sites: ProviderSite[]): Promise<void>;
  saveSite(integrationId: string, site: ProviderSite): Promise<void>;
  /** what is known of the site's seats, and as of when */
  seats(integrationId: string, siteExternalId: string): Promise<(Seats & { readAt: Instant | null }) | null>;
  /** opens the problem, or gives the open one these words; says which of it was needed */
  openProblem(
    integrationId: string,
    problem: Pick<Rows.ProblemRow, 'code' | 'accessGroupId' | 'message'>,
  ): Promise<'opened' | 'told-anew' | 'same'>;
  /** whether it was open */
  closeProblem(integrationId: string, problem: Pick<Rows.ProblemRow, 'code' | 'accessGroupId'>): Promise<boolean>;
  /** those that are open, oldest first */
  problems(integrationId: string): Promise<Rows.ProblemRow[]>;
}

export interface GroupStore {
  get(id: string): Promise<Rows.AccessGroupRow | null>;
  ofIntegration(integrationId: string): Promise<Rows.AccessGroupRow[]>;
  locks(accessGroupId: string): Promise<{ externalId: string; name: string }[]>;
  /** takes over groups, locks and which is in which; groups no longer there are marked missing, those back again no longer */
  saveDirectory(integrationId: string, siteExternalId: string, directory: ProviderDirectory): Promise<void>;
  /** takes over one group and its locks, as `saveDirectory` does; nothing of the others */
  saveGroup(integrationId: string, siteExternalId: string, group: ProviderGroup): Promise<void>;
  setStrangers(counts: { accessGroupId: string; strangers: number }[]): Promise<void>;
  setMissing(accessGroupId: string, since: Instant | null): Promise<void>;
  /** these are the strangers in the group now; those known already keep since when */
  saveStrangers(accessGroupId: string, strangers: Rows.StrangerFound[]): Promise<void>;
  /** members among the strangers who have been there since `before` and were not told of; they are from now on */
  tellStrangers(accessGroupId: string, before: Instant): Promise<string[]>;
  /**
   * plans, resources and items of the location that point to groups of another site lose their mapping (domain: a different site clears
   * them)
   */
  clearMappings(locationId: string, keepSiteExternalId: string): Promise<{ subscriptionIds: string[]; resourceIds: string[] }>;
}

export interface ProviderUserStore {
  ofMembers(integrationId: string, siteExternalId: string, memberIds: string[]): Promise<Rows.ProviderUserRow[]>;
  ofMember(memberId: string): Promise<Rows.ProviderUserRow[]>;
  byPlatformIds(integrationId: string, platformUserIds: string[]): Promise<Rows.ProviderUserRow[]>;
  /**
   * Claims the creation of a person: the row (made when missing), or until when another run has it in hand at most. A row that already has
   * both ids is answered as it is, unclaimed.
   */
  claim(
    integrationId: string,
    siteExternalId: string,
    memberId: string,
    email: string,
    leaseMs: number,
  ): Promise<{ row: Rows.ProviderUserRow; token: string | null } | { heldUntil: Instant }>;
  /** stores what was found or created and gives the claim back */
  settle(
    id: string,
    token: string | null,
    change: Partial<Omit<Rows.ProviderUserRow, 'id' | 'integrationId' | 'siteExternalId' | 'memberId'>>,
  ): Promise<void>;
  /** whoever is subscribed awaits no seat any more */
  update(changes: { id: string; subscriptionState: string | null; blocked: boolean; settledAt: Instant | null }[]): Promise<void>;
  /**
   * The person the row stood for so far is to leave every group of the site in which the member is not ABSENT; the person it stands for
   * from now on is not. Answers with the groups.
   */
  relinked(row: Rows.ProviderUserRow & { platformUserId: string }, platformUserIdNow: string): Promise<string[]>;
  /** former people of ours still to be taken out of the group, those whose turn it is */
  leavers(accessGroupId: string, limit: number): Promise<Rows.LeaverRow[]>;
  left(ids: string[]): Promise<void>;
  leaveLater(ids: string[], retryAt: Instant): Promise<void>;
}

export interface KeyStore {
  device(memberId: string, uid: string): Promise<Rows.DeviceRow | null>;
  deviceById(id: string): Promise<Rows.DeviceRow | null>;
  saveDevice(device: Omit<Rows.DeviceRow, 'id' | 'bluetoothAllowedAt'>): Promise<Rows.DeviceRow>;
  allowBluetooth(deviceId: string, at: Instant): Promise<void>;
  activation(id: string): Promise<Rows.ActivationRow | null>;
  /**
   * Begins an activation of a phone in place of what is under way there at the location, which fails with `replaced`, and deletes what was
   * finished of those started before `forgetBefore`: only the newest activation of a phone is ever asked for. The phone was saved by the
   * same transaction: of two that ask for it at once, the second waits there.
   */
  beginActivation(row: Rows.ActivationRow, replaced: string, forgetBefore: Instant): Promise<void>;
  /** writes where the stored status is one of `was`; null when it was not */
  updateActivation(
    id: string,
    was: Rows.ActivationStatus[],
    change: Partial<Omit<Rows.ActivationRow, 'id'>>,
  ): Promise<Rows.ActivationRow | null>;
  mobileKeys(memberId: string, locationId: string): Promise<(Rows.MobileKeyRow & { deviceUid: string })[]>;
  mobileKey(id: string): Promise<Rows.MobileKeyRow | null>;
  /** one for each location where the phone has a key */
  mobileKeysOfDevice(deviceId: string): Promise<Rows.MobileKeyRow[]>;
  /** one per device and integration; `id` is used when it is new (the sealed key is bound to it) */
  saveMobileKey(row: Rows.MobileKeyRow): Promise<Rows.MobileKeyRow>;
  mobileKeyIdFor(deviceId: string, integrationId: string): Promise<string | null>;
  updateMobileKey(id: string, change: Partial<Omit<Rows.MobileKeyRow, 'id'>>): Promise<void>;
  unlock(id: string): Promise<Rows.UnlockRow | null>;
  insertUnlock(row: Omit<Rows.UnlockRow, 'id'>): Promise<Rows.UnlockRow>;
  /** deletes the member's unlocks that were started before `before` */
  forgetUnlocks(memberId: string, before: Instant): Promise<void>;
  /** writes where the unlock is not finished; null when it is */
  updateUnlock(id: string, change: Partial<Omit<Rows.UnlockRow, 'id'>>): Promise<Rows.UnlockRow | null>;
}
