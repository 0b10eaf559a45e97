import { afterEvent, pauseAfterOutage } from '../core/integration.ts';
import type { Instant } from '../core/time.ts';
import type { ProviderProblem, ProviderSession } from '../ports/lock-vendor.ts';
import type { IntegrationRow } from '../ports/rows.ts';
import type { Deps } from './deps.ts';
import { change } from './change.ts';
import { judgeProblems } from './judge-problems.ts';
import { locationTopic } from './topics.ts';

/** Calls on behalf of a connection, with tokens refreshed once for everybody. */
export function providerSession(deps: Deps, integrationId: string, siteExternalId: string): ProviderSession {
  return {
    connectionId: integrationId,
    siteExternalId,
    token: (rejected) => deps.store.connectionToken(integrationId, rejected, (refreshToken) => deps.vendor.refresh(refreshToken)),
  };
}

/** An outage is a problem to be told of once it has lasted this long; a hiccup is not. */
const OUTAGE_TOLD_AFTER_MS = 30_000;

/** A connection as it was before a call: what the call met says nothing of tokens that were consented to since. */
type Called = Pick<IntegrationRow, 'id' | 'authorizedAt'>;

/**
 * Stores what a failed call says about its connection, and answers when to try again: null where only somebody's action helps. Its
 * memberships wait until then, so that no slot waits for a provider that is out (architecture §5.5).
 */
export async function noteProblem(deps: Deps, orgId: string, called: Called, problem: ProviderProblem): Promise<Instant | null> {
  if (problem.kind === 'needs-reauthorization') {
    await noteReauthorization(deps, orgId, called);
    return null;
  }
  if (problem.kind !== 'unavailable' && problem.kind !== 'unsure') return null;
  const asked = problem.kind === 'unavailable' ? problem.retryAt : null;
  return change(deps, orgId, async (tx, after) => {
    const integration = await tx.integrations.get(called.id, 'change');
    if (integration === null) return null;
    const until = Math.max(asked ?? 0, tx.now + pauseAfterOutage(integration.unavailableSince, tx.now));
    const since = integration.unavailableSince ?? tx.now;
    await tx.integrations.update(integration.id, { pausedUntil: until, unavailableSince: since });
    await tx.memberships.postpone(integration.id, until);
    if (tx.now - since < OUTAGE_TOLD_AFTER_MS) return until;
    const message = `The lock system does not answer: ${problem.why} What is due is done as soon as it does; nothing is lost.`;
    await judgeProblems(tx, after, integration, [{ ...OUTAGE, message }]);
    return until;
  });
}

const OUTAGE = { code: 'PROVIDER_UNAVAILABLE', accessGroupId: null, mended: 'The lock system answers again.' } as const;

async function noteReauthorization(deps: Deps, orgId: string, called: Called): Promise<void> {
  await change(deps, orgId, async (tx, after) => {
    const integration = await tx.integrations.get(called.id, 'change');
    // The call had begun with tokens that a consent has replaced since.
    if (integration === null || integration.authorizedAt !== called.authorizedAt) return;
    const next = afterEvent(integration, 'refresh-refused');
    if (next === null || next === 'nothing-left') return;
    await tx.integrations.update(integration.id, { status: next.status, statusBefore: next.statusBefore });
    const message =
      'The lock system no longer accepts this connection. Connect again with an administrator of the same site; nothing is lost meanwhile.';
    await judgeProblems(tx, after, integration, [{ ...REAUTHORIZATION, message }]);
    after.announcements.push({ topic: locationTopic(integration.locationId) });
  });
}

/** Ends with a consent, and with nothing else. */
export const REAUTHORIZATION = {
  code: 'REAUTHORIZATION_NEEDED',
  accessGroupId: null,
  mended: 'The connection was authorized again.',
} as const;

/**
 * The connection answers again: what was told of its outage is over. Much may have been changed there meanwhile, or half done: the groups
 * are compared.
 */
export async function noteAnswer(deps: Deps, orgId: string, called: Pick<IntegrationRow, 'id' | 'unavailableSince'>): Promise<void> {
  if (called.unavailableSince === null) return;
  await change(deps, orgId, async (tx, after) => {
    const stored = await tx.integrations.get(called.id, 'change');
    if (stored === null || stored.unavailableSince === null) return;
    await tx.integrations.update(stored.id, { pausedUntil: null, unavailableSince: null });
    const told = (await tx.integrations.problems(stored.id)).some(({ code }) => code === OUTAGE.code);
    if (!told) return;
    await judgeProblems(tx, after, stored, [{ ...OUTAGE, message: null }]);
    after.jobs.push({ name: 'audit-memberships', payload: { integrationId: stored.id }, at: null });
  });
}
