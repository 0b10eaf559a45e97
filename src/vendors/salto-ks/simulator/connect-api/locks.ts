import { z } from 'zod';
import type { Iq, Lock } from '../records.ts';
import { ApiError, notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { ok, param, VERSIONS, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showIq, showLock } from './show.ts';

function lockIn(call: SiteCall): Lock {
  const lock = call.state.locks.get(param(call, 'lockId'));
  if (!lock || lock.siteId !== call.site.id) throw notFound('Lock');
  return lock;
}

function iqIn(call: SiteCall): Iq {
  const iq = call.state.iqs.get(param(call, 'iqId'));
  if (!iq || iq.siteId !== call.site.id) throw notFound('IQ');
  return iq;
}

/** Remote opening: nobody has activated an IQ here, so no one-time password is ever right (SALTO facts §4.7). */
function refuseRemoteOpening(call: SiteCall): Answer {
  lockIn(call);
  const otp = z.object({ otp: z.string().min(1) }).safeParse(call.body);
  throw otp.success ? new ApiError(400, '3102', 'otp_invalid') : new ApiError(404, '2202', 'Otp is invalid');
}

const LOCKS = '/sites/:siteId/locks';
const LOCK = `${LOCKS}/:lockId`;
const IQS = '/sites/:siteId/iqs';

/** Locks and IQs (SALTO facts §2.4, §2.5). */
export const lockRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: LOCKS,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      const locks = [...call.state.locks.values()].filter((lock) => lock.siteId === call.site.id);
      return listAnswer(call, locks, (lock) => showLock(call.state, lock));
    },
  },
  { method: 'GET', path: LOCK, versions: VERSIONS, needs: 'admin', handle: (call) => ok(showLock(call.state, lockIn(call))) },
  { method: 'PATCH', path: `${LOCK}/locking`, versions: VERSIONS, needs: 'site', handle: refuseRemoteOpening },
  {
    method: 'GET',
    path: IQS,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      const iqs = [...call.state.iqs.values()].filter((iq) => iq.siteId === call.site.id);
      return listAnswer(call, iqs, (iq) => showIq(call.site, iq));
    },
  },
  { method: 'GET', path: `${IQS}/:iqId`, versions: VERSIONS, needs: 'admin', handle: (call) => ok(showIq(call.site, iqIn(call))) },
];
