import { graphql } from './generated/gql.ts';

/**
 * What a booking platform and an administrator say to the API in the demo: ready to copy for one's own client. Phones: phone/documents.ts.
 */
export const UpsertLocation = graphql(/* GraphQL */ `
  mutation DemoLocation($input: UpsertLocationInput!) {
    result: upsertLocation(input: $input) { __typename ... on UpsertLocationSuccess { location { id name timeZone } } ... on Error { code message } }
  }
`);
export const UpsertCompany = graphql(/* GraphQL */ `
  mutation DemoCompany($input: UpsertCompanyInput!) {
    result: upsertCompany(input: $input) { __typename ... on UpsertCompanySuccess { company { id } } ... on Error { code message } }
  }
`);
export const UpsertMember = graphql(/* GraphQL */ `
  mutation DemoMember($input: UpsertMemberInput!) {
    result: upsertMember(input: $input) { __typename ... on UpsertMemberSuccess { member { id } } ... on Error { code message } }
  }
`);
export const UpsertPlan = graphql(/* GraphQL */ `
  mutation DemoPlan($input: UpsertPlanInput!) {
    result: upsertPlan(input: $input) { __typename ... on UpsertPlanSuccess { plan { id } } ... on Error { code message } }
  }
`);
export const UpsertResource = graphql(/* GraphQL */ `
  mutation DemoResource($input: UpsertResourceInput!) {
    result: upsertResource(input: $input) { __typename ... on UpsertResourceSuccess { resource { id } } ... on Error { code message } }
  }
`);
export const UpsertBooking = graphql(/* GraphQL */ `
  mutation DemoBooking($input: UpsertBookingInput!) {
    result: upsertBooking(input: $input) {
      __typename
      ... on UpsertBookingSuccess { booking { id accessStartsAt accessEndsAt } }
      ... on Error { code message }
    }
  }
`);
export const UpsertMemberSubscription = graphql(/* GraphQL */ `
  mutation DemoSubscription($input: UpsertMemberSubscriptionInput!) {
    result: upsertMemberSubscription(input: $input) {
      __typename
      ... on UpsertMemberSubscriptionSuccess { memberSubscription { id status } }
      ... on Error { code message }
    }
  }
`);
export const CancelMemberSubscription = graphql(/* GraphQL */ `
  mutation DemoCancelSubscription($input: CancelMemberSubscriptionInput!) {
    result: cancelMemberSubscription(input: $input) {
      __typename
      ... on CancelMemberSubscriptionSuccess { memberSubscription { id status } }
      ... on Error { code message }
    }
  }
`);
export const ConnectIntegration = graphql(/* GraphQL */ `
  mutation DemoConnect($input: ConnectIntegrationInput!) {
    result: connectIntegration(input: $input) {
      __typename
      ... on ConnectIntegrationSuccess { authorizationUrl integration { status } }
      ... on Error { code message }
    }
  }
`);
export const SelectSite = graphql(/* GraphQL */ `
  mutation DemoSelectSite($input: SelectSiteInput!) {
    result: selectSite(input: $input) {
      __typename
      ... on SelectSiteSuccess {
        integration {
          status
          site { name timeZone seatsUsed seatsTotal }
          accessGroups { edges { node { id name locks { id externalId name } warnings { code } } } }
        }
      }
      ... on Error { code message }
    }
  }
`);
export const SetResourceAccess = graphql(/* GraphQL */ `
  mutation DemoResourceAccess($input: SetResourceAccessInput!) {
    result: setResourceAccess(input: $input) { __typename ... on SetResourceAccessSuccess { resource { accessGroup { name } } } ... on Error { code message } }
  }
`);
export const SetPlanAccess = graphql(/* GraphQL */ `
  mutation DemoPlanAccess($input: SetPlanAccessInput!) {
    result: setPlanAccess(input: $input) { __typename ... on SetPlanAccessSuccess { plan { accessGroup { name } } } ... on Error { code message } }
  }
`);
export const DisconnectIntegration = graphql(/* GraphQL */ `
  mutation DemoDisconnect($input: DisconnectIntegrationInput!) {
    result: disconnectIntegration(input: $input) {
      __typename
      ... on DisconnectIntegrationSuccess { integration { status } }
      ... on Error { code message }
    }
  }
`);
export const AvailableSites = graphql(/* GraphQL */ `
  query DemoSites($location: Ref!) {
    location(ref: $location) { integration { status availableSites { externalId name } } }
  }
`);
export const Memberships = graphql(/* GraphQL */ `
  query DemoMemberships($location: Ref!, $states: [MembershipState!]) {
    location(ref: $location) { integration { memberships(states: $states) { edges { node { state managed wanted member { externalId } } } } } }
  }
`);
export const ActivityAdded = graphql(/* GraphQL */ `
  subscription DemoActivity($location: Ref!) {
    row: activityAdded(location: $location) { id type detail member { externalId } accessGroup { name } }
  }
`);
