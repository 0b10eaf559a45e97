// node --import …/newer.mjs: a process of a later release, which calls the job `grant` by another name, under another key, and tells more in it.
import { Queue } from 'bullmq';
import * as z from 'zod';
import { catalog, jobNames } from '../../dist/src/jobs/catalog.js';
import { jobHandlers } from '../../dist/workers/handlers.js';

catalog.admit = { ...catalog.grant, payload: catalog.grant.payload.extend({ why: z.string() }) };
jobNames.push('admit');
jobHandlers.admit = jobHandlers.grant;

const { addBulk } = Queue.prototype;
Queue.prototype.addBulk = function (jobs) {
  return addBulk.call(this, jobs.map(renamed));
};

function renamed(job) {
  if (job.name !== 'grant') return job;
  const deduplication = { ...job.opts.deduplication, id: `admit-${job.opts.deduplication.id}` };
  return { name: 'admit', data: { ...job.data, why: 'something fell due' }, opts: { ...job.opts, deduplication } };
}
