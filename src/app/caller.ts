import type { Instant } from '../core/time.ts';

/** Who asks: the bearer of a verified token. Nothing of another `orgId` is ever visible to it, by any path. */
export interface Caller {
  orgId: string;
  kind: 'service' | 'admin' | 'member';
  /** the token's `sub`; a member's external id */
  subject: string;
  /** the token's client is the member mobile app (K2) */
  inMemberApp: boolean;
  /** external ids an administrator is limited to; null: all of the organisation */
  locationExternalIds: string[] | null;
  expiresAt: Instant;
}

/** How the caller stands in the activity. */
export const actorOf = (caller: Caller): string => `${caller.kind}:${caller.subject}`;

/** Whether the caller's token covers the location. */
export const covers = (caller: Caller, location: { externalId: string }): boolean =>
  caller.locationExternalIds === null || caller.locationExternalIds.includes(location.externalId);

/** Whether the caller may have to do with what is of the whole organisation and of no location: an administrator of some locations may not. */
export const spansOrganisation = (caller: Caller): boolean =>
  caller.kind === 'service' || (caller.kind === 'admin' && caller.locationExternalIds === null);

/** Whether the caller runs this installation: an administrator of one of its operators' organisations. Operators see every organisation. */
export const isOperator = (caller: Caller, operatorOrgIds: readonly string[] | 'any'): boolean =>
  caller.kind === 'admin' && (operatorOrgIds === 'any' || operatorOrgIds.includes(caller.orgId));
