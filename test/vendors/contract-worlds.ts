import { onTestFinished } from 'vitest';
import type { ProviderAnswer, ProviderSession, ProviderTokens } from '../../src/ports/lock-vendor.ts';
import { vendors } from '../../src/vendors/index.ts';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { createPhone } from '../../src/vendors/salto-ks/simulator/phone-stand-in.ts';
import { harbour } from '../../src/vendors/salto-ks/simulator/scenario.ts';
import { startSimulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import type { VendorWorld } from './contract-world.ts';

const OWNER = { email: 'owner@example.com', password: 'harbour-light' };
const DESK = { email: 'desk@example.com', password: 'front-desk' };
const REDIRECT = 'http://127.0.0.1:4999/integrations/salto-ks/callback';
const SITE = 'Harbour Campus';
const GROUP = 'Office 12';
const SETTLES_SLOWLY_MS = 60_000;

/** A session that refreshes as the app does: the rotated token is kept before the new one is used. */
function sessionOf(
  signedIn: ProviderTokens,
  refresh: (token: string) => Promise<ProviderAnswer<ProviderTokens>>,
): Omit<ProviderSession, 'siteExternalId'> {
  let tokens = signedIn;
  return {
    connectionId: signedIn.accessToken,
    async token(rejected) {
      if (rejected !== tokens.accessToken) return { ok: true, value: tokens.accessToken };
      const fresh = await refresh(tokens.refreshToken ?? '');
      if (!fresh.ok) return fresh;
      tokens = { ...fresh.value, refreshToken: fresh.value.refreshToken ?? tokens.refreshToken };
      return { ok: true, value: tokens.accessToken };
    },
  };
}

async function saltoKsWorld(): Promise<VendorWorld> {
  const simulator = await startSimulator({ scenario: { ...harbour(), sites: harbour().sites.map((site) => ({ ...site, seats: 500 })) } });
  onTestFinished(() => simulator.close());
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${simulator.url}/_simulator${path}`, { method, ...content });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  const set = (switches: object) => control('PATCH', '/switches', switches).then(() => undefined);
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const given = { apiUrl: simulator.url, identityUrl: simulator.url, clientId: 'latchkey', clientSecret: 'latchkey-simulated-secret' };
  const vendor = vendors.SALTO_KS.create(vendors.SALTO_KS.config.parse(given), { now });

  const signIn = async (account: typeof OWNER) => {
    const { url, verifier } = await vendor.signInUrl({ redirectUri: REDIRECT, state: 'state' });
    const callbackUrl = await consentOverHttp(url, { ...account, allow: true });
    const tokens = await vendor.redeem({ callbackUrl, redirectUri: REDIRECT, state: 'state', verifier });
    if (!tokens.ok) throw new Error(tokens.problem.why);
    return sessionOf(tokens.value, (token) => vendor.refresh(token));
  };
  const site = [...simulator.state.sites.values()].find(({ name }) => name === SITE);
  const group = [...simulator.state.groups.values()].find(({ name }) => name === GROUP);
  if (!site || !group) throw new Error('the scenario has no such site or group');
  const signedIn = await signIn(OWNER);

  return {
    vendor,
    admin: { ...signedIn, siteExternalId: site.id },
    administered: [SITE, 'Harbour Annex'],
    notAdministered: 'Old Mill',
    group: {
      externalId: group.id,
      people: async () => [...group.members.keys()],
      async writes() {
        const calls = (await control('GET', `/calls?path=${group.id}/users&last=1000`)) as { calls: { method: string }[] };
        return calls.calls.filter(({ method }) => method !== 'GET').length;
      },
    },
    named: { always: 'Members 24/7', withoutSchedule: 'No schedule', withoutLocks: 'No locks', withStrangers: 'Reception (theirs)' },
    redirectUri: REDIRECT,
    consent: (url, allow) => consentOverHttp(url, { ...OWNER, allow }),
    async member() {
      const session = { ...(await signIn(DESK)), siteExternalId: site.id };
      const platformUserId = [...simulator.state.platformUsers.values()].find(({ email }) => email === DESK.email)?.id ?? '';
      return { session, platformUserId, email: DESK.email };
    },
    phone() {
      const { publicKey, openKey } = createPhone();
      return { publicKey, open: openKey };
    },
    async advance(milliseconds) {
      ahead += milliseconds;
      await control('POST', '/clock', { advanceMs: milliseconds });
    },
    now,
    seats: (total) => set({ seats: total }),
    async removeGroup(externalId) {
      await control('DELETE', `/groups/${externalId}`);
    },
    async openDoor() {
      await control('POST', '/doors/try', { email: DESK.email, lockName: 'Loading bay', site: site.id, record: true });
      return [...simulator.state.platformUsers.values()].find(({ email }) => email === DESK.email)?.id ?? '';
    },
    faults: {
      out: () => set({ apiOutage: true, identityOutage: true }),
      askToWait: (seconds) => set({ rateLimit: { next: 1, retryAfterSeconds: seconds } }),
      loseAnswer: () => set({ loseAnswers: { value: { next: 1 }, method: 'PATCH' } }),
      noBatches: () => set({ batch: 'refused_405' }),
      slowToSettle: () => set({ consistencyDelayMs: SETTLES_SLOWLY_MS }),
      refuseRepetition: () => set({ duplicateAdd: 400, absentRemove: 404 }),
      async revokeSignIns() {
        await control('POST', '/tokens/revoke', { accountEmail: OWNER.email });
      },
      async none() {
        await control('POST', '/reset');
      },
    },
  };
}

/** A world for every vendor in the list: one without a simulator does not compile. */
export const worlds: Record<keyof typeof vendors, () => Promise<VendorWorld>> = { SALTO_KS: saltoKsWorld };
