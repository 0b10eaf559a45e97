/**
 * Live events between processes. An announcement says "look again", never what changed: subscribers re-read.
 * Topics: `member:‹id›` `location:‹id›` (what a digital key or an integration is made of), `activity:‹location id›`.
 */
export interface Feed {
  /** after the commit of what it tells of. Never rejects: an announcement that is lost is made good by the next one or a re-connection. */
  announce(announcements: Announcement[]): Promise<void>;
  /** listening when the promise resolves; the function returned stops it */
  listen(topics: string[], hear: (announcement: Announcement) => void): Promise<() => void>;
}

export interface Announcement {
  topic: string;
  /** what is new, where the topic tells of rows that are added: activity ids */
  ids?: string[];
}
