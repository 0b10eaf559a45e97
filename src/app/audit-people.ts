import type { BlockedCause, Membership } from '../core/membership.ts';
import type { ProviderPerson } from '../ports/lock-vendor.ts';
import type { ProviderUserRow } from '../ports/rows.ts';
import type { GroupContext } from '../ports/store.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { whyPowerless } from './perform-steps.ts';
import { noteAnswer, noteProblem, providerSession } from './provider-session.ts';
import { rememberPeople } from './remember-people.ts';
import { settleSteps } from './settle-steps.ts';
import { wakeBlocked } from './wake-blocked.ts';

const OF_THE_PERSON = new Set<BlockedCause | null>(['NO_SEAT', 'PERSON_BLOCKED']);

/**
 * Compares what the lock system says of the people in these groups of one connection with what we believe, by one reading of its people:
 * whoever was blocked or suspended there can open nothing, whoever is no longer is looked at again, whoever was deleted is found or created
 * anew. `memberships`: those of the groups, by group.
 */
export async function auditPeople(deps: Deps, contexts: GroupContext[], memberships: Map<string, Membership[]>): Promise<void> {
  const [first] = contexts;
  const judged = [...memberships.values()].flat().filter(isJudged);
  if (first === undefined || judged.length === 0) return;
  const { orgId, integration, group } = first;
  const session = providerSession(deps, integration.id, group.siteExternalId);
  const rows = await deps.store.transaction(orgId, (tx) =>
    tx.providerUsers.ofMembers(integration.id, group.siteExternalId, [...new Set(judged.map(({ memberId }) => memberId))]),
  );
  const known = new Map(rows.flatMap((row) => (row.siteUserId === null ? [] : [[row.siteUserId, row] as const])));
  if (known.size === 0) return;
  const read = await deps.vendor.readPeople(session, [...known.keys()]);
  if (!read.ok) return void (await noteProblem(deps, orgId, integration, read.problem));
  await noteAnswer(deps, orgId, integration);
  const people = new Map(read.value.map((person) => [person.siteUserId, person]));
  await rememberPeople(deps, orgId, rows, people);
  await forgetDeleted(deps, orgId, rows, people);
  const personOf = new Map([...known].map(([siteUserId, row]) => [row.memberId, people.get(siteUserId)]));
  for (const context of contexts) {
    const here = (memberships.get(context.group.id) ?? []).filter(isJudged);
    await judge(deps, context, here, personOf);
  }
}

function isJudged({ managed, wanted, state, blockedCause }: Membership): boolean {
  return managed && wanted && (state === 'ACTIVE' || (state === 'BLOCKED' && OF_THE_PERSON.has(blockedCause)));
}

async function judge(
  deps: Deps,
  context: GroupContext,
  memberships: Membership[],
  personOf: Map<string, ProviderPerson | undefined>,
): Promise<void> {
  const found = memberships.flatMap((membership) => {
    const person = personOf.get(membership.memberId);
    return person === undefined ? [] : [{ membership, outcome: whyPowerless(person) }];
  });
  const lost = found.flatMap(({ membership, outcome }) =>
    membership.state === 'ACTIVE' && outcome !== null ? [{ membership, step: 'read-back' as const, outcome }] : [],
  );
  await settleSteps(deps, context, lost);
  const back = found.filter(({ membership, outcome }) => membership.state === 'BLOCKED' && outcome === null);
  if (back.length === 0) return;
  await change(deps, context.orgId, (tx, after) =>
    wakeBlocked(
      tx,
      after,
      back.map(({ membership }) => membership),
    ),
  );
}

/** Who is not listed any more was deleted by hand: the platform id is kept, or nobody would know whom to take out. */
async function forgetDeleted(deps: Deps, orgId: string, rows: ProviderUserRow[], people: Map<string, ProviderPerson>): Promise<void> {
  await deps.store.transaction(orgId, async (tx) => {
    for (const row of rows) {
      const settling = row.createdThereAt !== null && tx.now - row.createdThereAt < deps.vendor.can.settlesWithinMs;
      const isListed = row.siteUserId === null || people.has(row.siteUserId);
      if (!isListed && !settling) await tx.providerUsers.settle(row.id, null, { siteUserId: null });
    }
  });
}
