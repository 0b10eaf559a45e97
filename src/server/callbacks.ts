import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from './page.ts';
import type { SignInVerbs } from './sign-in.ts';
import { consentCookie, ticketCookie } from './sign-in.ts';

/** Where browsers come back to us, and where a member's sign-in begins. Addresses hold codes and tickets: none of them is logged. */
export function mountCallbacks(app: FastifyInstance, options: { publicUrl: string; verbs: SignInVerbs }): void {
  const { publicUrl, verbs } = options;
  // From the configured address and path, never from the request: it may name another host, and the lock maker compares.
  const callbackUrl = ({ routeOptions, url }: FastifyRequest) =>
    `${publicUrl}${routeOptions.url ?? ''}${url.includes('?') ? url.slice(url.indexOf('?')) : ''}`;

  app.get('/integrations/salto-ks/callback', async (request, reply) => {
    const cookie = consentCookie(request.headers.cookie);
    const { ok, message } = await verbs.finishConsent({ callbackUrl: callbackUrl(request), cookie });
    return sendPage(reply, ok ? 200 : 400, { title: ok ? 'Connected' : 'Not connected', text: message });
  });

  app.get('/digital-key/start', async (request, reply) => {
    const { ticket } = request.query as { ticket?: unknown };
    if (!isTicket(ticket)) return refuseStart(reply, 'This link is not whole. Go back to the app and try again.');
    const started = await verbs.startSignIn({ ticket });
    if (!started.ok) return refuseStart(reply, started.message);
    return reply
      .headers({
        'set-cookie': ticketCookie(started.activationId, ticket, publicUrl),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      .redirect(started.redirectTo, 303);
  });

  app.get('/digital-key/callback', async (request, reply) => {
    const { ok, message, deepLink } = await verbs.finishSignIn({ callbackUrl: callbackUrl(request) });
    if (deepLink) return reply.header('cache-control', 'no-store').redirect(deepLink, 303);
    return sendPage(reply, ok ? 200 : 400, { title: ok ? 'You are signed in' : 'No digital key yet', text: message });
  });
}

function refuseStart(reply: FastifyReply, text: string): FastifyReply {
  return sendPage(reply, 410, { title: 'This link cannot be used', text });
}

/** Our tickets are base64url. Nothing else is put into a cookie. */
function isTicket(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{16,200}$/.test(value);
}
