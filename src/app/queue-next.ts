import { mayCall } from '../core/integration.ts';
import type { Deps } from './deps.ts';

/** The job for what is due next in the group, within the horizon; what lies beyond is the sweep's to queue. */
export async function queueNext(deps: Deps, accessGroupId: string): Promise<void> {
  const context = await deps.store.groupOf(accessGroupId);
  if (context === null || !mayCall(context.integration)) return;
  const now = await deps.store.now();
  const nextDueAt = await deps.store.transaction(context.orgId, (tx) => tx.memberships.nextDueAt(accessGroupId));
  if (nextDueAt === null || nextDueAt > now + deps.settings.scheduleHorizonMs) return;
  const at = Math.max(nextDueAt, now, context.integration.pausedUntil ?? 0);
  await deps.jobs.add([{ name: 'grant', payload: { accessGroupId, at }, at }]);
}
