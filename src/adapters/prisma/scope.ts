import type { Instant } from '../../core/time.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Executor } from './sql.ts';

/** One organisation's transaction: what every store of a `Tx` works with. */
export interface Scope extends Executor {
  readonly orgId: string;
  /** the database's clock at the start of the transaction */
  readonly now: Instant;
  readonly secrets: Secrets;
}

/** The one row that had to be there. Thrown only for a mistake in the program: callers look up what they were told of first. */
export function mustExist<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined) throw new Error(`No such ${what} in this organisation.`);
  return row;
}
