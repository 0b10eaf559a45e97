/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What is wrong with an access group. */
export type AccessGroupWarningCode =
  /** It holds people who were not put there from here. They are never touched. */
  | 'FOREIGN_MEMBERS'
  /** It is gone at the lock system. */
  | 'MISSING_AT_PROVIDER'
  /** It has no locks. */
  | 'NO_LOCKS'
  /** It has no time schedule, and so opens nothing. */
  | 'NO_TIME_SCHEDULE';

/** Which location and phone. */
export type ActivateDigitalKeyInput = {
  /** The phone. */
  device: DeviceInput;
  /** The location. */
  location: Ref;
};

/** What happened. */
export type ActivityType =
  /** The lock system held something else than was put there. */
  | 'ACCESS_DRIFT_FOUND'
  /** A grant or revoke does not succeed. Told once, however often it is tried. */
  | 'ACCESS_FAILED'
  /** Somebody was put into an access group. */
  | 'ACCESS_GRANTED'
  /** Somebody was taken out of an access group. */
  | 'ACCESS_REVOKED'
  /** An account at the lock system was authorized. */
  | 'INTEGRATION_CONNECTED'
  /** The location was disconnected from its locks. */
  | 'INTEGRATION_DISCONNECTED'
  /** A problem with the connection began or ended. */
  | 'INTEGRATION_PROBLEM'
  /** A digital key reached a phone. */
  | 'KEY_ACTIVATED'
  /** Somebody asked for a digital key. */
  | 'KEY_ACTIVATING'
  /** Somebody can get a digital key for the first time. */
  | 'KEY_AVAILABLE'
  /** Getting a digital key failed. */
  | 'KEY_FAILED'
  /** An administrator changed a setting. */
  | 'SETTINGS_CHANGED'
  /** A site was selected. */
  | 'SITE_SELECTED'
  /** A phone or a lock reported an unlock. */
  | 'UNLOCK_REPORTED';

/** Which subscription, and when. */
export type CancelMemberSubscriptionInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** When it ends: now unless given; the past counts as now. */
  at?: string | null | undefined;
  /** The subscription. */
  memberSubscription: Ref;
};

/** Which location. */
export type ConnectIntegrationInput = {
  /** The location. */
  location: Ref;
  /** Whose locks they are. */
  provider?: LockProvider;
};

/** A phone. */
export type DeviceInput = {
  /** What a person calls it. */
  name: string;
  /** Its public key: P-256, SPKI DER, base64. */
  publicKey: string;
  /** What the app names the phone by, the same each time. */
  uid: string;
};

/** Why a key is hidden. */
export type DigitalKeyHiddenReason =
  /** The locks of the location do not take digital keys. */
  | 'KEYS_NOT_SUPPORTED'
  /** Keys are shown in the member mobile app only. */
  | 'MOBILE_APP_ONLY'
  /** The location is not connected to its locks. */
  | 'NOT_CONNECTED'
  /** No access of the member's has ever begun here. */
  | 'NO_ACCESS_YET'
  /** The location does not offer keys to the member's role. */
  | 'ROLE_NOT_ALLOWED';

/** What a member is shown of their key. */
export type DigitalKeyStatus =
  /** It is being got, for a minute at most. */
  | 'ACTIVATING'
  /** It can be got. */
  | 'AVAILABLE'
  /** Getting it failed; trying again is allowed. */
  | 'FAILED'
  /** Nothing; `hiddenReason` says why. */
  | 'HIDDEN'
  /** It is on the phone: doors can be unlocked. */
  | 'UNLOCK_AVAILABLE';

/** Which location. */
export type DisconnectIntegrationInput = {
  /** True: the administrator knows what it means. */
  confirm: boolean;
  /** The location. */
  location: Ref;
};

