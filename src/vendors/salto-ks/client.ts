import type { z } from 'zod';
import type { ProviderSession } from '../../ports/lock-vendor.ts';
import type { Http, HttpReply, HttpRequest } from '../http.ts';
import { hidesError, lost, refuse, refused, unavailable, unreadable, type SaltoAnswer } from './problems.ts';
import { pageOf, type Page } from './shapes.ts';

export interface Ask<T> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** path with `{names}`, which `ids` fills in */
  route: string;
  ids?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  answer: z.ZodType<T>;
}

export interface AskList<T> {
  route: string;
  ids?: Record<string, string>;
  query?: Record<string, string>;
  item: z.ZodType<T>;
}

/** Pages are asked for at this size; without asking they have 20. More was never seen to be accepted. */
export const PAGE_SIZE = 100;
const MOST_PAGES = 1_000;
const UNAUTHORIZED = 401;

/** Typed calls to the Connect API. Lists are followed to their end; a rejected token is renewed once. */
export class SaltoClient {
  readonly #http: Http;
  readonly #base: URL;

  constructor(http: Http, apiUrl: string) {
    this.#http = http;
    this.#base = new URL(apiUrl);
  }

  ask<T>(session: ProviderSession, ask: Ask<T>): Promise<SaltoAnswer<T>> {
    return this.#call(session, ask, this.#urlOf(ask));
  }

  /** one page; `next` of the page before is followed in place of the query */
  page<T>(session: ProviderSession, list: AskList<T>, next: string | null = null): Promise<SaltoAnswer<Page<T>>> {
    const ask = { ...list, method: 'GET' as const, answer: pageOf(list.item) };
    const url = next === null ? this.#urlOf(ask) : this.#following(next);
    if (url === null) return Promise.resolve(unavailable(`SALTO KS GET ${list.route}: the next page is said to be at another host`));
    return this.#call(session, ask, url);
  }

  /** all pages of a list */
  async list<T>(session: ProviderSession, list: AskList<T>): Promise<SaltoAnswer<T[]>> {
    return this.#search(session, list, () => false);
  }

  /** the first of a list that `isIt`; null when none is. Pages after it are not read. */
  async find<T>(session: ProviderSession, list: AskList<T>, isIt: (item: T) => boolean): Promise<SaltoAnswer<T | null>> {
    const found = await this.#search(session, list, isIt);
    return found.ok ? { ok: true, value: found.value.find(isIt) ?? null } : found;
  }

  async #search<T>(session: ProviderSession, list: AskList<T>, isLast: (item: T) => boolean): Promise<SaltoAnswer<T[]>> {
    const sized = { ...list, query: { $top: String(PAGE_SIZE), ...list.query } };
    const items: T[] = [];
    const followed = new Set<string>();
    let next: string | null = null;
    do {
      const page: SaltoAnswer<Page<T>> = await this.page(session, sized, next);
      if (!page.ok) return page;
      items.push(...page.value.items);
      next = page.value.nextPageLink;
      if (page.value.items.some(isLast)) break;
      if (next !== null && (followed.has(next) || followed.size >= MOST_PAGES)) {
        return unavailable(`SALTO KS GET ${list.route}: the list has no end`);
      }
      if (next !== null) followed.add(next);
    } while (next !== null);
    return { ok: true, value: items };
  }

  async #call<T>(session: ProviderSession, ask: Ask<T>, url: URL): Promise<SaltoAnswer<T>> {
    const token = await session.token(null);
    if (!token.ok) return refuse(token.problem);
    let reply = await this.#send(session, ask, url, token.value);
    if (reply.ok && reply.status === UNAUTHORIZED) {
      const fresh = await session.token(token.value);
      if (!fresh.ok) return refuse(fresh.problem, UNAUTHORIZED);
      reply = await this.#send(session, ask, url, fresh.value);
    }
    return read(ask, reply);
  }

  async #send(session: ProviderSession, ask: Ask<unknown>, url: URL, token: string): Promise<HttpReply> {
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const request: HttpRequest = { method: ask.method, url, route: ask.route, headers };
    if (ask.body === undefined) {
      const reply = await this.#http.send(session.connectionId, request);
      // An idle connection that the server has just closed looks like this; a read may be sent again.
      return !reply.ok && reply.how === 'reset' && ask.method === 'GET' ? this.#http.send(session.connectionId, request) : reply;
    }
    const body = JSON.stringify(ask.body);
    return this.#http.send(session.connectionId, { ...request, headers: { ...headers, 'content-type': 'application/json' }, body });
  }

  #urlOf(ask: { route: string; ids?: Record<string, string>; query?: Record<string, string> }): URL {
    const path = ask.route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ask.ids?.[name] ?? ''));
    // OData's `$names` stay as they are, and a blank is %20, which every server reads alike.
    const query = Object.entries(ask.query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    url.search = query.join('&');
    return url;
  }

  /** A link of the provider's, at the scheme and port we were configured with; null where it leads to another host. */
  #following(link: string): URL | null {
    if (!URL.canParse(link, this.#base.href)) return null;
    const url = new URL(link, this.#base);
    if (url.hostname !== this.#base.hostname) return null;
    url.protocol = this.#base.protocol;
    url.port = this.#base.port;
    return url;
  }
}

function read<T>(ask: Ask<T>, reply: HttpReply): SaltoAnswer<T> {
  if (!reply.ok) return lost(ask, reply);
  const said = parsed(reply.text);
  if (reply.status === UNAUTHORIZED) {
    const why = `SALTO KS ${ask.method} ${ask.route}: HTTP 401 to a token that had just been renewed`;
    return refuse({ kind: 'needs-reauthorization', why }, UNAUTHORIZED);
  }
  const success = reply.status >= 200 && reply.status < 300;
  if (!success || hidesError(said)) return refused(ask, reply, said);
  if (said === undefined && reply.text !== '') return unreadable(ask, reply, 'the answer is no JSON');
  const shaped = ask.answer.safeParse(said);
  return shaped.success ? { ok: true, value: shaped.data } : unreadable(ask, reply, 'the answer was not understood');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
