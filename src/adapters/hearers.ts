import type { Announcement } from '../ports/feed.ts';
import type { Logger } from '../ports/logger.ts';

export type Hear = (announcement: Announcement) => void;

/** Who hears what, in this process. */
export interface Hearers {
  /** true when it is the topic's first */
  add(topic: string, hear: Hear): boolean;
  /** true when it was the topic's last */
  remove(topic: string, hear: Hear): boolean;
  tell(announcement: Announcement): void;
  topics(): string[];
  /** how many listen, each counted once per topic */
  count(): number;
}

export function createHearers(log: Logger): Hearers {
  const byTopic = new Map<string, Set<Hear>>();
  return {
    add: (topic, hear) => {
      const known = byTopic.get(topic);
      if (known) known.add(hear);
      else byTopic.set(topic, new Set([hear]));
      return !known;
    },
    remove: (topic, hear) => {
      const known = byTopic.get(topic);
      if (!known?.delete(hear) || known.size > 0) return false;
      byTopic.delete(topic);
      return true;
    },
    tell: (announcement) => {
      // A copy: a hearer may stop listening while it is told.
      for (const hear of [...(byTopic.get(announcement.topic) ?? [])]) {
        try {
          hear(announcement);
        } catch (error) {
          log.error({ topic: announcement.topic, err: error }, 'a hearer failed');
        }
      }
    },
    topics: () => [...byTopic.keys()],
    count: () => [...byTopic.values()].reduce((sum, hearers) => sum + hearers.size, 0),
  };
}