/** The kind of an expected failure, for programs. It is the same as the type of the error. */
export type ErrorCode =
  /** It cannot be undone from here, and was not confirmed. */
  | 'CONFIRMATION_REQUIRED'
  /** What is stored does not allow the change. */
  | 'CONFLICT'
  /** The location is not connected to its locks. */
  | 'INTEGRATION_NOT_CONNECTED'
  /** The input is well-formed, but has no meaning or breaks a rule. */
  | 'INVALID_INPUT'
  /** There is no digital key for this member here at the moment. */
  | 'KEY_NOT_AVAILABLE'
  /** The caller's token does not allow it. */
  | 'NOT_ALLOWED'
  /** Something the input names does not exist. */
  | 'NOT_FOUND'
  /** Too few day passes are left for the days of the booking. */
  | 'NO_DAY_PASS_LEFT'
  /** The lock system does not answer at the moment. */
  | 'PROVIDER_UNAVAILABLE';

/** What is wrong with a connection. */
export type IntegrationProblemCode =
  /** Access that is about to begin will not open doors as things stand. About one access group. */
  | 'ACCESS_AT_RISK'
  /** The site's time zone is not the location's, or its clock is wrong. */
  | 'CLOCK_OR_ZONE_MISMATCH'
  /** The lock system does not answer. */
  | 'PROVIDER_UNAVAILABLE'
  /** The account must be authorized again. */
  | 'REAUTHORIZATION_NEEDED'
  /** One change would take unusually many people out of a group: an administrator decides. */
  | 'REMOVALS_HELD'
  /** The site is about to run out of seats. */
  | 'SEATS_ALMOST_FULL'
  /** The site has no free seat: nobody new can open a door. */
  | 'SEATS_FULL'
  /** The site has not been taken into operation. */
  | 'SITE_NOT_RELEASED';

/** Where a connection to a lock system stands. */
export type IntegrationStatus =
  /** An administrator is on the consent page. A connection there was before works on meanwhile. */
  | 'AUTHORIZING'
  /** Connected: access is granted and revoked. */
  | 'CONNECTED'
  /** Disconnected: nothing is granted any more, and what was granted is revoked by hand. */
  | 'DISCONNECTED'
  /** The account must be authorized again. Nothing is lost meanwhile; connecting carries on. */
  | 'NEEDS_REAUTHORIZATION'
  /** The account is authorized; its site is to be selected. */
  | 'SELECTING_SITE';

/** Whose locks a location has. */
export type LockProvider =
  /** SALTO KS. */
  | 'SALTO_KS';

/** What the lock side holds of a membership. */
export type MembershipState =
  /** The person is not in the group. */
  | 'ABSENT'
  /** The person is in the group. */
  | 'ACTIVE'
  /** Somebody has to act: no seat is free, or the lock system refuses. */
  | 'BLOCKED'
  /** The person is being put into the group. */
  | 'GRANTING'
  /** The person is being taken out of the group. */
  | 'REVOKING'
  /** The lock system's answer was lost: it is being read back. */
  | 'UNKNOWN';

/** Names a thing by our id or by the id it has in the caller's own system: exactly one of the two. */
export type Ref =
  {   /** The thing's id in the caller's own system, unique for its type in the organisation. */
  externalId: string; id?: never; }
  |  { externalId?: never;   /** Our global id of the thing. */
  id: string; };

/** Which member. */
export type RemoveMemberInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** The member. */
  member: Ref;
};

/** What became of it. */
export type ReportUnlockInput = {
  /** What the phone reports. */
  outcome: UnlockOutcome;
  /** The unlock. */
  unlock: string;
};

/** What a resource is. */
export type ResourceKind =
  /** A desk, which day passes can pay for. */
  | 'DESK'
  /** Equipment, such as a locker or a printer. */
  | 'EQUIPMENT'
  /** An office. */
  | 'OFFICE'
  /** A parking space. */
  | 'PARKING'
  /** A room, booked by the hour. Others can be invited to its bookings. */
  | 'ROOM';

/** Which site. */
export type SelectSiteInput = {
  /** The location. */
  location: Ref;
  /** The site: the `externalId` of one of `Integration.availableSites`. */
  siteExternalId: string;
};

