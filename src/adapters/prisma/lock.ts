import type { LockMode, Lockable, Tx } from '../../ports/store.ts';
import type { Scope } from './scope.ts';
import { forLock, raw, sql, uuids } from './sql.ts';

type Rows = Parameters<Tx['lock']>[0];

/** Tables of what can be locked, in the order in which every transaction locks. */
const TABLE: Readonly<Record<Lockable, string>> = {
  integration: 'integration',
  company: 'company',
  plan: 'plan',
  resource: 'resource',
  location: 'location',
  subscription: 'member_subscription',
  booking: 'booking',
  member: 'member',
};

/** Locks by kind, then id. Ids that follow each other with one mode are one statement; a row named with both modes gets the stronger. */
export function locker(scope: Scope): Tx['lock'] {
  return async (rows) => {
    for (const kind of Object.keys(TABLE) as Lockable[]) {
      for (const { mode, ids } of runsOf(rows.filter((row) => row.kind === kind))) {
        const name = raw(TABLE[kind]);
        await scope.rows(sql`
          select id from ${name} where "orgId" = ${scope.orgId} and id = any(${uuids(ids)}) order by id ${forLock(mode)}`);
      }
    }
  };
}

function runsOf(rows: Rows): { mode: LockMode; ids: string[] }[] {
  const modes = new Map<string, LockMode>();
  for (const { id, mode } of rows) if (modes.get(id) !== 'change') modes.set(id, mode);
  const runs: { mode: LockMode; ids: string[] }[] = [];
  for (const id of [...modes.keys()].sort()) {
    const mode = modes.get(id) ?? 'change';
    const last = runs.at(-1);
    if (last?.mode === mode) last.ids.push(id);
    else runs.push({ mode, ids: [id] });
  }
  return runs;
}
