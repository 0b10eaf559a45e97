import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whereOf } from '../faults.ts';
import { isAdmin, siteUserOf } from '../people.ts';
import type { SimulatorState } from '../state.ts';
import { accessGroupRoutes } from './access-groups.ts';
import { ApiError, InvalidToken, invalidParameter, noPermission, notFound } from './api-error.ts';
import { personOfToken } from './bearer.ts';
import { deviceRoutes } from './devices.ts';
import { entryRoutes } from './entries.ts';
import { groupMemberRoutes } from './group-members.ts';
import { lockRoutes } from './locks.ts';
import { VERSIONS, type Answer, type ApiCall, type ApiRoute, type Method, type SiteCall, type Version } from './route.ts';
import { scheduleRoutes } from './schedules.ts';
import { siteRoutes } from './sites.ts';
import { userRoutes } from './users.ts';

const ROUTES = [
  ...siteRoutes,
  ...userRoutes,
  ...accessGroupRoutes,
  ...groupMemberRoutes,
  ...scheduleRoutes,
  ...lockRoutes,
  ...entryRoutes,
  ...deviceRoutes,
];
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** @throws ApiError: site unknown, or not the person's, or only for administrators */
function siteCallOf(call: ApiCall, needs: 'site' | 'admin'): SiteCall {
  const site = call.state.sites.get(call.params['siteId']?.toLowerCase() ?? '');
  if (!site) throw notFound('Site');
  const me = siteUserOf(site, call.person.id);
  if (!me || (needs === 'admin' && !isAdmin(me))) throw noPermission();
  return { ...call, site, me };
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (body === undefined) return reply.code(status).send();
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof InvalidToken) {
    const description = error.message === '' ? '' : ` error="invalid_token", error_description="${error.message}"`;
    return reply.code(401).header('www-authenticate', `Bearer${description}`).send();
  }
  if (error instanceof ApiError) return send(reply, { status: error.status, body: { ErrorCode: error.code, Message: error.message } });
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 415) return reply.code(415).send();
  const body = status < 500 ? { ErrorCode: '1100', Message: 'The request is invalid.' } : undefined;
  return send(reply, { status, body });
}

async function serve(state: SimulatorState, version: Version, route: ApiRoute, http: FastifyRequest): Promise<Answer> {
  const person = await personOfToken(state, http.headers.authorization);
  const params = http.params as Record<string, string>;
  const malformed = Object.values(params).find((value) => !UUID.test(value));
  if (malformed !== undefined) throw invalidParameter(`The value '${malformed}' is not valid.`);
  const address = new URL(http.url, state.url);
  const call: ApiCall = { state, version, address, where: whereOf(http, 'api'), person, params, body: http.body };
  return route.needs === 'token' ? route.handle(call) : route.handle(siteCallOf(call, route.needs));
}

/** JSON only, an empty body allowed, as the original takes it; another content type is 415. */
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? null : JSON.parse(String(text)));
    } catch {
      done(invalidParameter('The request is not valid JSON.'));
    }
  });
}

/** The Connect API in its versions side by side (SALTO facts §2.1). */
export function registerConnectApi(app: FastifyInstance, state: SimulatorState): void {
  readJson(app);
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));
  const paths = [...new Set(ROUTES.map((route) => route.path))];
  for (const version of VERSIONS) {
    for (const url of paths) {
      const here = ROUTES.filter((route) => route.path === url && route.versions.includes(version));
      for (const method of METHODS) {
        const route = here.find((candidate) => candidate.method === method);
        app.route({
          method,
          url: `/${version}${url}`,
          handler: async (http, reply) => {
            if (!route)
              return reply
                .code(405)
                .header('allow', here.map((candidate) => candidate.method).join(', '))
                .send();
            return send(reply, await serve(state, version, route, http));
          },
        });
      }
    }
    app.all(`/${version}/*`, (_http, reply) => reply.code(404).send());
  }
  app.all('/v2/*', async (http, reply) => {
    await personOfToken(state, http.headers.authorization);
    const problem = { type: 'about:blank', title: 'Forbidden', status: 403, traceId: http.id };
    return reply.code(403).type('application/problem+json').send(JSON.stringify(problem));
  });
}
