// The bare worker that P2 is held against: a delayed job that makes one HTTP call.
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { given, ready } from './ready.ts';

/** What such a job carries: the call, ready to be sent. */
export interface FloorCall {
  url: string;
  token: string;
  body: object;
}

/** As many as of ours. */
const CONCURRENCY = 50;
export const FLOOR_QUEUE = 'floor';

const call = async ({ data }: { data: FloorCall }): Promise<number> => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${data.token}` };
  const response = await fetch(data.url, { method: 'POST', headers, body: JSON.stringify(data.body) });
  await response.text();
  return response.status;
};
const connection = new Redis(given('REDIS_URL'), { maxRetriesPerRequest: null });
await new Worker(FLOOR_QUEUE, call, { connection, concurrency: CONCURRENCY }).waitUntilReady();
ready('');
