import { NotFoundError } from '../core/errors.ts';
import type { InputCheck } from '../core/input.ts';
import type { WebhookEventType } from '../core/webhooks.ts';
import type { Ref } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { Deps } from './deps.ts';

/** What an endpoint may be told of itself; what is undefined is not told. Null lists: all. */
export interface WebhookEndpointTold {
  url?: string | undefined;
  description?: string | undefined;
  eventTypes?: WebhookEventType[] | null | undefined;
  locations?: Ref[] | null | undefined;
}

const URL_LENGTH_MAX = 2_000;
const LOCATIONS_MAX = 100;

export function checkWebhookEndpoint(deps: Deps, check: InputCheck, told: WebhookEndpointTold): void {
  const { url, description, eventTypes, locations } = told;
  if (url !== undefined) checkUrl(deps, check, url);
  if (description !== undefined && description !== '') check.text(['description'], description);
  if (eventTypes?.length === 0) check.refuse(['eventTypes'], 'Name at least one, or null for all.');
  if (eventTypes?.includes('WEBHOOK_TEST') === true) {
    check.refuse(['eventTypes'], 'WEBHOOK_TEST cannot be chosen: it is sent by sendTestWebhook alone.');
  }
  if (locations?.length === 0) check.refuse(['locations'], 'Name at least one, or null for all.');
  if (locations != null && locations.length > LOCATIONS_MAX) check.refuse(['locations'], `Name at most ${LOCATIONS_MAX}, or null for all.`);
}

function checkUrl(deps: Deps, check: InputCheck, url: string): void {
  const unfit = url.length > URL_LENGTH_MAX || /[\s\p{Cc}\p{Surrogate}]/u.test(url);
  const refusal = unfit ? `Must be a URL without blanks, of at most ${URL_LENGTH_MAX} characters.` : deps.webhooks.refusal(url);
  if (refusal !== null) check.refuse(['url'], refusal);
}

/** The ids of these locations, none for all of them. */
export async function locationIdsOf(tx: Tx, locations: Ref[] | null): Promise<string[] | NotFoundError> {
  const ids: string[] = [];
  for (const ref of locations ?? []) {
    const location = await tx.locations.find(ref);
    if (location === null) return new NotFoundError('No such location.');
    ids.push(location.id);
  }
  return [...new Set(ids)];
}
