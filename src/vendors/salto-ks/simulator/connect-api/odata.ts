import { ApiError, invalidParameter } from './api-error.ts';

export function invalidOrder(): ApiError {
  return new ApiError(400, '1102', 'The $orderby expression is invalid.');
}

type Test = (row: unknown) => boolean;
type Scalar = string | number | boolean | null;

const QUOTED = /'(?:[^']|'')*'/g;
const PLACE = /^([a-z_]+(?:\/[a-z_]+)*)\s+(eq|ne)\s+(.+)$/i;
const CONTAINS = /^(contains|substringof)\((.+?),\s*(.+?)\)(?:\s+eq\s+true)?$/i;

/** Value at a path as `user/email`. @throws ApiError 1100 */
export function valueAt(row: unknown, path: string): Scalar {
  let value: unknown = row;
  for (const step of path.split('/')) {
    if (value === null) return null;
    if (typeof value !== 'object' || !(step in value)) throw invalidParameter(`Could not find a property named '${step}'.`);
    value = (value as Record<string, unknown>)[step];
  }
  const scalar = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (!scalar) throw invalidParameter(`'${path}' cannot be compared.`);
  return value as Scalar;
}

function literal(text: string, quoted: string[]): Scalar {
  const place = /^\u0000(\d+)$/.exec(text.trim())?.[1];
  if (place !== undefined) return (quoted[Number(place)] ?? '').slice(1, -1).replaceAll("''", "'");
  const bare = text.trim();
  if (bare === 'null') return null;
  if (bare === 'true' || bare === 'false') return bare === 'true';
  if (/^-?\d+$/.test(bare)) return Number(bare);
  if (/^[0-9a-f-]{36}$/i.test(bare)) return bare;
  throw invalidParameter(`Syntax error in $filter near '${bare}'.`);
}

function clause(text: string, quoted: string[], ignoreCase: boolean): Test {
  const fold = (value: Scalar) => (ignoreCase && typeof value === 'string' ? value.toLowerCase() : value);
  const contains = CONTAINS.exec(text);
  if (contains) {
    const [, name = '', first = '', second = ''] = contains;
    const old = name.toLowerCase() === 'substringof';
    const path = (old ? second : first).trim();
    const part = fold(literal(old ? first : second, quoted));
    return (row) => String(fold(valueAt(row, path)) ?? '').includes(String(part));
  }
  const compared = PLACE.exec(text);
  if (!compared) throw invalidParameter('Syntax error in $filter.');
  const [, path = '', operator = '', right = ''] = compared;
  const wanted = fold(literal(right, quoted));
  const equal: Test = (row) => fold(valueAt(row, path)) === wanted;
  return operator.toLowerCase() === 'eq' ? equal : (row) => !equal(row);
}

/**
 * `$filter` of lists: `eq`, `ne`, `contains(a,'x')` and version 3's `substringof('x',a)`, joined by `and` and `or` without brackets.
 * @throws ApiError 1100
 */
export function parseFilter(text: string, ignoreCase: boolean): Test {
  const quoted: string[] = [];
  const bare = text.replace(QUOTED, (match) => `\u0000${quoted.push(match) - 1}`).trim();
  const alternatives = bare.split(/\s+or\s+/i).map((all) => all.split(/\s+and\s+/i).map((one) => clause(one.trim(), quoted, ignoreCase)));
  return (row) => alternatives.some((all) => all.every((test) => test(row)));
}

/** The address in a filter that asks for one e-mail address and nothing else. */
export function onlyEmail(filter: string | null): string | undefined {
  return /^\s*user\/email\s+eq\s+'((?:[^']|'')*)'\s*$/i.exec(filter ?? '')?.[1]?.replaceAll("''", "'");
}

/** `$orderby` by one field. @throws ApiError 1102 */
export function parseOrder(text: string, known: (field: string) => boolean): { field: string; descending: boolean } {
  const [, field = '', direction = 'asc'] = /^\s*([a-z_/]+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (field === '' || !known(field)) throw invalidOrder();
  return { field, descending: direction.toLowerCase() === 'desc' };
}
