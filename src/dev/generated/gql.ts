/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation DemoLocation($input: UpsertLocationInput!) {\n    result: upsertLocation(input: $input) { __typename ... on UpsertLocationSuccess { location { id name timeZone } } ... on Error { code message } }\n  }\n": typeof types.DemoLocationDocument,
    "\n  mutation DemoCompany($input: UpsertCompanyInput!) {\n    result: upsertCompany(input: $input) { __typename ... on UpsertCompanySuccess { company { id } } ... on Error { code message } }\n  }\n": typeof types.DemoCompanyDocument,
    "\n  mutation DemoMember($input: UpsertMemberInput!) {\n    result: upsertMember(input: $input) { __typename ... on UpsertMemberSuccess { member { id } } ... on Error { code message } }\n  }\n": typeof types.DemoMemberDocument,
    "\n  mutation DemoPlan($input: UpsertPlanInput!) {\n    result: upsertPlan(input: $input) { __typename ... on UpsertPlanSuccess { plan { id } } ... on Error { code message } }\n  }\n": typeof types.DemoPlanDocument,
    "\n  mutation DemoResource($input: UpsertResourceInput!) {\n    result: upsertResource(input: $input) { __typename ... on UpsertResourceSuccess { resource { id } } ... on Error { code message } }\n  }\n": typeof types.DemoResourceDocument,
    "\n  mutation DemoBooking($input: UpsertBookingInput!) {\n    result: upsertBooking(input: $input) {\n      __typename\n      ... on UpsertBookingSuccess { booking { id accessStartsAt accessEndsAt } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoBookingDocument,
    "\n  mutation DemoSubscription($input: UpsertMemberSubscriptionInput!) {\n    result: upsertMemberSubscription(input: $input) {\n      __typename\n      ... on UpsertMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoSubscriptionDocument,
    "\n  mutation DemoCancelSubscription($input: CancelMemberSubscriptionInput!) {\n    result: cancelMemberSubscription(input: $input) {\n      __typename\n      ... on CancelMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoCancelSubscriptionDocument,
    "\n  mutation DemoConnect($input: ConnectIntegrationInput!) {\n    result: connectIntegration(input: $input) {\n      __typename\n      ... on ConnectIntegrationSuccess { authorizationUrl integration { status } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoConnectDocument,
    "\n  mutation DemoSelectSite($input: SelectSiteInput!) {\n    result: selectSite(input: $input) {\n      __typename\n      ... on SelectSiteSuccess {\n        integration {\n          status\n          site { name timeZone seatsUsed seatsTotal }\n          accessGroups { edges { node { id name locks { id externalId name } warnings { code } } } }\n        }\n      }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoSelectSiteDocument,
    "\n  mutation DemoResourceAccess($input: SetResourceAccessInput!) {\n    result: setResourceAccess(input: $input) { __typename ... on SetResourceAccessSuccess { resource { accessGroup { name } } } ... on Error { code message } }\n  }\n": typeof types.DemoResourceAccessDocument,
    "\n  mutation DemoPlanAccess($input: SetPlanAccessInput!) {\n    result: setPlanAccess(input: $input) { __typename ... on SetPlanAccessSuccess { plan { accessGroup { name } } } ... on Error { code message } }\n  }\n": typeof types.DemoPlanAccessDocument,
    "\n  mutation DemoDisconnect($input: DisconnectIntegrationInput!) {\n    result: disconnectIntegration(input: $input) {\n      __typename\n      ... on DisconnectIntegrationSuccess { integration { status } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DemoDisconnectDocument,
    "\n  query DemoSites($location: Ref!) {\n    location(ref: $location) { integration { status availableSites { externalId name } } }\n  }\n": typeof types.DemoSitesDocument,
    "\n  query DemoMemberships($location: Ref!, $states: [MembershipState!]) {\n    location(ref: $location) { integration { memberships(states: $states) { edges { node { state managed wanted member { externalId } } } } } }\n  }\n": typeof types.DemoMembershipsDocument,
    "\n  subscription DemoActivity($location: Ref!) {\n    row: activityAdded(location: $location) { id type detail member { externalId } accessGroup { name } }\n  }\n": typeof types.DemoActivityDocument,
    "\n  subscription PhoneKey($location: Ref!, $deviceUid: String) {\n    key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) {\n      id\n      status\n      label\n      hiddenReason\n      availableFrom\n      failureMessage\n      activatedAt\n      expiresAt\n    }\n  }\n": typeof types.PhoneKeyDocument,
    "\n  mutation PhoneActivate($input: ActivateDigitalKeyInput!) {\n    result: activateDigitalKey(input: $input) {\n      __typename\n      ... on ActivateDigitalKeySuccess { authorizationUrl digitalKey { id status label } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.PhoneActivateDocument,
    "\n  query PhoneCredential($location: Ref!, $deviceUid: String!) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id credential(deviceUid: $deviceUid) { mobileKey expiresAt } } }\n  }\n": typeof types.PhoneCredentialDocument,
    "\n  mutation PhoneStartUnlock($input: StartUnlockInput!) {\n    result: startUnlock(input: $input) { __typename ... on StartUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n": typeof types.PhoneStartUnlockDocument,
    "\n  mutation PhoneReportUnlock($input: ReportUnlockInput!) {\n    result: reportUnlock(input: $input) { __typename ... on ReportUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n": typeof types.PhoneReportUnlockDocument,
    "\n  mutation FlowVisibility($input: SetDigitalKeyVisibilityInput!) {\n    result: setDigitalKeyVisibility(input: $input) {\n      __typename\n      ... on SetDigitalKeyVisibilitySuccess { integration { digitalKeyVisibility } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.FlowVisibilityDocument,
    "\n  mutation FlowRemoveMember($input: RemoveMemberInput!) {\n    result: removeMember(input: $input) { __typename ... on RemoveMemberSuccess { member { id } } ... on Error { code message } }\n  }\n": typeof types.FlowRemoveMemberDocument,
    "\n  query FlowKey($location: Ref!, $deviceUid: String) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id status hiddenReason label failureMessage } }\n  }\n": typeof types.FlowKeyDocument,
    "\n  query FlowActivity($location: Ref!, $member: Ref, $types: [ActivityType!]) {\n    activity(location: $location, member: $member, types: $types, first: 100) {\n      edges { node { id type actor detail member { externalId } } }\n    }\n  }\n": typeof types.FlowActivityDocument,
    "\n  query FlowIntegration($location: Ref!) {\n    location(ref: $location) {\n      id\n      integration { id status availableSites { externalId name } problems { code } }\n    }\n  }\n": typeof types.FlowIntegrationDocument,
    "\n  mutation FlowSync($input: SyncAccessGroupsInput!) {\n    result: syncAccessGroups(input: $input) { __typename ... on SyncAccessGroupsSuccess { integration { id } } ... on Error { code message } }\n  }\n": typeof types.FlowSyncDocument,
    "\n  subscription FlowProblems($location: Ref!) {\n    integrationChanged(location: $location) {\n      problems { id code message action since closedAt accessGroup { name } }\n      problemHistory(first: 5) { edges { node { code closedAt } } }\n    }\n  }\n": typeof types.FlowProblemsDocument,
};
const documents: Documents = {
    "\n  mutation DemoLocation($input: UpsertLocationInput!) {\n    result: upsertLocation(input: $input) { __typename ... on UpsertLocationSuccess { location { id name timeZone } } ... on Error { code message } }\n  }\n": types.DemoLocationDocument,
    "\n  mutation DemoCompany($input: UpsertCompanyInput!) {\n    result: upsertCompany(input: $input) { __typename ... on UpsertCompanySuccess { company { id } } ... on Error { code message } }\n  }\n": types.DemoCompanyDocument,
    "\n  mutation DemoMember($input: UpsertMemberInput!) {\n    result: upsertMember(input: $input) { __typename ... on UpsertMemberSuccess { member { id } } ... on Error { code message } }\n  }\n": types.DemoMemberDocument,
    "\n  mutation DemoPlan($input: UpsertPlanInput!) {\n    result: upsertPlan(input: $input) { __typename ... on UpsertPlanSuccess { plan { id } } ... on Error { code message } }\n  }\n": types.DemoPlanDocument,
    "\n  mutation DemoResource($input: UpsertResourceInput!) {\n    result: upsertResource(input: $input) { __typename ... on UpsertResourceSuccess { resource { id } } ... on Error { code message } }\n  }\n": types.DemoResourceDocument,
    "\n  mutation DemoBooking($input: UpsertBookingInput!) {\n    result: upsertBooking(input: $input) {\n      __typename\n      ... on UpsertBookingSuccess { booking { id accessStartsAt accessEndsAt } }\n      ... on Error { code message }\n    }\n  }\n": types.DemoBookingDocument,
    "\n  mutation DemoSubscription($input: UpsertMemberSubscriptionInput!) {\n    result: upsertMemberSubscription(input: $input) {\n      __typename\n      ... on UpsertMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n": types.DemoSubscriptionDocument,
    "\n  mutation DemoCancelSubscription($input: CancelMemberSubscriptionInput!) {\n    result: cancelMemberSubscription(input: $input) {\n      __typename\n      ... on CancelMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n": types.DemoCancelSubscriptionDocument,
    "\n  mutation DemoConnect($input: ConnectIntegrationInput!) {\n    result: connectIntegration(input: $input) {\n      __typename\n      ... on ConnectIntegrationSuccess { authorizationUrl integration { status } }\n      ... on Error { code message }\n    }\n  }\n": types.DemoConnectDocument,
    "\n  mutation DemoSelectSite($input: SelectSiteInput!) {\n    result: selectSite(input: $input) {\n      __typename\n      ... on SelectSiteSuccess {\n        integration {\n          status\n          site { name timeZone seatsUsed seatsTotal }\n          accessGroups { edges { node { id name locks { id externalId name } warnings { code } } } }\n        }\n      }\n      ... on Error { code message }\n    }\n  }\n": types.DemoSelectSiteDocument,
    "\n  mutation DemoResourceAccess($input: SetResourceAccessInput!) {\n    result: setResourceAccess(input: $input) { __typename ... on SetResourceAccessSuccess { resource { accessGroup { name } } } ... on Error { code message } }\n  }\n": types.DemoResourceAccessDocument,
    "\n  mutation DemoPlanAccess($input: SetPlanAccessInput!) {\n    result: setPlanAccess(input: $input) { __typename ... on SetPlanAccessSuccess { plan { accessGroup { name } } } ... on Error { code message } }\n  }\n": types.DemoPlanAccessDocument,
    "\n  mutation DemoDisconnect($input: DisconnectIntegrationInput!) {\n    result: disconnectIntegration(input: $input) {\n      __typename\n      ... on DisconnectIntegrationSuccess { integration { status } }\n      ... on Error { code message }\n    }\n  }\n": types.DemoDisconnectDocument,
    "\n  query DemoSites($location: Ref!) {\n    location(ref: $location) { integration { status availableSites { externalId name } } }\n  }\n": types.DemoSitesDocument,
    "\n  query DemoMemberships($location: Ref!, $states: [MembershipState!]) {\n    location(ref: $location) { integration { memberships(states: $states) { edges { node { state managed wanted member { externalId } } } } } }\n  }\n": types.DemoMembershipsDocument,
    "\n  subscription DemoActivity($location: Ref!) {\n    row: activityAdded(location: $location) { id type detail member { externalId } accessGroup { name } }\n  }\n": types.DemoActivityDocument,
    "\n  subscription PhoneKey($location: Ref!, $deviceUid: String) {\n    key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) {\n      id\n      status\n      label\n      hiddenReason\n      availableFrom\n      failureMessage\n      activatedAt\n      expiresAt\n    }\n  }\n": types.PhoneKeyDocument,
    "\n  mutation PhoneActivate($input: ActivateDigitalKeyInput!) {\n    result: activateDigitalKey(input: $input) {\n      __typename\n      ... on ActivateDigitalKeySuccess { authorizationUrl digitalKey { id status label } }\n      ... on Error { code message }\n    }\n  }\n": types.PhoneActivateDocument,
    "\n  query PhoneCredential($location: Ref!, $deviceUid: String!) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id credential(deviceUid: $deviceUid) { mobileKey expiresAt } } }\n  }\n": types.PhoneCredentialDocument,
    "\n  mutation PhoneStartUnlock($input: StartUnlockInput!) {\n    result: startUnlock(input: $input) { __typename ... on StartUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n": types.PhoneStartUnlockDocument,
    "\n  mutation PhoneReportUnlock($input: ReportUnlockInput!) {\n    result: reportUnlock(input: $input) { __typename ... on ReportUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n": types.PhoneReportUnlockDocument,
    "\n  mutation FlowVisibility($input: SetDigitalKeyVisibilityInput!) {\n    result: setDigitalKeyVisibility(input: $input) {\n      __typename\n      ... on SetDigitalKeyVisibilitySuccess { integration { digitalKeyVisibility } }\n      ... on Error { code message }\n    }\n  }\n": types.FlowVisibilityDocument,
    "\n  mutation FlowRemoveMember($input: RemoveMemberInput!) {\n    result: removeMember(input: $input) { __typename ... on RemoveMemberSuccess { member { id } } ... on Error { code message } }\n  }\n": types.FlowRemoveMemberDocument,
    "\n  query FlowKey($location: Ref!, $deviceUid: String) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id status hiddenReason label failureMessage } }\n  }\n": types.FlowKeyDocument,
    "\n  query FlowActivity($location: Ref!, $member: Ref, $types: [ActivityType!]) {\n    activity(location: $location, member: $member, types: $types, first: 100) {\n      edges { node { id type actor detail member { externalId } } }\n    }\n  }\n": types.FlowActivityDocument,
    "\n  query FlowIntegration($location: Ref!) {\n    location(ref: $location) {\n      id\n      integration { id status availableSites { externalId name } problems { code } }\n    }\n  }\n": types.FlowIntegrationDocument,
    "\n  mutation FlowSync($input: SyncAccessGroupsInput!) {\n    result: syncAccessGroups(input: $input) { __typename ... on SyncAccessGroupsSuccess { integration { id } } ... on Error { code message } }\n  }\n": types.FlowSyncDocument,
    "\n  subscription FlowProblems($location: Ref!) {\n    integrationChanged(location: $location) {\n      problems { id code message action since closedAt accessGroup { name } }\n      problemHistory(first: 5) { edges { node { code closedAt } } }\n    }\n  }\n": types.FlowProblemsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoLocation($input: UpsertLocationInput!) {\n    result: upsertLocation(input: $input) { __typename ... on UpsertLocationSuccess { location { id name timeZone } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoLocation($input: UpsertLocationInput!) {\n    result: upsertLocation(input: $input) { __typename ... on UpsertLocationSuccess { location { id name timeZone } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoCompany($input: UpsertCompanyInput!) {\n    result: upsertCompany(input: $input) { __typename ... on UpsertCompanySuccess { company { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoCompany($input: UpsertCompanyInput!) {\n    result: upsertCompany(input: $input) { __typename ... on UpsertCompanySuccess { company { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoMember($input: UpsertMemberInput!) {\n    result: upsertMember(input: $input) { __typename ... on UpsertMemberSuccess { member { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoMember($input: UpsertMemberInput!) {\n    result: upsertMember(input: $input) { __typename ... on UpsertMemberSuccess { member { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoPlan($input: UpsertPlanInput!) {\n    result: upsertPlan(input: $input) { __typename ... on UpsertPlanSuccess { plan { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoPlan($input: UpsertPlanInput!) {\n    result: upsertPlan(input: $input) { __typename ... on UpsertPlanSuccess { plan { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoResource($input: UpsertResourceInput!) {\n    result: upsertResource(input: $input) { __typename ... on UpsertResourceSuccess { resource { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoResource($input: UpsertResourceInput!) {\n    result: upsertResource(input: $input) { __typename ... on UpsertResourceSuccess { resource { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoBooking($input: UpsertBookingInput!) {\n    result: upsertBooking(input: $input) {\n      __typename\n      ... on UpsertBookingSuccess { booking { id accessStartsAt accessEndsAt } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoBooking($input: UpsertBookingInput!) {\n    result: upsertBooking(input: $input) {\n      __typename\n      ... on UpsertBookingSuccess { booking { id accessStartsAt accessEndsAt } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoSubscription($input: UpsertMemberSubscriptionInput!) {\n    result: upsertMemberSubscription(input: $input) {\n      __typename\n      ... on UpsertMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoSubscription($input: UpsertMemberSubscriptionInput!) {\n    result: upsertMemberSubscription(input: $input) {\n      __typename\n      ... on UpsertMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoCancelSubscription($input: CancelMemberSubscriptionInput!) {\n    result: cancelMemberSubscription(input: $input) {\n      __typename\n      ... on CancelMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoCancelSubscription($input: CancelMemberSubscriptionInput!) {\n    result: cancelMemberSubscription(input: $input) {\n      __typename\n      ... on CancelMemberSubscriptionSuccess { memberSubscription { id status } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoConnect($input: ConnectIntegrationInput!) {\n    result: connectIntegration(input: $input) {\n      __typename\n      ... on ConnectIntegrationSuccess { authorizationUrl integration { status } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoConnect($input: ConnectIntegrationInput!) {\n    result: connectIntegration(input: $input) {\n      __typename\n      ... on ConnectIntegrationSuccess { authorizationUrl integration { status } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoSelectSite($input: SelectSiteInput!) {\n    result: selectSite(input: $input) {\n      __typename\n      ... on SelectSiteSuccess {\n        integration {\n          status\n          site { name timeZone seatsUsed seatsTotal }\n          accessGroups { edges { node { id name locks { id externalId name } warnings { code } } } }\n        }\n      }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoSelectSite($input: SelectSiteInput!) {\n    result: selectSite(input: $input) {\n      __typename\n      ... on SelectSiteSuccess {\n        integration {\n          status\n          site { name timeZone seatsUsed seatsTotal }\n          accessGroups { edges { node { id name locks { id externalId name } warnings { code } } } }\n        }\n      }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoResourceAccess($input: SetResourceAccessInput!) {\n    result: setResourceAccess(input: $input) { __typename ... on SetResourceAccessSuccess { resource { accessGroup { name } } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoResourceAccess($input: SetResourceAccessInput!) {\n    result: setResourceAccess(input: $input) { __typename ... on SetResourceAccessSuccess { resource { accessGroup { name } } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoPlanAccess($input: SetPlanAccessInput!) {\n    result: setPlanAccess(input: $input) { __typename ... on SetPlanAccessSuccess { plan { accessGroup { name } } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation DemoPlanAccess($input: SetPlanAccessInput!) {\n    result: setPlanAccess(input: $input) { __typename ... on SetPlanAccessSuccess { plan { accessGroup { name } } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoDisconnect($input: DisconnectIntegrationInput!) {\n    result: disconnectIntegration(input: $input) {\n      __typename\n      ... on DisconnectIntegrationSuccess { integration { status } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DemoDisconnect($input: DisconnectIntegrationInput!) {\n    result: disconnectIntegration(input: $input) {\n      __typename\n      ... on DisconnectIntegrationSuccess { integration { status } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DemoSites($location: Ref!) {\n    location(ref: $location) { integration { status availableSites { externalId name } } }\n  }\n"): (typeof documents)["\n  query DemoSites($location: Ref!) {\n    location(ref: $location) { integration { status availableSites { externalId name } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DemoMemberships($location: Ref!, $states: [MembershipState!]) {\n    location(ref: $location) { integration { memberships(states: $states) { edges { node { state managed wanted member { externalId } } } } } }\n  }\n"): (typeof documents)["\n  query DemoMemberships($location: Ref!, $states: [MembershipState!]) {\n    location(ref: $location) { integration { memberships(states: $states) { edges { node { state managed wanted member { externalId } } } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DemoActivity($location: Ref!) {\n    row: activityAdded(location: $location) { id type detail member { externalId } accessGroup { name } }\n  }\n"): (typeof documents)["\n  subscription DemoActivity($location: Ref!) {\n    row: activityAdded(location: $location) { id type detail member { externalId } accessGroup { name } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription PhoneKey($location: Ref!, $deviceUid: String) {\n    key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) {\n      id\n      status\n      label\n      hiddenReason\n      availableFrom\n      failureMessage\n      activatedAt\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  subscription PhoneKey($location: Ref!, $deviceUid: String) {\n    key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) {\n      id\n      status\n      label\n      hiddenReason\n      availableFrom\n      failureMessage\n      activatedAt\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PhoneActivate($input: ActivateDigitalKeyInput!) {\n    result: activateDigitalKey(input: $input) {\n      __typename\n      ... on ActivateDigitalKeySuccess { authorizationUrl digitalKey { id status label } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation PhoneActivate($input: ActivateDigitalKeyInput!) {\n    result: activateDigitalKey(input: $input) {\n      __typename\n      ... on ActivateDigitalKeySuccess { authorizationUrl digitalKey { id status label } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PhoneCredential($location: Ref!, $deviceUid: String!) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id credential(deviceUid: $deviceUid) { mobileKey expiresAt } } }\n  }\n"): (typeof documents)["\n  query PhoneCredential($location: Ref!, $deviceUid: String!) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id credential(deviceUid: $deviceUid) { mobileKey expiresAt } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PhoneStartUnlock($input: StartUnlockInput!) {\n    result: startUnlock(input: $input) { __typename ... on StartUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation PhoneStartUnlock($input: StartUnlockInput!) {\n    result: startUnlock(input: $input) { __typename ... on StartUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PhoneReportUnlock($input: ReportUnlockInput!) {\n    result: reportUnlock(input: $input) { __typename ... on ReportUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation PhoneReportUnlock($input: ReportUnlockInput!) {\n    result: reportUnlock(input: $input) { __typename ... on ReportUnlockSuccess { unlock { id status message } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FlowVisibility($input: SetDigitalKeyVisibilityInput!) {\n    result: setDigitalKeyVisibility(input: $input) {\n      __typename\n      ... on SetDigitalKeyVisibilitySuccess { integration { digitalKeyVisibility } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation FlowVisibility($input: SetDigitalKeyVisibilityInput!) {\n    result: setDigitalKeyVisibility(input: $input) {\n      __typename\n      ... on SetDigitalKeyVisibilitySuccess { integration { digitalKeyVisibility } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FlowRemoveMember($input: RemoveMemberInput!) {\n    result: removeMember(input: $input) { __typename ... on RemoveMemberSuccess { member { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation FlowRemoveMember($input: RemoveMemberInput!) {\n    result: removeMember(input: $input) { __typename ... on RemoveMemberSuccess { member { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FlowKey($location: Ref!, $deviceUid: String) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id status hiddenReason label failureMessage } }\n  }\n"): (typeof documents)["\n  query FlowKey($location: Ref!, $deviceUid: String) {\n    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id status hiddenReason label failureMessage } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FlowActivity($location: Ref!, $member: Ref, $types: [ActivityType!]) {\n    activity(location: $location, member: $member, types: $types, first: 100) {\n      edges { node { id type actor detail member { externalId } } }\n    }\n  }\n"): (typeof documents)["\n  query FlowActivity($location: Ref!, $member: Ref, $types: [ActivityType!]) {\n    activity(location: $location, member: $member, types: $types, first: 100) {\n      edges { node { id type actor detail member { externalId } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FlowIntegration($location: Ref!) {\n    location(ref: $location) {\n      id\n      integration { id status availableSites { externalId name } problems { code } }\n    }\n  }\n"): (typeof documents)["\n  query FlowIntegration($location: Ref!) {\n    location(ref: $location) {\n      id\n      integration { id status availableSites { externalId name } problems { code } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FlowSync($input: SyncAccessGroupsInput!) {\n    result: syncAccessGroups(input: $input) { __typename ... on SyncAccessGroupsSuccess { integration { id } } ... on Error { code message } }\n  }\n"): (typeof documents)["\n  mutation FlowSync($input: SyncAccessGroupsInput!) {\n    result: syncAccessGroups(input: $input) { __typename ... on SyncAccessGroupsSuccess { integration { id } } ... on Error { code message } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FlowProblems($location: Ref!) {\n    integrationChanged(location: $location) {\n      problems { id code message action since closedAt accessGroup { name } }\n      problemHistory(first: 5) { edges { node { code closedAt } } }\n    }\n  }\n"): (typeof documents)["\n  subscription FlowProblems($location: Ref!) {\n    integrationChanged(location: $location) {\n      problems { id code message action since closedAt accessGroup { name } }\n      problemHistory(first: 5) { edges { node { code closedAt } } }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;