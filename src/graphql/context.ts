import { initContextCache } from '@pothos/core';
import type { Connection } from '../adapters/prisma/connection.ts';
import { readClient, type ReadClient } from '../adapters/prisma/read-client.ts';
import type { Caller } from '../app/caller.ts';
import type { Deps } from '../app/deps.ts';

/** What every resolver is given. */
export interface Context {
  caller: Caller;
  deps: Deps;
  /** reads what the caller may see, and nothing else */
  db: ReadClient;
  requestId: string;
  /** what binds an administrator's consent to the browser it is started in (C2), where that has it */
  browserCookie: string | null;
}

/** One for each request; a stream keeps the caller of its opening. */
export function createContext(given: {
  deps: Deps;
  database: Pick<Connection, 'prisma' | 'readPlain'>;
  caller: Caller;
  requestId: string;
  browserCookie?: string | null;
}): Context {
  const { deps, database, caller, requestId, browserCookie = null } = given;
  return { caller, deps, db: readClient(database, caller), requestId, browserCookie, ...freshCaches() };
}

/**
 * Spread over a stream's context for each of its events: whatever is remembered for the length of a request is forgotten, so that the
 * second event is not answered with the rows of the first.
 */
export function freshCaches(): object {
  return initContextCache();
}