/** Which roles. */
export type SetDigitalKeyVisibilityInput = {
  /** The location. */
  location: Ref;
  /** The roles that are offered keys; none at all is allowed. */
  roles: Array<UserRole>;
};

/** Which plan and group. */
export type SetPlanAccessInput = {
  /** The access group, of the same location; null clears. */
  accessGroup?: string | null | undefined;
  /** Only says what it would do to access, in `preview`: nothing is stored, and nothing sent. */
  dryRun?: boolean;
  /** The plan. */
  plan: Ref;
};

/** Which resource and group. */
export type SetResourceAccessInput = {
  /** The access group, of the same location; null clears. */
  accessGroup?: string | null | undefined;
  /** Only says what it would do to access, in `preview`: nothing is stored, and nothing sent. */
  dryRun?: boolean;
  /** The resource. */
  resource: Ref;
};

/** Which location and phone. */
export type StartUnlockInput = {
  /** The phone. */
  deviceUid: string;
  /** The location. */
  location: Ref;
};

/** One plan or one resource of a subscription: exactly one of the two. */
export type SubscriptionItemInput = {
  /** Its id in the caller's system. */
  externalId: string;
  /** The plan. It cannot change. */
  plan?: Ref | null | undefined;
  /** The resource that is rented. It cannot change. */
  resource?: Ref | null | undefined;
};

/** Where a subscription stands at the moment. */
export type SubscriptionStatus =
  /** It runs. */
  | 'ACTIVE'
  /** It was canceled, and the cancellation has taken effect. */
  | 'CANCELED'
  /** Its last day is over. */
  | 'ENDED'
  /** Its first day has not begun. */
  | 'SCHEDULED';

/** What a phone reports of an unlock. */
export type UnlockOutcome =
  /** The member allowed Bluetooth. */
  | 'BLUETOOTH_ALLOWED'
  /** The member did not allow Bluetooth, or it is off. */
  | 'BLUETOOTH_DENIED'
  /** The member gave up. */
  | 'CANCELED_BY_USER'
  /** The lock says that the key is cancelled. */
  | 'KEY_CANCELLED'
  /** No lock was near. */
  | 'NO_LOCK_FOUND'
  /** The lock refused the key. */
  | 'REFUSED'
  /** The key reached a lock, which decides. */
  | 'SIGNAL_SENT';

/** Where an unlock stands. */
export type UnlockStatus =
  /** The member gave up. */
  | 'CANCELED'
  /** It did not work. */
  | 'FAILED'
  /** No lock was near. */
  | 'NO_LOCK_FOUND'
  /** The phone can be held to the lock. */
  | 'READY'
  /** The lock refused the key. */
  | 'REFUSED'
  /** The key reached the lock, which shows by itself whether it opens. */
  | 'SIGNAL_SENT'
  /** The phone asks whether it may use Bluetooth. */
  | 'WAITING_FOR_BLUETOOTH_PERMISSION';

/** The whole booking: what is absent is its default. */
export type UpsertBookingInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** When it ends, exclusive. */
  endsAt: string;
  /** Its id in the caller's system. */
  externalId: string;
  /** Those invited, who get the same access. Rooms only, 100 at most. */
  invitees?: Array<Ref>;
  /** Who books it. */
  member: Ref;
  /** Whether day passes pay for it: one for each local day. Desks only. */
  payWithDayPass?: boolean;
  /** What is booked. */
  resource: Ref;
  /** When it begins. */
  startsAt: string;
};

/** The whole company. */
export type UpsertCompanyInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** Its id in the caller's system. */
  externalId: string;
  /** Its name. */
  name: string;
};

/** The whole location. */
export type UpsertLocationInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** Its id in the caller's system. */
  externalId: string;
  /** Its name. */
  name: string;
  /** Its time zone, in which its days begin and end. */
  timeZone: string;
};

