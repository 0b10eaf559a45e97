import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { ADMIN } from './operators.ts';

/** A queue of the queue library, as its dashboard takes it. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

const PATH = `${ADMIN}/queues`;
/** Everything the dashboard needs is served from here; its web font is not asked for. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

const WHAT: Record<string, string> = {
  access: 'grant, revoke, prepare: one access group each',
  'digital-key': "activate, expire-activation, renew: one phone's key each",
  upkeep: 'sweep, sync-directory, audit-memberships, follow-entries: repeating',
};

/** What changes a queue and is no more than looking again, or holding still. A job is made from what the database says, never edited. */
const ALLOWED = new Set([
  '/api/queues/:queueName/:jobId/retry',
  '/api/queues/:queueName/retry/:queueStatus',
  '/api/queues/:queueName/:jobId/clean',
  '/api/queues/:queueName/clean/:queueStatus',
  '/api/queues/:queueName/job-schedulers/:schedulerId/run',
  '/api/queues/:queueName/pause',
  '/api/queues/:queueName/resume',
  '/api/queues/pause',
  '/api/queues/resume',
]);
const REFUSED = 'Jobs are made from what the database says, and are not edited. Retry the job, or change what it is about.';

const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: 'UTC', timeZoneName: 'short' } as const;

/** The queue library's dashboard at /admin/queues, in the words of this system. */
export async function mountBoard(scope: FastifyInstance, queues: readonly BoardQueue[]): Promise<void> {
  const board = new FastifyAdapter();
  board.setBasePath(PATH);
  createBullBoard({
    queues: queues.map(presented),
    serverAdapter: board,
    options: {
      uiConfig: {
        boardTitle: 'latchkey queues',
        hideDocsLink: true,
        miscLinks: [{ text: 'What is wrong now', url: ADMIN }],
        locale: { lng: 'en-US' },
        dateFormats: { short: TIME, common: { ...DAY, ...TIME }, full: { ...DAY, ...TIME } },
      },
      handlerHooks: {
        before: ({ method, route }) =>
          method === 'get' || ALLOWED.has(route) ? undefined : { allow: false, status: 403, message: REFUSED },
      },
    },
  });
  await scope.register(
    async (inner) => {
      inner.addHook('onRequest', async (_request, reply) => void reply.header('content-security-policy', POLICY));
      await inner.register(board.registerPlugin());
    },
    { prefix: '/queues' },
  );
}

interface JobView {
  name: string;
  timestamp: number;
  opts: { delay?: number };
  data: JobIds;
}

interface JobIds {
  accessGroupId?: string;
  activationId?: string;
  mobileKeyId?: string;
  integrationId?: string;
  at?: number | null;
}

function presented(queue: BoardQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, {
    description: WHAT[queue.name] ?? '',
    externalJobUrl: ({ data }) => {
      const subject = subjectOf(data as JobIds);
      return subject === null ? { href: ADMIN, displayText: 'Overview' } : { href: subject.page, displayText: `Its ${subject.opens}` };
    },
  });
  adapter.setFormatter('name', (job: JobView) => jobTitle(job));
  adapter.setFormatter('data', (data: JobIds) => (data.at == null ? data : { ...data, at: utc(data.at) }));
  return adapter;
}

/** What a job does, about which thing, and when: `grant · group 44735030b9ca · due 2026-11-25 09:30 UTC`. */
export function jobTitle({ name, timestamp, opts, data }: JobView): string {
  const subject = subjectOf(data);
  const delay = opts.delay ?? 0;
  const at = data.at ?? (delay > 0 ? timestamp + delay : null);
  const when = at === null ? [] : [`${name === 'prepare' ? 'for' : 'due'} ${utc(at)}`];
  // Ids that were made in one moment begin alike: their ends tell them apart.
  return [name, ...(subject === null ? [] : [`${subject.kind} ${subject.id.slice(-12)}`]), ...when].join(' · ');
}

function subjectOf(ids: JobIds): { kind: string; id: string; opens: string; page: string } | null {
  const { accessGroupId, activationId, mobileKeyId, integrationId } = ids;
  if (accessGroupId !== undefined) return { kind: 'group', id: accessGroupId, opens: 'group', page: `${ADMIN}/groups/${accessGroupId}` };
  const of = (kind: string, id: string) => ({ kind, id, opens: 'location', page: `${ADMIN}/find?id=${id}` });
  if (activationId !== undefined) return of('activation', activationId);
  if (mobileKeyId !== undefined) return of('key', mobileKeyId);
  return integrationId === undefined ? null : of('connection', integrationId);
}

/** `2026-11-25 09:30 UTC`, with seconds where there are any */
export function utc(at: number): string {
  const text = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return `${text.replace(/:00$/, '')} UTC`;
}
