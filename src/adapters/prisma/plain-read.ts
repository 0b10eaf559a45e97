import type pg from 'pg';
import { columns as columnsOf } from './datamodel.ts';
import { statementNames } from './statement-names.ts';

type Args = Record<string, unknown>;
type Row = Record<string, unknown>;

/** Answers with the one row, or null; undefined for a read that is more than that, which is Prisma's to answer. */
export type PlainRead = (model: string, args: Args) => Promise<Row | null> | undefined;

/** Models of which the driver reads every column as Prisma's client does: no dates without a time, no lists, no JSON. */
const TABLES: Readonly<Record<string, string>> = {
  Location: 'location',
  Company: 'company',
  Member: 'member',
  Plan: 'plan',
  Resource: 'resource',
  Booking: 'booking',
};

/** What clients of the API select decides how a read looks: the most usual ones are prepared. */
const NAMED_AT_MOST = 100;

/**
 * Reads of one row of one table by what its columns are: the look behind every `ref` and every answer of a mutation. Prisma's client takes
 * four times the processor time for it that the driver takes (docs/decisions/0012).
 */
export function plainRead(pool: pg.Pool): PlainRead {
  const nameOf = statementNames('row_', NAMED_AT_MOST);
  return (model, args) => {
    const statement = statementOf(model, args);
    if (statement === null) return undefined;
    const { text, values } = statement;
    return pool.query<Row>({ name: nameOf(text), text, values }).then(({ rows }) => rows[0] ?? null);
  };
}

/** Null where it is more than a plain read. */
export function statementOf(model: string, { where, select, ...others }: Args): { text: string; values: unknown[] } | null {
  const [table, columns] = [TABLES[model], columnsOf.get(model)];
  if (table === undefined || columns === undefined || Object.values(others).some((other) => other !== undefined)) return null;
  const selected = select === undefined ? columns : chosen(columns, select as Args);
  const conditions: string[] = [];
  const values: unknown[] = [];
  if (selected === null || !condense(columns, where as Args, conditions, values) || conditions.length === 0) return null;
  return { text: `select ${selected.map(quoted).join(', ')} from ${quoted(table)} where ${conditions.join(' and ')} limit 1`, values };
}

const quoted = (name: string): string => `"${name}"`;

function chosen(columns: readonly string[], select: Args): string[] | null {
  const names = Object.entries(select).flatMap(([name, is]) => (is === undefined || is === false ? [] : [[name, is] as const]));
  const plain = names.length > 0 && names.every(([name, is]) => is === true && columns.includes(name));
  return plain ? names.map(([name]) => name) : null;
}

/** Adds what `where` says to the conditions; false where it says more than what columns are. */
function condense(columns: readonly string[], where: Args, conditions: string[], values: unknown[]): boolean {
  return Object.entries(where).every(([name, is]) => {
    if (is === undefined) return true;
    if (name === 'AND') return [is].flat().every((part) => condense(columns, part as Args, conditions, values));
    if (!columns.includes(name)) return isKey(name, is) && condense(columns, is, conditions, values);
    if (is === null) conditions.push(`${quoted(name)} is null`);
    else if (typeof is === 'string' || typeof is === 'number' || typeof is === 'boolean') {
      conditions.push(`${quoted(name)} = $${values.push(is)}`);
    } else {
      const { in: list, ...more } = is as Args;
      if (!Array.isArray(list) || Object.keys(more).length > 0) return false;
      conditions.push(`${quoted(name)} = any($${values.push(list)})`);
    }
    return true;
  });
}

/** A key of several columns goes by their names. */
function isKey(name: string, is: unknown): is is Args {
  return typeof is === 'object' && is !== null && name.includes('_') && name === Object.keys(is).join('_');
}
