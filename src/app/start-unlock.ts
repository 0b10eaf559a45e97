import { hiddenMessage } from '../core/digital-key.ts';
import { KeyNotAvailableError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import { startUnlock as start } from '../core/unlock.ts';
import type { Ref } from '../ports/rows.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { readDigitalKey } from './read-digital-key.ts';

/** What a phone reported of an unlock is in the activity; its row is the course it takes, and of no use for long. */
const REMEMBERED_MS = 90 * DAY;

export interface StartUnlockInput {
  location: Ref;
  deviceUid: string;
}

/**
 * The first unlock on a device asks for Bluetooth, later ones are ready at once (K5). Whether the door opens is the lock's to decide (K6).
 */
export async function startUnlock(
  deps: Deps,
  caller: Caller,
  input: StartUnlockInput,
): Promise<{ unlockId: string } | InvalidInputError | NotFoundError | KeyNotAvailableError> {
  const { deviceUid } = input;
  const reading = await readDigitalKey(deps, caller, input);
  if (reading instanceof Error) return reading;
  const { locationId, memberId, view } = reading;
  if (view.hiddenReason !== null || memberId === null) return new KeyNotAvailableError(hiddenMessage(view.hiddenReason ?? 'NO_ACCESS_YET'));
  if (view.status !== 'UNLOCK_AVAILABLE') return new KeyNotAvailableError('This phone has no digital key yet. Get one first.');
  return change<{ unlockId: string } | NotFoundError>(deps, caller.orgId, async (tx) => {
    const device = await tx.keys.device(memberId, deviceUid);
    if (device === null) return new NotFoundError('No such device.');
    const { status } = start(device.bluetoothAllowedAt !== null);
    await tx.keys.forgetUnlocks(memberId, tx.now - REMEMBERED_MS);
    const row = { memberId, locationId, deviceId: device.id, status, outcome: null, startedAt: tx.now, finishedAt: null };
    return { unlockId: (await tx.keys.insertUnlock(row)).id };
  });
}
