import pLimit from 'p-limit';
import type { Instant } from '../../core/time.ts';
import type { NewPerson, ProviderPerson, ProviderSession } from '../../ports/lock-vendor.ts';
import type { AskList, SaltoClient } from './client.ts';
import { PeoplePasses } from './people-passes.ts';
import { refuse, type SaltoAnswer } from './problems.ts';
import { anything, roleShape, siteUserShape, type SiteUserShape } from './shapes.ts';
import { personFrom, sameEmail } from './translate.ts';

const SITE_USERS = '/v1.2/sites/{site}/users';
const SITE_USER = `${SITE_USERS}/{person}`;
const MEMBER_ROLE = 'site_user';
const REMEMBERED_FOR_MS = 3_600_000;
/** Up to so many people are read one by one, more of them by the list. */
const FEW = 10;
const AT_A_TIME = 5;
/** What a server answers that does not take a filter. */
const NO_FILTER = new Set([400, 404, 405, 501]);

/** The people of a site: SALTO's site users. */
export class People {
  readonly #client: SaltoClient;
  readonly #now: () => Instant;
  readonly #passes: PeoplePasses;
  /** role ids by site: the same code may have another id at another site */
  readonly #roles = new Map<string, { id: string; until: Instant }>();
  #noFilterUntil: Instant = 0;

  constructor(client: SaltoClient, now: () => Instant) {
    this.#client = client;
    this.#now = now;
    this.#passes = new PeoplePasses(client);
  }

  async findPerson(session: ProviderSession, email: string): Promise<SaltoAnswer<ProviderPerson | null>> {
    if (this.#noFilterUntil > this.#now()) return this.#search(session, email);
    const quoted = email.trim().replaceAll("'", "''");
    const filtered = await this.#search(session, email, `user/email eq '${quoted}'`);
    if (filtered.ok || !NO_FILTER.has(filtered.status ?? 0)) return filtered;
    const all = await this.#search(session, email);
    // Both refused is something else than a filter that is not taken.
    if (all.ok) this.#noFilterUntil = this.#now() + REMEMBERED_FOR_MS;
    return all;
  }

  /**
   * Safe to repeat: an address that is on the site already answers with the person of that address. That also covers a filter that heeds
   * case, for which findPerson found nobody.
   */
  async createPerson(session: ProviderSession, person: NewPerson): Promise<SaltoAnswer<ProviderPerson>> {
    const role = await this.#roleId(session);
    if (!role.ok) return role;
    const created = await this.#client.ask(session, {
      method: 'POST',
      route: SITE_USERS,
      ids: { site: session.siteExternalId },
      body: creationOf(person, role.value),
      answer: anything,
    });
    if (!created.ok && created.problem.kind !== 'refused') return created;
    const read = siteUserShape.safeParse(created.ok ? created.value : null);
    const known = read.success ? personFrom(read.data) : null;
    if (known) return { ok: true, value: known };
    if (!created.ok) this.#roles.delete(roleKey(session));
    const found = await this.#search(session, person.email);
    if (!found.ok) return created.ok ? refuse({ kind: 'unsure', why: found.problem.why }) : created;
    if (found.value) return { ok: true, value: found.value };
    return created.ok ? refuse({ kind: 'unsure', why: 'SALTO KS created a person and does not show them yet' }) : created;
  }

  /** Without a free seat the answer is a success all the same, and only shows that the person is suspended still. */
  async giveSeat(session: ProviderSession, siteUserId: string): Promise<SaltoAnswer<ProviderPerson>> {
    const answer = await this.#client.ask(session, {
      method: 'PATCH',
      route: `${SITE_USER}/subscription`,
      ids: { site: session.siteExternalId, person: siteUserId },
      body: { state: 'subscribed' },
      answer: anything,
    });
    if (!answer.ok) return answer;
    // Whatever the answer shows, the person does as they are now.
    const read = await this.#readPerson(session, siteUserId);
    if (!read.ok) return refuse({ kind: 'unsure', why: read.problem.why });
    const [person] = read.value;
    return person === undefined
      ? refuse({ kind: 'not-found', why: 'SALTO KS does not know the person any more' })
      : { ok: true, value: person };
  }

  async readPeople(session: ProviderSession, siteUserIds: string[]): Promise<SaltoAnswer<ProviderPerson[]>> {
    const wanted = [...new Set(siteUserIds)];
    const none = { ok: true as const, value: new Map<string, ProviderPerson>() };
    const listed = wanted.length > FEW ? await this.#passes.read(session, wanted) : none;
    if (!listed.ok) return listed;
    // Whoever the list did not show is asked for: pages shift while people come and go.
    const limit = pLimit(AT_A_TIME);
    const single = (id: string) => limit(() => this.#readPerson(session, id));
    const answers = await Promise.all(wanted.filter((id) => !listed.value.has(id)).map(single));
    const people = wanted.flatMap((id) => listed.value.get(id) ?? []);
    for (const answer of answers) {
      if (answer.ok) people.push(...answer.value);
      else return answer;
    }
    return { ok: true, value: people };
  }

  async #readPerson(session: ProviderSession, person: string): Promise<SaltoAnswer<ProviderPerson[]>> {
    const ids = { site: session.siteExternalId, person };
    const answer = await this.#client.ask(session, { method: 'GET', route: SITE_USER, ids, answer: siteUserShape });
    if (!answer.ok) return answer.problem.kind === 'not-found' ? { ok: true, value: [] } : answer;
    return { ok: true, value: [personFrom(answer.value)].filter((known) => known !== null) };
  }

  /** `filter` is only a way to fewer pages: what comes back is compared all the same. */
  async #search(session: ProviderSession, email: string, filter?: string): Promise<SaltoAnswer<ProviderPerson | null>> {
    const list: AskList<SiteUserShape> = {
      route: SITE_USERS,
      ids: { site: session.siteExternalId },
      query: filter === undefined ? {} : { $filter: filter },
      item: siteUserShape,
    };
    const found = await this.#client.find(session, list, ({ user }) => sameEmail(user?.email, email));
    return found.ok ? { ok: true, value: found.value && personFrom(found.value) } : found;
  }

  async #roleId(session: ProviderSession): Promise<SaltoAnswer<string>> {
    const known = this.#roles.get(roleKey(session));
    if (known && known.until > this.#now()) return { ok: true, value: known.id };
    const list = { route: '/v1.2/sites/{site}/roles', ids: { site: session.siteExternalId }, item: roleShape };
    const role = await this.#client.find(session, list, ({ code }) => code === MEMBER_ROLE);
    if (!role.ok) return role;
    if (!role.value) return refuse({ kind: 'refused', why: `SALTO KS does not let this account hand out the role ${MEMBER_ROLE}` });
    this.#roles.set(roleKey(session), { id: role.value.id, until: this.#now() + REMEMBERED_FOR_MS });
    return { ok: true, value: role.value.id };
  }
}

function roleKey(session: ProviderSession): string {
  return `${session.connectionId} ${session.siteExternalId}`;
}

function creationOf(person: NewPerson, role: string): object {
  return {
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email.trim(),
    alias: `${person.firstName} ${person.lastName}`.trim(),
    role_ids: [role],
    blocked: false,
    use_pin: false,
    toggle_easy_office_mode: false,
    toggle_manual_office_mode: false,
    override_privacy_mode: false,
  };
}
