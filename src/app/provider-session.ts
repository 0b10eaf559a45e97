import { afterEvent, pauseAfterOutage } from '../core/integration.ts';
import type { Instant } from '../core/time.ts';
import type { ProviderProblem, ProviderSession } from '../ports/lock-vendor.ts';
import type { NewActivity, ProblemTurn } from '../ports/rows.ts';
import type { Deps } from './deps.ts';
import { change, record } from './change.ts';
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

/**
 * Stores what a failed call says about its connection, and answers when to try again: null where only somebody's action helps. Its
 * memberships wait until then, so that no slot waits for a provider that is out (architecture §5.5).
 */
export async function noteProblem(deps: Deps, orgId: string, integrationId: string, problem: ProviderProblem): Promise<Instant | null> {
  if (problem.kind === 'needs-reauthorization') {
    await noteReauthorization(deps, orgId, integrationId);
    return null;
  }
  if (problem.kind !== 'unavailable' && problem.kind !== 'unsure') return null;
  const asked = problem.kind === 'unavailable' ? problem.retryAt : null;
  return change(deps, orgId, async (tx, after) => {
    const integration = await tx.integrations.get(integrationId, 'change');
    if (integration === null) return null;
    const until = Math.max(asked ?? 0, tx.now + pauseAfterOutage(integration.unavailableSince, tx.now));
    const since = integration.unavailableSince ?? tx.now;
    await tx.integrations.update(integrationId, { pausedUntil: until, unavailableSince: since });
    await tx.memberships.postpone(integrationId, until);
    if (tx.now - since < OUTAGE_TOLD_AFTER_MS) return until;
    const message = `The lock system does not answer: ${problem.why} What is due is done as soon as it does; nothing is lost.`;
    if (await tx.integrations.openProblem(integrationId, 'PROVIDER_UNAVAILABLE', message)) {
      const { locationId } = integration;
      await record(
        tx,
        after,
        [problemRow({ code: 'PROVIDER_UNAVAILABLE', opened: true }, locationId, tx.now, message)],
        [locationTopic(locationId)],
      );
    }
    return until;
  });
}

async function noteReauthorization(deps: Deps, orgId: string, integrationId: string): Promise<void> {
  await change(deps, orgId, async (tx, after) => {
    const integration = await tx.integrations.get(integrationId, 'change');
    const next = integration === null ? null : afterEvent(integration, 'refresh-refused');
    if (integration === null || next === null || next === 'nothing-left') return;
    await tx.integrations.update(integrationId, { status: next.status, statusBefore: next.statusBefore });
    const message =
      'The lock system no longer accepts this connection. Connect again with an administrator of the same site; nothing is lost meanwhile.';
    await tx.integrations.openProblem(integrationId, 'REAUTHORIZATION_NEEDED', message);
    const { locationId } = integration;
    await record(
      tx,
      after,
      [problemRow({ code: 'REAUTHORIZATION_NEEDED', opened: true }, locationId, tx.now, message)],
      [locationTopic(locationId)],
    );
  });
}

/** The connection answers again: what was told of its outage is over. */
export async function noteAnswer(deps: Deps, orgId: string, integration: { id: string; unavailableSince: Instant | null }): Promise<void> {
  if (integration.unavailableSince === null) return;
  await change(deps, orgId, async (tx, after) => {
    const stored = await tx.integrations.get(integration.id, 'change');
    if (stored === null || stored.unavailableSince === null) return;
    await tx.integrations.update(stored.id, { pausedUntil: null, unavailableSince: null });
    if (!(await tx.integrations.closeProblem(stored.id, 'PROVIDER_UNAVAILABLE'))) return;
    const { locationId } = stored;
    const row = problemRow({ code: 'PROVIDER_UNAVAILABLE', opened: false }, locationId, tx.now, 'The lock system answers again.');
    await record(tx, after, [row], [locationTopic(locationId)]);
  });
}

/** The activity that tells of a problem's beginning or end. */
export function problemRow(turn: ProblemTurn, locationId: string, at: Instant, detail: string): NewActivity {
  return { locationId, at, type: 'INTEGRATION_PROBLEM', actor: 'system', detail, problems: [turn] };
}