/** The whole member: what is absent is null or its default. */
export type UpsertMemberInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** The company they belong to, if any. */
  company?: Ref | null | undefined;
  /** Their e-mail address, by which the lock system knows them. Unique in the organisation. */
  email: string;
  /** Their id in the caller's system: the `sub` of their tokens. */
  externalId: string;
  /** Their first name. */
  firstName: string;
  /** Their last name. */
  lastName: string;
  /** Who they are in the workspace. */
  role?: UserRole;
};

/** The whole subscription, of either a member or a company. */
export type UpsertMemberSubscriptionInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** The company that subscribes, where one does. It cannot change. */
  company?: Ref | null | undefined;
  /** The last day, included; open-ended unless given. */
  endsOn?: string | null | undefined;
  /** Its id in the caller's system. */
  externalId: string;
  /** What it is made of: all of it. */
  items: Array<SubscriptionItemInput>;
  /** Where it gives access. It cannot change. */
  location: Ref;
  /** Who subscribes, where a member does. It cannot change. */
  member?: Ref | null | undefined;
  /** The first day, in the location's time zone. */
  startsOn: string;
};

/** The whole plan. */
export type UpsertPlanInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** How many day passes it brings each calendar month. */
  dayPassesPerMonth?: number;
  /** Its id in the caller's system. */
  externalId: string;
  /** Where it is sold. It cannot change. */
  location: Ref;
  /** Its name. */
  name: string;
};

/** The whole resource. */
export type UpsertResourceInput = {
  /** When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given. */
  asOf?: string | null | undefined;
  /** Its id in the caller's system. */
  externalId: string;
  /** What it is. It cannot change. */
  kind: ResourceKind;
  /** Where it is. It cannot change. */
  location: Ref;
  /** Its name. */
  name: string;
};

/** Who a person is in the workspace. What a token may do is another matter. */
export type UserRole =
  /** Runs the workspace. */
  | 'ADMIN'
  /** Visits it. */
  | 'GUEST'
  /** Uses the workspace. */
  | 'MEMBER';

export type DemoLocationMutationVariables = Exact<{
  input: UpsertLocationInput;
}>;


export type DemoLocationMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'UpsertLocationSuccess', location: { id: string, name: string, timeZone: string } }
   };

export type DemoCompanyMutationVariables = Exact<{
  input: UpsertCompanyInput;
}>;


export type DemoCompanyMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'UpsertCompanySuccess', company: { id: string } }
   };

export type DemoMemberMutationVariables = Exact<{
  input: UpsertMemberInput;
}>;


export type DemoMemberMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpsertMemberSuccess', member: { id: string } }
   };

export type DemoPlanMutationVariables = Exact<{
  input: UpsertPlanInput;
}>;


export type DemoPlanMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpsertPlanSuccess', plan: { id: string } }
   };

export type DemoResourceMutationVariables = Exact<{
  input: UpsertResourceInput;
}>;


export type DemoResourceMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpsertResourceSuccess', resource: { id: string } }
   };

export type DemoBookingMutationVariables = Exact<{
  input: UpsertBookingInput;
}>;


export type DemoBookingMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NoDayPassLeftError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpsertBookingSuccess', booking: { id: string, accessStartsAt: string, accessEndsAt: string } }
   };

export type DemoSubscriptionMutationVariables = Exact<{
  input: UpsertMemberSubscriptionInput;
}>;


export type DemoSubscriptionMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpsertMemberSubscriptionSuccess', memberSubscription: { id: string, status: SubscriptionStatus } }
   };

export type DemoCancelSubscriptionMutationVariables = Exact<{
  input: CancelMemberSubscriptionInput;
}>;


export type DemoCancelSubscriptionMutation = { result:
    | { __typename: 'CancelMemberSubscriptionSuccess', memberSubscription: { id: string, status: SubscriptionStatus } }
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type DemoConnectMutationVariables = Exact<{
  input: ConnectIntegrationInput;
}>;


export type DemoConnectMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'ConnectIntegrationSuccess', authorizationUrl: string, integration: { status: IntegrationStatus } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderUnavailableError', code: ErrorCode, message: string }
   };

