import { personByEmail } from '../../src/vendors/salto-ks/simulator/people.ts';
import { judge } from '../../src/vendors/salto-ks/simulator/access.ts';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import type { AccessGroup, Site } from '../../src/vendors/salto-ks/simulator/records.ts';
import type { Simulator } from '../../src/vendors/salto-ks/simulator/server.ts';
import { GROUPS } from './facts.ts';

/** A site of the simulator, of one run's own, with a group and a door of each name and strangers in every group. */
export interface ChaosSite {
  readonly id: string;
  readonly adminEmail: string;
  readonly strangers: readonly string[];
  /** e-mail addresses of who is in the group, sorted */
  inGroup(group: string): string[];
  /** of those asked about, who opens the group's door */
  whoOpens(group: string, emails: readonly string[]): string[];
  lockOf(group: string): string;
  /** each change of who is in the group: when, who, in or out */
  changes(group: string): { at: number; email: string; added: boolean }[];
  /** addresses that stand for more than one person of the site */
  doubled(): string[];
  /** as an administrator of the site does by hand once seats are free */
  unsuspendAll(): Promise<void>;
  /** SALTO KS forgets the connection's tokens */
  revokeTokens(): Promise<void>;
  /** fills in the consent page, and answers where the browser is sent back to */
  consent(authorizationUrl: string): Promise<string>;
}

const PASSWORD = 'invented-for-the-simulator';

export async function createSite(simulator: Simulator, run: string, timeZone: string): Promise<ChaosSite> {
  const control = controlOf(simulator);
  const adminEmail = `owner.${run}@example.com`;
  await control('POST', 'accounts', { email: adminEmail, password: PASSWORD, firstName: 'Olivia', lastName: 'Harding' });
  const made = (await control('POST', 'sites', { name: `Site ${run}`, timeZone, admin: adminEmail, seats: 200 })) as { id: string };
  const { state } = simulator;
  const site = state.sites.get(made.id);
  if (site === undefined) throw new Error('The simulator has lost a site.');
  const groups = new Map<string, AccessGroup>();
  const locks = new Map<string, string>();
  const strangers = [`cleaner.${run}@example.com`];
  for (const name of GROUPS) {
    const lock = (await control('POST', 'locks', { site: site.id, name })) as { id: string };
    const group = (await control('POST', 'groups', { site: site.id, name, locks: [lock.id], schedules: ['always'] })) as { id: string };
    for (const email of strangers) await control('POST', 'members', { group: group.id, email });
    locks.set(name, lock.id);
    const found = state.groups.get(group.id);
    if (found !== undefined) groups.set(name, found);
  }
  const emailOf = (platformUserId: string): string => state.platformUsers.get(platformUserId)?.email ?? platformUserId;
  const lockOf = (group: string): string => locks.get(group) ?? '';
  return {
    id: site.id,
    adminEmail,
    strangers,
    lockOf,
    inGroup: (group) => [...(groups.get(group)?.members ?? [])].map(emailOf).sort(),
    whoOpens: (group, emails) => {
      const lock = state.locks.get(lockOf(group));
      if (lock === undefined) return [];
      return emails.filter((email) => judge(state, lock, personByEmail(state, email)?.id ?? '').opens).sort();
    },
    changes: (group) =>
      (groups.get(group)?.changes ?? []).map(({ at, platformUserId, added }) => ({ at, email: emailOf(platformUserId), added })),
    doubled: () => doubledIn(site, emailOf),
    unsuspendAll: async () => {
      for (const person of site.people.values()) {
        if (person.subscription === 'suspended') await control('PATCH', `users/${person.id}`, { suspended: false });
      }
    },
    revokeTokens: async () => void (await control('POST', 'tokens/revoke', { accountEmail: adminEmail, accessTokens: true })),
    consent: (authorizationUrl) => consentOverHttp(authorizationUrl, { email: adminEmail, password: PASSWORD, allow: true }),
  };
}

function doubledIn(site: Site, emailOf: (id: string) => string): string[] {
  const all = [...site.people.keys()].map((id) => emailOf(id).toLowerCase());
  return all.filter((email, index) => all.indexOf(email) !== index);
}

function controlOf(simulator: Simulator) {
  return async (method: string, path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${simulator.url}/_simulator/${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}
