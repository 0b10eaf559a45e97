import type pg from 'pg';
import type { Instant } from '../../core/time.ts';
import type { ProviderAnswer, ProviderTokens } from '../../ports/lock-vendor.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Store } from '../../ports/store.ts';
import { executor, instant, sql, uuid } from './sql.ts';
import type { Executor } from './sql.ts';
import { isLockTimeout, oneTransaction } from './transaction.ts';

type Refresh = Parameters<Store['connectionToken']>[2];

interface TokenRow {
  orgId: string;
  accessToken: string;
  refreshToken: string | null;
  expiresAt: Instant;
  refusedAt: Instant | null;
  now: Instant;
}

/** A token with less than this left is about to run out. */
const ABOUT_TO_RUN_OUT_MS = 60_000;
/** A refresh may take two calls of the provider's client, each bounded in time by it. */
const REFRESH_TIMEOUT_MS = 60_000;
/**
 * Each refresh, and each wait for another process's, holds a database connection as long as the provider takes. No more than these at a
 * time, so that an identity server that hangs leaves connections to everybody else.
 */
const REFRESHES_AT_A_TIME = 3;

const boundTo = (integrationId: string): string => `integration_token:${integrationId}`;

/** Tokens as they are stored: sealed, and worth nothing in another row. */
export function sealTokens(
  secrets: Secrets,
  integrationId: string,
  tokens: ProviderTokens,
): { accessToken: string; refreshToken: string | null } {
  const seal = (plain: string): string => secrets.seal(plain, boundTo(integrationId));
  return { accessToken: seal(tokens.accessToken), refreshToken: tokens.refreshToken === null ? null : seal(tokens.refreshToken) };
}

const needsReauthorization = (why: string): ProviderAnswer<never> => ({ ok: false, problem: { kind: 'needs-reauthorization', why } });

export function connectionTokens(pool: pg.Pool, secrets: Secrets): Store['connectionToken'] {
  const underWay = new Map<string, Promise<ProviderAnswer<string>>>();
  const gate = atMost(REFRESHES_AT_A_TIME);
  const direct = executor(pool);
  return async (integrationId, rejected, refresh) => {
    const usable = answerOf(secrets, integrationId, rejected, await tokenRow(direct, integrationId, false));
    if (usable !== null) return usable;
    for (;;) {
      const joined = underWay.get(integrationId);
      if (joined === undefined) break;
      const answer = await joined;
      // Who began it may not have known yet that this very token is rejected.
      if (!answer.ok || answer.value !== rejected) return answer;
    }
    const own = gate(() => refreshLocked(pool, secrets, integrationId, rejected, refresh)).finally(() => underWay.delete(integrationId));
    underWay.set(integrationId, own);
    return own;
  };
}

async function tokenRow(from: Executor, integrationId: string, lock: boolean): Promise<TokenRow | null> {
  const [row] = await from.rows<TokenRow>(sql`
    select "orgId", "accessToken", "refreshToken", "expiresAt", "refusedAt", clock_timestamp() as now
    from integration_token where "integrationId" = ${uuid(integrationId)} ${lock ? sql`for update` : sql``}`);
  return row ?? null;
}

/** What can be answered without a refresh; null when one is due. */
function answerOf(secrets: Secrets, integrationId: string, rejected: string | null, row: TokenRow | null): ProviderAnswer<string> | null {
  if (row === null) return needsReauthorization('There are no tokens for this connection.');
  if (row.refusedAt !== null) return needsReauthorization('The provider refused the refresh token.');
  if (row.expiresAt - row.now < ABOUT_TO_RUN_OUT_MS) return null;
  const accessToken = opened(secrets, integrationId, row.accessToken);
  if (accessToken === null) return UNREADABLE;
  return accessToken === rejected ? null : { ok: true, value: accessToken };
}

const UNREADABLE = needsReauthorization('The stored tokens cannot be opened with the present encryption keys.');

function opened(secrets: Secrets, integrationId: string, sealed: string): string | null {
  try {
    return secrets.open(sealed, boundTo(integrationId));
  } catch {
    return null;
  }
}

/** One at a time over all processes: who waited for the row finds what the one before stored. */
async function refreshLocked(
  pool: pg.Pool,
  secrets: Secrets,
  integrationId: string,
  rejected: string | null,
  refresh: Refresh,
): Promise<ProviderAnswer<string>> {
  try {
    return await oneTransaction(
      pool,
      async (locked) => {
        await locked.rows(sql`select set_config('lock_timeout', '20s', true)`);
        const row = await tokenRow(locked, integrationId, true);
        const usable = answerOf(secrets, integrationId, rejected, row);
        if (usable !== null || row === null) return usable ?? UNREADABLE;
        if (row.refreshToken === null) return needsReauthorization('The token has run out, and there is no refresh token.');
        const refreshToken = opened(secrets, integrationId, row.refreshToken);
        if (refreshToken === null) return UNREADABLE;
        return store(locked, secrets, integrationId, row, await refreshOnce(refreshToken, refresh));
      },
      REFRESH_TIMEOUT_MS,
    );
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    return { ok: false, problem: { kind: 'unavailable', why: 'Another refresh of this connection takes too long.', retryAt: null } };
  }
}

/** A lost answer may have rotated the token: the old one, tried once more, tells. */
async function refreshOnce(refreshToken: string, refresh: Refresh): Promise<ProviderAnswer<ProviderTokens>> {
  const answer = await refresh(refreshToken);
  return !answer.ok && answer.problem.kind === 'unsure' ? refresh(refreshToken) : answer;
}

/** Stored before anybody may use it: the transaction ends with this. */
async function store(
  locked: Executor,
  secrets: Secrets,
  integrationId: string,
  { orgId, now }: TokenRow,
  answer: ProviderAnswer<ProviderTokens>,
): Promise<ProviderAnswer<string>> {
  const row = sql`"orgId" = ${orgId} and "integrationId" = ${uuid(integrationId)}`;
  if (!answer.ok) {
    if (answer.problem.kind === 'needs-reauthorization') {
      await locked.count(sql`update integration_token set "refusedAt" = ${instant(now)}, "updatedAt" = ${instant(now)} where ${row}`);
    }
    return answer;
  }
  const sealed = sealTokens(secrets, integrationId, answer.value);
  await locked.count(sql`
    update integration_token set
      "accessToken" = ${sealed.accessToken}, "refreshToken" = coalesce(${sealed.refreshToken}::text, "refreshToken"),
      "expiresAt" = ${instant(answer.value.expiresAt)}, "updatedAt" = ${instant(now)}
    where ${row}`);
  return { ok: true, value: answer.value.accessToken };
}

/** Runs no more than `limit` at a time; the others wait in order. */
function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
