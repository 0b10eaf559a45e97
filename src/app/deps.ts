import type { Clock } from '../ports/clock.ts';
import type { Feed } from '../ports/feed.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { LockVendor } from '../ports/lock-vendor.ts';
import type { Logger } from '../ports/logger.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';

/** Everything a verb may ask of the world. Built in one place, src/compose.ts. */
export interface Deps {
  store: Store;
  vendor: LockVendor;
  jobs: JobQueue;
  feed: Feed;
  clock: Clock;
  secrets: Secrets;
  webhooks: WebhookSender;
  log: Logger;
  settings: {
    /** base of the OAuth redirects and of our OpenID provider, without a trailing slash */
    publicUrl: string;
    /** how far ahead delayed jobs are put in the queue, in milliseconds */
    scheduleHorizonMs: number;
    /** how long activity is kept before it goes to the archive, in milliseconds; null: for ever */
    activityRetentionMs: number | null;
    /** whose administrators are operators of this installation */
    operatorOrgIds: readonly string[] | 'any';
    /** members sign in at the provider through our OpenID provider, with no action of theirs (K3) */
    federated: boolean;
  };
}
