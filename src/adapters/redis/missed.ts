import type { Announcement } from '../../ports/feed.ts';

const MAX_TOPICS = 10_000;
const MAX_IDS = 1_000;

/** What could not be announced, one announcement per topic. */
export interface Missed {
  add(announcements: Announcement[]): void;
  /** all of it, which then is forgotten */
  take(): Announcement[];
}

/** Holds a bounded number of topics: what comes after is lost, as an announcement may be. */
export function createMissed(): Missed {
  let byTopic = new Map<string, Set<string> | null>();
  return {
    add: (announcements) => {
      for (const { topic, ids } of announcements) {
        const known = byTopic.get(topic);
        if (known === undefined && byTopic.size >= MAX_TOPICS) continue;
        byTopic.set(topic, merge(known, ids));
      }
    },
    take: () => {
      const all = [...byTopic].map(([topic, ids]) => (ids === null ? { topic } : { topic, ids: [...ids] }));
      byTopic = new Map();
      return all;
    },
  };
}

/** null: look again, whatever it is. It is also what becomes of too many ids. */
function merge(known: Set<string> | null | undefined, ids: string[] | undefined): Set<string> | null {
  if (known === null || ids === undefined) return null;
  const all = new Set([...(known ?? []), ...ids]);
  return all.size > MAX_IDS ? null : all;
}
