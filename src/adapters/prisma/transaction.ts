import { setTimeout as wait } from 'node:timers/promises';
import type { Prisma, PrismaClient } from './generated/client.ts';

const TRIES = 5;
const LONGEST_WAIT_MS = 50;

const UNIQUE_VIOLATION = '23505';
/** What another transaction's commit makes pass: serialization failure, deadlock, two inserts of one thing. */
const CONFLICTS: readonly (string | null)[] = ['40001', '40P01', UNIQUE_VIOLATION];

const LOCK_NOT_AVAILABLE = '55P03';

/** What Prisma says of errors that it has a number for, whichever driver adapter they came through. */
const STATE_OF_PRISMA_CODE: Readonly<Record<string, string>> = { P2002: UNIQUE_VIOLATION, P2034: '40001' };

/** The SQLSTATE behind an error of the driver adapter or of Prisma's client, null when it is none of the database's. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, cause, originalCode, meta } = error as {
    code?: unknown;
    cause?: unknown;
    originalCode?: unknown;
    meta?: { driverAdapterError?: unknown };
  };
  if (typeof originalCode === 'string') return originalCode;
  const inner = sqlState(meta?.driverAdapterError) ?? sqlState(cause);
  if (inner !== null) return inner;
  if (typeof code !== 'string') return null;
  return STATE_OF_PRISMA_CODE[code] ?? (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith('P') ? code : null);
}

export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

/**
 * One transaction, READ COMMITTED as every session is, run again when the database refuses it for a conflict with another. The last refusal is thrown as it
 * came. It may wait 5 s for a connection and take 20 s.
 */
export async function inTransaction<T>(prisma: PrismaClient, work: (client: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await prisma.$transaction(work, { maxWait: 5_000, timeout: 20_000 });
    } catch (error) {
      if (tries === TRIES || !CONFLICTS.includes(sqlState(error))) throw error;
      // Two that collided must not meet again at the same pace.
      await wait(Math.random() * LONGEST_WAIT_MS * tries);
    }
  }
}
