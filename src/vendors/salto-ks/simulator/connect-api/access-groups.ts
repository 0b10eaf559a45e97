import { z } from 'zod';
import { addGroup, groupsOf, removeGroup } from '../groups.ts';
import type { AccessGroup, Lock } from '../records.ts';
import { notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { NO_CONTENT, ok, param, readBody, VERSIONS, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showLock } from './show.ts';

const groupBody = z.object({ customer_reference: z.string().min(1) });
const lockBody = z.object({ lock_id: z.uuid() });
const locksBody = z.object({ add_ids: z.array(z.uuid()).default([]), remove_ids: z.array(z.uuid()).default([]) });

export function groupIn(call: SiteCall): AccessGroup {
  const group = call.state.groups.get(param(call, 'accessGroupId'));
  if (!group || group.siteId !== call.site.id) throw notFound('Access group');
  return group;
}

function lockOf(call: SiteCall, lockId: string): Lock {
  const lock = call.state.locks.get(lockId.toLowerCase());
  if (!lock || lock.siteId !== call.site.id) throw notFound('Lock');
  return lock;
}

const showGroup = (group: AccessGroup) => ({ id: group.id, customer_reference: group.name });

function addLocks(call: SiteCall, group: AccessGroup, ids: string[]): void {
  const locks = ids.map((id) => lockOf(call, id));
  for (const lock of locks) group.lockIds.add(lock.id);
}

function listGroupLocks(call: SiteCall): Answer {
  const { lockIds } = groupIn(call);
  const locks = [...call.state.locks.values()].filter((lock) => lockIds.has(lock.id));
  return listAnswer(call, locks, (lock) => showLock(call.state, lock));
}

const GROUPS = '/sites/:siteId/access_groups';
export const GROUP = `${GROUPS}/:accessGroupId`;
const LOCKS = `${GROUP}/locks`;

/** Access groups and their locks (SALTO facts §2.7). */
export const accessGroupRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: GROUPS,
    versions: VERSIONS,
    needs: 'admin',
    handle: (call) => listAnswer(call, groupsOf(call.state, call.site.id), showGroup),
  },
  {
    method: 'POST',
    path: GROUPS,
    versions: VERSIONS,
    needs: 'admin',
    handle: (call) => ok(showGroup(addGroup(call.state, call.site, readBody(groupBody, call).customer_reference))),
  },
  { method: 'GET', path: GROUP, versions: VERSIONS, needs: 'admin', handle: (call) => ok(showGroup(groupIn(call))) },
  {
    method: 'PATCH',
    path: GROUP,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      const group = groupIn(call);
      group.name = readBody(groupBody, call).customer_reference;
      return ok(showGroup(group));
    },
  },
  {
    method: 'DELETE',
    path: GROUP,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      removeGroup(call.state, groupIn(call));
      return NO_CONTENT;
    },
  },
  { method: 'GET', path: LOCKS, versions: VERSIONS, needs: 'admin', handle: listGroupLocks },
  {
    method: 'POST',
    path: LOCKS,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      const { lock_id } = readBody(lockBody, call);
      addLocks(call, groupIn(call), [lock_id]);
      return ok(showLock(call.state, lockOf(call, lock_id)));
    },
  },
  {
    method: 'PATCH',
    path: LOCKS,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      const group = groupIn(call);
      const { add_ids, remove_ids } = readBody(locksBody, call);
      addLocks(call, group, add_ids);
      for (const id of remove_ids) group.lockIds.delete(id.toLowerCase());
      return NO_CONTENT;
    },
  },
  {
    method: 'DELETE',
    path: `${LOCKS}/:lockId`,
    versions: VERSIONS,
    needs: 'admin',
    handle(call) {
      if (!groupIn(call).lockIds.delete(param(call, 'lockId'))) throw notFound('Lock');
      return NO_CONTENT;
    },
  },
];
