import { isUuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { LockMode } from '../../ports/store.ts';
import type pg from 'pg';
import { Prisma } from './generated/client.ts';
import { statementNames } from './statement-names.ts';

export const { sql, join, raw, empty } = Prisma;
export type Sql = Prisma.Sql;

/** Runs one statement. */
export interface Executor {
  /** the rows, with instants in milliseconds; dates and arrays of enums must be cast to text */
  rows<Row>(statement: Sql): Promise<Row[]>;
  /** how many rows were written */
  count(statement: Sql): Promise<number>;
}

/** More than the store has: it writes some of them in several forms, by which values are null. */
const NAMED_AT_MOST = 400;
const nameOf = statementNames('store_', NAMED_AT_MOST);

/**
 * Statements of the store go to the driver itself: Prisma's client takes four times the processor time for each. On one session they wait
 * for each other.
 */
export function executor(of: Pick<pg.ClientBase, 'query'> | pg.Pool): Executor {
  let before: Promise<unknown> = Promise.resolve();
  const onPool = 'totalCount' in of;
  const send = async ({ text, values }: Sql): Promise<pg.QueryResult<Record<string, unknown>>> => {
    const config = { name: nameOf(text), text, values };
    if (onPool) return of.query<Record<string, unknown>>(config);
    const answer = before.then(() => of.query<Record<string, unknown>>(config));
    before = answer.catch(() => undefined);
    return answer;
  };
  return {
    rows: async <Row>(statement: Sql) => (await send(statement)).rows.map((row) => inMs(row) as Row),
    count: async (statement) => (await send(statement)).rowCount ?? 0,
  };
}

function inMs(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) if (value instanceof Date) row[name] = value.getTime();
  return row;
}

/** What is no uuid names no row: it becomes the nil uuid, which no row has, instead of an error of the database. */
const NIL = '00000000-0000-0000-0000-000000000000';

export function uuid(id: string | null): Sql {
  return id === null ? sql`null::uuid` : sql`${isUuid(id) ? id : NIL}::uuid`;
}

export function uuids(ids: readonly string[]): Sql {
  return sql`${ids.filter(isUuid)}::uuid[]`;
}

export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

export function instant(at: Instant | null): Sql {
  return at === null ? sql`null::timestamptz` : sql`${iso(at)}::timestamptz`;
}

/** Milliseconds of an instant inside JSON, where it would become a text. */
export function ms(expression: Sql): Sql {
  return sql`extract(epoch from ${expression}) * 1000`;
}

/** A duration that is a parameter, in milliseconds. */
export function interval(milliseconds: number): Sql {
  return sql`(${milliseconds}::float8 * interval '1 millisecond')`;
}

export function forLock(mode: LockMode | undefined): Sql {
  switch (mode) {
    case undefined:
      return empty;
    case 'share':
      return sql`for share`;
    case 'change':
      return sql`for no key update`;
  }
}
