export type UnlockOutcome =
  'BLUETOOTH_ALLOWED' | 'SIGNAL_SENT' | 'REFUSED' | 'NO_LOCK_FOUND' | 'BLUETOOTH_DENIED' | 'KEY_CANCELLED' | 'CANCELED_BY_USER';
export type UnlockStatus =
  'WAITING_FOR_BLUETOOTH_PERMISSION' | 'READY' | 'SIGNAL_SENT' | 'REFUSED' | 'NO_LOCK_FOUND' | 'FAILED' | 'CANCELED';

/** One attempt at a door, as it is stored. */
export interface UnlockState {
  readonly status: UnlockStatus;
  /** What the phone reported last; null before anything was. */
  readonly outcome: UnlockOutcome | null;
}

export interface UnlockChange {
  readonly status: UnlockStatus;
  readonly outcome: UnlockOutcome;
  readonly message: string;
  readonly finished: boolean;
  /** What to remember for the device; null when the report says nothing about it. */
  readonly bluetoothAllowed: boolean | null;
}

const MESSAGE: Record<UnlockStatus, string> = {
  WAITING_FOR_BLUETOOTH_PERMISSION: 'Allow Bluetooth so that your phone can reach the lock.',
  READY: 'Ready to unlock. Tap your phone on the lock reader.',
  SIGNAL_SENT: 'Signal sent. Try opening the door.',
  REFUSED: 'The lock refused your key. You may have no access to this door at the moment.',
  NO_LOCK_FOUND: 'No lock was found. Hold your phone close to the lock reader and try again.',
  FAILED: 'The door could not be unlocked. Try again.',
  CANCELED: 'Unlocking was canceled.',
};

const FAILURE: Partial<Record<UnlockOutcome, string>> = {
  BLUETOOTH_DENIED: 'Bluetooth is not allowed. Allow it for this app in the settings of your phone and try again.',
  KEY_CANCELLED: 'Your digital key is being renewed. Try again in a moment.',
};

const NEXT: Record<UnlockOutcome, UnlockStatus> = {
  BLUETOOTH_ALLOWED: 'READY',
  SIGNAL_SENT: 'SIGNAL_SENT',
  REFUSED: 'REFUSED',
  NO_LOCK_FOUND: 'NO_LOCK_FOUND',
  BLUETOOTH_DENIED: 'FAILED',
  KEY_CANCELLED: 'FAILED',
  CANCELED_BY_USER: 'CANCELED',
};

/** The first unlock on a device asks for Bluetooth (K5). */
export function startUnlock(bluetoothAllowed: boolean): { readonly status: UnlockStatus; readonly message: string } {
  const status = bluetoothAllowed ? 'READY' : 'WAITING_FOR_BLUETOOTH_PERMISSION';
  return { status, message: MESSAGE[status] };
}

/** The sentence for the member. */
export function unlockMessage(unlock: UnlockState): string {
  const special = unlock.status === 'FAILED' && unlock.outcome !== null ? FAILURE[unlock.outcome] : undefined;
  return special ?? MESSAGE[unlock.status];
}

/** What a phone's report makes of an unlock. 'same': reported before, nothing changes. 'conflict': it has ended otherwise. */
export function reportOutcome(unlock: UnlockState, outcome: UnlockOutcome): UnlockChange | 'same' | 'conflict' {
  if (isFinished(unlock.status)) return unlock.outcome === outcome ? 'same' : 'conflict';
  if (outcome === 'BLUETOOTH_ALLOWED' && unlock.status === 'READY') return 'same';
  const status = NEXT[outcome];
  return {
    status,
    outcome,
    message: unlockMessage({ status, outcome }),
    finished: isFinished(status),
    bluetoothAllowed: saysBluetooth(outcome),
  };
}

export function isFinished(status: UnlockStatus): boolean {
  return status !== 'READY' && status !== 'WAITING_FOR_BLUETOOTH_PERMISSION';
}

/** A key that reached a lock went there by Bluetooth. */
function saysBluetooth(outcome: UnlockOutcome): boolean | null {
  if (outcome === 'BLUETOOTH_ALLOWED' || outcome === 'SIGNAL_SENT') return true;
  return outcome === 'BLUETOOTH_DENIED' ? false : null;
}
