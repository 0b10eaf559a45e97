import { judgeDigitalKey, type DigitalKeyStatus } from '../core/digital-key.ts';
import { NotFoundError } from '../core/errors.ts';
import { explainAccess as explain, type AccessExplanation, type ExplainInput } from '../core/explain.ts';
import { freeSeats } from '../core/seats.ts';
import type { Instant } from '../core/time.ts';
import type { AccessGroupRow, IntegrationRow, MemberRow, ProviderUserRow, Ref } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { covers, type Caller } from './caller.ts';
import type { Deps } from './deps.ts';
import { factsFor } from './read-digital-key.ts';

/** How many rights of one person in one group are looked at, newest first. */
const RIGHTS_MAX = 200;

/** Why a member may or may not open the doors of a group at an instant, now unless given. Members may ask about themselves. */
export async function explainAccess(
  deps: Deps,
  caller: Caller,
  { member: ref, accessGroupId, at }: { member: Ref; accessGroupId: string; at: Instant | null },
): Promise<AccessExplanation | NotFoundError> {
  const found = await deps.store.transaction(caller.orgId, async (tx) => {
    const [member, group] = [await tx.members.find(ref), await tx.groups.get(accessGroupId)];
    const location = group && (await tx.locations.find({ id: group.locationId }));
    if (member === null || group === null || location === null) return null;
    if (!covers(caller, location) || !isAbout(caller, member)) return null;
    return { member, locationId: location.id, input: await inputOf(tx, member, group, location.timeZone) };
  });
  if (found === null) return new NotFoundError('No such member or access group.');
  const now = deps.clock.now();
  const key = await keyOf(deps, caller.orgId, found.member, found.locationId, now);
  return explain({ ...found.input, at: at ?? now, now, key });
}

function isAbout(caller: Caller, member: MemberRow): boolean {
  return caller.kind !== 'member' || (member.externalId === caller.subject && member.removedAt === null);
}

async function inputOf(tx: Tx, member: MemberRow, group: AccessGroupRow, zone: string): Promise<Omit<ExplainInput, 'at' | 'now' | 'key'>> {
  const pair = { memberId: member.id, accessGroupId: group.id };
  const integration = await tx.integrations.get(group.integrationId);
  const [person] = await tx.providerUsers.ofMembers(group.integrationId, group.siteExternalId, [member.id]);
  const [membership] = await tx.memberships.ofPairs([pair]);
  const site = (await tx.integrations.sites(group.integrationId)).find(({ externalId }) => externalId === group.siteExternalId);
  const free = site === undefined ? Infinity : freeSeats(site);
  return {
    zone,
    siteZone: site?.timeZone ?? zone,
    seatsFree: free === Infinity ? null : free,
    person: { name: `${member.firstName} ${member.lastName}`, removedAt: member.removedAt },
    group: {
      name: group.name,
      locks: (await tx.groups.locks(group.id)).length,
      scheduled: group.scheduled,
      alwaysOpen: group.alwaysOpen,
      schedules: group.schedules,
      missing: group.missingSince !== null || group.siteExternalId !== integration?.siteExternalId,
    },
    rights: await tx.rights.history(pair, RIGHTS_MAX),
    integration: connection(integration),
    providerPerson: person === undefined ? null : atProvider(person),
    membership: membership ?? null,
  };
}

/** Connecting again leaves the connection there was at work (domain §Integration). */
function connection(integration: IntegrationRow | null): ExplainInput['integration'] {
  const status = integration?.status === 'AUTHORIZING' ? integration.statusBefore : integration?.status;
  if (status === 'CONNECTED') return 'connected';
  return status === 'NEEDS_REAUTHORIZATION' ? 'needs-reauthorization' : 'not-connected';
}

function atProvider(person: ProviderUserRow): ExplainInput['providerPerson'] {
  if (person.siteUserId === null) return null;
  const settled = person.createdThereAt === null || person.settledAt !== null;
  const { blocked, subscriptionState } = person;
  return { settled, blocked, hasSeat: subscriptionState === null ? null : subscriptionState === 'subscribed' };
}

/** What the member's phones are shown in the member app. */
async function keyOf(deps: Deps, orgId: string, member: MemberRow, locationId: string, now: Instant): Promise<DigitalKeyStatus | null> {
  const stored = await deps.store.digitalKeyFacts(orgId, member.externalId, { id: locationId });
  return stored === null ? null : judgeDigitalKey(factsFor(stored, true), null, now).status;
}
