import type { Instant } from '../../core/time.ts';
import type { LockVendor, ProviderAnswer } from '../../ports/lock-vendor.ts';
import { createHttp, type HttpOptions } from '../http.ts';
import { createAuth } from './auth.ts';
import { SaltoClient } from './client.ts';
import type { SaltoKsConfig } from './config.ts';
import { issueKey, whoAmI } from './devices.ts';
import { entriesAfter } from './entries.ts';
import { Groups } from './groups.ts';
import { People } from './people.ts';
import type { SaltoAnswer } from './problems.ts';
import { administeredSites, readDirectory, readGroup, readGroupPeople, readSite } from './sites.ts';
import { BATCH_SIZE, SETTLES_WITHIN_MS } from './verdicts.ts';

/** What differs between production and tests: the clock, the bounds of a call, and who watches. */
export type VendorOptions = Partial<HttpOptions>;

export function createSaltoKs(config: SaltoKsConfig, options: VendorOptions = {}): LockVendor {
  const now: () => Instant = options.now ?? Date.now;
  const http = createHttp({ ...options, now });
  const client = new SaltoClient(http, config.apiUrl);
  const people = new People(client, now);
  const groups = new Groups(client, now);
  return {
    provider: 'SALTO_KS',
    can: { batchSize: BATCH_SIZE, digitalKeys: true, settlesWithinMs: SETTLES_WITHIN_MS },
    ...createAuth(config, http, now),
    sites: (session) => answered(administeredSites(client, session)),
    site: (session) => answered(readSite(client, session, session.siteExternalId)),
    directory: (session) => answered(readDirectory(client, session)),
    group: (session, { externalId, name }) => answered(readGroup(client, session, { externalId, name })),
    groupPeople: (session, group) => answered(readGroupPeople(client, session, group)),
    findPerson: (session, email) => answered(people.findPerson(session, email)),
    createPerson: (session, person) => answered(people.createPerson(session, person)),
    giveSeat: (session, siteUserId) => answered(people.giveSeat(session, siteUserId)),
    readPeople: (session, siteUserIds) => answered(people.readPeople(session, siteUserIds)),
    changeGroup: (session, group, change, at) => groups.change(session, group, change, at),
    whoAmI: (session) => answered(whoAmI(client, session)),
    issueKey: (session, device) => answered(issueKey(client, session, device, now)),
    entriesAfter: (session, cursor, limit) => answered(entriesAfter(client, session, cursor, limit)),
  };
}

/** Without SALTO's own figures, which nobody outside this folder is to judge by. */
async function answered<T>(answer: Promise<SaltoAnswer<T>>): Promise<ProviderAnswer<T>> {
  const said = await answer;
  return said.ok ? said : { ok: false, problem: said.problem };
}
