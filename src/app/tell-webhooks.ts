import type { Instant } from '../core/time.ts';
import { wants, webhookBody, webhookEvents, type WebhookEvent } from '../core/webhooks.ts';
import type { JobToAdd } from '../ports/job-queue.ts';
import type { NewActivity } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';

export const deliverAt = (webhookEndpointId: string, at: Instant | null): JobToAdd => ({
  name: 'deliver',
  payload: { webhookEndpointId, at },
  at,
});

/**
 * Writes what the endpoints of the organisation want to know of these activity rows, in their transaction, and answers with the jobs that
 * send it. Rows nobody could want to know of cost nothing; without endpoints the others cost one look.
 * @param ids of the rows, null where one was not written
 */
export async function tellWebhooks(tx: Tx, rows: NewActivity[], ids: (string | null)[]): Promise<JobToAdd[]> {
  const events = rows.flatMap((row, index) => {
    const id = ids[index] ?? null;
    return id === null ? [] : webhookEvents(row, id);
  });
  if (events.length === 0) return [];
  const endpoints = await tx.webhooks.listening();
  const told = events
    .map((event) => ({ event, endpointIds: endpoints.filter((endpoint) => wants(endpoint, event)).map(({ id }) => id) }))
    .filter(({ endpointIds }) => endpointIds.length > 0);
  if (told.length === 0) return [];
  const names = await tx.webhooks.names(idsIn(told.map(({ event }) => event)));
  await tx.webhooks.add(
    told.map(({ event, endpointIds }) => {
      const { type, locationId, activityId } = event;
      return { type, locationId, activityId, body: webhookBody(event, names), endpointIds };
    }),
  );
  return [...new Set(told.flatMap(({ endpointIds }) => endpointIds))].map((id) => deliverAt(id, null));
}

function idsIn(events: WebhookEvent[]): { locationIds: string[]; memberIds: string[]; accessGroupIds: string[] } {
  const distinct = (ids: (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))];
  return {
    locationIds: distinct(events.map(({ locationId }) => locationId)),
    memberIds: distinct(events.map(({ memberId }) => memberId)),
    accessGroupIds: distinct(events.map(({ accessGroupId }) => accessGroupId)),
  };
}
