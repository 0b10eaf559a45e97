/** Who signs in at the consent page, and whether they allow what is asked. */
export interface Consent {
  email: string;
  password: string;
  allow: boolean;
}

const MOST_HOPS = 20;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** The form of a page: where it goes and its hidden fields. */
function formOf(html: string, base: URL): { action: URL; fields: URLSearchParams } {
  const form = /<form\b[^>]*>/i.exec(html)?.[0];
  if (form === undefined) throw new Error(`no form on the page at ${base.pathname}`);
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi)) {
    fields.set(attribute(input, 'name') ?? '', attribute(input, 'value') ?? '');
  }
  return { action: new URL(attribute(form, 'action') ?? '', base), fields };
}

/** A browser's cookies, by host as browsers do (ports do not tell cookies apart); paths and expiry are not kept. */
export class CookieJar {
  readonly #cookies = new Map<string, Map<string, string>>();

  keep(url: URL, response: Response): void {
    const own = this.#cookies.get(url.hostname) ?? new Map<string, string>();
    this.#cookies.set(url.hostname, own);
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/;\s*max-age=0/i.test(line)) own.delete(name);
      else own.set(name, pair.slice(pair.indexOf('=') + 1));
    }
  }

  header(url: URL): string {
    return [...(this.#cookies.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

async function visit(url: URL, jar: CookieJar, form?: URLSearchParams): Promise<Response> {
  const init = form ? { method: 'POST', body: form } : {};
  const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie: jar.header(url) } });
  jar.keep(url, response);
  return response;
}

/**
 * Drives the consent page as a browser would and answers the address it is sent back to, which is not visited.
 * @throws Error when the page refuses the password or shows an error
 */
export async function consentOverHttp(authorizationUrl: string, consent: Consent, jar: CookieJar = new CookieJar()): Promise<string> {
  const start = new URL(authorizationUrl);
  const opened = await visit(start, jar);
  const already = opened.headers.get('location');
  if (already !== null) return new URL(already, start).toString();
  if (!opened.ok) throw new Error(`the sign-in page answered ${opened.status}`);
  const { action, fields } = formOf(await opened.text(), start);
  fields.set('email', consent.email);
  fields.set('password', consent.password);
  fields.set('decision', consent.allow ? 'allow' : 'deny');
  const answered = await visit(action, jar, fields);
  const location = answered.headers.get('location');
  if (location !== null) return new URL(location, action).toString();
  const sentence = /role="alert">([^<]*)</.exec(await answered.text())?.[1];
  throw new Error(`the sign-in page did not let ${consent.email} through: ${sentence ?? `status ${answered.status}`}`);
}

export interface LastPage {
  url: string;
  status: number;
  text: string;
}

/**
 * Follows redirects from page to page with cookies, as a phone's browser does in a federated sign-in, until an answer that is none.
 */
export async function followOverHttp(url: string, jar: CookieJar = new CookieJar()): Promise<LastPage> {
  let at = new URL(url);
  for (let hop = 0; hop < MOST_HOPS; hop += 1) {
    const response = await visit(at, jar);
    const location = response.headers.get('location');
    if (location === null) return { url: at.toString(), status: response.status, text: await response.text() };
    at = new URL(location, at);
  }
  throw new Error(`more than ${MOST_HOPS} redirects`);
}
