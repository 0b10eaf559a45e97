import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the runner's main process answers for the servers it owns. */
    sharedServersUrl: string;
  }
}

export interface SharedPostgres {
  /** A database to connect to for creating and dropping others. */
  readonly adminUrl: string;
  /** Name of a migrated database without rows, to be copied. */
  readonly template: string;
}

export interface SharedRedis {
  readonly url: string;
  /** How many databases of it a test file may choose from; 0 when the server is not ours. */
  readonly databases: number;
}

export interface SharedServers {
  readonly postgres: SharedPostgres;
  readonly redis: SharedRedis;
}

/** Where the server is that all test files of a run share, started now if nobody asked before. Throws when it cannot be had, saying why. */
export async function sharedServer<Name extends keyof SharedServers>(name: Name): Promise<SharedServers[Name]> {
  const response = await fetch(`${inject('sharedServersUrl')}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as SharedServers[Name];
}
