import type { Ref } from '../../ports/rows.ts';
import { iso, join, raw, sql, uuid } from './sql.ts';
import type { Sql } from './sql.ts';

type SqlType = 'uuid' | 'text' | 'int4' | 'bool' | 'timestamptz' | 'date' | 'jsonb' | `"${string}"` | `"${string}"[]`;

interface Column {
  readonly type: SqlType;
  /** the column's name, where it is not the record's word */
  readonly name?: string;
  /** the table it refers to: a row of another organisation cannot be referred to */
  readonly of?: string;
}

/** How a record of the ports lies in its table. */
export interface Table<Row> {
  readonly name: Sql;
  readonly columns: { readonly [Key in keyof Row & string]: Column } & Readonly<Record<string, Column>>;
  /** what to select for a record, from the table under its own name */
  readonly selected: Sql;
}

export type Shape<Row> = { readonly [Key in keyof Row & string]: SqlType | Column };

export const refersTo = (table: string): Column => ({ type: 'uuid', of: table });

/** `hidden`: columns that are written and are no part of the record. */
export function table<Row>(name: string, shape: Shape<Row>, hidden: Readonly<Record<string, SqlType>> = {}): Table<Row> {
  const entries = described(shape);
  const selected = entries.map(([key, column]) => {
    const place = `"${name}"."${column.name ?? key}"`;
    return `${isText(column.type) ? `${place}::text${column.type.endsWith('[]') ? '[]' : ''}` : place} as "${key}"`;
  });
  return {
    name: raw(`"${name}"`),
    columns: Object.fromEntries([...entries, ...described(hidden)]) as Table<Row>['columns'],
    selected: raw(selected.join(', ')),
  };
}

function described(shape: Readonly<Record<string, SqlType | Column>>): [string, Column][] {
  return Object.entries(shape).map(([key, column]) => [key, typeof column === 'string' ? { type: column } : column]);
}

/** Types whose values Prisma would answer as something else than the text we want. */
function isText(type: SqlType): boolean {
  return type === 'date' || type.endsWith('[]');
}

/** A value as a typed parameter. */
function parameter(value: unknown, type: SqlType): Sql {
  if (value === null || value === undefined) return sql`null::${raw(type)}`;
  if (type === 'uuid') return uuid(value as string);
  if (type === 'timestamptz') return sql`${iso(value as number)}::timestamptz`;
  if (type === 'jsonb') return sql`${JSON.stringify(value)}::jsonb`;
  if (type.endsWith('[]')) return sql`${value}::text[]::${raw(type)}`;
  return sql`${value}::${raw(type)}`;
}

function columnOf<Row>(of: Table<Row>, key: string): Column {
  const column: Column | undefined = of.columns[key];
  if (column === undefined) throw new Error(`No such column: ${key}`);
  return column;
}

function placed(key: string, column: Column): Sql {
  return raw(`"${column.name ?? key}"`);
}

/** The values given of a record; what is undefined is not told of. */
function told<Row>(of: Table<Row>, values: object): [string, Column, unknown][] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => [key, columnOf(of, key), value]);
}

/** The condition that everything these values refer to belongs to the organisation. */
export function refersWithin<Row>(of: Table<Row>, orgId: string, values: object): Sql {
  const columns = told(of, values);
  const checks = columns.flatMap(([, column, value]) =>
    column.of === undefined || value === null
      ? []
      : [sql`exists (select 1 from ${raw(`"${column.of}"`)} t where t.id = ${uuid(value as string)} and t."orgId" = ${orgId})`],
  );
  return checks.length === 0 ? sql`true` : join(checks, ' and ');
}

/** The condition that a reference names a row of this table. */
export function named<Row>(of: Table<Row>, ref: Ref): Sql {
  return 'id' in ref ? sql`${of.name}.id = ${uuid(ref.id)}` : sql`${of.name}."externalId" = ${ref.externalId}`;
}

/** One row inserted and answered; nothing when it refers to what the organisation does not have. `conflict`: an `on conflict` clause. */
export function insertInto<Row>(into: Table<Row>, orgId: string, values: object, conflict: Sql = raw('')): Sql {
  const columns = told(into, values);
  return sql`
    insert into ${into.name} ("orgId", ${join(columns.map(([key, column]) => placed(key, column)))})
    select ${orgId}, ${join(columns.map(([, column, value]) => parameter(value, column.type)))}
    where ${refersWithin(into, orgId, values)}
    ${conflict}
    returning ${into.selected}`;
}

/** Rows changed where `where` holds (and the organisation's) and answered. Nothing to change: the rows as they are. */
export function updateSet<Row>(into: Table<Row>, orgId: string, where: Sql, change: object, more: Sql[] = []): Sql {
  const columns = told(into, change);
  const set = [...columns.map(([key, column, value]) => sql`${placed(key, column)} = ${parameter(value, column.type)}`), ...more];
  if (set.length === 0) return sql`select ${into.selected} from ${into.name} where ${into.name}."orgId" = ${orgId} and ${where}`;
  return sql`
    update ${into.name} set ${join(set)}
    where ${into.name}."orgId" = ${orgId} and ${where} and ${refersWithin(into, orgId, change)}
    returning ${into.selected}`;
}

/** `on conflict … do update` sets all of these to what was to be inserted. */
export function takenOver<Row>(of: Table<Row>, keys: readonly (keyof Row & string)[]): Sql {
  return join(
    keys.map((key) => {
      const place = placed(key, columnOf(of, key));
      return sql`${place} = excluded.${place}`;
    }),
  );
}

export type RecordColumns = Readonly<Record<string, SqlType | 'text[]'>>;

/** Many rows as one parameter: a `from` item under the alias given, with typed columns. Instants are told in milliseconds. */
export function recordset(alias: string, columns: RecordColumns, rows: readonly object[]): Sql {
  const described = Object.entries(columns);
  const plain = (rows as readonly Record<string, unknown>[]).map((row) => {
    const told: Record<string, unknown> = {};
    for (const [key, type] of described) {
      const value = row[key];
      // What is not told of is null.
      if (value === null || value === undefined) continue;
      told[key] = type === 'timestamptz' && typeof value === 'number' ? iso(value) : value;
    }
    return told;
  });
  const typed = described.map(([key, type]) => `"${key}" ${type}`);
  // The limit tells the planner how many they are; it would take a recordset for a hundred rows, and read a whole table to match one.
  const all = sql`jsonb_to_recordset(${JSON.stringify(plain)}::jsonb) as ${raw(`${alias}(${typed.join(', ')})`)}`;
  return sql`(select * from ${all} limit ${rows.length}::int4) as ${raw(alias)}`;
}
