import { explainAccess } from '../../src/app/explain-access.ts';
import { syncAccessGroups } from '../../src/app/sync-access-groups.ts';
import type { AccessExplanation } from '../../src/core/explain.ts';
import { done } from './telling.ts';
import type { World } from './world.ts';

/** What tests of problems look at and do again and again. */

interface Open {
  code: string;
  message: string;
  group: string | null;
}

export const openProblems = (world: World): Promise<Open[]> =>
  world.sql<Open>(
    `select p.code::text, p.message, g.name as group from integration_problem p left join access_group g on g.id = p."accessGroupId"
     where p."closedAt" is null order by p.code::text, g.name`,
  );

export const codes = async (world: World): Promise<string[]> => (await openProblems(world)).map(({ code }) => code);

/** what the activity tells of problems, oldest first */
export const toldOfProblems = async (world: World): Promise<string[]> =>
  (await world.activity('INTEGRATION_PROBLEM')).map(({ detail }) => detail);

/** what was told of access, by person, in order */
export async function toldOfAccess(world: World): Promise<string[]> {
  const rows = await world.activity('ACCESS_GRANTED', 'ACCESS_REVOKED', 'ACCESS_FAILED', 'ACCESS_DRIFT_FOUND');
  return rows.map(({ type, member }) => `${member ?? ''} ${type.slice('ACCESS_'.length)}`);
}

export async function explained(world: World, member: string, group: string, at: string | null = null): Promise<AccessExplanation> {
  const accessGroupId = await world.groupId(group);
  const asked = { member: world.externalId(member), accessGroupId, at: at === null ? null : world.instant(at) };
  return done(await explainAccess(world.deps, world.admin, asked));
}

export async function pullDirectory(world: World): Promise<void> {
  done(await syncAccessGroups(world.deps, world.admin, { location: world.externalId('harbour') }));
}

export async function audit(world: World): Promise<void> {
  await world.jobs.add([{ name: 'audit-memberships', payload: {}, at: null }]);
  await world.drain();
}

/** the cause of each membership that is BLOCKED, by member */
export async function blocked(world: World): Promise<Record<string, string>> {
  const rows = await world.sql<{ member: string; cause: string }>(
    `select m."externalId" as member, g."blockedCause"::text as cause
     from group_membership g join member m on m.id = g."memberId" where g.state = 'BLOCKED' order by 1`,
  );
  return Object.fromEntries(rows.map(({ member, cause }) => [member, cause]));
}

/** e-mail addresses of the site's people at SALTO KS */
export const peopleThere = (world: World): (string | null | undefined)[] =>
  [...world.simulator.state.siteUsers.values()]
    .filter(({ deletedAt }) => deletedAt === null)
    .map(({ platformUserId }) => world.simulator.state.platformUsers.get(platformUserId)?.email);

export const switches = (world: World, changes: Record<string, unknown>): Promise<unknown> =>
  world.dashboard('PATCH', '/switches', changes);

/** how many calls SALTO KS receives meanwhile */
export async function callsDuring(world: World, work: () => Promise<void>): Promise<number> {
  const before = world.simulator.state.calls.find({}).length;
  await work();
  return world.simulator.state.calls.find({}).length - before;
}
