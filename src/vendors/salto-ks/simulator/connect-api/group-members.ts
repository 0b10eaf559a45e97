import { z } from 'zod';
import { membersSeen, setMember } from '../groups.ts';
import { isSettled, siteUserOf } from '../people.ts';
import type { AccessGroup, PlatformUser } from '../records.ts';
import { GROUP, groupIn } from './access-groups.ts';
import { ApiError, invalidParameter, notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { NO_CONTENT, ok, param, readBody, VERSIONS, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showMember } from './show.ts';

const memberBody = z.object({ user_id: z.uuid() });
const batchBody = z.object({ add_ids: z.array(z.uuid()).default([]), remove_ids: z.array(z.uuid()).default([]) });

/** By platform id, once settled; a site user's id, a stranger, a person too new find nobody (SALTO facts §3). */
function addable(call: SiteCall, platformUserId: string): PlatformUser | undefined {
  const siteUser = siteUserOf(call.site, platformUserId.toLowerCase());
  if (!siteUser || !isSettled(call.state, siteUser)) return undefined;
  return call.state.platformUsers.get(siteUser.platformUserId);
}

function refuseDuplicate(call: SiteCall, group: AccessGroup, ids: string[]): void {
  const status = call.state.switches.read('duplicateAdd', call.where);
  if (status !== 'ok' && ids.some((id) => group.members.has(id.toLowerCase()))) {
    throw new ApiError(status, '1101', 'User is already a member of this access group');
  }
}

function refuseAbsent(call: SiteCall, group: AccessGroup, ids: string[]): void {
  const status = call.state.switches.read('absentRemove', call.where);
  if (status !== 'ok' && ids.some((id) => !group.members.has(id.toLowerCase()))) {
    throw new ApiError(status, status === 404 ? '2202' : '1101', 'User not found');
  }
}

function listMembers(call: SiteCall): Answer {
  const seen = membersSeen(call.state, groupIn(call), call.state.switches.read('lateGroupReadsMs', call.where));
  const people = [...seen].flatMap((id) => call.state.platformUsers.get(id) ?? []);
  return listAnswer(call, people, showMember);
}

function addMember(call: SiteCall): Answer {
  const group = groupIn(call);
  const { user_id } = readBody(memberBody, call);
  const person = addable(call, user_id);
  if (!person) throw notFound('User');
  refuseDuplicate(call, group, [person.id]);
  setMember(call.state, group, person.id, true);
  return ok({ id: person.id, first_name: person.firstName, last_name: person.lastName });
}

/** How whole a batch is, is unknown: switch `batch`. */
function patchMembers(call: SiteCall): Answer {
  const group = groupIn(call);
  const kind = call.state.switches.read('batch', call.where);
  if (kind === 'refused_405') return { status: 405 };
  if (kind === 'refused_400') throw invalidParameter('The request is invalid.');
  const { add_ids, remove_ids } = readBody(batchBody, call);
  const limit = call.state.switches.read('batchLimit', call.where);
  if (add_ids.length + remove_ids.length > limit) throw invalidParameter(`At most ${limit} users can be changed at once.`);
  const known = add_ids.flatMap((id) => addable(call, id) ?? []);
  const complete = known.length === add_ids.length;
  if (!complete && kind === 'ok') throw notFound('User');
  refuseDuplicate(call, group, add_ids);
  refuseAbsent(call, group, remove_ids);
  for (const person of known) setMember(call.state, group, person.id, true);
  for (const id of remove_ids) setMember(call.state, group, id.toLowerCase(), false);
  if (!complete && kind === 'partial') throw notFound('User');
  return NO_CONTENT;
}

function removeMember(call: SiteCall): Answer {
  const group = groupIn(call);
  const id = param(call, 'platformUserId');
  // A site user's id is the wrong kind of id whatever the group holds.
  if (!group.members.has(id) && call.state.siteUsers.has(id)) throw notFound('User');
  refuseAbsent(call, group, [id]);
  setMember(call.state, group, id, false);
  return NO_CONTENT;
}

const MEMBERS = `${GROUP}/users`;

/** Members of access groups, by platform id (SALTO facts §3). */
export const groupMemberRoutes: ApiRoute[] = [
  { method: 'GET', path: MEMBERS, versions: VERSIONS, needs: 'admin', handle: listMembers },
  { method: 'POST', path: MEMBERS, versions: VERSIONS, needs: 'admin', handle: addMember },
  { method: 'PATCH', path: MEMBERS, versions: VERSIONS, needs: 'admin', handle: patchMembers },
  { method: 'DELETE', path: `${MEMBERS}/:platformUserId`, versions: VERSIONS, needs: 'admin', handle: removeMember },
];
