import type { Instant } from '../../core/time.ts';
import type { DoorEntry, ProviderSession } from '../../ports/lock-vendor.ts';
import { PAGE_SIZE, type AskList, type SaltoClient } from './client.ts';
import type { SaltoAnswer } from './problems.ts';
import { entryShape, type EntryShape, type Page } from './shapes.ts';
import { doorEntryFrom, instantFrom } from './translate.ts';

interface Cursor {
  at: Instant;
  externalId: string | null;
}

/** The log is only to be had newest first. Whoever lags behind by more than these pages loses what lies between. */
const MOST_PAGES = 100;

/** Door events after the cursor, oldest first; of one instant, which is whole seconds, by id. */
export async function entriesAfter(
  client: SaltoClient,
  session: ProviderSession,
  cursor: Cursor,
  limit: number,
): Promise<SaltoAnswer<DoorEntry[]>> {
  const found = new Map<string, DoorEntry>();
  let link: string | null = null;
  let token: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const list: AskList<EntryShape> = listOf(session, token);
    const page: SaltoAnswer<Page<EntryShape>> = await client.page(session, list, link);
    if (!page.ok) return page;
    const { items, continuationToken, nextPageLink }: Page<EntryShape> = page.value;
    for (const entry of items.map(doorEntryFrom)) {
      if (entry && isAfter(entry, cursor)) found.set(entry.externalId, entry);
    }
    const passed = items.some((entry) => (instantFrom(entry.utc_date_time) ?? cursor.at) < cursor.at);
    const stuck = continuationToken !== null && continuationToken === token;
    token = continuationToken;
    link = continuationToken === null ? nextPageLink : null;
    if (passed || stuck || items.length === 0 || (token === null && link === null)) break;
  }
  return { ok: true, value: [...found.values()].sort(byTime).slice(0, limit) };
}

function listOf(session: ProviderSession, token: string | null): AskList<EntryShape> {
  return {
    route: '/v1.1/sites/{site}/entries',
    ids: { site: session.siteExternalId },
    query: {
      $top: String(PAGE_SIZE),
      $orderby: 'utc_date_time desc',
      ...(token === null ? {} : { continuation_token: token }),
    },
    item: entryShape,
  };
}

function isAfter(entry: DoorEntry, cursor: Cursor): boolean {
  if (entry.at !== cursor.at) return entry.at > cursor.at;
  return cursor.externalId === null || entry.externalId > cursor.externalId;
}

function byTime(one: DoorEntry, other: DoorEntry): number {
  if (one.at !== other.at) return one.at - other.at;
  return one.externalId < other.externalId ? -1 : 1;
}
