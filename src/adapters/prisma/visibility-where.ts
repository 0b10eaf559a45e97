import type { Prisma } from './generated/client.ts';

/** Whose eyes rows are read with: the bearer of a verified token. */
export interface Viewer {
  readonly orgId: string;
  readonly kind: 'service' | 'admin' | 'member';
  /** a member's external id */
  readonly subject: string;
  /** external ids of the locations an administrator is limited to; null: all */
  readonly locationExternalIds: readonly string[] | null;
}

/** What can be read by a viewer at all. Every other model, and every new one, is denied until it has a rule here. */
export interface VisibleWhere {
  Location: Prisma.LocationWhereInput;
  Company: Prisma.CompanyWhereInput;
  Member: Prisma.MemberWhereInput;
  Plan: Prisma.PlanWhereInput;
  Resource: Prisma.ResourceWhereInput;
  MemberSubscription: Prisma.MemberSubscriptionWhereInput;
  SubscriptionItem: Prisma.SubscriptionItemWhereInput;
  Booking: Prisma.BookingWhereInput;
  BookingInvitee: Prisma.BookingInviteeWhereInput;
  Integration: Prisma.IntegrationWhereInput;
  Site: Prisma.SiteWhereInput;
  IntegrationProblem: Prisma.IntegrationProblemWhereInput;
  AccessGroup: Prisma.AccessGroupWhereInput;
  AccessGroupLock: Prisma.AccessGroupLockWhereInput;
  Stranger: Prisma.StrangerWhereInput;
  Lock: Prisma.LockWhereInput;
  AccessRight: Prisma.AccessRightWhereInput;
  GroupMembership: Prisma.GroupMembershipWhereInput;
  HeldRemoval: Prisma.HeldRemovalWhereInput;
  Activity: Prisma.ActivityWhereInput;
  Unlock: Prisma.UnlockWhereInput;
  WebhookEndpoint: Prisma.WebhookEndpointWhereInput;
  WebhookMessage: Prisma.WebhookMessageWhereInput;
  WebhookDelivery: Prisma.WebhookDeliveryWhereInput;
}

export type VisibleModel = keyof VisibleWhere;

const NOTHING: { id: { in: string[] } } = { id: { in: [] } };

/**
 * The rows each model shows to the viewer: the one place where tenancy, an administrator's locations and a member's own are decided.
 * People, groups, plans and resources that a member reaches from a row of their own are shown by id and name only: that is for the fields
 * of those types to say.
 */
export function visibilityWhere(viewer: Viewer): VisibleWhere {
  return viewer.kind === 'member' ? ofMember(viewer) : ofStaff(viewer);
}

/** The whole organisation, or its locations named in an administrator's token. Keys and unlocks belong to their members alone. */
function ofStaff({ orgId, kind, locationExternalIds }: Viewer): VisibleWhere {
  const limited = kind === 'admin' && locationExternalIds !== null;
  const here = limited ? { externalId: { in: [...locationExternalIds] } } : null;
  const atLocation = here === null ? { orgId } : { orgId, location: here };
  const ofIntegration = here === null ? { orgId } : { orgId, integration: { location: here } };
  // Of the organisation and no location: not for who is limited to some.
  const whole = here === null ? { orgId } : NOTHING;
  return {
    Location: { orgId, ...here },
    Company: { orgId },
    Member: { orgId },
    Plan: atLocation,
    Resource: atLocation,
    MemberSubscription: atLocation,
    SubscriptionItem: here === null ? { orgId } : { orgId, subscription: { location: here } },
    Booking: atLocation,
    BookingInvitee: here === null ? { orgId } : { orgId, booking: { location: here } },
    Integration: atLocation,
    Site: ofIntegration,
    IntegrationProblem: ofIntegration,
    AccessGroup: atLocation,
    AccessGroupLock: here === null ? { orgId } : { orgId, accessGroup: { location: here } },
    Stranger: here === null ? { orgId } : { orgId, accessGroup: { location: here } },
    Lock: ofIntegration,
    AccessRight: atLocation,
    GroupMembership: atLocation,
    HeldRemoval: { ...atLocation, judgedAt: { not: null } },
    Activity: atLocation,
    Unlock: NOTHING,
    WebhookEndpoint: whole,
    WebhookMessage: whole,
    WebhookDelivery: whole,
  };
}

function ofMember({ orgId, subject }: Viewer): VisibleWhere {
  const self: Prisma.MemberWhereInput = { externalId: subject, removedAt: null };
  const ownSubscription: Prisma.MemberSubscriptionWhereInput = { OR: [{ member: self }, { company: { members: { some: self } } }] };
  const ownBooking: Prisma.BookingWhereInput = { OR: [{ member: self }, { invitees: { some: { member: self } } }] };
  return {
    Location: { orgId },
    Company: { orgId, members: { some: self } },
    Member: { orgId, ...self },
    Plan: NOTHING,
    Resource: NOTHING,
    MemberSubscription: { orgId, ...ownSubscription },
    SubscriptionItem: { orgId, subscription: ownSubscription },
    Booking: { orgId, ...ownBooking },
    BookingInvitee: { orgId, booking: ownBooking },
    Integration: NOTHING,
    Site: NOTHING,
    IntegrationProblem: NOTHING,
    AccessGroup: NOTHING,
    AccessGroupLock: { accessGroupId: { in: [] } },
    Stranger: NOTHING,
    Lock: NOTHING,
    AccessRight: { orgId, member: self },
    GroupMembership: { orgId, member: self },
    HeldRemoval: NOTHING,
    Activity: NOTHING,
    Unlock: { orgId, member: self },
    WebhookEndpoint: NOTHING,
    WebhookMessage: NOTHING,
    WebhookDelivery: NOTHING,
  };
}