export type DemoSelectSiteMutationVariables = Exact<{
  input: SelectSiteInput;
}>;


export type DemoSelectSiteMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderUnavailableError', code: ErrorCode, message: string }
    | { __typename: 'SelectSiteSuccess', integration: { status: IntegrationStatus, site: { name: string, timeZone: string | null, seatsUsed: number | null, seatsTotal: number | null } | null, accessGroups: { edges: Array<{ node: { id: string, name: string, locks: Array<{ id: string, externalId: string, name: string }>, warnings: Array<{ code: AccessGroupWarningCode }> } }> } } }
   };

export type DemoResourceAccessMutationVariables = Exact<{
  input: SetResourceAccessInput;
}>;


export type DemoResourceAccessMutation = { result:
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SetResourceAccessSuccess', resource: { accessGroup: { name: string } | null } }
   };

export type DemoPlanAccessMutationVariables = Exact<{
  input: SetPlanAccessInput;
}>;


export type DemoPlanAccessMutation = { result:
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SetPlanAccessSuccess', plan: { accessGroup: { name: string } | null } }
   };

export type DemoDisconnectMutationVariables = Exact<{
  input: DisconnectIntegrationInput;
}>;


export type DemoDisconnectMutation = { result:
    | { __typename: 'ConfirmationRequiredError', code: ErrorCode, message: string }
    | { __typename: 'DisconnectIntegrationSuccess', integration: { status: IntegrationStatus } }
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type DemoSitesQueryVariables = Exact<{
  location: Ref;
}>;


export type DemoSitesQuery = { location: { integration: { status: IntegrationStatus, availableSites: Array<{ externalId: string, name: string }> } | null } | null };

export type DemoMembershipsQueryVariables = Exact<{
  location: Ref;
  states?: Array<MembershipState> | MembershipState | null | undefined;
}>;


export type DemoMembershipsQuery = { location: { integration: { memberships: { edges: Array<{ node: { state: MembershipState, managed: boolean, wanted: boolean, member: { externalId: string } } }> } } | null } | null };

export type DemoActivitySubscriptionVariables = Exact<{
  location: Ref;
}>;


export type DemoActivitySubscription = { row: { id: string, type: ActivityType, detail: string, member: { externalId: string } | null, accessGroup: { name: string } | null } };

export type PhoneKeySubscriptionVariables = Exact<{
  location: Ref;
  deviceUid?: string | null | undefined;
}>;


export type PhoneKeySubscription = { key: { id: string, status: DigitalKeyStatus, label: string | null, hiddenReason: DigitalKeyHiddenReason | null, availableFrom: string | null, failureMessage: string | null, activatedAt: string | null, expiresAt: string | null } };

export type PhoneActivateMutationVariables = Exact<{
  input: ActivateDigitalKeyInput;
}>;


export type PhoneActivateMutation = { result:
    | { __typename: 'ActivateDigitalKeySuccess', authorizationUrl: string, digitalKey: { id: string, status: DigitalKeyStatus, label: string | null } }
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'KeyNotAvailableError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type PhoneCredentialQueryVariables = Exact<{
  location: Ref;
  deviceUid: string;
}>;


export type PhoneCredentialQuery = { location: { digitalKey: { id: string, credential: { mobileKey: string, expiresAt: string } | null } } | null };

export type PhoneStartUnlockMutationVariables = Exact<{
  input: StartUnlockInput;
}>;


export type PhoneStartUnlockMutation = { result:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'KeyNotAvailableError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'StartUnlockSuccess', unlock: { id: string, status: UnlockStatus, message: string } }
   };

export type PhoneReportUnlockMutationVariables = Exact<{
  input: ReportUnlockInput;
}>;


export type PhoneReportUnlockMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ReportUnlockSuccess', unlock: { id: string, status: UnlockStatus, message: string } }
   };

