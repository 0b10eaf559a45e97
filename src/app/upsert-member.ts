import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { emailKey, InputCheck } from '../core/input.ts';
import { relink } from '../core/membership.ts';
import type { UserRole } from '../core/rights.ts';
import type { Instant } from '../core/time.ts';
import type { MemberRow, Ref } from '../ports/rows.ts';
import type { FactsScope, Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import { change, type After } from './change.ts';
import { turned } from './change-memberships.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { isOlder, newestAsOf } from './told.ts';
import { memberTopic, subjectTopic } from './topics.ts';

export interface UpsertMemberInput {
  externalId: string;
  email: string;
  firstName: string;
  lastName: string;
  role: UserRole;
  company: Ref | null;
  asOf: Instant | null;
}

/**
 * Joining and leaving a company acts at once on what its subscriptions give (S4). A member who was removed and is told of again is a member
 * again. With another address they are another person at the provider, who is put into the groups in place of the one before.
 */
export async function upsertMember(
  deps: Deps,
  caller: Caller,
  input: UpsertMemberInput,
): Promise<{ memberId: string } | InvalidInputError | NotFoundError | ConflictError> {
  const wrong = refusal(input);
  if (wrong) return wrong;
  return change(deps, caller.orgId, async (tx, after) => {
    const before = await tx.members.find({ externalId: input.externalId });
    const company = input.company === null ? null : await tx.companies.find(input.company);
    if (input.company !== null && company === null) return new NotFoundError('No such company. Tell of it with upsertCompany first.');
    const companies = [before?.companyId, company?.id].filter((id) => id != null);
    await tx.lock(companies.map((id) => ({ kind: 'company', id, mode: 'change' })));
    const scope = await sourcesOf(tx, before, company?.id ?? null);
    if (scope !== null) await lockGrounds(tx, scope);
    const stored = await tx.members.find({ externalId: input.externalId }, 'change');
    if (stored?.companyId !== before?.companyId || stored?.removedAt !== before?.removedAt) {
      return new ConflictError('The member is being changed at this moment. Send it again.');
    }
    if (stored !== null && isOlder(input.asOf, stored)) return { memberId: stored.id };
    const namesake = await tx.members.byEmail(input.email);
    if (namesake !== null && namesake.id !== stored?.id) {
      return new ConflictError('Another member has this e-mail address. Give each member an address of their own.');
    }
    const member = await store(tx, input, stored, company?.id ?? null);
    after.announcements.push({ topic: memberTopic(member.id) }, { topic: subjectTopic(caller.orgId, input.externalId) });
    if (scope !== null) await deriveRights(deps, tx, after, scope);
    if (stored !== null && emailKey(stored.email) !== emailKey(member.email)) await relinkMemberships(tx, after, member.id);
    return { memberId: member.id };
  });
}

function refusal(input: UpsertMemberInput): InvalidInputError | null {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.email(['email'], input.email);
  check.text(['firstName'], input.firstName);
  check.text(['lastName'], input.lastName);
  check.instant(['asOf'], input.asOf);
  return check.error;
}

async function store(tx: Tx, input: UpsertMemberInput, stored: MemberRow | null, companyId: string | null): Promise<MemberRow> {
  const { externalId, email, firstName, lastName, role, asOf } = input;
  const told = { email, firstName, lastName, role, companyId };
  if (stored === null) {
    const companySince = companyId === null ? null : tx.now;
    return tx.members.insert({ externalId, ...told, companySince, removedAt: null, asOf });
  }
  const stays = stored.companyId === companyId && stored.removedAt === null;
  const companySince = companyId === null ? null : stays ? stored.companySince : tx.now;
  return tx.members.update(stored.id, { ...told, companySince, removedAt: null, asOf: newestAsOf(asOf, stored) });
}

/** What somebody's rights are founded on who joins, leaves or comes back; null where they do not. */
async function sourcesOf(tx: Tx, before: MemberRow | null, companyId: string | null): Promise<FactsScope | null> {
  const returned = before !== null && before.removedAt !== null;
  if (before !== null && !returned && before.companyId === companyId) return null;
  const companies = [before?.companyId, companyId].filter((id) => id != null);
  const ofCompanies = await Promise.all(companies.map((id) => tx.rights.subscriptionsOf({ companyId: id })));
  const own = returned ? await tx.rights.subscriptionsOf({ memberId: before.id }) : [];
  const bookingIds = returned ? await tx.rights.bookingsOf({ memberId: before.id }) : [];
  return { subscriptionIds: [...new Set([...own, ...ofCompanies.flat()])], bookingIds };
}

/** Whoever changes one of these derives for the people of before: they and we must not miss each other. */
async function lockGrounds(tx: Tx, scope: FactsScope): Promise<void> {
  const grounds = await tx.rights.groundsOf(scope);
  await tx.lock(grounds.map((row) => ({ ...row, mode: 'share' })));
}

/** The person of the new address is put in, and that of the old one taken out, by the groups' next runs (domain §People). */
async function relinkMemberships(tx: Tx, after: After, memberId: string): Promise<void> {
  const held = await tx.memberships.ofMember(memberId, null);
  const changes = turned(held, relink);
  const written = changes.length === 0 ? [] : await tx.memberships.save(changes);
  for (const { membership } of changes) {
    after.jobs.push({ name: 'grant', payload: { accessGroupId: membership.accessGroupId, at: null }, at: null });
  }
  // A worker settled some in between: look again.
  if (written.length < changes.length) await relinkMemberships(tx, after, memberId);
}
