import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../app/caller.ts';
import type { Clock } from '../ports/clock.ts';
import { sendPage } from './page.ts';
import { parseCookies } from './sign-in.ts';
import type { VerifyToken } from './tokens.ts';
import { bearer } from './tokens.ts';

/** A queue of the queue library, as its dashboard takes it. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

export interface DashboardOptions {
  queues: readonly BoardQueue[];
  verify: VerifyToken;
  clock: Clock;
  /** whose administrators are operators; 'any' in development. A queue holds every tenant's jobs. */
  operatorOrgIds: readonly string[] | 'any';
  /** browsers reach us by https only */
  secure: boolean;
}

const PATH = '/admin/queues';
const COOKIE = 'lk_admin';
const FORM =
  `<form method="post" action="${PATH}/login"><input name="token" type="password" autocomplete="off" required autofocus ` +
  'placeholder="an operator\'s token"><button>Open</button></form>';
/** Everything the dashboard needs is served from here; its web font is not asked for. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** The queue library's dashboard, for operators: a token in the header, or in a cookie that the login page sets. */
export async function mountDashboard(app: FastifyInstance, options: DashboardOptions): Promise<void> {
  const board = new FastifyAdapter();
  board.setBasePath(PATH);
  createBullBoard({ queues: options.queues.map((queue) => new BullMQAdapter(queue)), serverAdapter: board });
  await app.register(
    async (scope) => {
      mountLogin(scope, options);
      await scope.register(async (inner) => {
        inner.addHook('onRequest', async (request, reply) => {
          const token = parseCookies(request.headers.cookie).get(COOKIE) ?? bearer(request.headers.authorization);
          if (!(await operator(token, options))) return sendAway(request, reply);
          void reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
          return undefined;
        });
        await inner.register(board.registerPlugin(), { prefix: '/' });
      });
    },
    { prefix: PATH },
  );
}

function mountLogin(scope: FastifyInstance, options: DashboardOptions): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  const page = { title: 'Queues', text: 'For operators of this installation.', form: FORM };
  scope.get('/login', (_request, reply) => sendPage(reply, 200, page));
  scope.post('/login', async (request, reply) => {
    const { token } = (request.body ?? {}) as { token?: unknown };
    const whole = bearer(`Bearer ${String(token)}`);
    const caller = await operator(whole, options);
    if (!whole || !caller) return sendPage(reply, 401, { ...page, text: "That is not an operator's token." });
    const seconds = Math.floor((caller.expiresAt - options.clock.now()) / 1000);
    const secure = options.secure ? '; Secure' : '';
    return reply
      .header('set-cookie', `${COOKIE}=${whole}; Path=${PATH}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`)
      .redirect(`${PATH}/`, 303);
  });
}

async function operator(token: string | null, { verify, operatorOrgIds }: DashboardOptions): Promise<Caller | null> {
  const verdict = token ? await verify(token) : null;
  if (!verdict?.ok || verdict.caller.kind !== 'admin') return null;
  // Who is limited to some locations of their own organisation is not to see every tenant's jobs.
  if (verdict.caller.locationExternalIds !== null) return null;
  return operatorOrgIds === 'any' || operatorOrgIds.includes(verdict.caller.orgId) ? verdict.caller : null;
}

function sendAway(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  return isPage ? reply.redirect(`${PATH}/login`, 303) : reply.code(401).send({ error: "An operator's token is needed." });
}