export type FlowVisibilityMutationVariables = Exact<{
  input: SetDigitalKeyVisibilityInput;
}>;


export type FlowVisibilityMutation = { result:
    | { __typename: 'IntegrationNotConnectedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SetDigitalKeyVisibilitySuccess', integration: { digitalKeyVisibility: Array<UserRole> } }
   };

export type FlowRemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type FlowRemoveMemberMutation = { result:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotAllowedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RemoveMemberSuccess', member: { id: string } }
   };

export type FlowKeyQueryVariables = Exact<{
  location: Ref;
  deviceUid?: string | null | undefined;
}>;


export type FlowKeyQuery = { location: { digitalKey: { id: string, status: DigitalKeyStatus, hiddenReason: DigitalKeyHiddenReason | null, label: string | null, failureMessage: string | null } } | null };

export type FlowActivityQueryVariables = Exact<{
  location: Ref;
  member?: Ref | null | undefined;
  types?: Array<ActivityType> | ActivityType | null | undefined;
}>;


export type FlowActivityQuery = { activity: { edges: Array<{ node: { id: string, type: ActivityType, actor: string, detail: string, member: { externalId: string } | null } }> } | null };

export type FlowIntegrationQueryVariables = Exact<{
  location: Ref;
}>;


export type FlowIntegrationQuery = { location: { id: string, integration: { id: string, status: IntegrationStatus, availableSites: Array<{ externalId: string, name: string }>, problems: Array<{ code: IntegrationProblemCode }> } | null } | null };


