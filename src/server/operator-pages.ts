import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OperatorView } from '../ports/operator-view.ts';
import type { BoardQueue } from './board.ts';
import { groupPage } from './group-page.ts';
import { html } from './html.ts';
import { locationPage, overviewPage, topOf } from './location-page.ts';
import { ADMIN } from './operators.ts';
import { sendWidePage } from './page.ts';
import { jobsOfGroup } from './queue-jobs.ts';

/** Small pages for operators: what the queues' ids are about, over all organisations. They change nothing. */
export function mountOperatorPages(scope: FastifyInstance, options: { view: OperatorView; queues: readonly BoardQueue[] }): void {
  const { view, queues } = options;
  const notFound = (reply: FastifyReply) =>
    sendWidePage(
      reply,
      404,
      'Not found',
      html`${topOf('Not found')}<p>Nothing here has this id. Ids are those of jobs, log lines and activity rows.</p>`,
    );

  scope.get('/', async (_request, reply) => sendWidePage(reply, 200, 'What is wrong now', overviewPage(await view.overview())));

  scope.get<{ Params: { id: string } }>('/locations/:id', async ({ params }, reply) => {
    const found = await view.location(params.id);
    return found === null ? notFound(reply) : sendWidePage(reply, 200, found.location, locationPage(found));
  });

  scope.get<{ Params: { id: string } }>('/groups/:id', async ({ params }, reply) => {
    const found = await view.group(params.id);
    if (found === null) return notFound(reply);
    return sendWidePage(reply, 200, found.name, groupPage(found, await jobsOfGroup(queues, found.id)));
  });

  scope.get<{ Querystring: { id?: unknown } }>('/find', async ({ query }, reply) => {
    const id = typeof query.id === 'string' ? query.id.trim() : '';
    const found = await view.find(id);
    if (found === null) return notFound(reply);
    return reply.redirect(`${ADMIN}/${found.kind}s/${found.id}#${encodeURIComponent(id)}`, 303);
  });
}
