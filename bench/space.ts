import { apiClient, type ApiClient } from '../src/dev/api-client.ts';
import * as say from '../src/dev/documents.ts';
import { success } from '../src/dev/success.ts';
import { claimsOf, signToken } from '../src/dev/token.ts';
import { consentOverHttp } from '../src/vendors/salto-ks/simulator/consent-driver.ts';
import { decodeNodeId, encodeNodeId } from '../src/core/ids.ts';
import { harbour } from '../src/vendors/salto-ks/simulator/scenario.ts';
import type { Deployment } from './deployment.ts';

export const ORG = 'bench';
export const LOCATION = { externalId: 'campus' };
const OWNER = { email: 'owner@example.com', password: 'harbour-light' };
const SITE = 'Bench Campus';
const CREW = 'Crew';
const TOKEN_SECONDS = '7200';

export interface Sizes {
  people: number;
  groups: number;
}

/** A large location: its people are known at SALTO KS, each room has a group of its own, and most people are in by subscription. */
export interface Space extends Sizes {
  platform: ApiClient;
  admin: ApiClient;
  /** those in by subscription are the first */
  crew: number;
  /** the first of them, whose keys nobody touches; the others' phones ask for keys */
  keyless: number;
  /** external ids of our members, by number */
  member(index: number): string;
  room(index: number): string;
  platformUserId(index: number): string;
  /** the address, at the simulator, of the people of the group of a room */
  groupUrl(room: number): string;
  /** an access token of the simulator */
  saltoToken: string;
  serviceToken(number: number): Promise<string>;
  memberToken(index: number): Promise<string>;
  /** as the database knows it */
  locationId: string;
  close(): Promise<void>;
}

const emailOf = (index: number): string => `person-${index}@example.com`;
const groupName = (index: number): string => `Room ${index}`;

/** What the simulator starts with. */
export function scenarioOf({ people, groups }: Sizes): object {
  const { accounts, clients } = harbour();
  const names = [CREW, ...Array.from({ length: groups }, (_, index) => groupName(index))];
  return {
    accounts,
    clients,
    sites: [
      {
        name: SITE,
        timeZone: 'Europe/Berlin',
        seats: 1_000_000,
        people: [
          { email: OWNER.email, roles: ['site_owner'] },
          ...Array.from({ length: people }, (_, index) => ({ email: emailOf(index), firstName: 'Pat', lastName: 'Moss' })),
        ],
        doors: [{ name: 'Front door' }],
        groups: names.map((name) => ({ name, doors: ['Front door'], schedules: ['always'] })),
      },
    ],
  };
}

export async function openSpace(deployment: Deployment, sizes: Sizes): Promise<Space> {
  const token = (...args: string[]): Promise<string> =>
    signToken(claimsOf([...args, '--org', ORG, '--ttl', TOKEN_SECONDS], {}, Date.now()), deployment.secret);
  const member = (index: number): string => `person-${index}`;
  const room = (index: number): string => `room-${index}`;
  const platform = apiClient(deployment.api.url, await token('--role', 'service'));
  const admin = apiClient(deployment.api.url, await token('--role', 'admin'));
  const told = await platform.ask(say.UpsertLocation, { input: { ...LOCATION, name: SITE, timeZone: 'Europe/Berlin' } });
  const locationId = decodeNodeId(success(told.result, 'UpsertLocationSuccess').location.id)?.id ?? '';
  const site = await connectSite(admin);
  const groups = await groupsOf(deployment);
  for (let index = 0; index < sizes.groups; index += 1) {
    const input = { externalId: room(index), location: LOCATION, name: groupName(index), kind: 'ROOM' as const };
    success((await platform.ask(say.UpsertResource, { input })).result, 'UpsertResourceSuccess');
    const accessGroup = groups.get(groupName(index))?.node ?? '';
    const mapped = await admin.ask(say.SetResourceAccess, { input: { resource: { externalId: room(index) }, accessGroup } });
    success(mapped.result, 'SetResourceAccessSuccess');
  }
  const saltoToken = await signInAtSalto(deployment);
  const known = await peopleThere(deployment, saltoToken, site);
  const keyless = sizes.people / 2;
  const crew = (sizes.people * 6) / 10;
  await plantPeople(deployment, known, sizes.people, crew);
  await letCrewIn(platform, admin, deployment, groups.get(CREW)?.node ?? '', crew);
  return {
    ...sizes,
    platform,
    admin,
    crew,
    keyless,
    member,
    room,
    platformUserId: (index) => known.get(emailOf(index))?.platformUserId ?? '',
    groupUrl: (index) => `${deployment.simulator}/v1.2/sites/${site}/access_groups/${groups.get(groupName(index))?.externalId ?? ''}/users`,
    saltoToken,
    serviceToken: (number) => token('--role', 'service', '--sub', `platform-${number}`),
    memberToken: (index) => token('--role', 'member', '--sub', member(index)),
    locationId,
    close: async () => {
      await Promise.all([platform.close(), admin.close()]);
    },
  };
}