export const DemoLocationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoLocation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertLocationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertLocation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertLocationSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoLocationMutation, DemoLocationMutationVariables>;
export const DemoCompanyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoCompany"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertCompanyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertCompany"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertCompanySuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"company"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoCompanyMutation, DemoCompanyMutationVariables>;
export const DemoMemberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoMember"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertMemberInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertMember"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertMemberSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoMemberMutation, DemoMemberMutationVariables>;
export const DemoPlanDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoPlan"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertPlanInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertPlan"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertPlanSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"plan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoPlanMutation, DemoPlanMutationVariables>;
export const DemoResourceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoResource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertResourceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertResource"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertResourceSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoResourceMutation, DemoResourceMutationVariables>;
export const DemoBookingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoBooking"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertBookingInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertBooking"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertBookingSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"booking"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"accessStartsAt"}},{"kind":"Field","name":{"kind":"Name","value":"accessEndsAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoBookingMutation, DemoBookingMutationVariables>;
export const DemoSubscriptionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoSubscription"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertMemberSubscriptionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"upsertMemberSubscription"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertMemberSubscriptionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"memberSubscription"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoSubscriptionMutation, DemoSubscriptionMutationVariables>;
export const DemoCancelSubscriptionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoCancelSubscription"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelMemberSubscriptionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"cancelMemberSubscription"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelMemberSubscriptionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"memberSubscription"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoCancelSubscriptionMutation, DemoCancelSubscriptionMutationVariables>;
export const DemoConnectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoConnect"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectIntegrationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"connectIntegration"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectIntegrationSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authorizationUrl"}},{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoConnectMutation, DemoConnectMutationVariables>;
export const DemoSelectSiteDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoSelectSite"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SelectSiteInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"selectSite"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SelectSiteSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"site"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"seatsUsed"}},{"kind":"Field","name":{"kind":"Name","value":"seatsTotal"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accessGroups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"locks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoSelectSiteMutation, DemoSelectSiteMutationVariables>;
export const DemoResourceAccessDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoResourceAccess"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetResourceAccessInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"setResourceAccess"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SetResourceAccessSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessGroup"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoResourceAccessMutation, DemoResourceAccessMutationVariables>;
export const DemoPlanAccessDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoPlanAccess"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetPlanAccessInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"setPlanAccess"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SetPlanAccessSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"plan"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessGroup"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoPlanAccessMutation, DemoPlanAccessMutationVariables>;
export const DemoDisconnectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DemoDisconnect"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisconnectIntegrationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"disconnectIntegration"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisconnectIntegrationSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DemoDisconnectMutation, DemoDisconnectMutationVariables>;
export const DemoSitesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DemoSites"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ref"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"availableSites"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<DemoSitesQuery, DemoSitesQueryVariables>;
export const DemoMembershipsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DemoMemberships"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"states"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MembershipState"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ref"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"memberships"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"states"},"value":{"kind":"Variable","name":{"kind":"Name","value":"states"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"managed"}},{"kind":"Field","name":{"kind":"Name","value":"wanted"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<DemoMembershipsQuery, DemoMembershipsQueryVariables>;
export const DemoActivityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"DemoActivity"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"row"},"name":{"kind":"Name","value":"activityAdded"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"location"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"accessGroup"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<DemoActivitySubscription, DemoActivitySubscriptionVariables>;
export const PhoneKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PhoneKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"key"},"name":{"kind":"Name","value":"digitalKeyChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"location"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}},{"kind":"Argument","name":{"kind":"Name","value":"deviceUid"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenReason"}},{"kind":"Field","name":{"kind":"Name","value":"availableFrom"}},{"kind":"Field","name":{"kind":"Name","value":"failureMessage"}},{"kind":"Field","name":{"kind":"Name","value":"activatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]} as unknown as DocumentNode<PhoneKeySubscription, PhoneKeySubscriptionVariables>;
export const PhoneActivateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PhoneActivate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ActivateDigitalKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"activateDigitalKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActivateDigitalKeySuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authorizationUrl"}},{"kind":"Field","name":{"kind":"Name","value":"digitalKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PhoneActivateMutation, PhoneActivateMutationVariables>;
export const PhoneCredentialDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PhoneCredential"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ref"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"digitalKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceUid"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"credential"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceUid"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mobileKey"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PhoneCredentialQuery, PhoneCredentialQueryVariables>;
export const PhoneStartUnlockDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PhoneStartUnlock"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StartUnlockInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"startUnlock"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StartUnlockSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unlock"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PhoneStartUnlockMutation, PhoneStartUnlockMutationVariables>;
export const PhoneReportUnlockDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PhoneReportUnlock"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ReportUnlockInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"reportUnlock"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReportUnlockSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unlock"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PhoneReportUnlockMutation, PhoneReportUnlockMutationVariables>;
export const FlowVisibilityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FlowVisibility"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetDigitalKeyVisibilityInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"setDigitalKeyVisibility"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SetDigitalKeyVisibilitySuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"digitalKeyVisibility"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<FlowVisibilityMutation, FlowVisibilityMutationVariables>;
export const FlowRemoveMemberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"FlowRemoveMember"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RemoveMemberInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"result"},"name":{"kind":"Name","value":"removeMember"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoveMemberSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<FlowRemoveMemberMutation, FlowRemoveMemberMutationVariables>;
export const FlowKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FlowKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ref"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"digitalKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"deviceUid"},"value":{"kind":"Variable","name":{"kind":"Name","value":"deviceUid"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenReason"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"failureMessage"}}]}}]}}]}}]} as unknown as DocumentNode<FlowKeyQuery, FlowKeyQueryVariables>;
export const FlowActivityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FlowActivity"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"member"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"types"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ActivityType"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"activity"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"location"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}},{"kind":"Argument","name":{"kind":"Name","value":"member"},"value":{"kind":"Variable","name":{"kind":"Name","value":"member"}}},{"kind":"Argument","name":{"kind":"Name","value":"types"},"value":{"kind":"Variable","name":{"kind":"Name","value":"types"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<FlowActivityQuery, FlowActivityQueryVariables>;
export const FlowIntegrationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FlowIntegration"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"location"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Ref"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ref"},"value":{"kind":"Variable","name":{"kind":"Name","value":"location"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"integration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"availableSites"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FlowIntegrationQuery, FlowIntegrationQueryVariables>;