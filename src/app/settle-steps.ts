import { settle, type Membership, type MembershipActivity } from '../core/membership.ts';
import type { NewActivity } from '../ports/rows.ts';
import type { GroupContext } from '../ports/store.ts';
import { change, record } from './change.ts';
import { changed } from './change-memberships.ts';
import type { Deps } from './deps.ts';
import type { Settlement } from './perform-steps.ts';
import { locationTopic, memberTopic } from './topics.ts';

/**
 * Stores what became of the steps, with the activity that tells of it. An outcome of an older version than is stored is dropped: the newer
 * one looks for itself.
 */
export async function settleSteps(deps: Deps, context: GroupContext, settlements: Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await change(deps, context.orgId, async (tx, after) => {
    const settled = settlements.map(({ membership, step, outcome }) => ({
      begun: membership,
      ...settle(membership, step, outcome, tx.now),
    }));
    const written = new Set(await tx.memberships.save(settled.map(({ begun, membership }) => changed(begun, membership))));
    const stored = settled.filter(({ membership }) => written.has(membership.id));
    const rows = stored.flatMap(({ membership, activity }) =>
      activity === null ? [] : [activityRow(context, membership, activity, tx.now)],
    );
    await record(tx, after, rows, [...new Set(stored.map(({ membership }) => memberTopic(membership.memberId)))]);
    const missing = stored.some(({ membership }) => membership.blockedCause === 'GROUP_MISSING');
    if (missing !== (context.group.missingSince !== null) && stored.length > 0) {
      await tx.groups.setMissing(context.group.id, missing ? tx.now : null);
      after.announcements.push({ topic: locationTopic(context.group.locationId) });
    }
  });
}

function activityRow(context: GroupContext, membership: Membership, type: MembershipActivity, at: number): NewActivity {
  const { group } = context;
  const detail = sentence(type, group.name, membership);
  const { memberId, blockedCause } = membership;
  return { locationId: group.locationId, at, type, memberId, accessGroupId: group.id, actor: 'system', detail, blockedCause };
}

function sentence(type: MembershipActivity, group: string, membership: Membership): string {
  switch (type) {
    case 'ACCESS_GRANTED':
      return `Was put into the access group ${group}.`;
    case 'ACCESS_REVOKED':
      return `Was taken out of the access group ${group}.`;
    case 'ACCESS_FAILED': {
      const what = membership.wanted ? 'be put into' : 'be taken out of';
      return `Could not ${what} the access group ${group}: ${membership.lastError ?? 'no reason was given'}`;
    }
    case 'ACCESS_DRIFT_FOUND':
      return `Was taken out of the access group ${group} by somebody else.`;
  }
}
