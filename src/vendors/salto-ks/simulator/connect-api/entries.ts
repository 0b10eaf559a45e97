import type { Entry } from '../records.ts';
import { invalidParameter } from './api-error.ts';
import { pageSize } from './lists.ts';
import { parseOrder } from './odata.ts';
import { ok, type Answer, type ApiRoute, type SiteCall } from './route.ts';
import { showEntry } from './show.ts';

function sequenceIn(token: string | null): number | null {
  if (token === null) return null;
  const sequence = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(sequence)) throw invalidParameter('The continuation_token is invalid.');
  return sequence;
}

/** Newest first unless asked otherwise; a token goes on after the last entry shown, whatever has happened since. */
function listEntries(call: SiteCall): Answer {
  const query = call.address.searchParams;
  const order = parseOrder(query.get('$orderby') ?? 'utc_date_time desc', (field) => field === 'utc_date_time');
  const after = sequenceIn(query.get('continuation_token'));
  const goesOn = (entry: Entry) => after === null || (order.descending ? entry.sequence < after : entry.sequence > after);
  const oldestFirst = call.state.entries.filter((entry) => entry.siteId === call.site.id && goesOn(entry));
  const all = order.descending ? oldestFirst.toReversed() : oldestFirst;
  const top = pageSize(call);
  const shown = all.slice(0, top);
  const last = shown.at(-1);
  return ok({
    items: shown.map((entry) => showEntry(call.state, call.site, entry)),
    continuation_token: last && all.length > top ? Buffer.from(String(last.sequence)).toString('base64url') : null,
  });
}

/** The event log: v1.1 only (SALTO facts §2.8). */
export const entryRoutes: ApiRoute[] = [
  { method: 'GET', path: '/sites/:siteId/entries', versions: ['v1.1'], needs: 'admin', handle: listEntries },
];
