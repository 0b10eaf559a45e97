import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { reportOutcome, type UnlockOutcome } from '../core/unlock.ts';
import type { UnlockRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import { actorOf, type Caller } from './caller.ts';
import { change, record, type After } from './change.ts';
import type { Deps } from './deps.ts';
import { memberTopic } from './topics.ts';

export interface ReportUnlockInput {
  unlock: string;
  outcome: UnlockOutcome;
}

/** What the phone says of its tap. The same again is a success; another one after the end is a conflict. */
export async function reportUnlock(
  deps: Deps,
  caller: Caller,
  input: ReportUnlockInput,
): Promise<{ unlockId: string } | InvalidInputError | NotFoundError | ConflictError> {
  return change<{ unlockId: string } | NotFoundError | ConflictError>(deps, caller.orgId, async (tx, after) => {
    const unlock = await tx.keys.unlock(input.unlock);
    const member = await tx.members.find({ externalId: caller.subject });
    if (unlock === null || member === null || unlock.memberId !== member.id) return new NotFoundError('No such unlock.');
    const outcome = unlock.outcome as UnlockOutcome | null;
    const next = reportOutcome({ status: unlock.status, outcome }, input.outcome);
    if (next === 'same') return { unlockId: unlock.id };
    const ended = 'This unlock has ended otherwise. Start a new one.';
    if (next === 'conflict') return new ConflictError(ended);
    const stored = await tx.keys.updateUnlock(unlock.id, {
      status: next.status,
      outcome: next.outcome,
      finishedAt: next.finished ? tx.now : null,
    });
    if (stored === null) return new ConflictError(ended);
    if (next.bluetoothAllowed === true) await tx.keys.allowBluetooth(unlock.deviceId, tx.now);
    if (next.finished) await tell(tx, after, unlock, actorOf(caller), next.message);
    if (input.outcome === 'KEY_CANCELLED') await renewCancelled(tx, after, unlock);
    return { unlockId: unlock.id };
  });
}

async function tell(tx: Tx, after: After, unlock: UnlockRow, actor: string, detail: string): Promise<void> {
  const { locationId, memberId } = unlock;
  await record(tx, after, [{ locationId, at: tx.now, type: 'UNLOCK_REPORTED', memberId, actor, detail }]);
}

/** The lock said that the key is cancelled: it is renewed, and the unlock may be tried once more (domain §Unlock). */
async function renewCancelled(tx: Tx, after: After, unlock: UnlockRow): Promise<void> {
  const keys = await tx.keys.mobileKeys(unlock.memberId, unlock.locationId);
  const key = keys.find(({ deviceId }) => deviceId === unlock.deviceId);
  if (key === undefined) return;
  await tx.keys.updateMobileKey(key.id, { cancelledAt: tx.now, renewAt: tx.now });
  after.jobs.push({ name: 'renew', payload: { mobileKeyId: key.id }, at: null });
  after.announcements.push({ topic: memberTopic(unlock.memberId) });
}
