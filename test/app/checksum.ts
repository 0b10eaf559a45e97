import type { World } from './world.ts';

/** A checksum of every table's rows, by name: two that are equal say that nothing was written in between. */
export async function checksums({ sql }: World): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not like '\\_%' order by 1`,
  );
  const each = tables.map(
    ({ name }) => `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${name} t`,
  );
  const rows = await sql<{ name: string; sum: string }>(each.join(' union all '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}
