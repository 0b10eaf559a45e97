import pLimit from 'p-limit';
import type { ProviderDirectory, ProviderGroup, ProviderSession, ProviderSite } from '../../ports/lock-vendor.ts';
import type { SaltoClient } from './client.ts';
import type { SaltoAnswer } from './problems.ts';
import {
  groupLockShape,
  groupPersonShape,
  groupShape,
  lockShape,
  ownSiteUserShape,
  scheduleShape,
  siteShape,
  type SiteShape,
} from './shapes.ts';
import { isAdministrator, isAlways, scheduleFrom, siteFrom } from './translate.ts';

/** Reading many things at once leaves slots of the connection free for grants and revokes. */
const AT_A_TIME = 3;

/** The sites of the account where it holds an administrator role (C3). */
export async function administeredSites(client: SaltoClient, session: ProviderSession): Promise<SaltoAnswer<ProviderSite[]>> {
  const listed = await client.list(session, { route: '/v1.2/sites', item: siteShape });
  if (!listed.ok) return listed;
  const limit = pLimit(AT_A_TIME);
  const answers = await Promise.all(listed.value.map((site) => limit(() => siteIfAdministered(client, session, site))));
  return settled(answers, (sites) => sites.filter((site) => site !== null));
}

async function siteIfAdministered(
  client: SaltoClient,
  session: ProviderSession,
  site: SiteShape,
): Promise<SaltoAnswer<ProviderSite | null>> {
  const ids = { site: site.id };
  const own = await client.ask(session, { method: 'GET', route: '/v1.2/sites/{site}/me', ids, answer: ownSiteUserShape });
  if (!own.ok) return own.problem.kind === 'refused' || own.problem.kind === 'not-found' ? { ok: true, value: null } : own;
  if (!isAdministrator(own.value)) return { ok: true, value: null };
  // A list may tell less of a site than the site itself does.
  if (site.time_zone && site.mkey_compatible !== null && site.mkey_compatible !== undefined) return { ok: true, value: siteFrom(site) };
  return readSite(client, session, site.id);
}

export async function readSite(client: SaltoClient, session: ProviderSession, site: string): Promise<SaltoAnswer<ProviderSite>> {
  const answer = await client.ask(session, { method: 'GET', route: '/v1.2/sites/{site}', ids: { site }, answer: siteShape });
  return answer.ok ? { ok: true, value: siteFrom(answer.value) } : answer;
}

/** The site, its locks, and its groups with their locks, schedules and people (C4, C6). */
export async function readDirectory(client: SaltoClient, session: ProviderSession): Promise<SaltoAnswer<ProviderDirectory>> {
  const ids = { site: session.siteExternalId };
  const site = await readSite(client, session, session.siteExternalId);
  if (!site.ok) return site;
  const locks = await client.list(session, { route: '/v1.2/sites/{site}/locks', ids, item: lockShape });
  if (!locks.ok) return locks;
  const listed = await client.list(session, { route: '/v1.2/sites/{site}/access_groups', ids, item: groupShape });
  if (!listed.ok) return listed;
  const limit = pLimit(AT_A_TIME);
  const named = listed.value.map(({ id, customer_reference: name }) => ({ externalId: id, name: name ?? id }));
  const groups = await Promise.all(named.map((group) => limit(() => readGroup(client, session, group))));
  return settled(groups, (read) => ({
    site: site.value,
    groups: read.filter((group) => group !== null),
    locks: locks.value.map((lock) => ({ externalId: lock.id, name: lock.customer_reference ?? lock.id, online: lock.online ?? null })),
  }));
}

/** null when the group has gone since it was listed */
export async function readGroup(
  client: SaltoClient,
  session: ProviderSession,
  group: { externalId: string; name: string },
): Promise<SaltoAnswer<ProviderGroup | null>> {
  const ids = { site: session.siteExternalId, group: group.externalId };
  const [locks, schedules, people] = await Promise.all([
    client.list(session, { route: '/v1.2/sites/{site}/access_groups/{group}/locks', ids, item: groupLockShape }),
    client.list(session, { route: '/v1.1/sites/{site}/access_groups/{group}/time_schedules', ids, item: scheduleShape }),
    readGroupPeople(client, session, group.externalId),
  ]);
  for (const answer of [locks, schedules, people]) {
    if (!answer.ok) return answer.problem.kind === 'not-found' ? { ok: true, value: null } : answer;
  }
  if (!locks.ok || !schedules.ok || !people.ok) return { ok: true, value: null };
  return {
    ok: true,
    value: {
      ...group,
      scheduled: schedules.value.length > 0,
      alwaysOpen: schedules.value.some(isAlways),
      schedules: schedules.value.map(scheduleFrom),
      lockExternalIds: locks.value.map(({ id }) => id),
      people: people.value,
    },
  };
}

/** Platform user ids of the people in a group. */
export async function readGroupPeople(client: SaltoClient, session: ProviderSession, group: string): Promise<SaltoAnswer<string[]>> {
  const ids = { site: session.siteExternalId, group };
  const people = await client.list(session, { route: '/v1.2/sites/{site}/access_groups/{group}/users', ids, item: groupPersonShape });
  return people.ok ? { ok: true, value: [...new Set(people.value.map(({ id }) => id))] } : people;
}

/** All values, or the first refusal. */
function settled<T, R>(answers: SaltoAnswer<T>[], combine: (values: T[]) => R): SaltoAnswer<R> {
  const values: T[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    values.push(answer.value);
  }
  return { ok: true, value: combine(values) };
}
