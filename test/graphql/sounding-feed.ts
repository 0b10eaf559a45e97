import type { Announcement, Feed } from '../../src/ports/feed.ts';

export interface SoundingFeed extends Feed {
  /** how many listen to the topic */
  listeners(topic: string): number;
  /** all there are, over all topics */
  total(): number;
}

/** A feed in one process that tells who listens. */
export function soundingFeed(): SoundingFeed {
  const ears = new Map<string, Set<(announcement: Announcement) => void>>();
  const of = (topic: string) => ears.get(topic) ?? new Set<(announcement: Announcement) => void>();
  return {
    announce(announcements) {
      for (const announcement of announcements) for (const hear of of(announcement.topic)) hear(announcement);
      return Promise.resolve();
    },
    listen(topics, hear) {
      for (const topic of topics) ears.set(topic, of(topic).add(hear));
      return Promise.resolve(() => {
        for (const topic of topics) of(topic).delete(hear);
      });
    },
    listeners: (topic) => of(topic).size,
    total: () => [...ears.values()].reduce((sum, hearing) => sum + hearing.size, 0),
  };
}
