import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { judge, recordEntry } from '../access.ts';
import { doorsPage } from '../doors-page.ts';
import { overview } from '../overview.ts';
import type { SimulatorState } from '../state.ts';
import { tap } from '../tap.ts';
import { read } from './control-error.ts';
import { lockCalled, personCalled, siteCalled } from './lookup.ts';

const tryRequest = z
  .strictObject({
    email: z.string().optional(),
    platformUserId: z.string().optional(),
    lockId: z.string().optional(),
    lockName: z.string().optional(),
    /** Name or id, where a lock's name alone is not enough. */
    site: z.string().optional(),
    record: z.union([z.boolean(), z.stringbool()]).default(false),
  })
  .refine((given) => (given.email ?? given.platformUserId) !== undefined, 'needs email or platformUserId')
  .refine((given) => (given.lockId ?? given.lockName) !== undefined, 'needs lockId or lockName');

/** "Try this door as this person": the lock's own rule, without any key. */
function tryDoor(state: SimulatorState, given: unknown) {
  const wanted = read(tryRequest, given);
  const site = wanted.site === undefined ? undefined : siteCalled(state, wanted.site);
  const lock = lockCalled(state, wanted.lockId ?? wanted.lockName ?? '', site);
  const person = personCalled(state, wanted.platformUserId ?? wanted.email ?? '');
  const verdict = judge(state, lock, person.id);
  if (wanted.record) recordEntry(state, lock, person.id, verdict, 'tag');
  const { opens } = verdict;
  return verdict.opens ? { opens, reason: null, through: verdict.through.name } : { opens, reason: verdict.reason, through: null };
}

/** The locks' side: the radio, doors tried, and the page that shows who gets in. */
export function registerDoors(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/locks/:lockId/tap', (http) => {
    const { mkey } = read(z.strictObject({ mkey: z.string() }), http.body);
    return tap(state, (http.params as { lockId: string }).lockId.toLowerCase(), mkey);
  });
  app.get('/_simulator/doors/try', (http) => tryDoor(state, http.query));
  app.post('/_simulator/doors/try', (http) => tryDoor(state, http.body));
  app.get('/_simulator/overview', () => overview(state));
  for (const path of ['/', '/_simulator']) {
    app.get(path, (_http, reply) => reply.type('text/html; charset=utf-8').send(doorsPage(state)));
  }
}
