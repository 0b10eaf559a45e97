import type { Secrets } from '../../ports/secrets.ts';
import { SealBroken } from '../crypto/secrets.ts';
import type pg from 'pg';
import { executor, raw, sql } from './sql.ts';
import type { Executor } from './sql.ts';

interface SealedTable {
  readonly table: string;
  /** the column whose value names the row, also in what the seal is bound to: `‹table›:‹id›` */
  readonly id: string;
  readonly columns: readonly string[];
}

/** Every column that holds what is sealed. A test finds any that is missing here. */
export const SEALED: readonly SealedTable[] = [
  { table: 'integration_token', id: 'integrationId', columns: ['accessToken', 'refreshToken'] },
  { table: 'consent', id: 'stateHash', columns: ['verifier'] },
  { table: 'activation', id: 'id', columns: ['verifier', 'sealedTokens'] },
  { table: 'mobile_key', id: 'id', columns: ['sealedKey', 'sealedTokens'] },
  { table: 'webhook_endpoint', id: 'id', columns: ['secret', 'previousSecret'] },
  { table: 'signing_key', id: 'id', columns: ['sealedKey'] },
];

/** Of one column: values sealed with the first key, those sealed anew, and those that no known key opens. */
export interface Rotated {
  readonly column: string;
  current: number;
  renewed: number;
  unreadable: number;
}

const PAGE = 500;

/**
 * Seals with the first key whatever another one sealed, in bounded pages. Each value is replaced only where it is still what was read:
 * it may run beside everything else, be stopped, and run again. With `dry`, nothing is written and `renewed` is what would be.
 */
export async function rotateKeys(pool: pg.Pool, secrets: Secrets, { dry }: { dry: boolean }): Promise<Rotated[]> {
  const direct = executor(pool);
  const all: Rotated[] = [];
  for (const table of SEALED) {
    for (const column of table.columns) all.push(await rotateColumn(direct, secrets, table, column, dry));
  }
  return all;
}

async function rotateColumn(direct: Executor, secrets: Secrets, table: SealedTable, column: string, dry: boolean): Promise<Rotated> {
  const [from, id, value] = [raw(`"${table.table}"`), raw(`"${table.id}"`), raw(`"${column}"`)];
  const done: Rotated = { column: `${table.table}.${column}`, current: 0, renewed: 0, unreadable: 0 };
  for (let after = ''; ;) {
    const page = await direct.rows<{ id: string; sealed: string }>(sql`
      select ${id}::text as id, ${value} as sealed from ${from} where ${value} is not null and ${id}::text > ${after}
      order by ${id}::text limit ${PAGE}`);
    for (const row of page) {
      const next = anew(secrets, row.sealed, `${table.table}:${row.id}`);
      if (next === 'current' || next === 'unreadable') done[next] += 1;
      else if (dry) done.renewed += 1;
      else
        done.renewed += await direct.count(
          sql`update ${from} set ${value} = ${next} where ${id}::text = ${row.id} and ${value} = ${row.sealed}`,
        );
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return done;
    after = last.id;
  }
}

function anew(secrets: Secrets, sealed: string, boundTo: string): string {
  if (secrets.isCurrent(sealed)) return 'current';
  try {
    return secrets.seal(secrets.open(sealed, boundTo), boundTo);
  } catch (error) {
    if (error instanceof SealBroken) return 'unreadable';
    throw error;
  }
}
