import { randomBytes } from 'node:crypto';

/** What the browser's roads into and out of a sign-in ask of the app. The sentences are shown to the person. */
export interface SignInVerbs {
  /** an administrator comes back from the lock maker's consent page; `cookie` is that of the browser, if it has one (C2) */
  finishConsent: (input: { callbackUrl: string; cookie: string | null }) => Promise<Outcome>;
  /** a member's app opens the URL that activating gave it: where to go on (K3). The ticket is read and not used up. */
  startSignIn: (input: { ticket: string }) => Promise<SignInStart>;
  /** a member comes back from the lock maker's identity server; `deepLink` leads back into the app, where there is one */
  finishSignIn: (input: { callbackUrl: string }) => Promise<Outcome & { deepLink?: string | null }>;
  /** uses up the first ticket that is still good, once over all processes; null when none is */
  redeemTicket: (input: { tickets: string[] }) => Promise<{ memberId: string } | null>;
}

export interface Outcome {
  ok: boolean;
  message: string;
}

export type SignInStart = { ok: true; redirectTo: string; activationId: string } | { ok: false; message: string };

/** The cookie that binds a consent to the browser in which it was started. */
const CONSENT_COOKIE = 'lk_admin_browser';

export function consentCookie(cookies: string | undefined): string | null {
  return parseCookies(cookies).get(CONSENT_COOKIE) ?? null;
}

/** For as long as the browser runs. Lax: the consent page sends the browser back by a link, from another site. */
export function newConsentCookie(publicUrl: string): { value: string; header: string } {
  const value = randomBytes(24).toString('base64url');
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return { value, header: `${CONSENT_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}` };
}

const TICKET_COOKIE = 'lk_ticket_';
const TICKET_SECONDS = 120;

/** One cookie per activation, so that two sign-ins in one browser do not take each other's ticket. */
export function ticketCookie(activationId: string, ticket: string, publicUrl: string): string {
  // The lock maker may send the browser on by POST, and then only a cookie with SameSite=None comes along; over plain http there is none.
  const site = publicUrl.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax';
  return `${TICKET_COOKIE}${activationId.slice(0, 8)}=${ticket}; Path=/oidc; Max-Age=${TICKET_SECONDS}; HttpOnly; ${site}`;
}

export function ticketsIn(cookies: string | undefined): string[] {
  return [...parseCookies(cookies)].filter(([name]) => name.startsWith(TICKET_COOKIE)).map(([, value]) => value);
}

export function parseCookies(header: string | undefined): Map<string, string> {
  const pairs = (header ?? '').split(/; */).filter((pair) => pair.includes('='));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]));
}
