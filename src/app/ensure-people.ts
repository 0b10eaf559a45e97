import { emailKey } from '../core/input.ts';
import type { Outcome } from '../core/membership.ts';
import { SECOND } from '../core/time.ts';
import type { ProviderAnswer, ProviderPerson, ProviderProblem, ProviderSession } from '../ports/lock-vendor.ts';
import type { MemberRow, ProviderUserRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { change as commit, type After } from './change.ts';
import type { Deps } from './deps.ts';
import { heldForOthers } from './held-for-others.ts';
import { memberTopic } from './topics.ts';

/** A person as the provider knows them, or why they cannot be had now. */
export type Found =
  { person: ProviderUserRow & { siteUserId: string; platformUserId: string } } | { outcome: Outcome; problem: ProviderProblem | null };

export type Ensured = Map<string, Found>;

/** Whose data it is, and where. */
export interface Place {
  orgId: string;
  locationId: string;
}

export const placeOf = ({ orgId, group }: { orgId: string; group: { locationId: string } }): Place => ({
  orgId,
  locationId: group.locationId,
});

const CLAIM_LEASE_MS = 30 * SECOND;

/**
 * The provider's people behind these members: those known, and those found by e-mail or created now (domain §People). One creation per
 * person and site over all processes. A member whose address has changed is linked anew, and the person of the old address leaves our
 * groups.
 */
export async function ensurePeople(deps: Deps, context: Place, session: ProviderSession, memberIds: string[]): Promise<Ensured> {
  const ids = [...new Set(memberIds)];
  const { known, members } = await deps.store.transaction(context.orgId, async (tx) => ({
    known: await tx.providerUsers.ofMembers(session.connectionId, session.siteExternalId, ids),
    members: await tx.members.byIds(ids),
  }));
  const rows = new Map(known.map((row) => [row.memberId, row]));
  const found: Ensured = new Map();
  const toFind: MemberRow[] = [];
  for (const member of members) {
    const row = rows.get(member.id);
    if (row !== undefined && isComplete(row) && row.email === emailKey(member.email)) found.set(member.id, { person: row });
    else toFind.push(member);
  }
  await Promise.all(toFind.map(async (member) => found.set(member.id, await findOrCreate(deps, context, session, member))));
  return found;
}

async function findOrCreate(deps: Deps, context: Place, session: ProviderSession, member: MemberRow): Promise<Found> {
  const email = emailKey(member.email);
  const { orgId } = context;
  const claim = await deps.store.transaction(orgId, (tx) =>
    tx.providerUsers.claim(session.connectionId, session.siteExternalId, member.id, email, CLAIM_LEASE_MS),
  );
  if (claim === null)
    return { outcome: { kind: 'later', retryAt: null, why: 'The person is being created at the lock system.' }, problem: null };
  const { row, token } = claim;
  if (token === null && isComplete(row)) return { person: row };
  const answer = await findOrCreateThere(deps, session, member, email);
  if (!answer.ok) {
    await deps.store.transaction(orgId, (tx) => tx.providerUsers.settle(row.id, token, {}));
    return { outcome: outcomeOf(answer.problem), problem: answer.problem };
  }
  const { person, createdThereAt } = answer.value;
  const { platformUserId } = row;
  const relinked = platformUserId !== null && platformUserId !== person.platformUserId;
  if (relinked) {
    const stays = await leaveGroups(deps, context, session, { ...row, platformUserId });
    if (stays !== null) {
      await deps.store.transaction(orgId, (tx) => tx.providerUsers.settle(row.id, token, {}));
      return stays;
    }
  }
  const change = {
    email,
    siteUserId: person.siteUserId,
    platformUserId: person.platformUserId,
    createdThereAt,
    settledAt: createdThereAt === null ? await deps.store.now() : null,
    subscriptionState: person.subscribed === null ? null : person.subscribed ? 'subscribed' : 'suspended',
    blocked: person.blocked,
  };
  await commit(deps, orgId, async (tx, after) => {
    await tx.providerUsers.settle(row.id, token, change);
    if (relinked) await cancelKeys(tx, after, member.id, context.locationId);
  });
  return { person: { ...row, ...change } };
}

/** Keys are the former person's: they would open nothing any more. "Get digital key" comes back, for the person of the new address. */
async function cancelKeys(tx: Tx, after: After, memberId: string, locationId: string): Promise<void> {
  for (const key of await tx.keys.mobileKeys(memberId, locationId)) {
    await tx.keys.updateMobileKey(key.id, { cancelledAt: tx.now, sealedTokens: null });
  }
  after.announcements.push({ topic: memberTopic(memberId) });
}

type Placed = { person: ProviderPerson; createdThereAt: number | null };

async function findOrCreateThere(deps: Deps, session: ProviderSession, member: MemberRow, email: string): Promise<ProviderAnswer<Placed>> {
  const found = await deps.vendor.findPerson(session, email);
  if (!found.ok) return found;
  if (found.value !== null) return { ok: true, value: { person: found.value, createdThereAt: null } };
  const { firstName, lastName } = member;
  const created = await deps.vendor.createPerson(session, { email: member.email, firstName, lastName });
  if (!created.ok) return created;
  return { ok: true, value: { person: created.value, createdThereAt: await deps.store.now() } };
}

/**
 * Takes the person of the old address out of every group we had put them in. Null once they are out: until then the row says the old one,
 * or nobody would know whom to take out.
 */
async function leaveGroups(
  deps: Deps,
  context: Place,
  session: ProviderSession,
  row: ProviderUserRow & { platformUserId: string },
): Promise<Exclude<Found, { person: unknown }> | null> {
  const groups = await deps.store.transaction(context.orgId, async (tx) => {
    const held = (await tx.memberships.ofMember(row.memberId, context.locationId)).filter(({ state }) => state !== 'ABSENT');
    const all = await Promise.all(held.map(({ accessGroupId }) => tx.groups.get(accessGroupId)));
    return all.filter((group) => group !== null).filter((group) => group.siteExternalId === session.siteExternalId);
  });
  const { platformUserId, createdThereAt } = row;
  const remove = [{ platformUserId, createdThereAt }];
  const now = await deps.store.now();
  for (const group of groups) {
    const others = await heldForOthers(deps, context.orgId, session.connectionId, group.id, [row]);
    if (others.has(platformUserId)) continue;
    const { outcomes, problem } = await deps.vendor.changeGroup(session, group.externalId, { add: [], remove }, now);
    const outcome = outcomes.get(platformUserId);
    if (outcome?.kind === 'done') continue;
    const why = 'The person of the former address could not be taken out of the group yet.';
    return { outcome: outcome?.kind === 'refused' ? outcome : { kind: 'later', retryAt: null, why }, problem };
  }
  return null;
}

function isComplete(row: ProviderUserRow): row is ProviderUserRow & { siteUserId: string; platformUserId: string } {
  return row.siteUserId !== null && row.platformUserId !== null;
}

/** What a failed look-up means for the step that needed the person. */
export function outcomeOf(problem: ProviderProblem): Outcome {
  switch (problem.kind) {
    case 'refused':
      return { kind: 'refused', cause: 'REFUSED', why: problem.why };
    case 'unavailable':
      return { kind: 'later', retryAt: problem.retryAt, why: problem.why };
    case 'needs-reauthorization':
    case 'not-found':
    case 'unsure':
      return { kind: 'later', retryAt: null, why: problem.why };
  }
}
