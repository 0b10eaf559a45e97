import type { Feed } from '../ports/feed.ts';
import type { Logger } from '../ports/logger.ts';
import { createHearers } from './hearers.ts';

/** Live events within one process, for runs without Redis. */
export function createLocalFeed(log: Logger): Feed & { listening(): number } {
  const hearers = createHearers(log);
  return {
    announce: async (announcements) => announcements.forEach((announcement) => hearers.tell(announcement)),
    listen: async (topics, hear) => {
      // One function may listen twice; each time it is somebody else.
      const own = (...told: Parameters<typeof hear>) => hear(...told);
      const distinct = new Set(topics);
      for (const topic of distinct) hearers.add(topic, own);
      return () => {
        for (const topic of distinct) hearers.remove(topic, own);
      };
    },
    listening: () => hearers.count(),
  };
}
