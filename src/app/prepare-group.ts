import { HOUR, MINUTE, type Instant } from '../core/time.ts';
import { mayCall } from '../core/integration.ts';
import type { Deps } from './deps.ts';
import { ensurePeople, placeOf, type Found } from './ensure-people.ts';
import { noteProblem, providerSession } from './provider-session.ts';

/** People at a time: each may cost a look-up and a creation. */
const AT_A_TIME = 200;
/** A little more than the hour that people are created ahead, so that a job that fires at the hour finds its window. */
const AHEAD_MS = HOUR + MINUTE;

/**
 * Makes sure that the people whose windows open within the hour exist at the provider and have settled there, so that their first grant is
 * not late. A seat is taken no earlier than that (domain §People).
 */
export async function prepareGroup(deps: Deps, input: { accessGroupId: string; at: Instant | null }): Promise<{ prepared: number }> {
  const context = await deps.store.groupOf(input.accessGroupId);
  if (context === null || !mayCall(context.integration)) return { prepared: 0 };
  const { orgId, group, integration } = context;
  const session = providerSession(deps, integration.id, group.siteExternalId);
  const until = (await deps.store.now()) + AHEAD_MS;
  let prepared = 0;
  for (;;) {
    const page = await deps.store.transaction(orgId, (tx) => tx.memberships.toPrepare(group.id, until, AT_A_TIME));
    if (page.length === 0) return { prepared };
    const people = await ensurePeople(deps, placeOf(context), session, page);
    for (const found of people.values()) {
      if ('problem' in found && found.problem !== null) await noteProblem(deps, orgId, integration, found.problem);
    }
    const ready = page.filter(({ memberId }) => isLookedAfter(people.get(memberId)));
    await deps.store.transaction(orgId, (tx) => tx.memberships.markPrepared(ready.map(({ id }) => id)));
    prepared += ready.length;
    if (ready.length < page.length) return { prepared };
  }
}

/** Whom the provider refuses is no matter of time: the proof ahead of the window tells of them, and the grant tries again. */
function isLookedAfter(found: Found | undefined): boolean {
  return found !== undefined && ('person' in found || found.outcome.kind === 'refused');
}
