/** How large an operator is. */
export interface Sizes {
  /** the organisation's id; a database may hold several */
  org: string;
  locations: number;
  groupsPerLocation: number;
  members: number;
  /** access rights, of subscriptions and of a year of bookings; a few per cent more or less */
  rights: number;
  /** bookings within the thirty days to come, among those */
  ahead: number;
}

/** A large operator: some 200 locations, 200,000 people and 1,000,000 rights. */
export const LARGE: Sizes = { org: 'large', locations: 200, groupsPerLocation: 6, members: 200_000, rights: 1_000_000, ahead: 60_000 };
