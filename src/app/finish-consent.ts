import { afterEvent } from '../core/integration.ts';
import type { ProviderProblem, ProviderSession, ProviderSite, ProviderTokens } from '../ports/lock-vendor.ts';
import type { ConsentRow, IntegrationRow, NewActivity } from '../ports/rows.ts';
import { change, record } from './change.ts';
import { consentRedirect } from './connect-integration.ts';
import type { Deps } from './deps.ts';
import { judgeProblems } from './judge-problems.ts';
import { REAUTHORIZATION } from './provider-session.ts';
import { locationTopic } from './topics.ts';

/** What the administrator's browser shows. */
export interface ConsentOutcome {
  ok: boolean;
  /** one or two plain sentences: what happened, and what to do next */
  message: string;
}

const USED_OR_EXPIRED = 'This link has been used or has run out. Start again with Connect.';

type Consent = ConsentRow & { orgId: string };
const failed = (message: string): ConsentOutcome => ({ ok: false, message });

/**
 * The redirect of an administrator's consent (C2). Leads to SELECTING_SITE, or straight on where the same site was connected before (C7).
 */
export async function finishConsent(deps: Deps, input: { callbackUrl: string; cookie: string | null }): Promise<ConsentOutcome> {
  const state = new URL(input.callbackUrl).searchParams.get('state') ?? '';
  const consent = await deps.store.takeConsent(deps.secrets.hash(state));
  if (consent === null) return failed(USED_OR_EXPIRED);
  if (consent.expiresAt <= (await deps.store.now())) {
    await fallBack(deps, consent);
    return failed(USED_OR_EXPIRED);
  }
  if (consent.cookieHash !== null && (input.cookie === null || deps.secrets.hash(input.cookie) !== consent.cookieHash)) {
    await fallBack(deps, consent);
    return failed('Connecting was started in another browser. Start again with Connect, here.');
  }
  const verifier = deps.secrets.open(consent.verifier, `consent:${consent.stateHash}`);
  const { callbackUrl } = input;
  const redeemed = await deps.vendor.redeem({ callbackUrl, redirectUri: consentRedirect(deps), state, verifier });
  if (!redeemed.ok) {
    await fallBack(deps, consent);
    return failed(sentence(redeemed.problem));
  }
  const sites = await deps.vendor.sites(sessionOf(redeemed.value, consent.locationId));
  if (!sites.ok) {
    await fallBack(deps, consent);
    return failed(sentence(sites.problem));
  }
  return accept(deps, consent, redeemed.value, sites.value);
}

async function accept(deps: Deps, consent: Consent, tokens: ProviderTokens, sites: ProviderSite[]): Promise<ConsentOutcome> {
  return change(deps, consent.orgId, async (tx, after) => {
    const integration = await tx.integrations.ofLocation(consent.locationId, 'change');
    const next = integration === null ? null : afterEvent(integration, 'consented');
    if (integration === null || next === null || next === 'nothing-left')
      return failed('Nothing is being connected here. Start again with Connect.');
    if (integration.siteHeld && !sites.some((site) => site.externalId === integration.siteExternalId)) {
      const before = integration.statusBefore ?? integration.status;
      await tx.integrations.update(integration.id, { status: before, statusBefore: null });
      after.announcements.push({ topic: locationTopic(consent.locationId) });
      return failed('This account is no administrator of the connected site. Use one that is, or disconnect first to change the site.');
    }
    await tx.integrations.saveTokens(integration.id, tokens);
    await tx.integrations.saveSites(integration.id, sites);
    const connectedAt = integration.siteHeld ? integration.connectedAt : tx.now;
    await tx.integrations.update(integration.id, {
      status: next.status,
      statusBefore: null,
      pausedUntil: null,
      connectedAt,
      authorizedAt: tx.now,
    });
    await judgeProblems(tx, after, integration, [{ ...REAUTHORIZATION, message: null }]);
    await record(tx, after, [connectedRow(consent, integration, tx.now)], [locationTopic(consent.locationId)]);
    if (next.status === 'CONNECTED') {
      after.jobs.push(
        { name: 'audit-memberships', payload: { integrationId: integration.id }, at: null },
        { name: 'sweep', payload: {}, at: null },
      );
      return { ok: true, message: 'Connected again. Everything carries on where it stopped. You can close this window.' };
    }
    return { ok: true, message: 'Connected. Now select the site on the Integrations page. You can close this window.' };
  });
}

function connectedRow(consent: Consent, integration: IntegrationRow, at: number): NewActivity & { type: 'INTEGRATION_CONNECTED' } {
  const detail = integration.siteHeld ? 'The connection to the lock system was renewed.' : 'The lock system was connected.';
  return { locationId: consent.locationId, at, type: 'INTEGRATION_CONNECTED', actor: consent.startedBy, detail };
}

/** Consents nobody came back from: their locations are as they were before. */
export async function expireConsents(deps: Deps): Promise<void> {
  for (const stateHash of await deps.store.expiredConsents(100)) {
    const consent = await deps.store.takeConsent(stateHash);
    if (consent !== null) await fallBack(deps, consent);
  }
}

/** A consent that came to nothing leads back to where it was started from. */
async function fallBack(deps: Deps, consent: Consent): Promise<void> {
  await change(deps, consent.orgId, async (tx, after) => {
    const integration = await tx.integrations.ofLocation(consent.locationId, 'change');
    const next = integration === null ? null : afterEvent(integration, 'refused');
    if (integration === null || next === null) return;
    if (next === 'nothing-left') await tx.integrations.delete(integration.id);
    else await tx.integrations.update(integration.id, { status: next.status, statusBefore: null });
    after.announcements.push({ topic: locationTopic(consent.locationId) });
  });
}

function sessionOf(tokens: ProviderTokens, connectionId: string): ProviderSession {
  const reauthorize: ProviderProblem = { kind: 'needs-reauthorization', why: 'The new token was rejected.' };
  return {
    connectionId,
    siteExternalId: '',
    token: (rejected) => Promise.resolve(rejected === null ? { ok: true, value: tokens.accessToken } : { ok: false, problem: reauthorize }),
  };
}

function sentence(problem: ProviderProblem): string {
  if (problem.kind === 'refused')
    return 'The lock system was not given permission, so nothing was connected. Start again with Connect, and allow it.';
  if (problem.kind === 'needs-reauthorization') return 'The lock system did not accept the sign-in. Start again with Connect.';
  return 'The lock system does not answer at the moment. Start again with Connect in a while.';
}
