import type pg from 'pg';
import type { SealedFor, SealedTable, Secrets } from '../../ports/secrets.ts';
import { SealBroken } from '../crypto/secrets.ts';

interface SealedColumns {
  readonly key: string;
  readonly columns: readonly string[];
}

/** Every column that holds sealed values, and the key that the values of its row are bound to. */
export const SEALED: Readonly<Record<SealedTable, SealedColumns>> = {
  activation: { key: 'id', columns: ['verifier', 'sealedTokens'] },
  consent: { key: 'stateHash', columns: ['verifier'] },
  integration_token: { key: 'integrationId', columns: ['accessToken', 'refreshToken'] },
  mobile_key: { key: 'id', columns: ['sealedKey', 'sealedTokens'] },
  signing_key: { key: 'id', columns: ['sealedKey'] },
};

/** What was found in one column, in values. */
export interface RotatedColumn {
  readonly table: SealedTable;
  readonly column: string;
  /** sealed with the first key, before or by this run */
  current: number;
  /** of these, by this run */
  resealed: number;
  /** still sealed with an older key that is known: all of them when only counting, else those that somebody wrote meanwhile */
  old: number;
  /** sealed with a key that is not known, or broken: nothing opens them any more */
  lost: number;
}

export interface RotationOptions {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  /** counts, and writes nothing */
  readonly checkOnly: boolean;
  /** rows read at a time */
  readonly pageSize?: number;
}

const PAGE_SIZE = 500;

/**
 * Seals with the first key whatever an older one sealed. Any number may run, beside running processes, and be stopped at any moment: a value
 * is replaced only where it is still what was read, so a newer one is never lost, and what was done stays done.
 */
export async function rotate(options: RotationOptions): Promise<RotatedColumn[]> {
  const found: RotatedColumn[] = [];
  for (const [table, { key, columns }] of Object.entries(SEALED) as [SealedTable, SealedColumns][]) {
    for (const column of columns) found.push(await rotateColumn(options, { table, key, column }));
  }
  return found;
}

interface Place {
  readonly table: SealedTable;
  readonly key: string;
  readonly column: string;
}

async function rotateColumn(options: RotationOptions, place: Place): Promise<RotatedColumn> {
  const { table, column } = place;
  const counts: RotatedColumn = { table, column, current: 0, resealed: 0, old: 0, lost: 0 };
  for (let page = await readPage(options, place, null); page.length > 0;) {
    for (const row of page) await rotateValue(options, place, row, counts);
    page = await readPage(options, place, page.at(-1)?.key ?? null);
  }
  return counts;
}

interface Row {
  readonly key: string;
  readonly sealed: string;
}

async function readPage(
  { pool, pageSize = PAGE_SIZE }: RotationOptions,
  { table, key, column }: Place,
  after: string | null,
): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select "${key}"::text as key, "${column}" as sealed from "${table}"
     where "${column}" is not null ${after === null ? '' : `and "${key}" > $2`} order by "${key}" limit $1`,
    after === null ? [pageSize] : [pageSize, after],
  );
  return rows;
}

async function rotateValue({ pool, secrets, checkOnly }: RotationOptions, place: Place, row: Row, counts: RotatedColumn): Promise<void> {
  if (secrets.isCurrent(row.sealed)) {
    counts.current += 1;
    return;
  }
  const boundTo: SealedFor = `${place.table}:${row.key}`;
  const plain = openOrNull(secrets, row.sealed, boundTo);
  if (plain === null) {
    counts.lost += 1;
  } else if (checkOnly) {
    counts.old += 1;
  } else {
    const { table, key, column } = place;
    const { rowCount } = await pool.query(`update "${table}" set "${column}" = $1 where "${key}" = $2 and "${column}" = $3`, [
      secrets.seal(plain, boundTo),
      row.key,
      row.sealed,
    ]);
    if (rowCount === 1) {
      counts.current += 1;
      counts.resealed += 1;
    } else {
      await countAnew(pool, secrets, place, row.key, counts);
    }
  }
}

/** Somebody wrote in between, or the row is gone. A process that still runs with the older keys seals with an older one. */
async function countAnew(pool: pg.Pool, secrets: Secrets, { table, key, column }: Place, id: string, counts: RotatedColumn): Promise<void> {
  const { rows } = await pool.query<{ sealed: string | null }>(`select "${column}" as sealed from "${table}" where "${key}" = $1`, [id]);
  const sealed = rows[0]?.sealed ?? null;
  if (sealed === null) return;
  if (secrets.isCurrent(sealed)) counts.current += 1;
  else counts.old += 1;
}

function openOrNull(secrets: Secrets, sealed: string, boundTo: SealedFor): string | null {
  try {
    return secrets.open(sealed, boundTo);
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
