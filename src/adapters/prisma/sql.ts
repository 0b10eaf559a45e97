import { isUuid } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { LockMode } from '../../ports/store.ts';
import { Prisma } from './generated/client.ts';
import type { PrismaClient } from './generated/client.ts';

export const { sql, join, raw, empty } = Prisma;
export type Sql = Prisma.Sql;

/** Runs one statement. */
export interface Executor {
  /** the rows, with instants in milliseconds; dates and arrays of enums must be cast to text */
  rows<Row>(statement: Sql): Promise<Row[]>;
  /** how many rows were written */
  count(statement: Sql): Promise<number>;
}

export function executor(client: Pick<PrismaClient, '$queryRaw' | '$executeRaw'>): Executor {
  return {
    rows: async <Row>(statement: Sql) => (await client.$queryRaw<Record<string, unknown>[]>(statement)).map((row) => inMs(row) as Row),
    count: (statement) => client.$executeRaw(statement),
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
