import { mayCall } from '../core/integration.ts';
import type { Membership } from '../core/membership.ts';
import { whatIsInTheWay, type Obstacle, type PersonAhead } from '../core/proof.ts';
import { MINUTE, SECOND, type Instant } from '../core/time.ts';
import type { ProviderAnswer, ProviderGroup, ProviderPerson, ProviderSite } from '../ports/lock-vendor.ts';
import type { GroupContext } from '../ports/store.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { ensurePeople, placeOf, type Found } from './ensure-people.ts';
import { judgeProblems } from './judge-problems.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { rememberPeople } from './remember-people.ts';
import { judgeSite } from './save-directory.ts';

/** How long before a window opens everything it needs is looked at. */
export const PROVEN_AHEAD_MS = 15 * MINUTE;
/** What is at risk is looked at again, until it is not or the window has opened. */
const AGAIN_AFTER_MS = 55 * SECOND;
const AT_A_TIME = 1_000;

/**
 * Some minutes before windows open, looks at the provider whether everything they need is there: the connection, the site, the group with its
 * locks and hours, the people and their seats. What is missing is a problem before the member arrives. One reading of each, whatever the
 * number of people.
 */
export async function proveGroup(deps: Deps, input: { accessGroupId: string }): Promise<{ proven: number; atRisk: boolean }> {
  const context = await deps.store.groupOf(input.accessGroupId);
  const nothing = { proven: 0, atRisk: false };
  if (context === null || !mayCall(context.integration) || context.group.siteExternalId !== context.integration.siteExternalId)
    return nothing;
  const { orgId, group, integration } = context;
  const { coming, risk, now } = await deps.store.transaction(orgId, async (tx) => ({
    coming: await tx.memberships.toProve(group.id, tx.now + PROVEN_AHEAD_MS, AT_A_TIME),
    risk: (await tx.integrations.problems(integration.id)).find(({ code, accessGroupId }) => code === RISK && accessGroupId === group.id),
    now: tx.now,
  }));
  if (coming.length === 0) {
    if (risk !== undefined) await tell(deps, context, null, 'No access that was at risk is about to begin any more.');
    return nothing;
  }
  if (risk !== undefined && now - risk.checkedAt < AGAIN_AFTER_MS) return { proven: 0, atRisk: true };
  const seen = await look(deps, context, coming);
  if (!seen.ok) {
    await noteProblem(deps, orgId, integration, seen.problem);
    return nothing;
  }
  await noteAnswer(deps, orgId, integration);
  return keep(deps, context, coming, seen.value);
}

const RISK = 'ACCESS_AT_RISK';

interface Seen {
  site: ProviderSite;
  group: ProviderGroup | null;
  /** by member */
  obstacles: Map<string, Obstacle>;
  /** somebody is being created by another run, or one call failed: nothing can be said of them yet */
  unknown: Set<string>;
}

async function look(deps: Deps, context: GroupContext, coming: Membership[]): Promise<ProviderAnswer<Seen>> {
  const { orgId, group, integration } = context;
  const session = providerSession(deps, integration.id, group.siteExternalId);
  const found = await deps.vendor.group(session, group);
  if (!found.ok) return found;
  const people = await ensurePeople(deps, placeOf(context), session, coming);
  const ids = [...people.values()].flatMap((one) => ('person' in one ? [one.person.siteUserId] : []));
  const read = ids.length === 0 ? { ok: true as const, value: [] } : await deps.vendor.readPeople(session, ids);
  if (!read.ok) return read;
  const bySiteUser = new Map(read.value.map((person) => [person.siteUserId, person]));
  await rememberPeople(
    deps,
    orgId,
    [...people.values()].flatMap((one) => ('person' in one ? [one.person] : [])),
    bySiteUser,
  );
  // Last, so that it counts those who were given a seat by it.
  const site = await deps.vendor.site(session);
  if (!site.ok) return site;
  const obstacles = new Map<string, Obstacle>();
  const unknown = new Set<string>();
  for (const [memberId, one] of people) {
    const obstacle = obstacleOf(one, bySiteUser);
    if (obstacle === 'unknown') unknown.add(memberId);
    else if (obstacle !== null) obstacles.set(memberId, obstacle);
  }
  return { ok: true, value: { site: site.value, group: found.value, obstacles, unknown } };
}

function obstacleOf(found: Found, bySiteUser: Map<string, ProviderPerson>): Obstacle | 'unknown' | null {
  if (!('person' in found)) {
    if (found.outcome.kind !== 'refused') return 'unknown';
    return found.outcome.cause === 'NO_SEAT' ? 'no-seat' : 'refused';
  }
  const person = bySiteUser.get(found.person.siteUserId);
  if (person === undefined) return 'unknown';
  if (person.blocked) return 'blocked';
  if (person.subscribed !== false) return null;
  return found.person.seatAwaited ? 'no-seat' : 'suspended';
}

async function keep(deps: Deps, context: GroupContext, coming: Membership[], seen: Seen): Promise<{ proven: number; atRisk: boolean }> {
  const { orgId, group, integration, timeZone } = context;
  const known = coming.filter(({ memberId }) => !seen.unknown.has(memberId));
  const people = known.map((membership): PersonAhead => ({
    window: { from: membership.from ?? 0, until: membership.until },
    obstacle: seen.obstacles.get(membership.memberId) ?? null,
  }));
  const found = seen.group === null ? null : { locks: seen.group.lockExternalIds.length, schedules: seen.group.schedules };
  const { released, timeZone: siteZone } = seen.site;
  const judged = (now: Instant): string | null =>
    people.length === 0
      ? null
      : whatIsInTheWay({ now, zone: timeZone, siteZone: siteZone ?? timeZone, released, groupName: group.name, group: found, people });
  const inTheWay = await change(deps, orgId, async (tx, after) => {
    const stored = await tx.integrations.get(integration.id, 'change');
    const location = await tx.locations.find({ id: group.locationId });
    if (stored?.siteHeld !== true || stored.siteExternalId !== seen.site.externalId || location === null) return null;
    await tx.integrations.saveSite(stored.id, seen.site);
    await judgeSite(tx, after, location, stored.id, seen.site);
    if (seen.group === null) await tx.groups.setMissing(group.id, group.missingSince ?? tx.now);
    else await tx.groups.saveGroup(stored.id, group.siteExternalId, seen.group);
    const message = judged(tx.now);
    if (message === null) await tx.memberships.markProven(known.map(({ id }) => id));
    return message;
  });
  if (known.length > 0) await tell(deps, context, inTheWay, `What was in the way of access to ${group.name} is mended.`);
  return { proven: inTheWay === null ? known.length : 0, atRisk: inTheWay !== null };
}

function tell(deps: Deps, context: GroupContext, message: string | null, mended: string): Promise<void> {
  const finding = { code: RISK, accessGroupId: context.group.id, message, mended } as const;
  return change(deps, context.orgId, (tx, after) =>
    judgeProblems(tx, after, { ...context.integration, locationId: context.group.locationId }, [finding]),
  );
}
