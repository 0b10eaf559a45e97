import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Announcement, Feed } from '../../ports/feed.ts';
import type { Logger } from '../../ports/logger.ts';
import { createHearers } from '../hearers.ts';
import { watchOutage } from '../outage.ts';
import { failFast, firstAttempt } from './connection.ts';
import { createMissed } from './missed.ts';
import { createSubscriptions } from './subscriptions.ts';

export interface RedisFeed extends Feed {
  /** how many listen in this process, each counted once per topic */
  listening(): number;
  /** Rejects, and soon, while Redis does not answer. */
  ping(): Promise<void>;
  close(): void;
}

export interface RedisFeedOptions {
  redisUrl: string;
  /** of every channel */
  prefix?: string;
  log: Logger;
}

/**
 * Live events over Redis' publish and subscribe, on two connections whatever the number of listeners. Who listens in the process that
 * announces is told at once, and not once more when the announcement comes back. Redis keeps nothing for who is away:
 * - what could not be published is kept, merged by topic, and published when Redis answers again;
 * - who may have missed something, because the subscription was interrupted, is told to look again: an announcement without `ids`.
 */
export function createRedisFeed({ redisUrl, prefix = 'latchkey:', log }: RedisFeedOptions): RedisFeed {
  const hearers = createHearers(log);
  const own = randomUUID();
  const subscriptions = createSubscriptions({
    redisUrl,
    log,
    heard: (channel, message) => {
      const { by, ...told } = parse(message);
      if (by !== own) hearers.tell({ topic: channel.slice(prefix.length), ...told });
    },
    interrupted: (channels) => channels.forEach((channel) => hearers.tell({ topic: channel.slice(prefix.length) })),
  });
  const publisher = new Redis(redisUrl, failFast);
  const connected = firstAttempt(publisher);
  const missed = createMissed();
  const outage = watchOutage({
    name: 'Redis of the live events',
    probe: () => publisher.ping(),
    onEnd: () => void publish(missed.take()),
    log,
  });
  publisher.on('error', (error) => outage.begin(error));

  async function announce(announcements: Announcement[]): Promise<void> {
    for (const announcement of announcements) hearers.tell(announcement);
    await publish(announcements);
  }

  async function publish(announcements: Announcement[]): Promise<void> {
    if (announcements.length === 0) return;
    await connected;
    if (outage.isOut()) {
      missed.add(announcements);
      return;
    }
    // In one write: a group that falls due tells hundreds of people at once.
    const pipeline = publisher.pipeline();
    for (const { topic, ids } of announcements) pipeline.publish(prefix + topic, JSON.stringify({ ids, by: own }));
    const sent = (await pipeline.exec()) ?? [];
    for (const [index, announcement] of announcements.entries()) {
      const [error] = sent[index] ?? [new Error('it was not sent')];
      if (error === null) continue;
      missed.add([announcement]);
      outage.begin(error);
    }
  }
  return {
    announce,
    listen: async (topics, hear) => {
      // One function may listen twice; each time it is somebody else.
      const ear = (announcement: Announcement) => hear(announcement);
      const distinct = [...new Set(topics)];
      for (const topic of distinct) hearers.add(topic, ear);
      await Promise.all(distinct.map((topic) => subscriptions.want(prefix + topic)));
      return () => {
        for (const topic of distinct) {
          if (hearers.remove(topic, ear)) subscriptions.drop(prefix + topic);
        }
      };
    },
    listening: () => hearers.count(),
    ping: async () => {
      await Promise.all([publisher.ping(), subscriptions.ping()]);
    },
    close: () => {
      outage.close();
      subscriptions.close();
      publisher.disconnect();
    },
  };
}

/** What cannot be read, of another version perhaps, still says that something happened. */
function parse(message: string): { by?: unknown; ids?: string[] } {
  try {
    const { ids, by } = JSON.parse(message) as { ids?: unknown; by?: unknown };
    return Array.isArray(ids) ? { by, ids: ids.map(String) } : { by };
  } catch {
    return {};
  }
}
