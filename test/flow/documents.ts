import { graphql } from '../../src/dev/generated/gql.ts';

/** What the tests say to the API beside what the demo and the phone say. */
export const SetVisibility = graphql(/* GraphQL */ `
  mutation FlowVisibility($input: SetDigitalKeyVisibilityInput!) {
    result: setDigitalKeyVisibility(input: $input) {
      __typename
      ... on SetDigitalKeyVisibilitySuccess { integration { digitalKeyVisibility } }
      ... on Error { code message }
    }
  }
`);
export const RemoveMember = graphql(/* GraphQL */ `
  mutation FlowRemoveMember($input: RemoveMemberInput!) {
    result: removeMember(input: $input) { __typename ... on RemoveMemberSuccess { member { id } } ... on Error { code message } }
  }
`);
export const KeyOf = graphql(/* GraphQL */ `
  query FlowKey($location: Ref!, $deviceUid: String) {
    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id status hiddenReason label failureMessage } }
  }
`);
export const ActivityOf = graphql(/* GraphQL */ `
  query FlowActivity($location: Ref!, $member: Ref, $types: [ActivityType!]) {
    activity(location: $location, member: $member, types: $types, first: 100) {
      edges { node { id type actor detail member { externalId } } }
    }
  }
`);
export const IntegrationOf = graphql(/* GraphQL */ `
  query FlowIntegration($location: Ref!) {
    location(ref: $location) {
      id
      integration { id status availableSites { externalId name } problems { code } }
    }
  }
`);
export const SyncAccessGroups = graphql(/* GraphQL */ `
  mutation FlowSync($input: SyncAccessGroupsInput!) {
    result: syncAccessGroups(input: $input) { __typename ... on SyncAccessGroupsSuccess { integration { id } } ... on Error { code message } }
  }
`);
export const ProblemsChanged = graphql(/* GraphQL */ `
  subscription FlowProblems($location: Ref!) {
    integrationChanged(location: $location) {
      problems { id code message action since closedAt accessGroup { name } }
      problemHistory(first: 5) { edges { node { code closedAt } } }
    }
  }
`);
