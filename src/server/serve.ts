import { finishConsent } from '../app/finish-consent.ts';
import { finishSignIn } from '../app/finish-sign-in.ts';
import { redeemTicket } from '../app/redeem-ticket.ts';
import { startSignIn } from '../app/start-sign-in.ts';
import type { Deps } from '../app/deps.ts';
import { createContext, freshCaches } from '../graphql/context.ts';
import { schema } from '../graphql/schema.ts';
import { startServer, type RunningServer, type ServerConfig, type ServerParts } from './http.ts';
import type { SignInVerbs } from './sign-in.ts';

type Database = Parameters<typeof createContext>[0]['database'];

/** The API of this project on its one HTTP server: its schema, its context, and the verbs that browsers come back to. */
export function serve(parts: {
  config: ServerConfig;
  deps: Deps;
  database: Database;
  queues: ServerParts<Database>['queues'];
  probes: ServerParts<Database>['probes'];
  oidcStore: ServerParts<Database>['oidcStore'];
  operatorView: ServerParts<Database>['operatorView'];
  metrics?: NonNullable<ServerParts<Database>['metrics']>;
}): Promise<RunningServer> {
  return startServer({ ...parts, schema, createContext, freshCaches, signIn: signInVerbs(parts.deps, parts.config.memberAppDeepLink) });
}

/** The verbs over what they need. */
export function signInVerbs(deps: Deps, deepLink: string | null = null): SignInVerbs {
  return {
    finishConsent: (input) => finishConsent(deps, input),
    startSignIn: (input) => startSignIn(deps, input),
    // Who was not signed in stays on the page, which says why.
    finishSignIn: async (input) => {
      const outcome = await finishSignIn(deps, input);
      return outcome.ok ? { ...outcome, deepLink } : outcome;
    },
    redeemTicket: (input) => redeemTicket(deps, input),
  };
}
