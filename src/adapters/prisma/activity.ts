import type { Tx } from '../../ports/store.ts';
import type { Scope } from './scope.ts';
import { sql } from './sql.ts';
import { recordset } from './table.ts';
import type { RecordColumns } from './table.ts';

const COLUMNS: RecordColumns = {
  id: 'uuid',
  locationId: 'uuid',
  at: 'timestamptz',
  type: '"ActivityType"',
  memberId: 'uuid',
  accessGroupId: 'uuid',
  actor: 'text',
  detail: 'text',
  onceKey: 'text',
};

/** What happened; rows are only ever added. */
export function activity(scope: Scope): Tx['activity'] {
  const { orgId } = scope;
  return {
    async add(rows) {
      if (rows.length === 0) return [];
      const ids = rows.map(() => scope.secrets.newId());
      const told = rows.map((row, index) => ({ ...row, id: ids[index] }));
      const written = await scope.rows<{ id: string }>(sql`
        insert into activity (id, "orgId", "locationId", at, type, "memberId", "accessGroupId", actor, detail, "onceKey")
        select t.id, ${orgId}, l.id, t.at, t.type, m.id, g.id, t.actor, t.detail, t."onceKey"
        from ${recordset('t', COLUMNS, told)}
        join location l on l.id = t."locationId" and l."orgId" = ${orgId}
        left join member m on m.id = t."memberId" and m."orgId" = ${orgId}
        left join access_group g on g.id = t."accessGroupId" and g."orgId" = ${orgId}
        order by l.id, t."onceKey", t.id
        on conflict ("locationId", "onceKey") do nothing
        returning id`);
      const known = new Set(written.map((row) => row.id));
      return ids.map((id) => (known.has(id) ? id : null));
    },
  };
}
