import type { Instant } from '../../core/time.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Store, Tx } from '../../ports/store.ts';
import type pg from 'pg';
import { activity } from './activity.ts';
import { claims } from './claims.ts';
import { dayPasses } from './day-passes.ts';
import { digitalKeyFacts } from './digital-key-facts.ts';
import { due } from './due.ts';
import { groups } from './groups.ts';
import { heldRemovals, removalsDue } from './held-removals.ts';
import { integrations } from './integrations.ts';
import { keys } from './keys.ts';
import { locker } from './lock.ts';
import { lookups } from './lookups.ts';
import { memberships } from './memberships.ts';
import { providerUsers } from './provider-users.ts';
import { rights } from './rights.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { executor, sql } from './sql.ts';
import type { Executor } from './sql.ts';
import { tidy } from './tidy.ts';
import { connectionTokens } from './tokens.ts';
import { attempt, inTransaction } from './transaction.ts';
import { webhookLookups, webhooks } from './webhooks.ts';
import { workspace } from './workspace.ts';

export interface StoreOptions {
  pool: pg.Pool;
  secrets: Secrets;
}

/** The store port on PostgreSQL. Everything is judged by the database's clock. */
export function createStore({ pool, secrets }: StoreOptions): Store {
  const direct = executor(pool);
  return {
    transaction: (orgId, work, withinMs) => inTransaction(pool, (within, now) => work(tx({ ...within, orgId, now, secrets })), withinMs),
    now: () => now(direct),
    async ping() {
      await direct.rows(sql`select 1`);
    },
    ...lookups(direct),
    ...claims(direct, secrets),
    ...due(direct),
    ...removalsDue(direct),
    ...tidy(direct),
    ...webhookLookups(direct),
    digitalKeyFacts: digitalKeyFacts(direct),
    connectionToken: connectionTokens(pool, secrets),
  };
}

async function now(from: Executor): Promise<Instant> {
  return mustExist(await from.rows<{ now: Instant }>(sql`select now()`), 'clock').now;
}

function tx(scope: Scope): Tx {
  return {
    orgId: scope.orgId,
    now: scope.now,
    lock: locker(scope),
    attempt: (work) => attempt(scope, work),
    ...workspace(scope),
    dayPasses: dayPasses(scope),
    rights: rights(scope),
    heldRemovals: heldRemovals(scope),
    memberships: memberships(scope),
    integrations: integrations(scope),
    groups: groups(scope),
    providerUsers: providerUsers(scope),
    keys: keys(scope),
    webhooks: webhooks(scope),
    activity: activity(scope),
  };
}
