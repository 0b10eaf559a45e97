import { Expected, ProviderUnavailableError } from '../core/errors.ts';
import { mayCall } from '../core/integration.ts';
import { SECOND } from '../core/time.ts';
import type { ProviderAnswer } from '../ports/lock-vendor.ts';
import type { GroupContext } from '../ports/store.ts';
import { listPeople, settleFound } from './audit-memberships.ts';
import type { Caller } from './caller.ts';
import type { Deps } from './deps.ts';
import { recomputeRights } from './recompute-rights.ts';
import { rehearse, type Previewed } from './rehearse.ts';
import { isWhole, resyncAccess, resyncScope, type ResyncAccessInput } from './resync-access.ts';

/** How long the lock system may take to say who is in the groups. */
const READ_WITHIN_MS = 10 * SECOND;

type Answer = Awaited<ReturnType<typeof resyncAccess>> | ProviderUnavailableError;

/** What `resyncAccess` would do, the audits it asks for included. Reads the lock system, and changes nothing there or here. */
export async function previewResync(deps: Deps, caller: Caller, input: ResyncAccessInput): Promise<Previewed<Answer>> {
  const scope = await deps.store.transaction(caller.orgId, (tx) => resyncScope(tx, caller, input));
  if (scope instanceof Expected) return scope;
  const contexts = (await Promise.all(scope.accessGroupIds.map((id) => deps.store.groupOf(id)))).filter((context) => context !== null);
  const listed = await readGroups(
    deps,
    contexts.filter(({ integration }) => mayCall(integration)),
  );
  if (listed instanceof Expected) return listed;
  const { answer, preview } = await rehearse(deps, caller.orgId, async (played): Promise<Answer> => {
    const queued = await resyncAccess(played, caller, input);
    if (queued instanceof Expected) return queued;
    if (isWhole(input)) await recomputeRights(played, caller.orgId, scope.locationId);
    for (const { context, people } of listed) await settleFound(played, context, people);
    return queued;
  });
  return answer instanceof Expected ? answer : { ...answer, preview };
}

interface Listed {
  context: GroupContext;
  people: string[];
}

async function readGroups(deps: Deps, contexts: GroupContext[]): Promise<Listed[] | ProviderUnavailableError> {
  const ended = new AbortController();
  const reading = Promise.all(contexts.map(async (context) => ({ context, answer: await listPeople(deps, context) })));
  const late = deps.clock.until(deps.clock.now() + READ_WITHIN_MS, ended.signal).then(() => null);
  const read = await Promise.race([reading, late]);
  ended.abort();
  if (read === null) return new ProviderUnavailableError(null);
  const listed: Listed[] = [];
  for (const { context, answer } of read) {
    if (answer.ok) listed.push({ context, people: answer.value });
    else if (answer.problem.kind !== 'not-found') return unavailable(answer.problem);
  }
  return listed;
}

function unavailable(problem: Extract<ProviderAnswer<unknown>, { ok: false }>['problem']): ProviderUnavailableError {
  return new ProviderUnavailableError(problem.kind === 'unavailable' ? problem.retryAt : null);
}
