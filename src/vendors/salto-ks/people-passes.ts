import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ProviderPerson, ProviderSession } from '../../ports/lock-vendor.ts';
import { PAGE_SIZE, type AskList, type SaltoClient } from './client.ts';
import type { SaltoAnswer } from './problems.ts';
import { siteUserShape, type Page, type SiteUserShape } from './shapes.ts';
import { personFrom } from './translate.ts';

type Found = Map<string, ProviderPerson>;

interface Pass {
  wanted: Set<string>;
  /** when the last one asked */
  joinedAt: number;
  result: Promise<SaltoAnswer<Found>>;
}

/** Leaves slots of the connection free for grants and revokes. */
const AT_A_TIME = 8;
/**
 * Groups that fall due together ask one soon after the other: a reading waits until nobody has joined it for so long, and no longer than the
 * most, in milliseconds. At a large site it is a hundred calls.
 */
const GATHER_MS = 50;
const GATHER_AT_MOST_MS = 1_500;

/**
 * Readings of a site's whole list of people, shared by all who ask meanwhile: many groups fall due at one instant. Whoever asks while a
 * reading runs gets the next one, since the running one may be past what they have just changed.
 */
export class PeoplePasses {
  readonly #client: SaltoClient;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Pass>();

  constructor(client: SaltoClient) {
    this.#client = client;
  }

  /**
   * People by site user id, among them those wanted as far as the list shows them. It stops early where reading on would take more calls
   * than asking for the missing ones by themselves.
   */
  read(session: ProviderSession, wanted: string[]): Promise<SaltoAnswer<Found>> {
    const key = `${session.connectionId} ${session.siteExternalId}`;
    const waiting = this.#next.get(key);
    if (waiting) {
      for (const id of wanted) waiting.wanted.add(id);
      waiting.joinedAt = performance.now();
      return waiting.result;
    }
    const pass: Omit<Pass, 'result'> = { wanted: new Set(wanted), joinedAt: performance.now() };
    const result = this.#afterRunning(key, pass, session);
    this.#next.set(key, Object.assign(pass, { result }));
    return result;
  }

  async #afterRunning(key: string, pass: Omit<Pass, 'result'>, session: ProviderSession): Promise<SaltoAnswer<Found>> {
    await Promise.all([this.#running.get(key), gathered(pass)]);
    this.#next.delete(key);
    const running = this.#pass(session, pass.wanted);
    this.#running.set(key, running);
    const found = await running;
    if (this.#running.get(key) === running) this.#running.delete(key);
    return found;
  }

  async #pass(session: ProviderSession, wanted: Set<string>): Promise<SaltoAnswer<Found>> {
    const list: AskList<SiteUserShape> = {
      route: '/v1.2/sites/{site}/users',
      ids: { site: session.siteExternalId },
      query: { $top: String(PAGE_SIZE), $inlinecount: 'allpages' },
      item: siteUserShape,
    };
    const first = await this.#client.page(session, list);
    if (!first.ok) return first;
    const found: Found = new Map();
    take(first.value, found);
    const { count, items } = first.value;
    const countable = count !== null && items.length === PAGE_SIZE;
    return countable ? this.#byOffset(session, list, count, wanted, found) : this.#byLinks(session, list, first.value, wanted, found);
  }

  async #byOffset(
    session: ProviderSession,
    list: AskList<SiteUserShape>,
    count: number,
    wanted: Set<string>,
    found: Found,
  ): Promise<SaltoAnswer<Found>> {
    const offsets = Array.from({ length: Math.ceil(count / PAGE_SIZE) - 1 }, (_, page) => (page + 1) * PAGE_SIZE);
    if (offsets.length > missing(wanted, found)) return { ok: true, value: found };
    const limit = pLimit(AT_A_TIME);
    const at = (offset: number) => limit(() => this.#client.page(session, { ...list, query: { ...list.query, $skip: String(offset) } }));
    for (const page of await Promise.all(offsets.map(at))) {
      if (!page.ok) return page;
      take(page.value, found);
    }
    return { ok: true, value: found };
  }

  async #byLinks(
    session: ProviderSession,
    list: AskList<SiteUserShape>,
    first: Page<SiteUserShape>,
    wanted: Set<string>,
    found: Found,
  ): Promise<SaltoAnswer<Found>> {
    let next = first.nextPageLink;
    for (let pages = 1; next !== null && pages <= wanted.size && missing(wanted, found) > 0; pages += 1) {
      const page: SaltoAnswer<Page<SiteUserShape>> = await this.#client.page(session, list, next);
      if (!page.ok) return page;
      take(page.value, found);
      next = page.value.nextPageLink;
    }
    return { ok: true, value: found };
  }
}

async function gathered(pass: { joinedAt: number }): Promise<void> {
  const until = performance.now() + GATHER_AT_MOST_MS;
  for (let now = performance.now(); now < until; now = performance.now()) {
    const rest = Math.min(until, pass.joinedAt + GATHER_MS) - now;
    if (rest <= 0) return;
    await wait(rest);
  }
}

function take(page: Page<SiteUserShape>, found: Found): void {
  for (const person of page.items.map(personFrom)) {
    if (person) found.set(person.siteUserId, person);
  }
}

function missing(wanted: Set<string>, found: Found): number {
  let count = 0;
  for (const id of wanted) count += found.has(id) ? 0 : 1;
  return count;
}
