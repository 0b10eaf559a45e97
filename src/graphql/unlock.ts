import { unlockMessage, type UnlockOutcome as Outcome } from '../core/unlock.ts';
import { builder } from './builder.ts';

export const UnlockOutcome = builder.enumType('UnlockOutcome', {
  description: 'What a phone reports of an unlock.',
  values: {
    BLUETOOTH_ALLOWED: { description: 'The member allowed Bluetooth.' },
    SIGNAL_SENT: { description: 'The key reached a lock, which decides.' },
    REFUSED: { description: 'The lock refused the key.' },
    NO_LOCK_FOUND: { description: 'No lock was near.' },
    BLUETOOTH_DENIED: { description: 'The member did not allow Bluetooth, or it is off.' },
    KEY_CANCELLED: { description: 'The lock says that the key is cancelled.' },
    CANCELED_BY_USER: { description: 'The member gave up.' },
  },
});

const UnlockStatus = builder.enumType('UnlockStatus', {
  description: 'Where an unlock stands.',
  values: {
    WAITING_FOR_BLUETOOTH_PERMISSION: { description: 'The phone asks whether it may use Bluetooth.' },
    READY: { description: 'The phone can be held to the lock.' },
    SIGNAL_SENT: { description: 'The key reached the lock, which shows by itself whether it opens.' },
    REFUSED: { description: 'The lock refused the key.' },
    NO_LOCK_FOUND: { description: 'No lock was near.' },
    FAILED: { description: 'It did not work.' },
    CANCELED: { description: 'The member gave up.' },
  },
});

builder.prismaNode('Unlock', {
  description: "One try of a member's phone to open a door. Only the member sees it.",
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  fields: (t) => ({
    status: t.expose('status', { type: UnlockStatus, description: 'Where it stands.' }),
    message: t.string({
      description: 'What to show to the member.',
      select: { status: true, outcome: true },
      resolve: ({ status, outcome }) => unlockMessage({ status, outcome: outcome as Outcome | null }),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended; null while it goes on.' }),
  }),
});
