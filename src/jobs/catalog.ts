import * as z from 'zod';

const id = z.uuid();
const instant = z.number().int();

/**
 * Every job: the queue it waits in, what it carries (ids and instants only: job data is clear text), and how it is tried again.
 * - `deduplicate`: within a queue, jobs of one key are one job, whatever their names; one that arrives while its twin runs makes it run
 *   once more.
 * - `attempts`, `backoffMs`: for what the handler throws. What the lock provider does is no error of a job: it is stored with the
 *   membership or activation, which then is due again.
 * - `timeoutMs`: how long one run may take before it is given up.
 * - `everyMs`: asserted again and again by every worker, so that an emptied Redis heals by itself.
 */
interface JobEntry {
  queue: 'access' | 'digital-key' | 'webhooks' | 'upkeep';
  payload: z.ZodType;
  deduplicate: (payload: never) => string;
  attempts: number;
  backoffMs: number;
  timeoutMs: number;
  everyMs?: number;
}

const groupAtInstant = z.object({ accessGroupId: id, at: instant.nullable() });
/** grant and revoke share it: whichever comes, the run does all that is due in the group */
const ofGroup = (payload: z.infer<typeof groupAtInstant>): string => `${payload.accessGroupId}-${payload.at ?? 'now'}`;

/** `scheduled`: in its turn among all connections. It waits for that, and one that is asked for at once must not wait with it. */
const ofConnection = z.object({ integrationId: id.optional(), scheduled: z.literal(true).optional() });
type OfConnection = z.infer<typeof ofConnection>;
const connectionKey = ({ integrationId, scheduled }: OfConnection): string =>
  `${integrationId ?? 'all'}${scheduled === true ? '-scheduled' : ''}`;

export const catalog = {
  /** puts into the group whoever should be in it by now; named after what fell due, does the same as revoke */
  grant: { queue: 'access', payload: groupAtInstant, deduplicate: ofGroup, attempts: 5, backoffMs: 1_000, timeoutMs: 120_000 },
  /** takes out of the group whoever should not be in it any more */
  revoke: { queue: 'access', payload: groupAtInstant, deduplicate: ofGroup, attempts: 5, backoffMs: 500, timeoutMs: 120_000 },
  /** makes sure, ahead of a window, that the people it opens for exist at the provider and have settled */
  prepare: {
    queue: 'access',
    payload: groupAtInstant,
    deduplicate: (payload: z.infer<typeof groupAtInstant>) => `prepare-${ofGroup(payload)}`,
    attempts: 5,
    backoffMs: 5_000,
    timeoutMs: 120_000,
  },
  /** looks, some minutes ahead of windows, whether everything they need is at the provider; queued by the sweep */
  prove: {
    queue: 'access',
    payload: z.object({ accessGroupId: id }),
    deduplicate: (payload: { accessGroupId: string }) => `prove-${payload.accessGroupId}`,
    attempts: 2,
    backoffMs: 5_000,
    timeoutMs: 120_000,
  },

  activate: {
    queue: 'digital-key',
    payload: z.object({ activationId: id }),
    deduplicate: (payload: { activationId: string }) => payload.activationId,
    attempts: 8,
    backoffMs: 500,
    timeoutMs: 60_000,
  },
  'expire-activation': {
    queue: 'digital-key',
    payload: z.object({ activationId: id, at: instant }),
    deduplicate: (payload: { activationId: string; at: number }) => `${payload.activationId}-${payload.at}`,
    attempts: 5,
    backoffMs: 1_000,
    timeoutMs: 30_000,
  },
  renew: {
    queue: 'digital-key',
    payload: z.object({ mobileKeyId: id }),
    deduplicate: (payload: { mobileKeyId: string }) => payload.mobileKeyId,
    attempts: 5,
    backoffMs: 5_000,
    timeoutMs: 60_000,
  },

  /** sends what is due for one endpoint; what the receiver does is no error of the job: it is stored with the delivery */
  deliver: {
    queue: 'webhooks',
    payload: z.object({ webhookEndpointId: id, at: instant.nullable() }),
    deduplicate: (payload: { webhookEndpointId: string; at: number | null }) => `${payload.webhookEndpointId}-${payload.at ?? 'now'}`,
    attempts: 5,
    backoffMs: 1_000,
    timeoutMs: 90_000,
  },

  /** finds whatever is due and has no job: the net under every other job */
  sweep: {
    queue: 'upkeep',
    payload: z.object({}),
    deduplicate: () => 'sweep',
    attempts: 1,
    backoffMs: 0,
    timeoutMs: 300_000,
    everyMs: 15_000,
  },
  /** of one connection; without one it adds a job for each, spread over its period */
  'sync-directory': {
    queue: 'upkeep',
    payload: ofConnection,
    deduplicate: (payload: OfConnection) => `sync-${connectionKey(payload)}`,
    attempts: 3,
    backoffMs: 5_000,
    timeoutMs: 300_000,
    everyMs: 15 * 60_000,
  },
  'audit-memberships': {
    queue: 'upkeep',
    payload: ofConnection.extend({ accessGroupId: id.optional() }),
    deduplicate: (payload: OfConnection & { accessGroupId?: string | undefined }) =>
      `audit-${payload.accessGroupId ?? connectionKey(payload)}`,
    attempts: 3,
    backoffMs: 5_000,
    timeoutMs: 600_000,
    everyMs: 30 * 60_000,
  },
  /** looks for a free seat where people wait for one; queued by the sweep */
  'follow-seats': {
    queue: 'upkeep',
    payload: z.object({ integrationId: id }),
    deduplicate: (payload: { integrationId: string }) => `seats-${payload.integrationId}`,
    attempts: 1,
    backoffMs: 0,
    timeoutMs: 60_000,
  },
  'follow-entries': {
    queue: 'upkeep',
    payload: ofConnection,
    deduplicate: (payload: OfConnection) => `follow-${connectionKey(payload)}`,
    attempts: 1,
    backoffMs: 0,
    timeoutMs: 60_000,
    everyMs: 30_000,
  },
  /** moves activity that is older than the retention to the archive */
  retain: {
    queue: 'upkeep',
    payload: z.object({}),
    deduplicate: () => 'retain',
    attempts: 3,
    backoffMs: 60_000,
    timeoutMs: 300_000,
    everyMs: 24 * 3_600_000,
  },
} as const satisfies Record<string, JobEntry>;

export type JobName = keyof typeof catalog;
export type JobPayload<N extends JobName> = z.infer<(typeof catalog)[N]['payload']>;
export type QueueName = JobEntry['queue'];
export const queueNames: readonly QueueName[] = ['access', 'digital-key', 'webhooks', 'upkeep'];
export const jobNames = Object.keys(catalog) as JobName[];
