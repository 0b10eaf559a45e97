import { invalidParameter } from './api-error.ts';
import { invalidOrder, parseFilter, parseOrder, valueAt } from './odata.ts';
import { ok, type Answer, type ApiCall } from './route.ts';

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/** A whole number of the query, `$top` capped at what has been seen to work. @throws ApiError 1100 */
export function pageSize(call: ApiCall): number {
  return Math.min(wholeNumber(call, '$top') ?? DEFAULT_PAGE, LARGEST_PAGE);
}

function wholeNumber(call: ApiCall, name: string): number | undefined {
  const given = call.address.searchParams.get(name);
  if (given === null) return undefined;
  if (!/^\d+$/.test(given)) throw invalidParameter(`The value of '${name}' is invalid.`);
  return Number(given);
}

function ordered(rows: unknown[], order: string): unknown[] {
  const { field, descending } = parseOrder(order, () => true);
  const compare = (left: unknown, right: unknown) => String(valueAt(left, field)).localeCompare(String(valueAt(right, field)));
  try {
    return rows.toSorted((left, right) => (descending ? compare(right, left) : compare(left, right)));
  } catch {
    throw invalidOrder();
  }
}

/** `{items, next_page_link, count}` with `$filter`, `$orderby`, `$top`, `$skip`, `$inlinecount` (SALTO facts §5). */
export function listAnswer<Row>(call: ApiCall, rows: Row[], show: (row: Row) => unknown): Answer {
  const query = call.address.searchParams;
  const filter = query.get('$filter');
  const order = query.get('$orderby');
  const top = pageSize(call);
  const skip = wholeNumber(call, '$skip') ?? 0;
  const shapeFirst = filter !== null || order !== null;
  let shown: unknown[] = shapeFirst ? rows.map(show) : [];
  if (filter !== null) shown = shown.filter(parseFilter(filter, call.state.switches.read('filterIgnoresCase', call.where)));
  if (order !== null) shown = ordered(shown, order);
  const total = shapeFirst ? shown.length : rows.length;
  const items = shapeFirst ? shown.slice(skip, skip + top) : rows.slice(skip, skip + top).map(show);
  const next = new URL(call.address);
  next.searchParams.set('$top', String(top));
  next.searchParams.set('$skip', String(skip + top));
  return ok({
    items,
    next_page_link: top > 0 && skip + top < total ? next.toString() : null,
    count: query.get('$inlinecount') === 'allpages' ? total : null,
  });
}
