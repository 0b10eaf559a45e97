import type { Deps } from './deps.ts';

/** Uses up the first ticket that is still good, once over all processes: what our OpenID provider signs a member in by (K3). */
export async function redeemTicket(deps: Deps, input: { tickets: string[] }): Promise<{ memberId: string } | null> {
  const found = await deps.store.ticket(
    input.tickets.map((ticket) => deps.secrets.hash(ticket)),
    true,
  );
  return found === null ? null : { memberId: found.memberId };
}
