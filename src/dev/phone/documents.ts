import { graphql } from '../generated/gql.ts';

/** What the member's app on a phone says to the API: ready to copy for one's own app. */
export const DigitalKeyChanged = graphql(/* GraphQL */ `
  subscription PhoneKey($location: Ref!, $deviceUid: String) {
    key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) {
      id
      status
      label
      hiddenReason
      availableFrom
      failureMessage
      activatedAt
      expiresAt
    }
  }
`);
export const ActivateDigitalKey = graphql(/* GraphQL */ `
  mutation PhoneActivate($input: ActivateDigitalKeyInput!) {
    result: activateDigitalKey(input: $input) {
      __typename
      ... on ActivateDigitalKeySuccess { authorizationUrl digitalKey { id status label } }
      ... on Error { code message }
    }
  }
`);
export const Credential = graphql(/* GraphQL */ `
  query PhoneCredential($location: Ref!, $deviceUid: String!) {
    location(ref: $location) { digitalKey(deviceUid: $deviceUid) { id credential(deviceUid: $deviceUid) { mobileKey expiresAt } } }
  }
`);
export const StartUnlock = graphql(/* GraphQL */ `
  mutation PhoneStartUnlock($input: StartUnlockInput!) {
    result: startUnlock(input: $input) { __typename ... on StartUnlockSuccess { unlock { id status message } } ... on Error { code message } }
  }
`);
export const ReportUnlock = graphql(/* GraphQL */ `
  mutation PhoneReportUnlock($input: ReportUnlockInput!) {
    result: reportUnlock(input: $input) { __typename ... on ReportUnlockSuccess { unlock { id status message } } ... on Error { code message } }
  }
`);
