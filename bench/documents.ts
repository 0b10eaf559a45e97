// Plain texts: the load sends them as they are.

export const READ_KEY = 'query Key($location: Ref!) { location(ref: $location) { digitalKey { status label } } }';

export const ACTIVATE = `mutation Activate($input: ActivateDigitalKeyInput!) {
  result: activateDigitalKey(input: $input) { __typename ... on ActivateDigitalKeySuccess { authorizationUrl } ... on Error { message } }
}`;

export const KEY_CHANGED = `subscription Key($location: Ref!, $deviceUid: String) {
  key: digitalKeyChanged(location: $location, deviceUid: $deviceUid) { status label }
}`;

export const UPSERT_BOOKING = `mutation Book($input: UpsertBookingInput!) {
  result: upsertBooking(input: $input) { __typename ... on UpsertBookingSuccess { booking { id } } ... on Error { message } }
}`;

export const UPSERT_BOOKINGS = `mutation BookMany($input: UpsertBookingsInput!) {
  result: upsertBookings(input: $input) {
    __typename
    ... on UpsertBookingsSuccess { results { externalId error { message } } }
    ... on Error { message }
  }
}`;

export const CANCEL_BOOKING = `mutation Cancel($input: CancelBookingInput!) {
  result: cancelBooking(input: $input) { __typename ... on Error { message } }
}`;

export const SET_VISIBILITY = `mutation Visibility($input: SetDigitalKeyVisibilityInput!) {
  result: setDigitalKeyVisibility(input: $input) { __typename ... on Error { message } }
}`;

/** What a mutation answered with; throws the sentence of an expected error. */
export function succeeded<Result extends { __typename: string; message?: string }>({ result }: { result: Result }): Result {
  if (!result.__typename.endsWith('Success')) throw new Error(`${result.__typename}: ${result.message ?? ''}`);
  return result;
}
