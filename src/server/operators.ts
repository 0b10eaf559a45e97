import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../app/caller.ts';
import { isOperator } from '../app/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { sendPage } from './page.ts';
import { parseCookies } from './sign-in.ts';
import type { VerifyToken } from './tokens.ts';
import { bearer } from './tokens.ts';

export interface OperatorsOptions {
  verify: VerifyToken;
  clock: Clock;
  log: Logger;
  /** whose administrators are operators; 'any' in development. They see every tenant. */
  operatorOrgIds: readonly string[] | 'any';
  /** without a trailing slash */
  publicUrl: string;
}

/** Below it is everything that is for operators. */
export const ADMIN = '/admin';
const LOGIN = `${ADMIN}/queues/login`;
const HOME = `${ADMIN}/queues/`;
const COOKIE = 'lk_admin';
const QUESTION = 'For operators of this installation.';

/** Lets operators in: by a token in the header, or in the cookie that the login page sets. What they change is logged with who did it. */
export function guardOperators(scope: FastifyInstance, options: OperatorsOptions): void {
  scope.addHook('onRequest', async (request, reply) => {
    const token = parseCookies(request.headers.cookie).get(COOKIE) ?? bearer(request.headers.authorization);
    const caller = await operator(token, options);
    if (!caller) return sendAway(request, reply);
    if (request.method !== 'GET') {
      const { method, routeOptions, params } = request;
      const by = `admin:${caller.subject}`;
      options.log.info({ orgId: caller.orgId, by, method, route: routeOptions.url, params }, 'an operator acts on a queue');
    }
    void reply.header('cache-control', 'no-store');
    return undefined;
  });
}

export function mountLogin(scope: FastifyInstance, options: OperatorsOptions): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  scope.get('/queues/login', (request, reply) => {
    const to = within((request.query as { to?: unknown }).to, options.publicUrl);
    return sendPage(reply, 200, { title: 'Operators', text: QUESTION, form: form(to) });
  });
  scope.post('/queues/login', async (request, reply) => {
    const { token, to: asked } = (request.body ?? {}) as { token?: unknown; to?: unknown };
    const to = within(asked, options.publicUrl);
    const whole = bearer(`Bearer ${String(token).trim()}`);
    const caller = await operator(whole, options);
    if (!whole || !caller) return sendPage(reply, 401, { title: 'Operators', text: "That is not an operator's token.", form: form(to) });
    const seconds = Math.floor((caller.expiresAt - options.clock.now()) / 1000);
    const secure = options.publicUrl.startsWith('https:') ? '; Secure' : '';
    return reply
      .header('set-cookie', `${COOKIE}=${whole}; Path=${ADMIN}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`)
      .redirect(to, 303);
  });
}

/** Who comes by a link from elsewhere brings no SameSite=Strict cookie; the link on this page is from here, and brings it. */
function form(to: string): Html {
  return html`<form method="post" action="${LOGIN}">
      <input type="hidden" name="to" value="${to}" />
      <input name="token" type="password" autocomplete="off" required autofocus placeholder="an operator's token" />
      <button>Open</button>
    </form>
    <p><a href="${to}">I have logged in already</a></p>`;
}

/** Where to go after the login: an address of ours that is for operators, and no other. */
function within(asked: unknown, publicUrl: string): string {
  if (typeof asked !== 'string' || !URL.canParse(asked, publicUrl)) return HOME;
  const url = new URL(asked, publicUrl);
  const isOurs = url.origin === new URL(publicUrl).origin && `${url.pathname}/`.startsWith(`${ADMIN}/`);
  return isOurs && url.pathname !== LOGIN ? `${url.pathname}${url.search}` : HOME;
}

async function operator(token: string | null, { verify, operatorOrgIds }: OperatorsOptions): Promise<Caller | null> {
  const verdict = token ? await verify(token) : null;
  return verdict?.ok && isOperator(verdict.caller, operatorOrgIds) ? verdict.caller : null;
}

function sendAway(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (!isPage) return reply.code(401).send({ error: "An operator's token is needed." });
  const to = [ADMIN, HOME, `${ADMIN}/queues`].includes(request.url) ? '' : `?to=${encodeURIComponent(request.url)}`;
  return reply.redirect(`${LOGIN}${to}`, 303);
}
