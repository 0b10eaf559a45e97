import type { Membership, Outcome, Step } from '../core/membership.ts';
import type { Instant } from '../core/time.ts';
import type { GroupPerson, ProviderPerson, ProviderProblem, ProviderSession } from '../ports/lock-vendor.ts';
import type { GroupContext } from '../ports/store.ts';
import type { Begun } from './begin-steps.ts';
import type { Deps } from './deps.ts';
import { ensurePeople, outcomeOf, placeOf, type Ensured } from './ensure-people.ts';
import { heldForOthers } from './held-for-others.ts';
import { providerSession } from './provider-session.ts';
import { rememberPeople } from './remember-people.ts';

export interface Settlement {
  /** as begun: its version is what the outcome is good for */
  membership: Membership;
  step: Step;
  outcome: Outcome;
}

/** Takes the begun steps at the provider: read-backs, revokes (they free seats), grants. `problem`: the connection itself is in trouble. */
export async function performSteps(deps: Deps, context: GroupContext, begun: Begun): Promise<Performed> {
  const siteExternalId = context.group.siteExternalId;
  const session = providerSession(deps, context.integration.id, siteExternalId);
  const everybody = [...begun.readBack, ...begun.revoke, ...begun.grant];
  if (everybody.length === 0) return { settled: [], problem: null };
  const isWanted = ({ wanted }: Membership): boolean => wanted;
  const people = await ensurePeople(deps, placeOf(context), session, [...begun.readBack.filter(isWanted), ...begun.grant]);
  const leaving = [...begun.readBack.filter((membership) => !isWanted(membership)), ...begun.revoke];
  for (const [memberId, found] of await knownPeople(deps, context, session, leaving)) people.set(memberId, found);
  const run: Run = { deps, context, session, people };
  const readBack = await readBacks(run, begun.readBack);
  const revoked = await changes(run, 'revoke', begun.revoke);
  const granted = await changes(run, 'grant', begun.grant);
  const confirmedGrants = await confirmed(run, granted.settled);
  const settled = [...readBack.settled, ...revoked.settled, ...confirmedGrants.settled];
  await forgetLost(run, settled);
  const problem = readBack.problem ?? revoked.problem ?? granted.problem ?? confirmedGrants.problem ?? lookupProblem(people);
  if (problem === null || !CONNECTION.has(problem.kind)) return { settled, problem };
  const now = await deps.store.now();
  return { settled: settled.map((settlement) => asSoonAsItAnswers(settlement, now)), problem };
}

/**
 * The connection is in trouble, and is left alone for a while by itself. Nobody's own pause, which grows with each attempt, is added to
 * that, or the last would be let in minutes after the end of an outage.
 */
function asSoonAsItAnswers(settlement: Settlement, now: Instant): Settlement {
  const { outcome, step } = settlement;
  const waits = (outcome.kind === 'later' && outcome.retryAt === null) || (outcome.kind === 'unsure' && step === 'read-back');
  return waits ? { ...settlement, outcome: { kind: 'later', retryAt: now, why: outcome.why } } : settlement;
}

interface Performed {
  settled: Settlement[];
  problem: ProviderProblem | null;
}

interface Run {
  deps: Deps;
  context: GroupContext;
  session: ProviderSession;
  people: Ensured;
}

/** Who is to be taken out is not created for it: somebody never known there is not in the group. */
async function knownPeople(deps: Deps, context: GroupContext, session: ProviderSession, leaving: Membership[]): Promise<Ensured> {
  if (leaving.length === 0) return new Map();
  const ids = leaving.map(({ memberId }) => memberId);
  const rows = await deps.store.transaction(context.orgId, (tx) =>
    tx.providerUsers.ofMembers(session.connectionId, session.siteExternalId, ids),
  );
  const found: Ensured = new Map(ids.map((id) => [id, { outcome: { kind: 'not-there' }, problem: null }]));
  const taken = await heldForOthers(deps, context.orgId, session.connectionId, context.group.id, rows);
  for (const row of rows) {
    // Whom the site has lost sight of may still be in the group: the platform id is enough to take them out.
    const { siteUserId, platformUserId } = row;
    if (platformUserId === null || taken.has(platformUserId)) continue;
    found.set(row.memberId, { person: { ...row, siteUserId: siteUserId ?? '', platformUserId } });
  }
  return found;
}

async function readBacks(run: Run, memberships: Membership[]): Promise<Performed> {
  if (memberships.length === 0) return { settled: [], problem: null };
  const { deps, session, context, people } = run;
  const listed = await deps.vendor.groupPeople(session, context.group.externalId);
  const settlement = (membership: Membership, outcome: Outcome): Settlement => ({ membership, step: 'read-back', outcome });
  if (!listed.ok) {
    const gone: Outcome = { kind: 'refused', cause: 'GROUP_MISSING', why: 'The access group is gone at the lock system.' };
    const outcome = listed.problem.kind === 'not-found' ? gone : outcomeOf(listed.problem);
    const problem = listed.problem.kind === 'not-found' ? null : listed.problem;
    return { settled: memberships.map((membership) => settlement(membership, outcome)), problem };
  }
  const there = new Set(listed.value);
  const settled = memberships.map((membership) => {
    const found = people.get(membership.memberId);
    if (found === undefined) return settlement(membership, { kind: 'not-there' });
    if (!('person' in found)) return settlement(membership, found.outcome);
    return settlement(membership, { kind: there.has(found.person.platformUserId) ? 'there' : 'not-there' });
  });
  return confirmed(run, settled);
}

