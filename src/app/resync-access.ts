import { Expected, IntegrationNotConnectedError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { resync, type Membership } from '../core/membership.ts';
import type { JobToAdd } from '../ports/job-queue.ts';
import type { Ref } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import { turned } from './change-memberships.ts';
import { coveredLocation } from './covered-location.ts';
import type { Deps } from './deps.ts';

export interface ResyncAccessInput {
  location: Ref;
  member: Ref | null;
  accessGroup: string | null;
}

type Refusal = InvalidInputError | NotFoundError | IntegrationNotConnectedError;

/**
 * Tries at once whatever is blocked or waiting, and compares the groups concerned with what the lock system holds. `queued`: groups to be
 * looked at.
 */
export async function resyncAccess(deps: Deps, caller: Caller, input: ResyncAccessInput): Promise<{ queued: number } | Refusal> {
  return change<{ queued: number } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const found = await resyncScope(tx, caller, input);
    if (found instanceof Expected) return found;
    const { memberships, accessGroupIds, integrationId } = found;
    const changes = turned(memberships, resync);
    if (changes.length > 0) await tx.memberships.save(changes);
    after.jobs.push(
      ...accessGroupIds.map((accessGroupId): JobToAdd => ({ name: 'grant', payload: { accessGroupId, at: null }, at: null })),
    );
    const audits = isWhole(input) ? [{ integrationId }] : accessGroupIds.map((accessGroupId) => ({ accessGroupId }));
    after.jobs.push(...audits.map((payload): JobToAdd => ({ name: 'audit-memberships', payload, at: null })));
    return { queued: accessGroupIds.length };
  });
}

/** The whole location, its rights included. */
export const isWhole = ({ member, accessGroup }: ResyncAccessInput): boolean => member === null && accessGroup === null;

export interface ResyncScope {
  locationId: string;
  integrationId: string;
  accessGroupIds: string[];
  memberships: Membership[];
}

export async function resyncScope(
  tx: Tx,
  caller: Caller,
  input: ResyncAccessInput,
): Promise<ResyncScope | NotFoundError | IntegrationNotConnectedError> {
  const location = await coveredLocation(tx, caller, input.location);
  if (location === null) return new NotFoundError('No such location.');
  const integration = await tx.integrations.ofLocation(location.id);
  if (integration?.siteHeld !== true) return new IntegrationNotConnectedError();
  const member = input.member === null ? null : await tx.members.find(input.member);
  if (input.member !== null && member === null) return new NotFoundError('No such member.');
  const groups = await tx.groups.ofIntegration(integration.id);
  const here = groups.filter((group) => group.siteExternalId === integration.siteExternalId);
  if (input.accessGroup !== null && !here.some(({ id }) => id === input.accessGroup)) {
    return new NotFoundError('No such access group here.');
  }
  const concerned = here.filter(({ id }) => input.accessGroup === null || id === input.accessGroup).map(({ id }) => id);
  const all =
    member === null
      ? (await Promise.all(concerned.map((id) => tx.memberships.ofGroup(id)))).flat()
      : await tx.memberships.ofMember(member.id, location.id);
  const memberships = all.filter(({ accessGroupId }) => concerned.includes(accessGroupId));
  const accessGroupIds =
    member === null ? concerned : concerned.filter((id) => memberships.some(({ accessGroupId }) => accessGroupId === id));
  return { locationId: location.id, integrationId: integration.id, accessGroupIds, memberships };
}