async function connectSite(admin: ApiClient): Promise<string> {
  const { result } = await admin.ask(say.ConnectIntegration, { input: { location: LOCATION } });
  const { authorizationUrl } = success(result, 'ConnectIntegrationSuccess');
  const page = await fetch(await consentOverHttp(authorizationUrl, { ...OWNER, allow: true }));
  if (!page.ok) throw new Error(await page.text());
  const { location } = await admin.ask(say.AvailableSites, { location: LOCATION });
  const [site] = location?.integration?.availableSites ?? [];
  if (site === undefined) throw new Error('No site was offered.');
  const selected = await admin.ask(say.SelectSite, { input: { location: LOCATION, siteExternalId: site.externalId } });
  success(selected.result, 'SelectSiteSuccess');
  return site.externalId;
}

/** Node ids and SALTO's ids of the access groups, by name. */
async function groupsOf({ database }: Deployment): Promise<Map<string, { node: string; externalId: string }>> {
  const { rows } = await database.query<{ id: string; externalId: string; name: string }>(
    'select id, "externalId", name from access_group',
  );
  return new Map(rows.map(({ id, externalId, name }) => [name, { node: encodeNodeId('AccessGroup', id), externalId }]));
}

async function signInAtSalto({ simulator }: Deployment): Promise<string> {
  const client = harbour().clients.find(({ grantTypes }) => grantTypes.includes('password'));
  if (client === undefined) throw new Error('No client of the scenario may sign in with a password.');
  const body = new URLSearchParams({
    grant_type: 'password',
    username: OWNER.email,
    password: OWNER.password,
    client_id: client.id,
    client_secret: client.secret ?? '',
    scope: 'openid user_api.full_access',
  });
  const response = await fetch(`${simulator}/connect/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

interface Known {
  siteUserId: string;
  platformUserId: string;
}

/** The people of the site, by address. */
async function peopleThere({ simulator }: Deployment, saltoToken: string, site: string): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  type Page = { items: { id: string; user: { id: string; email: string } }[]; next_page_link: string | null };
  for (let next: string | null = `${simulator}/v1.2/sites/${site}/users?$top=100`; next !== null;) {
    const response: Response = await fetch(next, { headers: { authorization: `Bearer ${saltoToken}` } });
    if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as Page;
    for (const { id, user } of page.items) known.set(user.email, { siteUserId: id, platformUserId: user.id });
    next = page.next_page_link;
  }
  return known;
}

/** Straight into the tables: what a platform has told over months, and what `prepare` has found out before the windows open. */
async function plantPeople({ database }: Deployment, known: Map<string, Known>, count: number, crew: number): Promise<void> {
  await database.query(`insert into company (id, "orgId", "externalId", name) values (gen_random_uuid(), $1, 'crew', 'Crew')`, [ORG]);
  await database.query(
    `insert into member (id, "orgId", "externalId", email, "emailKey", "firstName", "lastName", "companyId", "companySince")
     select gen_random_uuid(), $1, 'person-' || n, 'person-' || n || '@example.com', 'person-' || n || '@example.com', 'Pat', 'Moss',
       case when n < $3 then c.id end, case when n < $3 then now() end
     from generate_series(0, $2 - 1) n, company c where c."orgId" = $1`,
    [ORG, count, crew],
  );
  const rows = [...known].map(([email, ids]) => ({ email, ...ids }));
  await database.query(
    `insert into provider_user
       (id, "orgId", "integrationId", "siteExternalId", "memberId", email, "siteUserId", "platformUserId", "settledAt", "subscriptionState")
     select gen_random_uuid(), $1, i.id, i."siteExternalId", m.id, m."emailKey", t."siteUserId", t."platformUserId", now(), 'subscribed'
     from jsonb_to_recordset($2::jsonb) as t(email text, "siteUserId" text, "platformUserId" text)
     join member m on m."emailKey" = t.email and m."orgId" = $1 join integration i on i."orgId" = $1`,
    [ORG, JSON.stringify(rows)],
  );
  // As autovacuum would: tables that nothing was written to yet are not told to be empty, and plans made for that.
  await database.query('analyze member, provider_user');
}

async function letCrewIn(platform: ApiClient, admin: ApiClient, deployment: Deployment, accessGroup: string, crew: number): Promise<void> {
  const plan = { externalId: 'crew' };
  const told = await platform.ask(say.UpsertPlan, { input: { ...plan, location: LOCATION, name: CREW } });
  success(told.result, 'UpsertPlanSuccess');
  success((await admin.ask(say.SetPlanAccess, { input: { plan, accessGroup } })).result, 'SetPlanAccessSuccess');
  const startsOn = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(Date.now() - 86_400_000);
  const input = {
    externalId: 'crew',
    location: LOCATION,
    company: { externalId: 'crew' },
    startsOn,
    items: [{ externalId: 'crew', plan }],
  };
  success((await platform.ask(say.UpsertMemberSubscription, { input })).result, 'UpsertMemberSubscriptionSuccess');
  await settled(deployment, 'ACTIVE', crew);
}

const PATIENCE_MS = 180_000;

/** Resolves when so many memberships are in this state, among those of the rooms where `rooms` says so. */
export async function settled(
  { database }: Deployment,
  state: 'ACTIVE' | 'ABSENT',
  count: number,
  { groupLike = CREW, everyMs = 50 }: { groupLike?: string; everyMs?: number } = {},
): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  const among = 'from group_membership m join access_group g on g.id = m."accessGroupId" where g.name like $2 and';
  for (;;) {
    // Counting all of them each time would take PostgreSQL a quarter of the work that is measured: while one is missing, none is counted.
    const missing = await database.query(`select 1 ${among} m.state <> $1::"MembershipState" limit 1`, [state, groupLike]);
    if (missing.rowCount === 0) {
      const counted = `select count(*)::int as n ${among} m.state = $1::"MembershipState"`;
      const { rows } = await database.query<{ n: number }>(counted, [state, groupLike]);
      if ((rows[0]?.n ?? 0) >= count) return;
    }
    if (Date.now() > until) throw new Error(`Not all ${count} are ${state} within ${PATIENCE_MS / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

export async function setSwitches({ simulator }: Deployment, switches: Record<string, unknown>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${simulator}/_simulator/switches`, { method: 'PATCH', headers, body: JSON.stringify(switches) });
  if (!answer.ok) throw new Error(`The simulator answered ${answer.status}: ${await answer.text()}`);
}

export interface SaltoCalls {
  totals: Record<string, number>;
  maxConcurrency: number;
  calls: { receivedAt: number; method: string; path: string; body: { user_id?: string; add_ids?: string[] } | null }[];
}

/** What the simulator was asked since `forgetCalls`. */
export async function callsOf({ simulator }: Deployment, filter: { method?: string; path?: string; last: number }): Promise<SaltoCalls> {
  const query = new URLSearchParams({ ...filter, last: String(filter.last) });
  return (await (await fetch(`${simulator}/_simulator/calls?${query}`)).json()) as SaltoCalls;
}

export async function forgetCalls({ simulator }: Deployment): Promise<void> {
  await fetch(`${simulator}/_simulator/calls`, { method: 'DELETE' });
}
