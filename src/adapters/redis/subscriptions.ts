import { Redis } from 'ioredis';
import type { Logger } from '../../ports/logger.ts';
import { failFast, firstAttempt } from './connection.ts';

const REPAIR_EVERY_MS = 1_000;
/** A peer that vanished without a word is found out this soon. */
const HEARTBEAT_MS = 10_000;
const CHUNK = 500;

export interface Subscriptions {
  /**
   * Resolves when Redis has confirmed the subscription. While Redis is out it resolves too, and soon: then the channel is subscribed to
   * as soon as that can be done, and counts as interrupted.
   */
  want(channel: string): Promise<void>;
  drop(channel: string): void;
  ping(): Promise<unknown>;
  close(): void;
}

export interface SubscriptionsOptions {
  redisUrl: string;
  heard: (channel: string, message: string) => void;
  /** these are subscribed to again, and messages may have been lost meanwhile */
  interrupted: (channels: string[]) => void;
  log: Logger;
}

export function createSubscriptions({ redisUrl, heard, interrupted, log }: SubscriptionsOptions): Subscriptions {
  const client = new Redis(redisUrl, { ...failFast, autoResubscribe: false });
  /** each with Redis' confirmation, which never rejects */
  const wanted = new Map<string, Promise<void>>();
  const lost = new Set<string>();
  let repairing = false;

  client.on('message', heard);
  client.on('error', (error) => log.debug({ reason: error.message }, 'the subscriber has no Redis'));
  client.on('close', () => wanted.forEach((_, channel) => lost.add(channel)));
  client.on('ready', () => void repair());
  const repairTimer = setInterval(() => void repair(), REPAIR_EVERY_MS).unref();
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  // Who listens meanwhile waits for the first connection, not for the repair after it.
  const connected = firstAttempt(client);

  async function subscribe(channel: string): Promise<void> {
    await connected;
    if (!wanted.has(channel)) return;
    await client.subscribe(channel).catch(() => lost.add(channel));
  }

  async function beat(): Promise<void> {
    if (client.status !== 'ready') return;
    // Twice: one late answer may be this process being busy.
    await client
      .ping()
      .catch(() => client.ping())
      .catch(() => client.disconnect(true));
  }

  async function repair(): Promise<void> {
    if (repairing || lost.size === 0 || client.status !== 'ready') return;
    repairing = true;
    try {
      const channels = [...lost].filter((channel) => wanted.has(channel));
      lost.clear();
      for (let at = 0; at < channels.length; at += CHUNK) await resubscribe(channels.slice(at, at + CHUNK));
    } finally {
      repairing = false;
    }
  }

  async function resubscribe(channels: string[]): Promise<void> {
    try {
      await client.subscribe(...channels);
    } catch {
      channels.forEach((channel) => lost.add(channel));
      return;
    }
    interrupted(channels);
  }

  return {
    want: (channel) => {
      const confirmed = wanted.get(channel) ?? Promise.resolve().then(() => subscribe(channel));
      wanted.set(channel, confirmed);
      return confirmed;
    },
    drop: (channel) => {
      wanted.delete(channel);
      lost.delete(channel);
      if (client.status === 'ready') client.unsubscribe(channel).catch(() => undefined);
    },
    ping: () => client.ping(),
    close: () => {
      clearInterval(repairTimer);
      clearInterval(heartbeat);
      client.disconnect();
    },
  };
}