async function changes(run: Run, step: 'grant' | 'revoke', memberships: Membership[]): Promise<Performed> {
  if (memberships.length === 0) return { settled: [], problem: null };
  const { deps, session, context, people } = run;
  const ready: { membership: Membership; person: GroupPerson }[] = [];
  const settled: Settlement[] = [];
  for (const membership of memberships) {
    const found = people.get(membership.memberId);
    if (found !== undefined && 'person' in found) ready.push({ membership, person: found.person });
    else
      settled.push({ membership, step, outcome: found?.outcome ?? { kind: 'refused', cause: 'REFUSED', why: 'The member was removed.' } });
  }
  if (ready.length === 0) return { settled, problem: null };
  const persons = ready.map(({ person }) => person);
  const wanted = step === 'grant' ? { add: persons, remove: [] } : { add: [], remove: persons };
  const { outcomes, problem } = await deps.vendor.changeGroup(session, context.group.externalId, wanted, await deps.store.now());
  for (const { membership, person } of ready) {
    const outcome = outcomes.get(person.platformUserId) ?? { kind: 'unsure' as const, why: 'The lock system said nothing of this person.' };
    settled.push({ membership, step, outcome });
  }
  return { settled, problem };
}

/**
 * Who was put in, or found in, is read back: the lock system takes people in who can open nothing, because no seat is free or they are
 * blocked.
 */
async function confirmed(run: Run, settled: Settlement[]): Promise<Performed> {
  const { deps, session, people } = run;
  const personOf = ({ membership }: Settlement) => {
    const found = people.get(membership.memberId);
    return found !== undefined && 'person' in found ? found.person : null;
  };
  const inGroup = settled.filter(({ outcome, membership }) => (outcome.kind === 'done' || outcome.kind === 'there') && membership.wanted);
  const toConfirm = new Set(inGroup);
  const ids = [...new Set(inGroup.flatMap((settlement) => personOf(settlement)?.siteUserId ?? []))];
  if (ids.length === 0) return { settled, problem: null };
  const read = await deps.vendor.readPeople(session, ids);
  const bySiteUser = new Map(read.ok ? read.value.map((person) => [person.siteUserId, person]) : []);
  const known = [...people.values()].flatMap((found) => ('person' in found ? [found.person] : []));
  if (read.ok) await rememberPeople(deps, run.context.orgId, known, bySiteUser);
  const judged = settled.map((settlement): Settlement => {
    const person = personOf(settlement);
    if (!toConfirm.has(settlement) || person === null) return settlement;
    if (!read.ok) return { ...settlement, outcome: { kind: 'unsure', why: read.problem.why } };
    const powerless = whyPowerless(bySiteUser.get(person.siteUserId));
    return powerless === null ? settlement : { ...settlement, outcome: powerless };
  });
  return { settled: judged, problem: read.ok ? null : read.problem };
}

/** Why somebody who is in a group can open nothing; null where they can. */
export function whyPowerless(person: ProviderPerson | undefined): Outcome | null {
  if (person === undefined) return { kind: 'unsure', why: NOT_LISTED };
  if (person.blocked)
    return { kind: 'refused', cause: 'PERSON_BLOCKED', why: 'The person is blocked at the lock system. Unblock them there.' };
  if (person.subscribed !== false) return null;
  return {
    kind: 'refused',
    cause: 'NO_SEAT',
    why: 'The lock system has suspended the person: no seat was free, or somebody did. Free a seat and resume them there.',
  };
}

/**
 * Who is unknown there although settled was deleted by hand: the next look finds them by e-mail or creates them anew. The platform id is
 * kept, or nobody would know whom to take out.
 */
async function forgetLost(run: Run, settled: Settlement[]): Promise<void> {
  const now = await run.deps.store.now();
  const lost = settled.flatMap(({ membership, outcome }) => {
    const found = run.people.get(membership.memberId);
    if (found === undefined || !('person' in found)) return [];
    const { id, createdThereAt } = found.person;
    const settling = createdThereAt !== null && now - createdThereAt < run.deps.vendor.can.settlesWithinMs;
    const unknown = outcome.kind === 'refused' && outcome.cause === 'UNKNOWN_AT_PROVIDER';
    const unlisted = outcome.kind === 'unsure' && outcome.why === NOT_LISTED;
    return (unknown || unlisted) && !settling ? [id] : [];
  });
  if (lost.length === 0) return;
  await run.deps.store.transaction(run.context.orgId, async (tx) => {
    for (const id of lost) await tx.providerUsers.settle(id, null, { siteUserId: null });
  });
}

const CONNECTION = new Set<ProviderProblem['kind']>(['unavailable', 'needs-reauthorization', 'unsure']);

const NOT_LISTED = 'The lock system does not list the person yet.';

/** One person's lost answer says nothing of the connection; an outage that a look-up met on its way does. */
function lookupProblem(people: Ensured): ProviderProblem | null {
  for (const found of people.values()) {
    if (!('problem' in found) || found.problem === null) continue;
    if (found.problem.kind === 'unavailable' || found.problem.kind === 'needs-reauthorization') return found.problem;
  }
  return null;
}
