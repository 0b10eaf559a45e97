import type { InvalidInputError } from '../core/errors.ts';
import { NotFoundError } from '../core/errors.ts';
import { InputCheck } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { isOlder, newestAsOf } from './told.ts';
import { memberTopic, subjectTopic } from './topics.ts';

export interface RemoveMemberInput {
  member: Ref;
  asOf: Instant | null;
}

/** Withdraws every right. The row stays, for the ledger and the activity; removing twice is a success. */
export async function removeMember(
  deps: Deps,
  caller: Caller,
  input: RemoveMemberInput,
): Promise<{ memberId: string } | InvalidInputError | NotFoundError> {
  const check = new InputCheck();
  check.instant(['asOf'], input.asOf);
  if (check.error) return check.error;
  return change(deps, caller.orgId, async (tx, after) => {
    const before = await tx.members.find(input.member);
    if (before === null) return new NotFoundError('No such member.');
    if (before.companyId !== null) await tx.lock([{ kind: 'company', id: before.companyId, mode: 'change' }]);
    const member = await tx.members.find({ id: before.id }, 'change');
    if (member === null || member.removedAt !== null || isOlder(input.asOf, member)) return { memberId: before.id };
    const ofCompany = member.companyId === null ? [] : await tx.rights.subscriptionsOf({ companyId: member.companyId });
    const own = await tx.rights.subscriptionsOf({ memberId: member.id });
    const bookings = await tx.rights.bookingsOf({ memberId: member.id });
    const held = await tx.heldRemovals.sources({ memberId: member.id });
    await tx.members.update(member.id, { removedAt: tx.now, companyId: null, companySince: null, asOf: newestAsOf(input.asOf, member) });
    after.announcements.push({ topic: memberTopic(member.id) }, { topic: subjectTopic(caller.orgId, member.externalId) });
    await deriveRights(deps, tx, after, {
      subscriptionIds: [...new Set([...own, ...ofCompany, ...held.subscriptionIds])],
      bookingIds: [...new Set([...bookings, ...held.bookingIds])],
    });
    return { memberId: member.id };
  });
}
