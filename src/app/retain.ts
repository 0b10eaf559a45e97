import type { Deps } from './deps.ts';

/** Rows moved at a time: each page is a transaction of its own, so that nobody waits for more than one. */
const PAGE = 1_000;

/** Moves activity that is older than the retention to the archive, page by page until none is left or the job's time is up. */
export async function retain(deps: Deps, signal?: AbortSignal): Promise<{ archived: number }> {
  const { activityRetentionMs } = deps.settings;
  let archived = 0;
  if (activityRetentionMs === null) return { archived };
  const before = (await deps.store.now()) - activityRetentionMs;
  while (signal?.aborted !== true) {
    const moved = await deps.store.archiveActivity(before, PAGE);
    archived += moved;
    if (moved < PAGE) break;
  }
  return { archived };
}
